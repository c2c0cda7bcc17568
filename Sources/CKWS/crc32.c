/* SPDX-License-Identifier: Apache-2.0 */
#include "crc32.h"

/* Half a byte a step: 64 bytes of table, two look-ups a byte. Entry i is the remainder of i. */
static const uint32_t remainders[16] = {
    0x00000000u, 0x1DB71064u, 0x3B6E20C8u, 0x26D930ACu, 0x76DC4190u, 0x6B6B51F4u,
    0x4DB26158u, 0x5005713Cu, 0xEDB88320u, 0xF00F9344u, 0xD6D6A3E8u, 0xCB61B38Cu,
    0x9B64C2B0u, 0x86D3D2D4u, 0xA00AE278u, 0xBDBDF21Cu,
};

/* see crc32.h */
uint32_t kws_crc32(const void *bytes, uint32_t count)
{
    const uint8_t *p = bytes;
    uint32_t       crc = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < count; i++) {
        crc ^= p[i];
        crc = remainders[crc & 15u] ^ (crc >> 4);
        crc = remainders[crc & 15u] ^ (crc >> 4);
    }
    return ~crc;
}
