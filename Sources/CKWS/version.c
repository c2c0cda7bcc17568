/* SPDX-License-Identifier: Apache-2.0 */
#include "kws.h"
uint32_t kws_abi_version(void) { return KWS_ABI_VERSION; }
