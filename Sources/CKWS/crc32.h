/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KWS_CRC32_H
#define KWS_CRC32_H

#include <stdint.h>

/* CRC-32 (IEEE 802.3, reflected) of some bytes. */
uint32_t kws_crc32(const void *bytes, uint32_t count);

#endif
