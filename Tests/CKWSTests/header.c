/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the public headers are plain C99. Method: this file is compiled as such, and uses them.
 */
#include "kws.h"
#include "kws_model.h"

int main(void)
{
    kws *k = 0;
    return kws_class_count(k) == 0 && kws_abi_version() == KWS_ABI_VERSION ? 0 : 1;
}
