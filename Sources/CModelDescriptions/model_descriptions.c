/* SPDX-License-Identifier: Apache-2.0 */
#include "model_descriptions.h"

static const unsigned char arm_basic_lstm_s[] = {
#embed "descriptions/arm-basic-lstm-s.kws.json"
};
static const unsigned char arm_cnn_s[] = {
#embed "descriptions/arm-cnn-s.kws.json"
};
static const unsigned char arm_crnn_s[] = {
#embed "descriptions/arm-crnn-s.kws.json"
};
static const unsigned char arm_dnn_l[] = {
#embed "descriptions/arm-dnn-l.kws.json"
};
static const unsigned char arm_dnn_s[] = {
#embed "descriptions/arm-dnn-s.kws.json"
};
static const unsigned char arm_ds_cnn_s_folded[] = {
#embed "descriptions/arm-ds-cnn-s-folded.kws.json"
};
static const unsigned char arm_ds_cnn_s[] = {
#embed "descriptions/arm-ds-cnn-s.kws.json"
};
static const unsigned char arm_gru_s[] = {
#embed "descriptions/arm-gru-s.kws.json"
};
static const unsigned char arm_lstm_s[] = {
#embed "descriptions/arm-lstm-s.kws.json"
};
static const unsigned char mlperf_dscnn_tflite[] = {
#embed "descriptions/mlperf-dscnn-tflite.kws.json"
};
static const unsigned char mlperf_dscnn_unfolded[] = {
#embed "descriptions/mlperf-dscnn-unfolded.kws.json"
};
static const unsigned char mlperf_dscnn[] = {
#embed "descriptions/mlperf-dscnn.kws.json"
};
static const unsigned char mlperf_wakeword_tflite[] = {
#embed "descriptions/mlperf-wakeword-tflite.kws.json"
};
static const unsigned char mlperf_wakeword[] = {
#embed "descriptions/mlperf-wakeword.kws.json"
};
static const unsigned char tflm_micro_speech[] = {
#embed "descriptions/tflm-micro-speech.kws.json"
};

#define ENTRY(name, array) {name, array, sizeof array}

static const kws_model_description descriptions[] = {
    ENTRY("arm-basic-lstm-s", arm_basic_lstm_s),
    ENTRY("arm-cnn-s", arm_cnn_s),
    ENTRY("arm-crnn-s", arm_crnn_s),
    ENTRY("arm-dnn-l", arm_dnn_l),
    ENTRY("arm-dnn-s", arm_dnn_s),
    ENTRY("arm-ds-cnn-s-folded", arm_ds_cnn_s_folded),
    ENTRY("arm-ds-cnn-s", arm_ds_cnn_s),
    ENTRY("arm-gru-s", arm_gru_s),
    ENTRY("arm-lstm-s", arm_lstm_s),
    ENTRY("mlperf-dscnn-tflite", mlperf_dscnn_tflite),
    ENTRY("mlperf-dscnn-unfolded", mlperf_dscnn_unfolded),
    ENTRY("mlperf-dscnn", mlperf_dscnn),
    ENTRY("mlperf-wakeword-tflite", mlperf_wakeword_tflite),
    ENTRY("mlperf-wakeword", mlperf_wakeword),
    ENTRY("tflm-micro-speech", tflm_micro_speech),
};

const kws_model_description *kws_model_description_at(size_t index)
{
    return index < sizeof descriptions / sizeof descriptions[0] ? &descriptions[index] : NULL;
}
