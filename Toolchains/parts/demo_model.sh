# SPDX-License-Identifier: Apache-2.0
# demo-model: trains the bundled model anew, from recordings and synthetic speech.

demo_set=$build/demo/training
other_words_file=$root/Firmware/Demo/other-words.txt

# Voices to train on and to choose by, `VOICE SPLIT`: six accents by sixteen variants but for those of
# the demo and of its calibration; every eighth is kept to choose by.
training_voices() {
    local accent variant number=0 split
    for accent in en-us en-gb en-gb-scotland en-gb-x-rp en-gb-x-gbclan en-gb-x-gbcwmd; do
        for variant in m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 croak whisper klatt2; do
            grep -q "^$accent+$variant " "$root"/Firmware/Demo/{,calibration-}voices.txt && continue
            number=$((number + 1))
            split=train
            [ $((number % 8)) -ne 3 ] || split=val
            echo "$accent+$variant $split"
        done
    done
}

# What a voice says, in any order: the words to hear and as many others, a third of them made up:
# phrases SEED
phrases() {
    awk -v seed="$1" '
        function pick(list, parts, n) { n = split(list, parts, " "); return parts[1 + int(rand() * n)] }
        function syllable() {
            return pick("b k d f g h j l m n p r s t v w y st tr bl kr fl gr pl sh th ch sl sp") \
                pick("a e i o u ee oo ai ou ay er ar") pick("t d n m p k s l r st nd ck sh ng ff x b")
        }
        function made_up(word) {
            do word = rand() < 0.4 ? syllable() : syllable() syllable(); while (word in known)
            return word
        }
        FILENAME == ARGV[1] { known[$0]; words[++count] = $0; next }
        { others[++choices] = $0 }
        END {
            srand(seed)
            for (i = 1; i <= count; i++)
                words[count + i] = rand() < 0.65 ? others[1 + int(rand() * choices)] : made_up()
            for (i = 2 * count; i > 0; i--) {
                j = 1 + int(rand() * i)
                print words[j]
                words[j] = words[i]
            }
        }' "$words_file" "$other_words_file"
}

# Every voice's streams, two of other speed, pitch and spacing: NAME.wav, and NAME.txt with the place
# of each word. Prints `NAME SPLIT`.
training_streams() {
    local voice split take number=0 name phrase wav wavs
    mkdir -p "$demo_set/said" "$demo_set/streams"
    training_voices | while read -r voice split; do
        for take in 1 2; do
            number=$((number + 1))
            name=$voice.$take
            echo "$name $split"
            [ ! -s "$demo_set/streams/$name.txt" ] || continue
            wavs=()
            mkdir -p "$demo_set/said/$name"
            while IFS= read -r phrase; do
                wav=$demo_set/said/$name/${phrase// /_}.wav
                espeak-ng -v "$voice" -s $((110 + number * 37 % 100)) -p $((35 + number * 17 % 31)) \
                    -w "$wav" "$phrase" || return
                wavs+=("$wav")
            done < <(phrases "$number")
            "$build/tools/demo-audio" "$demo_set/streams/$name.wav" "$number" \
                "$([ $take = 1 ] && echo 1.4 || echo 0.8)" 1.1 "${wavs[@]}" \
                > "$demo_set/streams/$name.txt" || return
            rm -r "$demo_set/said/$name"
        done
    done
}

# Windows of a second of the streams, lines of an index. One with a whole word has its label; one
# with other speech, half a word's head or less, or less than four tenths of its tail is `unknown`;
# others are left out.
synthetic_rows() {
    local name split
    while read -r name split; do
        awk -v path="$demo_set/streams/$name.wav" -v split_name="$split" -v voice="${name%.*}" \
            -v seed="${#name}$(cksum <<< "$name" | cut -c 1-6)" '
            function part(i, at, from, to) {
                from = first[i] > at ? first[i] : at
                to = last[i] < at + 1 ? last[i] : at + 1
                return to > from ? (to - from) / (last[i] - first[i]) : 0
            }
            # A window at a time, unless much of a word other than the one meant is in it.
            function window(at, label, meant, i) {
                for (i = 1; i <= count; i++)
                    if (i != meant && word[i] in known && part(i, at) > 0.4) return
                printf "%s,%s,%s,%s,%d,%d\n", path, label, voice, split_name, at * 16000,
                    at * 16000 + 16000
            }
            FILENAME == ARGV[1] { known[$0]; next }
            { first[++count] = $1; last[count] = $2; word[count] = $3 }
            END {
                srand(seed)
                window(0, "silence"); window(last[count] + 0.08, "silence")
                for (k = 1; k <= count; k++) {
                    long = last[k] - first[k]
                    if (!(word[k] in known)) {
                        for (t = 0; t < 1 + long; t++)
                            window(first[k] - 0.5 + rand() * long, "unknown")
                        continue
                    }
                    slack = 0.92 - long
                    if (slack < 0) slack = 0
                    for (t = 0; t < 4; t++)
                        window((first[k] + last[k]) / 2 - 0.5 + slack * (rand() - 0.5), word[k], k)
                    window(first[k] + long * rand() * 0.5 - 1, "unknown", k)
                    if (rand() < 0.5) window(last[k] - long * rand() * 0.4, "unknown", k)
                }
            }' "$words_file" "$demo_set/streams/$name.txt"
    done
}

# The train and val splits below a folder of data as lines of an index; words that the model does not
# hear are `unknown`. Where there are few recordings of a word each comes at three places.
recorded_rows() {
    local set
    for set in speech/gsc_bed_cat_happy speech/gsc_v2_dev speech/gsc_v1_sample speech/arabic_sc noise; do
        [ -f "$1/$set/index.csv" ] || fail "no $1/$set/index.csv"
        awk -F, -v set="$set" -v folder="$1/$set" '
            function row(label, begin) {
                print folder "/" $1 "," label "," $3 "," $4 "," begin "," begin + 16000
            }
            FILENAME == ARGV[1] { known[$0]; next }
            FNR == 1 || $4 == "test" { next }
            set == "noise" {
                step = $5 > 640000 ? $5 / 40 : 16000
                for (begin = 0; begin + 16000 <= $5; begin += step) row("silence", int(begin))
                if ($4 == "train") print folder "/" $1 ",silence,,noise,0," $5
                next
            }
            {
                # The labels of the Arabic words are their translations.
                label = $2 in known && set !~ /arabic/ ? $2 : $2 == "silence" ? $2 : "unknown"
                row(label, 0)
                if ($4 == "train" && set ~ /gsc_v/) { row(label, -1600); row(label, 1600) }
            }' "$words_file" "$1/$set/index.csv"
    done
}

run_demo_model() {
    local data=${1:-${KWS_DATA:-}} begin=$SECONDS
    [ -d "$data" ] || fail "demo-model: the folder of the recordings is missing; see Firmware/Demo/NOTES.md"
    build_kwsc
    build_speech_tool
    mkdir -p "$demo_set"
    training_streams > "$demo_set/streams.txt" || fail "demo-model: the voices cannot speak"
    {
        echo path,label,speaker,split,begin,end
        recorded_rows "$(cd "$data" && pwd)"
        synthetic_rows < "$demo_set/streams.txt"
    } > "$demo_set/index.csv" || fail "demo-model: the set cannot be made"
    kwsc train "$root/Firmware/Demo/recipe.json" --data "$build/demo" -o "$build/demo/trained"
    echo "$((SECONDS - begin)) s; compare, then copy $build/demo/trained.onnx to Firmware/Demo/model.onnx"
}
