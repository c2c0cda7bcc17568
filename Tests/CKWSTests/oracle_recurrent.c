/* SPDX-License-Identifier: Apache-2.0
 *
 * SPEC.md, section 4.4, and the two functions of section 1.
 */
#include "support.h"

#include <math.h>

#include "oracle.h"

#define MOST 64 /* units, outputs */

/* The function at i/16, i = 0..128; a board takes its time for an exponential. */
static int64_t node(int64_t i)
{
    static int64_t nodes[129];
    if (nodes[i] == 0) {
        nodes[i] = llround(32768 / (1 + exp(-(double)i / 16)));
    }
    return nodes[i];
}

int64_t oracle_sigmoid(int64_t x)
{
    if (x < 0) {
        return 32768 - oracle_sigmoid(x == -32768 ? 32767 : -x);
    }
    const int64_t i = x / 256, f = x % 256;
    return node(i) + oracle_floor((node(i + 1) - node(i)) * f + 128, 256);
}

static int64_t saturated(int64_t v)
{
    return oracle_clamp(v, -32768, 32767);
}

int64_t oracle_tanh(int64_t x)
{
    return 2 * oracle_sigmoid(saturated(2 * x)) - 32768;
}

static int64_t power(int64_t n)
{
    return (int64_t)1 << n;
}

/* A layer on its way. */
typedef struct cell {
    const oracle_call *call;
    const int16_t     *m;
    const int32_t     *b;
    const uint8_t     *x; /* the step's row */
    int64_t            gates, units, inputs, outputs;
    int64_t            h[MOST], codes[MOST], state[MOST];
} cell;

/* The row of a gate's unit: LSTM has all gates of eight units together. */
static int64_t row_of(const cell *c, int64_t which, int64_t u)
{
    const int64_t eight = u - u % 8;
    const int64_t count = c->units - eight < 8 ? c->units - eight : 8;
    return c->gates == 4 ? 4 * eight + which * count + u % 8 : which * c->units + u;
}

/* Sum over the input (own 0) or over v (own 1) of a row of the gates, rescaled. */
static int64_t part(const cell *c, int64_t own, int64_t row, const int64_t *v)
{
    const kws_layer *l = c->call->layer;
    const int64_t    rows = c->gates * c->units, columns = own ? c->outputs : c->inputs;
    const int8_t    *w = c->call->w + own * rows * c->inputs + row * columns;
    const int64_t    lift = own ? l->stride_width / 256 : l->stride_width % 256;
    int64_t          acc = 0;
    for (int64_t k = 0; k < columns; k++) {
        acc += w[k] * (own ? v[k] : c->x[k]);
    }
    return oracle_mulq(acc * power(lift), c->m[1 + own * rows + row]);
}

static int64_t gate(const cell *c, int64_t which, int64_t u, const int64_t *v)
{
    const int64_t row = row_of(c, which, u);
    const int64_t sum = part(c, 0, row, NULL) + part(c, 1, row, v) + c->b[1 + row];
    return saturated(oracle_floor(sum, power(c->call->layer->shift)));
}

static int64_t peephole(const cell *c, int64_t which, int64_t u, int64_t state)
{
    const kws_layer *l = c->call->layer;
    if ((l->kernel_width & KWS_RECURRENT_PEEPHOLES) == 0) {
        return 0;
    }
    const int64_t p = c->m[1 + 2 * c->gates * c->units + which * c->units + u];
    return oracle_floor(2 * p * state + power(l->pad_top), power(l->pad_top + 1));
}

static int64_t code(const cell *c, int64_t v)
{
    return oracle_clip(oracle_floor(v * c->m[0] + c->b[0], power(c->call->layer->pad_left % 256)),
                       8);
}

/* floor(v / 2^15 + 1/2). */
static int64_t fifteen(int64_t v)
{
    return oracle_floor(2 * v + 32768, 65536);
}

static void lstm(cell *c)
{
    const kws_layer *l = c->call->layer;
    const int64_t    rows = 4 * c->units, k = l->stride_height;
    int64_t          codes[MOST];
    for (int64_t u = 0; u < c->units; u++) {
        const int64_t old = c->state[u];
        const int64_t i = oracle_sigmoid(saturated(gate(c, 0, u, c->h) + peephole(c, 0, u, old)));
        const int64_t f = oracle_sigmoid(saturated(gate(c, 1, u, c->h) + peephole(c, 1, u, old)));
        const int64_t g = oracle_tanh(gate(c, 2, u, c->h));
        const int64_t now = saturated(fifteen(f * old + oracle_floor(i * g, power(k))));
        const int64_t o = oracle_sigmoid(saturated(gate(c, 3, u, c->h) + peephole(c, 2, u, now)));
        c->state[u] = now;
        codes[u] = code(c, fifteen(o * oracle_tanh(saturated(oracle_floor(now * power(k), 8)))));
    }
    if ((l->kernel_width & KWS_RECURRENT_PROJECTION) == 0) {
        memcpy(c->h, codes, sizeof codes);
        return;
    }
    const bool     peeps = (l->kernel_width & KWS_RECURRENT_PEEPHOLES) != 0;
    const int16_t *m = c->m + 1 + 2 * rows + (peeps ? 3 * c->units : 0);
    const int8_t  *w = c->call->w + rows * (c->inputs + c->outputs);
    for (int64_t o = 0; o < c->outputs; o++) {
        int64_t acc = 0;
        for (int64_t u = 0; u < c->units; u++) {
            acc += w[o * c->units + u] * codes[u];
        }
        c->h[o] = oracle_requant(acc * power(l->stride_width / 256), m[o], c->b[1 + rows + o],
                                 l->pad_left / 256, 8);
    }
}

static void gru(cell *c)
{
    const kws_layer *l = c->call->layer;
    const bool       after = (l->kernel_width & KWS_RECURRENT_RESET_AFTER) != 0;
    int64_t          z[MOST], r[MOST], reset[MOST];
    for (int64_t u = 0; u < c->units; u++) {
        z[u] = oracle_sigmoid(gate(c, 0, u, c->h));
        r[u] = oracle_sigmoid(gate(c, 1, u, c->h));
        reset[u] = code(c, fifteen(r[u] * c->state[u]));
    }
    for (int64_t u = 0; u < c->units; u++) {
        const int64_t row = 2 * c->units + u, n = l->shift;
        int64_t       sum;
        if (after) {
            const int64_t a = part(c, 0, row, NULL) + c->b[1 + row];
            const int64_t b = part(c, 1, row, c->h) + c->b[1 + 3 * c->units + u];
            sum = saturated(saturated(oracle_floor(a, power(n))) +
                            fifteen(r[u] * saturated(oracle_floor(b, power(n)))));
        } else {
            sum = gate(c, 2, u, reset);
        }
        const int64_t candidate = (l->kernel_width & KWS_RECURRENT_CLIPPED) != 0
                                      ? oracle_clamp(sum, 0, l->pad_top)
                                      : oracle_floor(oracle_tanh(sum), power(l->stride_height));
        c->state[u] = fifteen(z[u] * c->state[u] + (32768 - z[u]) * candidate);
        assert_true(c->state[u] >= -32768 && c->state[u] <= 32767);
    }
    for (int64_t u = 0; u < c->units; u++) {
        c->h[u] = code(c, c->state[u]);
    }
}

void oracle_recurrent(const oracle_call *call)
{
    const kws_layer *l = call->layer;
    const bool       is_lstm =
        l->kernel / 16 == KWS_KERNEL_LSTM_W8 / 16 || l->kernel / 16 == KWS_KERNEL_LSTM_GAPS_W8 / 16;
    const bool back = (l->kernel_width & KWS_RECURRENT_BACKWARD) != 0;
    const bool last = (l->kernel_width & KWS_RECURRENT_LAST) != 0;
    const bool stays = (l->kernel_width & KWS_RECURRENT_STATEFUL) != 0;
    const bool goes_on = stays && *call->state != NULL;
    cell      *c = goes_on ? *call->state : calloc(1, sizeof *c);
    assert_non_null(c);
    c->call = call;
    c->m = (const int16_t *)(call->block + l->multipliers_offset);
    c->b = (const int32_t *)(call->block + l->biases_offset);
    c->gates = is_lstm ? 4 : 3;
    c->units = l->kernel_height;
    c->inputs = (int64_t)call->in->width * call->in->channels;
    c->outputs = call->out->channels;
    assert_true(c->units <= MOST && c->outputs <= MOST);
    for (int64_t o = 0; o < c->outputs && !goes_on; o++) {
        c->h[o] = call->out->zero_point;
    }
    for (int64_t step = 0; step < call->in->height; step++) {
        const int64_t row = back ? call->in->height - 1 - step : step;
        c->x = call->x + row * c->inputs;
        if (is_lstm) {
            lstm(c);
        } else {
            gru(c);
        }
        for (int64_t o = 0; o < c->outputs; o++) {
            call->y[(last ? 0 : row) * c->outputs + o] = (uint8_t)c->h[o];
        }
    }
    if (stays) {
        *call->state = c;
    } else {
        free(c);
    }
}
