/* SPDX-License-Identifier: Apache-2.0
 *
 * model_descriptions.h - the descriptions of published models that kwsc carries with it.
 */
#ifndef KWS_MODEL_DESCRIPTIONS_H
#define KWS_MODEL_DESCRIPTIONS_H

#include <stddef.h>

typedef struct kws_model_description {
    const char *name;
    const unsigned char *bytes; /* JSON, not NUL-terminated */
    size_t count;
} kws_model_description;

/* The description with this number, or NULL behind the last one. */
const kws_model_description *kws_model_description_at(size_t index);

#endif
