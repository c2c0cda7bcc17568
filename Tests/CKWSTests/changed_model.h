/* SPDX-License-Identifier: Apache-2.0
 *
 * A sound model with one thing changed, its checksum made right again, and what kws_model_check()
 * says of it.
 */
#ifndef CHANGED_MODEL_H
#define CHANGED_MODEL_H

#include "support.h"

#include "fixtures.h"
#include "inner.h"

/* The records of a block, writable. */
typedef struct records {
    uint8_t          *block;
    kws_block_header *header;
    kws_tensor       *tensors;
    kws_layer        *layers;
    kws_front_end    *front_end;
    kws_detector     *detector;
} records;

records changed_records(uint8_t *block);

/* The model with every kernel, hearing by a kind of features. */
uint8_t *changed_make(uint32_t *bytes, uint16_t features);

/* kws_model_check(), and whether kws_required_size() agrees. */
kws_status changed_check(uint8_t *block, uint32_t bytes);

/* Applies one change to a fresh model of every kind of features, where it applies. */
#define EXPECT_IN(kind, status, change)                                                            \
    do {                                                                                           \
        uint32_t      bytes_;                                                                      \
        uint8_t      *block_ = changed_make(&bytes_, kind);                                        \
        const records m = changed_records(block_);                                                 \
        (void)m;                                                                                   \
        change;                                                                                    \
        builder_seal(block_, bytes_);                                                              \
        assert_int_equal(changed_check(block_, bytes_), status);                                   \
        free(block_);                                                                              \
    } while (0)
#define EXPECT(status, change) EXPECT_IN(KWS_FEATURES_MFCC, status, change)
#define WRONG(change) EXPECT(KWS_ERROR_MODEL, change)
#define FINE(change) EXPECT(KWS_OK, change)

#endif
