# SPDX-License-Identifier: Apache-2.0
# Synthetic speech by espeak-ng: what the demo and the firmware's tests listen to.

speech=$build/demo/speech
words_file=$root/Firmware/Demo/words.txt
negative_file=$root/Firmware/Demo/negative.txt

# Says every line of a file by a voice: say_lines FILE VOICE SPEED; prints the WAVs' paths.
say_lines() {
    local line wav folder=$speech/said/$2
    mkdir -p "$folder"
    while IFS= read -r line; do
        wav=$folder/${line// /_}.wav
        [ -s "$wav" ] || espeak-ng -v "$2" -s "$3" -w "$wav" "$line" || return
        echo "$wav"
    done < "$1"
}

build_speech_tool() {
    local tool=$build/tools/demo-audio source=$root/Toolchains/demo-audio
    mkdir -p "$build/tools"
    [ -x "$tool" ] && [ -z "$(find "$source" -newer "$tool")" ] ||
        swiftc -O -module-name DemoAudio "$source"/*.swift -o "$tool"
}

# One recording a word and voice, in a folder a word: say_clips VOICES-FILE FOLDER
say_clips() {
    local voice speed word said wavs wav number=0
    while read -r voice speed; do
        said=$(say_lines "$words_file" "$voice" "$speed") || return
        mapfile -t wavs <<< "$said"
        for wav in "${wavs[@]}"; do
            word=$(basename "$wav" .wav)
            number=$((number + 1))
            mkdir -p "$2/$word"
            "$build/tools/demo-audio" "$2/$word/$voice.wav" "$number" 0 0.3 "$wav" > /dev/null ||
                return
        done
    done < "$1"
}

# Makes all of it: 1.wav, 2.wav, 3.wav (every word, a voice each), negative.wav (no word to hear),
# clips/ (the words of these voices) and calibration/ (of other voices).
speak() {
    local voice speed said number=0 words=() lines=()
    [ ! -f "$speech/complete" ] || return 0
    build_speech_tool || return
    while read -r voice speed; do
        number=$((number + 1))
        said=$(say_lines "$words_file" "$voice" "$speed") || return
        mapfile -t words <<< "$said"
        said=$(say_lines "$negative_file" "$voice" "$speed") || return
        mapfile -t lines <<< "$said"
        # Each voice begins with another word.
        "$build/tools/demo-audio" "$speech/$number.wav" "$number" 1.2 1.5 \
            "${words[@]:number*3}" "${words[@]:0:number*3}" > "$speech/$number.txt" || return
    done < "$root/Firmware/Demo/voices.txt"
    "$build/tools/demo-audio" "$speech/negative.wav" 4 0.9 1.5 "${lines[@]}" \
        > "$speech/negative.txt" || return
    say_clips "$root/Firmware/Demo/voices.txt" "$speech/clips" || return
    say_clips "$root/Firmware/Demo/calibration-voices.txt" "$speech/calibration" || return
    touch "$speech/complete"
}
