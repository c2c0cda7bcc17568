#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# What sparse weights cost: Arm DNN_L dense, and with 90 % of its weights 0 (by magnitude, not
# retrained), one inference on every core, clang for speed. Accuracy is not looked at.
#
#     sparse.sh FOLDER     FOLDER holds DNN_L.safetensors; build kwsc before
#
# A line a model and core: bytes of weights, indices and per-channel data, instructions. KernelCosts
# (Sources/KWSGraph) has the figures of single layers that `Toolchains/run count` prints here.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
model=$1/DNN_L.safetensors
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kwsc=$root/.build/release/kwsc

python3 "$root/Tests/Measurements/prune.py" "$model" "$work/single.safetensors" 0.9
python3 "$root/Tests/Measurements/prune.py" "$model" "$work/fours.safetensors" 0.9 4

# measure NAME MODEL BITS
measure() {
    local core board bytes instructions
    for core in cortex-m0plus cortex-m3 cortex-m4 cortex-m55; do
        case $core in
            cortex-m0plus) board=mps2-an385-m0plus ;;
            cortex-m3) board=mps2-an385 ;;
            cortex-m4) board=mps2-an386 ;;
            cortex-m55) board=mps3-an547 ;;
        esac
        bytes=$("$kwsc" compile "$2" --description arm-dnn-l --weights "$3" --target $core \
            -o "$work/$core" --json 2> /dev/null |
            python3 -c 'import json, sys; print(json.load(sys.stdin)["table_bytes"])')
        instructions=$("$root/Toolchains/run" count $board "$work/$core" 2> /dev/null |
            awk '$1 == "inference" { print $3 }') || instructions="does not fit the board"
        echo "$1, $core: $bytes bytes, $instructions instructions"
        rm -rf "${work:?}/$core"
    done
}

measure "dense, 8 bits" "$model" 8
measure "dense, 4 bits" "$model" 4
measure "90 % single weights, 4 bits" "$work/single.safetensors" 4
measure "90 % blocks of four, 4 bits" "$work/fours.safetensors" 4
