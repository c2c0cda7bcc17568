/* SPDX-License-Identifier: Apache-2.0
 *
 * A file of its own: it names every kernel, and whoever does not call it links none of them.
 */
#include "kws_model.h"

static const kws_kernel *const all[] = {
    &kws_conv_s8s8,     &kws_dwconv_s8s8,        &kws_dense_s8s8,
    &kws_maxpool_s8,    &kws_avgpool_s8,         &kws_add_s8,
    &kws_place_s8,      &kws_transpose_s8,       &kws_softmax_s8,
    &kws_view_s8,       &kws_pointwise_s8s8,     &kws_features_logmel,
    &kws_features_mfcc, &kws_features_mfcc_peak,
};

void kws_model_load(kws_model *model, const void *block, uint32_t block_bytes)
{
    if (model != NULL) {
        *model = (kws_model){block, block_bytes, all, sizeof all / sizeof all[0]};
    }
}
