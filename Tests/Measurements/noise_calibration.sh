#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Goal: what imported models lose if their ranges come from noise alone, without a word of speech.
# Method: 8 and 4 bits, calibrated on the noise set; every clip of gsc_v2_dev, float beside the C library.
#
#   swift build -c release --product kwsc
#   KWS_DATA=... Tests/Measurements/noise_calibration.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
models=$KWS_DATA/models

printf '%-22s %4s  %7s  %7s  %s\n' model bits float library 'net loss, points (95 %)'
while read -r name path; do
    for bits in 8 4; do
        "$root/.build/release/kwsc" evaluate "$models/$path" --data "$KWS_DATA/speech/gsc_v2_dev" \
            --weights $bits --calibrate "$KWS_DATA/noise" --json |
            python3 -c '
import json, sys
report = json.load(sys.stdin)
float_, library = report["float"], report["library"]
low, high = (100 * x for x in library["loss_interval"])
print("%-22s %4s  %7.2f  %7.2f  %5.2f (%.2f .. %.2f)" % (
    sys.argv[1], sys.argv[2], 100 * float_["accuracy"], 100 * library["accuracy"],
    100 * library["loss"], low, high))' "$name" $bits
    done
done <<'MODELS'
MLPerf-DS-CNN mlperf_tiny_dscnn/kws_ref_float32_bnfolded.safetensors
Arm-DS_CNN_S arm_ml_kws_for_mcu/DS_CNN_S.bnfolded_oihw.safetensors
Arm-CNN_S arm_ml_kws_for_mcu/CNN_S.safetensors
Arm-DNN_S arm_ml_kws_for_mcu/DNN_S.safetensors
Arm-DNN_L arm_ml_kws_for_mcu/DNN_L.safetensors
MODELS
