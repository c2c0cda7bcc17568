/* SPDX-License-Identifier: Apache-2.0 */
#include "changed_model.h"

records changed_records(uint8_t *block)
{
    kws_block_header *h = (kws_block_header *)block;
    return (records){block,
                     h,
                     (kws_tensor *)(block + h->tensors_offset),
                     (kws_layer *)(block + h->layers_offset),
                     (kws_front_end *)(block + h->front_end_offset),
                     (kws_detector *)(block + h->detector_offset)};
}

uint8_t *changed_make(uint32_t *bytes, uint16_t features)
{
    builder b;
    fixture_everything(&b, features);
    uint8_t *block = builder_finish(&b, bytes);
    builder_close(&b);
    return block;
}

kws_status changed_check(uint8_t *block, uint32_t bytes)
{
    const kws_model  model = builder_model(block, bytes);
    const kws_status status = kws_model_check(&model);
    assert_int_equal(kws_required_size(&model) == 0, status != KWS_OK);
    return status;
}
