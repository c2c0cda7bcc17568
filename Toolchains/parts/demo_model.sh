# SPDX-License-Identifier: Apache-2.0
# demo-model: trains the bundled model anew, from recordings and synthetic speech.

demo_set=$build/demo/set

# Voices to train on, `VOICE SPEED`: six accents by sixteen variants, but for those of the demo and of
# its calibration.
training_voices() {
    local accent variant number=0
    for accent in en-us en-gb en-gb-scotland en-gb-x-rp en-gb-x-gbclan en-gb-x-gbcwmd; do
        for variant in m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 croak whisper klatt2; do
            number=$((number + 1))
            grep -q "^$accent+$variant " "$root"/Firmware/Demo/{,calibration-}voices.txt ||
                echo "$accent+$variant $((115 + number * 37 % 90))"
        done
    done
}

# Made-up words, one a line, none of them to hear: other_words COUNT SEED
other_words() {
    awk -v count="$1" -v seed="$2" '
        function pick(list, parts, n) { n = split(list, parts, " "); return parts[1 + int(rand() * n)] }
        function syllable() {
            return pick("b k d f g h j l m n p r s t v w y st tr bl kr fl gr pl sh th ch sl sp") \
                pick("a e i o u ee oo ai ou ay er ar") pick("t d n m p k s l r st nd ck sh ng ff x b")
        }
        { known[$0] }
        END {
            srand(seed)
            while (count > 0) {
                word = syllable()
                if (rand() < 0.6) word = word syllable()
                if (rand() < 0.2) word = word " " syllable()
                if (!(word in known)) { print word; count-- }
            }
        }' "$words_file"
}

# A recording of each word and twenty others by every voice; prints lines of an index.
synthetic_rows() {
    local voice speed word wav number
    mkdir -p "$demo_set/said"
    training_voices | while read -r voice speed; do
        number=0
        { sed 's/.*/&,&/' "$words_file"
          other_words 20 "${speed}${#voice}" | sed 's/$/,unknown/'; } | while IFS=, read -r word label; do
            number=$((number + 1))
            wav=$demo_set/said/$voice.$number.wav
            [ -s "$wav" ] || espeak-ng -v "$voice" -s "$speed" -w "$wav" "$word" || return
            echo "$wav,$label,$voice"
        done
    done
}

# The train splits below a folder of data as lines of an index; words that the model does not hear
# are `unknown`, background is `noise`.
recorded_rows() {
    local set
    for set in speech/gsc_bed_cat_happy speech/gsc_v2_dev speech/gsc_v1_sample speech/arabic_sc noise; do
        [ -f "$1/$set/index.csv" ] || fail "no $1/$set/index.csv"
        awk -F, -v set="$set" -v folder="$1/$set" '
            FILENAME == ARGV[1] { known[$0]; next }
            FNR == 1 || $4 != "train" { next }
            {
                label = $2 in known ? $2 : "unknown"
                if (set == "noise" || $2 == "silence") label = "noise"
                print folder "/" $1 "," label "," $3
            }' "$words_file" "$1/$set/index.csv"
    done
}

run_demo_model() {
    local data=${1:-${KWS_DATA:-}}
    [ -d "$data" ] || fail "demo-model: the folder of the recordings is missing; see Firmware/Demo/NOTES.md"
    build_kwsc
    mkdir -p "$demo_set"
    { echo path,label,speaker; recorded_rows "$(cd "$data" && pwd)"; synthetic_rows; } \
        > "$demo_set/index.csv" || fail "demo-model: the set cannot be made"
    rm -rf "$build/demo/made"
    kwsc make "$demo_set" -o "$build/demo/made" --name demo --recipe-only
    kwsc train "$root/Firmware/Demo/recipe.json" --data "$build/demo/made" -o "$build/demo/trained"
    echo "compare, then copy $build/demo/trained.onnx to Firmware/Demo/model.onnx"
}
