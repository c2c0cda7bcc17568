/* SPDX-License-Identifier: Apache-2.0
 *
 * All tests of a board in one image: each file's main() has got another name.
 */
#include "support.h"

#include "network.h"

int kernels_main(void);
int recurrent_main(void);
int pools_main(void);
int in_place_main(void);
int chains_main(void);
int rows_main(void);
int front_end_main(void);
int pcen_main(void);

static jmp_buf  failed;
static unsigned failures;

void target_fail(const char *file, int line, const char *what)
{
    printf("%s:%d: %s\n", file, line, what);
    failures++;
    longjmp(failed, 1);
}

int target_run(const struct CMUnitTest *tests, size_t count)
{
    volatile int bad = 0;
    for (volatile size_t i = 0; i < count; i++) {
        if (setjmp(failed) == 0) {
            tests[i].test(NULL);
        } else {
            printf("FAILED %s\n", tests[i].name);
            bad++;
        }
    }
    return bad;
}

int main(void)
{
    kernels_main();
    recurrent_main();
    pools_main();
    in_place_main();
    chains_main();
    rows_main();
    front_end_main();
    pcen_main();
    printf("result: %u networks, %u failures\n", (unsigned)network_count(), failures);
    return failures != 0;
}
