/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: headers and archive of an installation fit together. Method: compare the versions that the
 * header promises with those that the archive reports. */
#include <kws.h>
#include <kws_model.h>

int main(void)
{
    const uint32_t version = KWS_VERSION_MAJOR << 16 | KWS_VERSION_MINOR << 8 | KWS_VERSION_PATCH;
    return kws_version() == version && kws_abi_version() == KWS_ABI_VERSION &&
                   kws_model_format() == KWS_MODEL_FORMAT
               ? 0
               : 1;
}
