# SPDX-License-Identifier: Apache-2.0
# demo: the bundled model hears synthetic speech on an emulated Cortex-M4.

demo_board=mps2-an386
demo_source=$root/Firmware/Demo/model.onnx
demo_model=$build/demo/model

kwsc() {
    "$build/release/kwsc" "$@"
}

build_kwsc() {
    swift build -c release --product kwsc >&2
}

# The bundled float model as int8 tables for the board's core, with activation ranges from other
# voices.
compile_demo() {
    kwsc compile "$demo_source" --target "$(toolset_of "$demo_board")" \
        --calibrate "$speech/calibration" -o "$demo_model"
}

# Runs one recording through both images: listen_to NAME; leaves .build/demo/NAME-{clang,gcc}.txt.
listen_to() {
    local images=$build/firmware/$demo_board
    emulate "$demo_board" "$images/Spotter" -- "$speech/$1.wav" > "$build/demo/$1-clang.txt" 2>&1 &
    local first=$!
    emulate "$demo_board" "$images/Spotter-gcc" -- "$speech/$1.wav" \
        > "$build/demo/$1-gcc.txt" 2>&1 || fail "$(tail -n 1 "$build/demo/$1-gcc.txt")"
    wait $first || fail "$(tail -n 1 "$build/demo/$1-clang.txt")"
}

# Compares what was heard with what was said: judge NAME VOICE. A word counts as heard if its label
# comes between 0.15 s before and 0.5 s after its end. Fails if anything else was heard, or, with a
# third argument, if a word was missed.
judge() {
    awk -v voice="$2" -v strict="${3:+1}" '
        FILENAME == ARGV[1] { keywords[$0]; next }
        FILENAME == ARGV[2] {
            if ($3 in keywords) { ++said; end[said] = $2; word[said] = $3 }
            next
        }
        /^heard/ {
            hit = 0
            for (i = 1; i <= said && !hit; i++)
                if (!(i in found) && $4 == word[i] && $2 >= end[i] - 0.15 && $2 <= end[i] + 0.5)
                    hit = i
            if (hit) { found[hit]; hits++ } else wrong++
            printf "  %8.3f s  %-8s %3d %%   %s\n", $2, $4, $5,
                hit ? sprintf("said until %.2f s", end[hit]) : "WRONG: nobody said that"
        }
        END {
            for (i = 1; i <= said; i++)
                if (!(i in found)) printf "%12s %-8s         MISSED, said until %.2f s\n", "",
                    word[i], end[i]
            if (said) printf "  %s: %d of %d words heard, %d wrong\n\n", voice, hits, said, wrong
            else printf "  %s: %d detections\n\n", voice, wrong
            exit wrong > 0 || (strict && hits < said)
        }' "$words_file" "$speech/$1.txt" "$build/demo/$1-clang.txt"
}

# Every stage of every inference by both compilers: compare_archives NAME...
compare_archives() {
    local name bad=0 inferences
    for name in "$@"; do
        inferences=$(awk '/^inferences/ { print $2 }' "$build/demo/$name-clang.txt")
        if diff "$build/demo/$name-clang.txt" "$build/demo/$name-gcc.txt" > /dev/null; then
            echo "  $name.wav: $inferences inferences, clang = gcc in every stage" \
                "($(grep '^parity' "$build/demo/$name-clang.txt"))"
        else
            bad=1
            echo "  $name.wav: clang and gcc DIFFER:"
            diff "$build/demo/$name-clang.txt" "$build/demo/$name-gcc.txt" | head -n 4
        fi
    done
    return $bad
}

# Bytes of an image by where they come from: split_of MAP; prints code, model, firmware, RAM. Reads
# the maps of ld.lld (VMA LMA Size Align path) and of GNU ld (.section address size path).
split_of() {
    awk '
        function add(section, bytes, path) {
            if (section ~ /^\.?(bss|COMMON)/) { ram += bytes; return }
            if (path ~ /CKWS\.build|libkws\.a/) code += bytes
            else if (path ~ /DemoModel\.build/) model += bytes
            else firmware += bytes
        }
        # No strtonum: Debian has mawk.
        function number(text, i, n) {
            sub(/^0x/, "", text)
            for (i = 1; i <= length(text); i++)
                n = 16 * n + index("0123456789abcdef", substr(text, i, 1)) - 1
            return n
        }
        /^ +VMA +LMA/ { lld = 1; next }
        lld && $5 ~ /:\(\.(text|rodata|ARM|vectors|data|bss)/ {
            section = $5
            sub(/.*:\(/, "", section)
            add(section, number($3), $5)
            next
        }
        lld { next }
        /^Linker script and memory map/ { gnu = 1; next }
        gnu && /^ \.(text|rodata|ARM\.exidx|vectors|data|bss)/ {
            section = $1
            if (NF == 1) { getline; add(section, number($2), $3) }
            else add(section, number($3), $4)
        }
        END { print code + 0, model + 0, firmware + 0, ram + 0 }' "$1"
}

# A table of flash, RAM and instructions of both images.
measure() {
    local kind name map code model firmware ram
    for kind in clang gcc; do
        name=Spotter
        [ $kind = clang ] || name=Spotter-gcc
        map=$build/firmware/$demo_board/$name.map
        emulate "$demo_board" "$build/firmware/$demo_board/$name" -icount shift=0 -- \
            "$speech/clips/yes/$(awk 'NR == 1 { print $1 }' "$root/Firmware/Demo/voices.txt").wav" \
            measure > "$build/demo/measure-$kind.txt" 2>&1 ||
            fail "$(tail -n 1 "$build/demo/measure-$kind.txt")"
        {
            read -r code model firmware ram < <(split_of "$map")
            echo "library_code $code"
            echo "model_tables $model"
            echo "demo_firmware $firmware"
            echo "firmware_ram $ram"
        } >> "$build/demo/measure-$kind.txt"
    done
    awk '
        FNR == 1 { column++ }
        { value[$1, column] = $2 }
        function row(text, key, unit) {
            printf "  %-38s %12s %12s %s\n", text, value[key, 1], value[key, 2], unit
        }
        END {
            printf "  %-38s %12s %12s\n", "", "clang", "gcc"
            row("flash: library", "library_code", "B")
            row("flash: model", "model_tables", "B")
            row("flash: demo firmware, Embedded Swift", "demo_firmware", "B")
            row("RAM: one instance", "ram_bytes", "B")
            row("stack of one inference", "stack_bytes", "B")
            row("one inference", "inference_instructions", "instructions")
            row("one hop of the front end", "hop_instructions", "instructions")
        }' "$build/demo/measure-clang.txt" "$build/demo/measure-gcc.txt"
    echo "  Instructions by QEMU -icount, exact to 40; they are not cycles."
}

step=0
step() {
    step=$((step + 1))
    say "[$step/7] $* (${SECONDS} s)"
}

run_demo() {
    local begin=$SECONDS bad=0 number=0 voice speed
    [ -f "$demo_source" ] || fail "${demo_source#"$root/"} is not in this checkout"
    step "set-up"
    run_setup
    step "build the compiler, kwsc (two minutes the first time)"
    build_kwsc
    step "speak: $(wc -l < "$words_file") words by three voices, and a stream without any of them"
    speak
    step "compile the bundled float model: kwsc compile"
    compile_demo
    step "build libkws.a for the Cortex-M4 by clang and by gcc; link the firmware with each"
    build_spotter "$demo_board" "$demo_model"
    firmware_product "$demo_board" Parity
    step "listen on an emulated Cortex-M4 ($demo_board)"
    while read -r voice speed; do
        number=$((number + 1))
        listen_to $number
        judge $number "$voice" || bad=1
    done < "$root/Firmware/Demo/voices.txt"
    listen_to negative
    judge negative "a stream without keywords" || bad=1
    step "compare and measure"
    compare_archives 1 2 3 negative || bad=1
    kwsc parity "$demo_source" --calibrate "$speech/calibration" --data "$speech/clips" \
        --board "$demo_board" --firmware "$build/firmware" || bad=1
    measure
    say "done in $((SECONDS - begin)) s"
    return $bad
}
