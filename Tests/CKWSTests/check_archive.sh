#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Goal: libkws.a is freestanding integer code on every core, whatever the compiler. Method: it is
# compiled with the ARM compilers that are there, the portable kernels for three cores and every
# variant for its own, and read: Toolchains/check-archive accepts it; no division instruction occurs
# but on the M55, in the portable ones no 64-bit product and nothing of the
# vector registers either; no chain of calls takes more stack than inner.h allows a kernel, but one
# with the FFT, which clang makes vectors of on the M55.
#
#     check_archive.sh ROOT          exit 0: fine, 1: not, 77: no ARM compiler or binutils here
#
# CLANG names a clang with ARM targets; else the one beside `swift`, or that in the path.
set -u
root=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
builds=0
stack_max=$(sed -n 's/^#define KWS_KERNEL_STACK \([0-9]*\)$/\1/p' "$root/Sources/CKWS/inner.h")
flags=(-std=c11 -ffreestanding -fno-pic -fomit-frame-pointer -ffunction-sections -fdata-sections
    -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Werror -I "$root/Include")

fail() {
    echo "FAIL $label: $1"
    failures=$((failures + 1))
}

command -v arm-none-eabi-ar > /dev/null || {
    echo "skipped: no arm-none-eabi-ar"
    exit 77
}

# Reads the objects with the tools in $nm and $objdump.
inspect() {
    local forbidden
    rm -f "$work/libkws.a"
    arm-none-eabi-ar rcs "$work/libkws.a" "$work"/*.o &&
        "$root/Toolchains/check-archive" "$work/libkws.a" || fail "see above"
    "$objdump" -d "$work"/*.o > "$work/code" || fail "$objdump does not run"
    [ "$(wc -l < "$work/code")" -gt 2000 ] || fail "hardly any code"
    forbidden=$(awk -F'\t' -v bad="$bad" '/^ *[0-9a-f]+:/ { for (i = 2; i <= NF; i++) {
            split($i, w, " "); if (w[1] ~ bad) print w[1] } }' "$work/code" | sort -u)
    [ -z "$forbidden" ] || fail "instructions: $(echo $forbidden)"
    awk -F'\t' '$3 != "static"' "$work"/*.su > "$work/moving"
    [ ! -s "$work/moving" ] || fail "stack of no fixed size: $(cat "$work/moving")"
    (cd "$work" && arm-none-eabi-readelf -rsW ./*.o) > "$work/calls"
    awk -f "$root/Tests/CKWSTests/stack_depth.awk" "$work"/*.su "$work/calls" |
        sort -rn > "$work/chains"
    awk -v most="$stack_max" -v fft="$fft_max" '$1 > (/fft:kws_fft/ ? fft : most)' \
        "$work/chains" > "$work/deep"
    [ ! -s "$work/deep" ] || fail "stack: $(cat "$work/deep")"
    [ "$(wc -l < "$work/chains")" -gt 20 ] || fail "hardly any chain of calls"
    text=$("$nm" --print-size "$work"/*.o |
        awk '$3 ~ /^[tTrR]$/ { print $2 }' | while read -r hex; do echo $((16#$hex)); done |
        awk '{ sum += $1 } END { print sum }')
    echo "$label: $text bytes of code and constants, deepest chain $(head -n 1 "$work/chains")"
}

# compile LABEL COMMAND...: all sources with one compiler and one level.
compile() {
    label=$1
    shift
    rm -f "$work"/*.o "$work"/*.su
    for source in "$root"/Sources/CKWS/*.c; do
        "$@" "${flags[@]}" -fstack-usage -c "$source" -o "$work/$(basename "$source" .c).o" ||
            { fail "$source does not compile"; return; }
    done
    builds=$((builds + 1))
    inspect
}

# compile_core COMPILER CORE VARIANT COMMAND...: with the portable kernels, or the core's own.
compile_core() {
    local compiler=$1 core=$2 variant=$3 level
    shift 3
    for level in -Os -O2; do
        fft_max=$stack_max
        if [ "$variant" = portable ]; then
            bad='^(v[a-z]|[us]div|[us]mull|[us]mlal)'
            compile "$compiler $core $level portable" "$@" $level -DKWS_PORTABLE
        elif [ -e "$root/Sources/CKWS/dense_$variant.c" ]; then
            bad='^[us]div'
            [ "$variant" = mve ] && bad='^$' fft_max=512
            compile "$compiler $core $level $variant" "$@" $level
        fi
    done
}

# compile_all COMPILER COMMAND...: COMMAND takes a target triple if it is clang's.
compile_all() {
    local compiler=$1 target=${3:-} core variant triple cpu
    while read -r core variant triple cpu; do
        compile_core "$compiler" "$core" "$variant" "$2" ${target:+"--target=$triple"} -mthumb $cpu
    done << 'TABLE'
cortex-m0plus portable thumbv6m-none-eabi -mcpu=cortex-m0plus
cortex-m3 portable thumbv7m-none-eabi -mcpu=cortex-m3
cortex-m4 portable thumbv7em-none-eabihf -mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16
cortex-m0plus v6m thumbv6m-none-eabi -mcpu=cortex-m0plus
cortex-m3 v7m thumbv7m-none-eabi -mcpu=cortex-m3
cortex-m4 dsp thumbv7em-none-eabi -mcpu=cortex-m4 -mfloat-abi=soft
cortex-m33 dsp thumbv8m.main-none-eabi -mcpu=cortex-m33 -mfloat-abi=soft
cortex-m55 mve thumbv8.1m.main-none-eabi -mcpu=cortex-m55+nofp -mfloat-abi=softfp
TABLE
}

for tool in "${CLANG:-}" "$(dirname "$(readlink -f "$(command -v swift)" 2>/dev/null)")/clang" \
    "$(command -v clang)"; do
    if [ -x "$tool" ] && "$tool" --print-targets 2>/dev/null | grep -q thumb; then
        nm=$(dirname "$(readlink -f "$tool")")/llvm-nm
        objdump=$(dirname "$(readlink -f "$tool")")/llvm-objdump
        [ -x "$nm" ] || nm=arm-none-eabi-nm
        [ -x "$objdump" ] || objdump=arm-none-eabi-objdump
        compile_all clang "$tool" triple
        break
    fi
done
if command -v arm-none-eabi-gcc > /dev/null; then
    nm=arm-none-eabi-nm
    objdump=arm-none-eabi-objdump
    compile_all gcc arm-none-eabi-gcc
fi
if [ "$builds" -eq 0 ] && [ "$failures" -eq 0 ]; then
    echo "skipped: neither arm-none-eabi-gcc nor a clang with ARM targets"
    exit 77
fi
[ "$failures" -eq 0 ]
