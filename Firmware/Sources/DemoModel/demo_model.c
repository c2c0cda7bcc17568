/* SPDX-License-Identifier: Apache-2.0 */
#include "demo_model.h"

#include <kws_demo.c> /* generated */

static uint32_t memory[(KWS_DEMO_SIZE + 3) / 4];

const kws_model *demo_model(void)
{
    return &kws_demo;
}

void *demo_memory(void)
{
    return memory;
}

size_t demo_memory_bytes(void)
{
    return KWS_DEMO_SIZE;
}
