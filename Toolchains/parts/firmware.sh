# SPDX-License-Identifier: Apache-2.0
# The firmware that holds a model in flash, its tests, and the small C example.

# Links the objects of a product that SwiftPM built with another archive of the library:
# relink BOARD PRODUCT ARCHIVE leaves .build/firmware/BOARD/PRODUCT-gcc.
relink() {
    local board=$1 product=$2 archive=$3 core module objects=()
    core=$(toolset_of "$board")
    for module in Board DemoModel Semihosting KeywordSpotter KWSNumerics "$product"; do
        while IFS= read -r object; do
            objects+=("$object")
        done < <(find "$build/firmware-$board/$(triple_of "$core")/release/$module.build" -name '*.o')
    done
    # shellcheck disable=SC2046
    arm-none-eabi-gcc $(core_flags "$core") -nostartfiles -nostdlib \
        -T "$root/Firmware/Boards/$board/board.ld" "-L$root/Firmware/Boards" \
        -Wl,--gc-sections -Wl,--no-warn-rwx-segments "-Wl,--defsym,main=${product}_main" \
        "-Wl,-Map,$build/firmware/$board/$product-gcc.map" "${objects[@]}" "$archive" -lgcc \
        -o "$build/firmware/$board/$product-gcc"
}

# Builds Spotter with the model in a folder, by both archives: build_spotter BOARD FOLDER
build_spotter() {
    local board=$1 folder=$2 core
    core=$(toolset_of "$board")
    build_archive_by_gcc "$core" || return
    firmware_product "$board" Spotter -Xcc "-I$folder" \
        -Xlinker -Map -Xlinker "$build/firmware/$board/Spotter.map" || return
    quietly relink "$board" Spotter "$(archive_by_gcc "$core")"
}

# Builds Firmware/Examples/minimal.c by gcc with newlib-nano: build_example BOARD FOLDER
build_example() {
    local board=$1 folder=$2 core
    core=$(toolset_of "$board")
    build_archive_by_gcc "$core" || return
    mkdir -p "$build/firmware/$board"
    # shellcheck disable=SC2046
    quietly arm-none-eabi-gcc $(core_flags "$core") -Os -std=c11 \
        -Wall -Wextra -Werror -ffunction-sections --specs=nano.specs \
        -nostartfiles -I"$root/Include" -I"$folder" -I"$root/Firmware/Sources/Board/include" \
        -T "$root/Firmware/Boards/$board/board.ld" "-L$root/Firmware/Boards" \
        -Wl,--gc-sections -Wl,--no-warn-rwx-segments "$root/Firmware/Examples/minimal.c" \
        "$root/Firmware/Examples/microphone.c" "$root/Firmware/Sources/Board/startup.c" \
        "$folder/kws_demo.c" "$(archive_by_gcc "$core")" -o "$build/firmware/$board/minimal"
}

# Builds it again with the folder that kwsc compile wrote in place of the archive.
build_example_with_folder() {
    local board=$1 folder=$2 scratch=$build/minimal-$1
    quietly cmake -G Ninja -S "$root/Firmware/Examples" -B "$scratch" "-DBOARD=$board" \
        --toolchain "$root/Toolchains/$(toolset_of "$board").cmake" "-DMODEL=$folder" &&
        quietly cmake --build "$scratch" &&
        cp "$scratch/minimal" "$build/firmware/$board/minimal"
}

# What a run of the firmware must end with: expect_code CODE COMMAND...
expect_code() {
    local wanted=$1 code=0
    shift
    "$@" || code=$?
    [ "$code" -eq "$wanted" ] || {
        echo "ended with $code, expected $wanted: $*"
        return 1
    }
}

# Bad requests end with their code and leave no half result behind.
test_bad_requests() {
    local board=$1 image=$build/firmware/$1/Parity folder=$build/bad-requests
    mkdir -p "$folder"
    printf 'KWSQ\001\000\000\000' > "$folder/short"
    head -c 4096 /dev/zero > "$folder/zeros"
    expect_code 64 emulate "$board" "$image" &&
        expect_code 66 emulate "$board" "$image" -- "$folder/absent" "$folder/result" &&
        expect_code 65 emulate "$board" "$image" -- "$folder/short" "$folder/result" &&
        expect_code 65 emulate "$board" "$image" -- "$folder/zeros" "$folder/result"
}

# Both archives hear the same and compute the same: the whole output must be equal.
test_both_archives() {
    listen_to "$1" && compare_archives "$1"
}

# The C example prints the words that Spotter heard, in their order.
test_example() {
    local board=$1 name=$2
    emulate "$board" "$build/firmware/$board/minimal" -- "$speech/$name.wav" \
        > "$build/demo/$name-minimal.txt" 2>&1 &&
        diff <(awk '/^heard/ { print $4 }' "$build/demo/$name-clang.txt") \
            "$build/demo/$name-minimal.txt" &&
        [ -s "$build/demo/$name-minimal.txt" ]
}

# Host, and C on the micro:bit, and C and Swift on six boards: 14 targets without a difference.
test_parity() {
    local report
    report=$(kwsc parity "$demo_source" --calibrate "$speech/calibration" --data "$speech/clips" \
        --clips 4 --board all --firmware "$build/firmware" --json) || return
    [[ $report == *'"mismatches": 0'* ]] && [ "$(grep -o cortex- <<< "$report" | wc -l)" -eq 13 ]
}

test_firmware() {
    local board
    for board in $(boards_with_pool); do
        check "Parity for $board" firmware_product "$board" Parity
        check "  refuses bad requests" test_bad_requests "$board"
    done
    board=$demo_board
    check "synthetic speech" speak
    check "kwsc compile of the bundled model" compile_demo
    check "parity of the bundled model on every board" test_parity
    check "Spotter for $board by clang and by gcc" build_spotter "$board" "$demo_model"
    check "  computes the same by both" test_both_archives 1
    check "  hears every word of a voice, nothing else" judge 1 "first voice" strict
    check "  the same without keywords" test_both_archives negative
    check "  hears nothing there" judge negative "no keyword"
    check "minimal.c by gcc and newlib-nano" build_example "$board" "$demo_model"
    check "  hears the same" test_example "$board" 1
    check "minimal.c with the folder of kwsc compile" build_example_with_folder "$board" \
        "$demo_model"
    check "  hears the same" test_example "$board" 1
}
