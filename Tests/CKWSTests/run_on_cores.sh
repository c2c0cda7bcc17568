#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Goal: the kernels compute the same on every core, built by either compiler, and touch nothing that
# is not theirs. Method: test_kernels, test_recurrent, test_pools, test_in_place, test_chains, test_rows,
# test_front_end and test_pcen in one image per core and compiler, run by QEMU; behind blocks and instances memory
# is closed. A line an image.
#
#     run_on_cores.sh ROOT [CORE...]     exit 0: fine, 1: not, 77: no ARM compiler or QEMU here
#
# The library is built by arm-none-eabi-gcc, and by a clang with ARM targets where there is one
# (CLANG names it); all else by the former. KWS_SEED is passed on.
set -u
root=$(cd "$1" && pwd)
shift
cores=${*:-cortex-m0plus cortex-m3 cortex-m4 cortex-m7 cortex-m33 cortex-m55}
tests=$root/Tests/CKWSTests
boards=${KWS_BOARDS:-$root/Firmware}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v arm-none-eabi-gcc > /dev/null && command -v qemu-system-arm > /dev/null || {
    echo "skipped: no arm-none-eabi-gcc or no qemu-system-arm"
    exit 77
}
clang=
for tool in "${CLANG:-}" "$(dirname "$(readlink -f "$(command -v swift)" 2> /dev/null)")/clang" \
    "$(command -v clang)"; do
    if [ -x "$tool" ] && "$tool" --print-targets 2> /dev/null | grep -q thumb; then
        clang=$tool
        break
    fi
done

# board_of CORE: an emulated board, with the room that the micro:bit lacks.
board_of() {
    case $1 in
        cortex-m0plus) echo mps2-an385-m0plus ;;
        cortex-m3) echo mps2-an385 ;;
        cortex-m4) echo mps2-an386 ;;
        cortex-m7) echo mps2-an500 ;;
        cortex-m33) echo mps2-an505 ;;
        cortex-m55) echo mps3-an547 ;;
    esac
}

# flags_of CORE; nofp leaves the M55 its integer vectors.
flags_of() {
    case $1 in
        cortex-m55) echo "-mcpu=cortex-m55+nofp -mthumb -mfloat-abi=softfp" ;;
        *) echo "-mcpu=$1 -mthumb -mfloat-abi=soft" ;;
    esac
}

triple_of() {
    case $1 in
        cortex-m0plus) echo thumbv6m-none-eabi ;;
        cortex-m3) echo thumbv7m-none-eabi ;;
        cortex-m33) echo thumbv8m.main-none-eabi ;;
        cortex-m55) echo thumbv8.1m.main-none-eabi ;;
        *) echo thumbv7em-none-eabi ;;
    esac
}

# The variant of a core's kernels; none where they are not written.
variant_of() {
    case $1 in
        cortex-m0plus) set -- v6m ;;
        cortex-m3) set -- v7m ;;
        cortex-m55) set -- mve ;;
        *) set -- dsp ;;
    esac
    [ -e "$root/Sources/CKWS/dense_$1.c" ] && [ -e "$tests/pack_$1.c" ] && echo "$1"
}

include="-I $root/Include -I $root/Sources/CKWS"

# compile FOLDER COMMAND...: compiles sources into a folder, two at a time.
compile() {
    local folder=$1
    shift
    mkdir -p "$folder"
    (cd "$folder" && printf '%s\n' $sources | xargs -P 2 -n 8 "$@" -c) || touch "$work/bad"
}

# run_image CORE COMPILER LIBRARY_FOLDER
run_image() {
    local core=$1 compiler=$2 board image=$work/$1-$2.elf log=$work/$1-$2.log code=0 line
    board=$(board_of "$core")
    arm-none-eabi-gcc $(flags_of "$core") -nostartfiles --specs=nosys.specs -Wl,--gc-sections \
        -Wl,--no-warn-rwx-segments,--no-enum-size-warning -T "$boards/Boards/$board/board.ld" -L "$boards/Boards" \
        "$work/$core"/*.o "$work/$core-$compiler"/*.o -lm -o "$image" > "$log" 2>&1 || code=$?
    [ $code -ne 0 ] || timeout 300 qemu-system-arm \
        -M "$(sed -n 's/^machine=//p' "$boards/Boards/$board/board.env")" -nographic -monitor none \
        -serial none -kernel "$image" -semihosting-config \
        "enable=on,target=native,arg=tests${KWS_SEED:+,arg=KWS_SEED=$KWS_SEED}" > "$log" 2>&1 || code=$?
    local seed
    line=$(sed -n 's/^result: //p' "$log")
    seed=$(sed -n 's/^kernels: KWS_SEED=//p' "$log")
    echo "$core, ${variant:-portable} kernels by $compiler: ${line:-no result}, seed ${seed:-?}"
    [ $code -eq 0 ] && [ -n "$line" ] || {
        touch "$work/bad"
        grep -v '^result' "$log" | head -n 40
    }
}

for core in $cores; do
    flags=$(flags_of "$core")
    variant=$(variant_of "$core")
    portable=
    [ -n "$variant" ] || portable=-DKWS_PORTABLE
    sources=$(ls "$tests"/{block_builder,draw,draw_recurrent,fixtures,network,pack,support}.c \
        "$tests"/oracle{,_front_end,_layers,_recurrent}.c \
        "$tests"/pack_*.c "$tests"/target/*.c)
    compile "$work/$core" arm-none-eabi-gcc $flags -O1 -std=gnu11 -Wall -Wextra -Werror -DKWS_ON_TARGET \
        $portable $include -I "$tests" -I "$tests/target" -I "$boards/Sources/Board/include"
    for name in kernels recurrent pools in_place chains rows front_end pcen; do
        sources=$tests/test_$name.c
        compile "$work/$core" arm-none-eabi-gcc $flags -O1 -std=gnu11 -Wall -Wextra -Werror -DKWS_ON_TARGET \
            $portable "-Dmain=${name}_main" $include -I "$tests" -I "$tests/target"
    done
    sources=$(ls "$root"/Sources/CKWS/*.c)
    library="-std=c11 -O2 -ffreestanding -ffunction-sections -fdata-sections $portable $include"
    compile "$work/$core-gcc" arm-none-eabi-gcc $flags $library
    run_image "$core" gcc &
    if [ -n "$clang" ]; then
        compile "$work/$core-clang" "$clang" "--target=$(triple_of "$core")" $flags $library
        run_image "$core" clang
    fi
    wait
done
[ ! -e "$work/bad" ]
