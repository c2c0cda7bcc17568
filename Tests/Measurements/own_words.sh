#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Goal: how well, and in what time, `kwsc make` makes a spotter of three words.
# Method: *bed*, *cat*, *happy* of the train speakers, words of gsc_v2_dev's train speakers as other speech, the noise
# set; make holds a fifth of the people out. Then the validation speakers' clips, by the likeliest class.
#
#   swift build -c release --product kwsc
#   KWS_DATA=... Tests/Measurements/own_words.sh FOLDER [options of kwsc make]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
kwsc=$root/.build/release/kwsc
folder=$1
shift

# view SET SPLIT NAME: an index of a part of a set, without its silence.
view() {
    mkdir -p "$folder/$3"
    awk -F, -v root="$KWS_DATA/speech/$1" -v split_="$2" '
        FNR == 1 { print "path,label,speaker"; next }
        $4 == split_ && $2 != "silence" { print root "/" $1 "," $2 "," $3 }
    ' "$KWS_DATA/speech/$1/index.csv" > "$folder/$3/index.csv"
}
view gsc_bed_cat_happy train words
view gsc_bed_cat_happy val other_people
view gsc_v2_dev train speech
view gsc_v2_dev val other_speech

time "$kwsc" make "$folder/words" -o "$folder/made" --name words --target cortex-m4 \
    --others "$folder/speech" --noise "$KWS_DATA/noise" "$@"
for set in other_people other_speech; do
    echo "== $set"
    "$kwsc" evaluate "$folder/made/words.onnx" --weights 4 --calibrate "$folder/made/training" \
        --data "$folder/$set"
done
