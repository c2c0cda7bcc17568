/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a network of the builder's and compares every row of every layer with the oracle, which
 * works layer by layer in memory of its own.
 */
#ifndef KWS_TEST_NETWORK_H
#define KWS_TEST_NETWORK_H

#include "block_builder.h"

/* Seals the model and runs it on several inputs: random, all 0, all 255. Compares rows, their order
 * and scores; finds bytes of the arena written that belong to no tensor, and tensors that were
 * changed behind their layer; block, instance and features lie in guarded memory. Closes the
 * builder. */
void network_check(builder *b);

/* Seals a model that keeps rows and feeds it some windows, row by row. Compares the scores of every
 * decision with those of the oracle for that window, and each row that is observed with its own;
 * what need not outlast a decision is spoilt in between. Closes the builder. */
void network_stream(builder *b);

/* The same where the model may be refused: returns the status of kws_model_check(). */
kws_status network_run(builder *b);

/* Status of the check, the model not run. Closes the builder. */
kws_status network_status(builder *b);

/* Of all elements that layers with a requantisation wrote since the last call: how many of a
 * hundred are neither 0 nor the largest. */
uint32_t network_interior(void);

/* Networks run so far. */
uint32_t network_count(void);

#endif
