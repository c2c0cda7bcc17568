# SPDX-License-Identifier: Apache-2.0
# build, archives, firmware, lint, format, clean.

run_build() {
    run_setup
    say "build: kwsc"
    swift build -c release --product kwsc >&2
    run_archives cortex-m4
}

# libkws.a of one core, by Swift's clang through SwiftPM: .build/clang-CORE/...
archive_by_clang() {
    echo "$build/clang-$1/$(triple_of "$1")/release/libkws.a"
}

# libkws.a of one core, by arm-none-eabi-gcc through CMake.
archive_by_gcc() {
    echo "$build/gcc-$1/libkws.a"
}

build_archive_by_clang() {
    quietly swift build -c release --product kws --scratch-path "$build/clang-$1" \
        --triple "$(triple_of "$1")" --toolset "$root/Toolchains/$1.json"
}

build_archive_by_gcc() {
    quietly cmake -G Ninja -S "$root/Toolchains" -B "$build/gcc-$1" \
        --toolchain "$root/Toolchains/$1.cmake"
    quietly cmake --build "$build/gcc-$1"
}

run_archives() {
    local core
    [ $# -gt 0 ] || set -- $cores
    for core in "$@"; do
        [ -f "$root/Toolchains/$core.json" ] || fail "no core '$core'; there are: $cores"
        say "build: libkws.a for $core by clang and by gcc"
        build_archive_by_clang "$core"
        build_archive_by_gcc "$core"
    done
}

# Builds one firmware product for a board: firmware_product BOARD PRODUCT [swift option...]
# and leaves the image as .build/firmware/BOARD/PRODUCT.
firmware_product() {
    local board=$1 product=$2 core triple scratch
    shift 2
    core=$(toolset_of "$board")
    triple=$(triple_of "$core")
    scratch=$build/firmware-$board
    mkdir -p "$build/firmware/$board"
    # SwiftPM does not know that an image depends on its linker scripts.
    [ -z "$(find "$root/Firmware/Boards" -newer "$scratch/$triple/release/$product" 2> /dev/null)" ] ||
        rm -f "$scratch/$triple/release/$product"
    quietly swift build --package-path "$root/Firmware" --scratch-path "$scratch" -c release \
        --triple "$triple" --toolset "$root/Toolchains/$core.json" --product "$product" \
        -Xlinker -T -Xlinker "$root/Firmware/Boards/$board/board.ld" \
        -Xlinker "-L$root/Firmware/Boards" \
        -Xlinker "$(arm-none-eabi-gcc $(core_flags "$core") -print-libgcc-file-name)" "$@" || return
    cp "$scratch/$triple/release/$product" "$build/firmware/$board/$product"
}

run_firmware() {
    local board
    [ $# -gt 0 ] || set -- $(boards_with_pool)
    for board in "$@"; do
        [ -f "$root/Firmware/Boards/$board/board.env" ] ||
            fail "no board '$board'; there are: $(boards | tr '\n' ' ')"
        [ "$(board_field "$board" pool)" != none ] ||
            fail "$board holds one model at a time; kwsc builds its firmware with the model"
        say "build: Parity firmware for $board"
        firmware_product "$board" Parity
    done
}

c_files() {
    find Include Sources/CKWS Firmware Tests Toolchains -name '*.[ch]' -not -path '*/.build/*'
}

run_lint() {
    swift format lint --strict --parallel --recursive Package.swift Sources Tests \
        Firmware/Package.swift Firmware/Sources Toolchains/demo-audio
    if command -v clang-format > /dev/null; then
        c_files | xargs clang-format --dry-run --Werror
    else
        say "lint: no clang-format, C is not checked"
    fi
}

run_format() {
    swift format --in-place --parallel --recursive Package.swift Sources Tests \
        Firmware/Package.swift Firmware/Sources Toolchains/demo-audio
    c_files | xargs clang-format -i
}

run_clean() {
    rm -rf "$build" "$root/Firmware/.build"
}
