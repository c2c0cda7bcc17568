/* SPDX-License-Identifier: Apache-2.0
 *
 * check.h - the parts of kws_model_check(). Until it returns KWS_OK nothing in a block is trusted.
 */
#ifndef KWS_CHECK_H
#define KWS_CHECK_H

#include "bounds.h"
#include "instance.h"

#define KWS_ARENA_LIMIT (1u << 24)
#define KWS_ROW_LIMIT (1u << 24) /* bytes of a row */
#define KWS_LAYERS_MAX 1024u
#define KWS_INSTANCE_LIMIT (1u << 28)

/* Does a table of count elements of size bytes lie in the block behind the header? The header
 * itself is verified. */
static inline bool kws_in_block(const kws_model *model, uint32_t offset, uint32_t count,
                                uint32_t size)
{
    return (offset & 3u) == 0 && offset >= sizeof(kws_block_header) &&
           kws_plus(offset, kws_times(count, size)) <= kws_header(model)->block_bytes;
}

/* Does a NUL-terminated text begin here? */
bool kws_text_fits(const kws_model *model, uint32_t offset);

/* All layers, in order; the tensors are verified. */
kws_status kws_check_layers(const kws_model *model);

/* Do the layers read only what is written before, and write each tensor once? Each layer is
 * verified. */
bool kws_check_flow(const kws_model *model);

/* May a layer of this kind stand in a chain behind its first one? */
bool kws_may_be_chained(uint32_t kernel);

/* Is a range of the arena apart from all that a layer reads and writes? */
bool kws_apart_from(const kws_model *model, const kws_layer *layer, uint32_t offset,
                    uint32_t bytes);

/* Can the streamed layers, if there are any, run row by row, and does nothing else touch states
 * that are kept? Layers and flow are verified. */
bool kws_check_kept(const kws_model *model);

/* The detector and what it expects of the last layer; all else is verified. */
kws_status kws_check_detector(const kws_model *model);

#endif
