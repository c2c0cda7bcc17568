/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of its own: it names every kernel, and whoever does not call it links none of them.
 */
#include "kws_model.h"

static const kws_kernel *const all[] = {
    &kws_conv_w8,
    &kws_conv_w4,
    &kws_conv_w3,
    &kws_conv_w2,
    &kws_dwconv_w8,
    &kws_dwconv_w4,
    &kws_dwconv_w3,
    &kws_dwconv_w2,
    &kws_dense_w8,
    &kws_dense_w4,
    &kws_dense_w3,
    &kws_dense_w2,
    &kws_pointwise_w8,
    &kws_pointwise_w4,
    &kws_pointwise_w3,
    &kws_pointwise_w2,
    &kws_dense_gaps_w8,
    &kws_dense_gaps_w4,
    &kws_dense_gaps_w3,
    &kws_dense_gaps_w2,
    &kws_dense_blocks_w8,
    &kws_dense_blocks_w4,
    &kws_dense_blocks_w3,
    &kws_dense_blocks_w2,
    &kws_pointwise_gaps_w8,
    &kws_pointwise_gaps_w4,
    &kws_pointwise_gaps_w3,
    &kws_pointwise_gaps_w2,
    &kws_pointwise_blocks_w8,
    &kws_pointwise_blocks_w4,
    &kws_pointwise_blocks_w3,
    &kws_pointwise_blocks_w2,
    &kws_lstm_w8,
    &kws_lstm_w4,
    &kws_lstm_w3,
    &kws_lstm_w2,
    &kws_gru_w8,
    &kws_gru_w4,
    &kws_gru_w3,
    &kws_gru_w2,
    &kws_lstm_gaps_w8,
    &kws_lstm_gaps_w4,
    &kws_lstm_gaps_w3,
    &kws_lstm_gaps_w2,
    &kws_gru_gaps_w8,
    &kws_gru_gaps_w4,
    &kws_gru_gaps_w3,
    &kws_gru_gaps_w2,
    &kws_maxpool_w0,
    &kws_avgpool_w0,
    &kws_mean_w0,
    &kws_add_w0,
    &kws_place_w0,
    &kws_transpose_w0,
    &kws_softmax_w0,
    &kws_view_w0,
    &kws_features_logmel,
    &kws_features_mfcc,
    &kws_features_mfcc_peak,
    &kws_features_logsum,
    &kws_features_pcen,
    &kws_features_waveform,
    &kws_detection_energy,
    &kws_detection_phrases,
};

void kws_model_load(kws_model *model, const void *block, uint32_t block_bytes)
{
    if (model != NULL) {
        *model = (kws_model){block, block_bytes, all, sizeof all / sizeof all[0]};
    }
}
