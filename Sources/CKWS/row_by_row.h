/* SPDX-License-Identifier: Apache-2.0
 *
 * row_by_row.h - networks whose first layers keep their newest rows from one inference to the next
 * (SPEC.md, section 4.5).
 */
#ifndef KWS_ROW_BY_ROW_H
#define KWS_ROW_BY_ROW_H

#include "instance.h"

/* Does the network keep rows? */
static inline bool kws_is_streamed(const kws *k)
{
    return kws_header(k->model)->streamed_layers != 0;
}

/* No row has come yet. */
void kws_forget_rows(const kws *k);

/* Where the next row of features goes. */
uint8_t *kws_next_row(const kws *k);

/* Takes the row of features that lies there; returns the scores if it completes a decision's
 * window, else NULL. */
const uint8_t *kws_run_row(const kws *k);

#endif
