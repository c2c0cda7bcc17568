/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "crc32.h"

_Static_assert(sizeof(kws_block_header) >= 16, "the CRC begins at byte 16");

#define CRC_START 16u

/* The envelope: is this a whole, undamaged block of this format? */
static kws_status check_envelope(const kws_model *model)
{
    if (model == NULL || model->block == NULL || model->kernels == NULL) {
        return KWS_ERROR_NULL;
    }
    if (((uintptr_t)model->block & (KWS_ALIGNMENT - 1)) != 0) {
        return KWS_ERROR_ALIGNMENT;
    }
    if (model->block_bytes < sizeof(kws_block_header)) {
        return KWS_ERROR_TRUNCATED;
    }
    const kws_block_header *header = kws_header(model);
    if (header->magic != KWS_MODEL_MAGIC) {
        return KWS_ERROR_MAGIC;
    }
    if (header->format != KWS_MODEL_FORMAT) {
        return KWS_ERROR_FORMAT;
    }
    if (header->block_bytes > model->block_bytes) {
        return KWS_ERROR_TRUNCATED;
    }
    if (header->block_bytes < sizeof(kws_block_header) || (header->block_bytes & 3u) != 0) {
        return KWS_ERROR_MODEL;
    }
    const uint32_t crc =
        kws_crc32(kws_part(model->block, CRC_START), header->block_bytes - CRC_START);
    return crc == header->crc32 ? KWS_OK : KWS_ERROR_CHECKSUM;
}

/* see check.h */
bool kws_text_fits(const kws_model *model, uint32_t offset)
{
    if (!kws_in_block(model, offset, 1, 1)) {
        return false;
    }
    const uint32_t end = kws_header(model)->block_bytes;
    for (const char *text = kws_part(model->block, 0); offset < end; offset++) {
        if (text[offset] == '\0') {
            return true;
        }
    }
    return false;
}

static bool labels_fit(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    if (header->label_count < 1 ||
        !kws_in_block(model, header->labels_offset, header->label_count, 4)) {
        return false;
    }
    const uint32_t *labels = kws_part(model->block, header->labels_offset);
    for (uint32_t i = 0; i < header->label_count; i++) {
        if (!kws_text_fits(model, labels[i])) {
            return false;
        }
    }
    return kws_text_fits(model, header->name_offset);
}

static bool tensors_fit(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    if (header->tensor_count < 1 || (header->arena_bytes & 3u) != 0 ||
        header->arena_bytes >= KWS_ARENA_LIMIT ||
        !kws_in_block(model, header->tensors_offset, header->tensor_count, sizeof(kws_tensor))) {
        return false;
    }
    const kws_tensor *tensors = kws_tensors(model);
    for (uint32_t i = 0; i < header->tensor_count; i++) {
        const kws_tensor *t = &tensors[i];
        const uint32_t    row = kws_times(t->width, kws_pixel_bytes(t));
        if (t->height == 0 || t->height >= KWS_HEIGHT_LIMIT || t->width == 0 || t->channels == 0 ||
            (t->bits != 8 && t->bits != 4 && t->bits != 2) ||
            (t->zero_point & ((256u >> t->bits) - 1u)) != 0 || t->rows < 1 ||
            t->rows >= KWS_HEIGHT_LIMIT || (t->rows > t->height && i >= header->streamed_layers) ||
            t->phase >= t->rows || (t->rows == t->height && t->phase != 0) ||
            row >= KWS_ROW_LIMIT ||
            kws_times(kws_times(t->height, t->width), t->channels) == UINT32_MAX ||
            (t->arena_offset & 3u) != 0 ||
            kws_plus(t->arena_offset, kws_times(t->rows, row)) > header->arena_bytes) {
            return false;
        }
    }
    /* what kws_infer() takes is bytes, all of them there unless it comes row by row */
    return tensors->bits == 8 && (tensors->rows == tensors->height || header->streamed_layers != 0);
}

static kws_status check_front_end(const kws_model *model)
{
    const kws_block_header *header = kws_header(model);
    if (header->front_end_offset == 0) {
        return KWS_OK;
    }
    if (!kws_in_block(model, header->front_end_offset, 1, sizeof(kws_front_end))) {
        return KWS_ERROR_MODEL;
    }
    const kws_front_end *front_end = kws_front_end_of(model);
    const kws_kernel    *kernel = kws_find_kernel(model, front_end->features);
    if (kernel == NULL || kernel->id < KWS_FEATURES_LOGMEL || kernel->id >= KWS_DETECTION_ENERGY) {
        return KWS_ERROR_KERNEL;
    }
    const kws_tensor *input = kws_tensors(model);
    if (!kernel->features->fits(front_end, model->block, header->block_bytes) ||
        kws_elements(input) != front_end->frame_count * kws_features_bytes(front_end)) {
        return KWS_ERROR_MODEL;
    }
    /* rows that are kept are frames, each of which is what it is when it comes */
    return header->streamed_layers == 0 ||
                   (input->height == front_end->frame_count && !kernel->features->keeps_peaks)
               ? KWS_OK
               : KWS_ERROR_MODEL;
}

kws_status kws_model_check(const kws_model *model)
{
    kws_layout parts;
    kws_status status = check_envelope(model);
    if (status != KWS_OK) {
        return status;
    }
    if (!labels_fit(model) || !tensors_fit(model)) {
        return KWS_ERROR_MODEL;
    }
    status = kws_check_layers(model);
    if (status != KWS_OK) {
        return status;
    }
    if (!kws_check_flow(model) || !kws_check_kept(model)) {
        return KWS_ERROR_MODEL;
    }
    status = check_front_end(model);
    if (status != KWS_OK) {
        return status;
    }
    status = kws_check_detector(model);
    if (status != KWS_OK) {
        return status;
    }
    return kws_layout_of(model, &parts) < KWS_INSTANCE_LIMIT ? KWS_OK : KWS_ERROR_MODEL;
}
