/* SPDX-License-Identifier: Apache-2.0
 *
 * The gate of energy.
 */
#include "detector.h"

static bool is_loud(const kws_front_end *front_end, const int16_t *ring, uint32_t place,
                    uint32_t energy)
{
    uint32_t sum = 0; /* < energy <= 2^31 before a square is added, which is <= 2^30 */
    for (uint32_t i = 0; i < front_end->hop_samples; i++) {
        const int32_t x = ring[place];
        sum += (uint32_t)(x * x);
        if (sum >= energy) {
            return true;
        }
        place = place + 1 < front_end->pcm_capacity ? place + 1 : 0;
    }
    return false;
}

static void take(kws *k, const int16_t *ring, uint32_t place)
{
    const kws_detector  *detector = kws_detector_of(k->model);
    const kws_front_end *front_end = kws_front_end_of(k->model);
    kws_heard           *heard = kws_heard_of(k, detector);
    if (is_loud(front_end, ring, place, detector->energy)) {
        heard->loud = front_end->window_hops;
    } else if (heard->loud != 0) {
        heard->loud--;
    }
}

static const struct kws_gate gate = {.take = take};

/* see detector.h */
const kws_kernel kws_detection_energy = {
    .id = KWS_DETECTION_ENERGY, .pack = KWS_PACK_ANY, .gate = &gate};
