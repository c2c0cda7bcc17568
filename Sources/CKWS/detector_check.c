/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "detector.h"

#define SMOOTHING_MAX 64u
#define INFERENCE_HOPS_MAX 255u

static bool keywords_fit(const kws_model *model, const kws_detector *detector)
{
    const kws_block_header *header = kws_header(model);
    if (detector->keyword_count < 1 || detector->keyword_count > header->label_count ||
        !kws_in_block(model, detector->keywords_offset, detector->keyword_count,
                      sizeof(kws_keyword))) {
        return false;
    }
    const kws_keyword *keywords = kws_part(model->block, detector->keywords_offset);
    for (uint32_t i = 0; i < detector->keyword_count; i++) {
        if (keywords[i].class_index >= header->label_count) {
            return false;
        }
    }
    return true;
}

/* see check.h */
kws_status kws_check_detector(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    if ((header->front_end_offset == 0) != (header->detector_offset == 0)) {
        return KWS_ERROR_MODEL;
    }
    if (header->detector_offset == 0) {
        return KWS_OK;
    }
    if (!kws_in_block(model, header->detector_offset, 1, sizeof(kws_detector))) {
        return KWS_ERROR_MODEL;
    }
    const kws_detector *detector = kws_detector_of(model);
    const kws_layer    *last = kws_layers(model) + header->layer_count - 1;
    const kws_tensor   *posteriors = kws_tensors(model) + last->output;
    if (detector->inference_hops < 1 || detector->inference_hops > INFERENCE_HOPS_MAX ||
        detector->smoothing < 1 || detector->smoothing > SMOOTHING_MAX ||
        detector->energy > KWS_ENERGY_MAX ||
        (header->streamed_layers != 0 && detector->inference_hops != header->hop_rows) ||
        last->kernel != KWS_KERNEL_SOFTMAX || posteriors->zero_point != 0 ||
        posteriors->channels != 2u * header->label_count || !keywords_fit(model, detector)) {
        return KWS_ERROR_MODEL;
    }
    if (detector->energy != 0 && kws_find_kernel(model, KWS_DETECTION_ENERGY) == NULL) {
        return KWS_ERROR_KERNEL;
    }
    if (detector->phrase_count == 0) {
        return (detector->phrase_words | detector->phrase_decisions) == 0 ? KWS_OK
                                                                          : KWS_ERROR_MODEL;
    }
    const kws_kernel *kernel = kws_find_kernel(model, KWS_DETECTION_PHRASES);
    if (kernel == NULL) {
        return KWS_ERROR_KERNEL;
    }
    return kernel->phrases->fit(model) ? KWS_OK : KWS_ERROR_MODEL;
}
