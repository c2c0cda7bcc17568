/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel_sources.h"

static const uint8_t kws_h[] = {
#embed "../../Include/kws.h"
};
static const uint8_t kws_model_h[] = {
#embed "../../Include/kws_model.h"
};

static const kernel_source sources[] = {
    {"kws.h", kws_h, sizeof kws_h},
    {"kws_model.h", kws_model_h, sizeof kws_model_h},
};

const kernel_source *kernel_sources(uint32_t *count)
{
    *count = sizeof sources / sizeof sources[0];
    return sources;
}
