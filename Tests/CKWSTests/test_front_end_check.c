/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: kws_model_check() names what is wrong with a front end of any kind, or a detector. Method:
 * as in test_model_check.c.
 */
#include "changed_model.h"

static void front_end(void **state)
{
    (void)state;
    WRONG(m.header->front_end_offset = 0);
    WRONG(m.header->detector_offset = 0);
    WRONG(m.header->front_end_offset = m.header->block_bytes - 8);
    WRONG(m.front_end->frame_samples = 0);
    WRONG(m.front_end->frame_samples = 65);
    WRONG(m.front_end->frame_samples = 40); /* L would be 1 */
    WRONG(m.front_end->hop_samples = 0);
    WRONG(m.front_end->hop_samples = 65535);
    WRONG(m.front_end->sample_rate = 0);
    WRONG(m.front_end->frame_count = 0);
    WRONG(m.front_end->frame_count++);
    WRONG(m.front_end->window_hops++);
    WRONG(m.front_end->window_hops = 7);
    WRONG(m.front_end->band_count = 0);
    WRONG(m.front_end->band_count = 257);
    WRONG(m.front_end->feature_count = 0);
    WRONG(m.front_end->feature_count = 5);
    WRONG(m.front_end->fft_points = 32);
    WRONG(m.front_end->fft_points = 96);
    WRONG(m.front_end->fft_points = 8192);
    WRONG(m.front_end->spectrum = 2);
    WRONG(m.front_end->fine_plane = 1); /* the input has one channel */
    WRONG(m.front_end->fine_plane = 2);
    WRONG(m.front_end->fine_plane = 255);
    WRONG(m.front_end->shift = 31);
    WRONG(m.front_end->whitening = 16);
    WRONG(m.front_end->whitening = 1; m.front_end->preemphasis = 1);
    WRONG(m.front_end->whitening = 0; m.front_end->preemphasis = -1);
    FINE(m.front_end->whitening = 0; m.front_end->preemphasis = 32767);
    FINE(m.front_end->whitening = 15; m.front_end->preemphasis = 0);
    WRONG(m.front_end->log_offset = 1 << 25);
    WRONG(m.front_end->log_offset = INT32_MIN);
    WRONG(m.front_end->log_floor = 32768);
    EXPECT_IN(KWS_FEATURES_MFCC_PEAK, KWS_OK, m.front_end->log_floor = 40000);
    EXPECT_IN(KWS_FEATURES_MFCC_PEAK, KWS_ERROR_MODEL, m.front_end->log_floor = INT32_MAX);
    FINE(m.front_end->pcm_capacity = 61);
    WRONG(m.front_end->pcm_capacity = 60);
    WRONG(m.front_end->pcm_capacity = (1u << 20) + 1);
    WRONG(m.front_end->window_offset = m.header->block_bytes - 4);
    WRONG(m.front_end->window_offset = 0);
    WRONG(m.front_end->twiddles_offset = m.header->block_bytes - 4);
    WRONG(m.front_end->bands_offset = UINT32_MAX - 3);
    WRONG(m.front_end->band_weights_offset = m.header->block_bytes);
    WRONG(m.front_end->own_offset = 0);
    WRONG(m.front_end->multipliers_offset += 2);
    WRONG(m.front_end->biases_offset = m.header->block_bytes - 4);
    WRONG(uint16_t *band = (uint16_t *)(m.block + m.front_end->bands_offset);
          band[0] = (uint16_t)(34 - band[1])); /* one bin behind the last */
    WRONG(*(int16_t *)(m.block + m.front_end->window_offset) = 16385);
    FINE(*(int16_t *)(m.block + m.front_end->window_offset) = -16384);
    WRONG(*(int16_t *)(m.block + m.front_end->twiddles_offset) = 32765); /* odd */
    FINE(*(int16_t *)(m.block + m.front_end->twiddles_offset) = -32768);
    WRONG(int16_t *w = (int16_t *)(m.block + m.front_end->twiddles_offset); w[0] = -32768;
          w[1] = 364); /* 364^2 > 2^17 */
    FINE(int16_t *w = (int16_t *)(m.block + m.front_end->twiddles_offset); w[0] = -32768;
         w[1] = 362);
    FINE(uint16_t *band = (uint16_t *)(m.block + m.front_end->bands_offset);
         band[0] = (uint16_t)(33 - band[1]));
    WRONG(((uint16_t *)(m.block + m.front_end->bands_offset))[1] = 512);
    WRONG(*(uint16_t *)(m.block + m.front_end->band_weights_offset) = 32768);
    WRONG(*(int32_t *)(m.block + m.front_end->biases_offset) = INT32_MIN);
    WRONG(for (int j = 0; j < 3; j++)((int16_t *)(m.block + m.front_end->own_offset))[j] = -32768);
    EXPECT_IN(KWS_FEATURES_LOGMEL, KWS_ERROR_MODEL, m.front_end->own_offset = 60);
    EXPECT_IN(KWS_FEATURES_LOGMEL, KWS_ERROR_MODEL, m.front_end->feature_count--);
}

#define WRONG_PCEN(change)                                                                         \
    EXPECT_IN(KWS_FEATURES_PCEN, KWS_ERROR_MODEL,                                                  \
              kws_pcen *p = (kws_pcen *)(m.block + m.front_end->own_offset);                       \
              change)

static void normalisation(void **state)
{
    (void)state;
    WRONG_PCEN(p->smoothing = 0);
    WRONG_PCEN(p->smoothing = 32768);
    WRONG_PCEN(p->gain = 32769);
    WRONG_PCEN(p->root = 0);
    WRONG_PCEN(p->root = 32769);
    WRONG_PCEN(p->offset = (1 << 20) + 1);
    WRONG_PCEN(p->offset = INT32_MIN);
    WRONG_PCEN((void)p; m.front_end->own_offset = 0);
    WRONG_PCEN((void)p; m.front_end->own_offset = m.header->block_bytes - 12);
    WRONG_PCEN((void)p; m.front_end->feature_count--);
    WRONG_PCEN((void)p; m.front_end->log_floor = 32768);
    EXPECT_IN(KWS_FEATURES_LOGSUM, KWS_ERROR_MODEL, m.front_end->log_floor = -32769);
    EXPECT_IN(KWS_FEATURES_LOGSUM, KWS_ERROR_MODEL, m.front_end->own_offset = 60);
}

#define WRONG_WAVEFORM(change) EXPECT_IN(KWS_FEATURES_WAVEFORM, KWS_ERROR_MODEL, change)

static void waveform(void **state)
{
    (void)state;
    WRONG_WAVEFORM(m.front_end->frame_samples++);
    WRONG_WAVEFORM(m.front_end->band_count = 1);
    WRONG_WAVEFORM(m.front_end->fft_points = 64);
    WRONG_WAVEFORM(m.front_end->own_offset = 60);
    WRONG_WAVEFORM(m.front_end->hop_samples = 0);
    WRONG_WAVEFORM(m.front_end->fine_plane = 1); /* the input has one channel */
    WRONG_WAVEFORM(m.front_end->fine_plane = 128);
    WRONG_WAVEFORM(m.front_end->biases_offset = m.header->block_bytes - 4);
}

/* A pool of one element in place of the softmax. */
static void pool_instead(const records *m)
{
    kws_layer *last = &m->layers[LAYER_SOFTMAX];
    m->tensors[EVERY_SCORES].channels = 4;
    last->kernel = KWS_KERNEL_MAXPOOL;
    last->kernel_height = last->kernel_width = 1;
    last->stride_height = last->stride_width = 1;
}

#define PHRASE(m) ((kws_phrase *)((m).block + (m).detector->phrases_offset))

static void detector(void **state)
{
    (void)state;
    WRONG(m.header->detector_offset = m.header->block_bytes - 4);
    WRONG(m.detector->inference_hops = 0);
    WRONG(m.detector->inference_hops = 256);
    WRONG(m.detector->smoothing = 0);
    WRONG(m.detector->smoothing = 65);
    WRONG(m.detector->keyword_count = 0);
    WRONG(m.detector->keyword_count = 5);
    WRONG(m.detector->keywords_offset = m.header->block_bytes);
    WRONG(((kws_keyword *)(m.block + m.detector->keywords_offset))[1].class_index = 4);
    WRONG(m.detector->energy = 0x80000001u);
    WRONG(m.detector->phrase_decisions = 0);
    WRONG(m.detector->phrase_decisions = 1025);
    WRONG(m.detector->phrase_words++);
    WRONG(m.detector->phrase_count = 0);
    WRONG(m.detector->phrase_count = 0; m.detector->phrase_words = 0);
    WRONG(m.detector->phrase_count = 0; m.detector->phrase_decisions = 0);
    WRONG(m.detector->phrases_offset = m.header->block_bytes - 4);
    WRONG(PHRASE(m)->name_offset = m.header->block_bytes);
    WRONG(m.detector->phrase_words -= PHRASE(m)->word_count; PHRASE(m)->word_count = 0);
    WRONG(m.detector->phrase_words += 9 - PHRASE(m)->word_count; PHRASE(m)->word_count = 9);
    WRONG(PHRASE(m)->words[0] = m.detector->keyword_count);
    WRONG(m.tensors[EVERY_SCORES].zero_point = 1);
    /* a byte a class is enough without a detector only */
    WRONG(m.tensors[EVERY_SCORES].channels = 4);
    EXPECT(KWS_OK, m.tensors[EVERY_SCORES].channels = 4;
           m.header->front_end_offset = m.header->detector_offset = 0);
    WRONG(m.tensors[EVERY_SCORES].channels = 7);
    /* the last layer is no softmax */
    WRONG(pool_instead(&m));
    EXPECT(KWS_OK, pool_instead(&m); m.header->front_end_offset = m.header->detector_offset = 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_end),
        cmocka_unit_test(normalisation),
        cmocka_unit_test(waveform),
        cmocka_unit_test(detector),
    };
    seed_random("front end check");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
