/* SPDX-License-Identifier: Apache-2.0
 *
 * demo_model.h - the model that `kwsc compile` wrote, and memory for one instance of it, exact at
 * compile time. The folder of kws_demo.c is given to the compiler by -I (see Toolchains/run).
 */
#ifndef DEMO_MODEL_H
#define DEMO_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "kws_model.h"

const kws_model *demo_model(void);

void  *demo_memory(void);
size_t demo_memory_bytes(void);

#endif
