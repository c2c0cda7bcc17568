/* SPDX-License-Identifier: Apache-2.0
 *
 * The smallest firmware that hears a word: one model in flash, one instance in static memory. */
#include "kws_demo.h" /* written by kwsc compile */

size_t microphone_read(int16_t *pcm, size_t count); /* yours */
void   act_on(const char *word);                    /* yours */

int main(void)
{
    static uint32_t memory[(KWS_DEMO_SIZE + 3) / 4];
    kws            *k;
    kws_event       event;
    int16_t         pcm[160];

    if (kws_init(&k, &kws_demo, memory, sizeof memory) != KWS_OK)
        return 1;
    for (size_t count; (count = microphone_read(pcm, 160)) > 0;) {
        for (size_t done = 0; done < count;) {
            done += kws_push(k, pcm + done, count - done);
            for (kws_status status; (status = kws_poll(k, &event)) > KWS_IDLE;)
                if (status == KWS_EVENT)
                    act_on(kws_label(k, event.keyword));
        }
    }
    return 0;
}
