/* SPDX-License-Identifier: Apache-2.0 */
#include "kws_model.h"

uint32_t kws_version(void)
{
    return (uint32_t)KWS_VERSION_MAJOR << 16 | (uint32_t)KWS_VERSION_MINOR << 8 |
           (uint32_t)KWS_VERSION_PATCH;
}

uint32_t kws_abi_version(void)
{
    return KWS_ABI_VERSION;
}

uint32_t kws_model_format(void)
{
    return KWS_MODEL_FORMAT;
}
