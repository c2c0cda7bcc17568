/* SPDX-License-Identifier: Apache-2.0
 *
 * cmocka.h - on a board: those words of cmocka that the tests there use. A failure is reported and
 * ends its test; what the test holds is lost.
 */
#ifndef KWS_TEST_TARGET_CMOCKA_H
#define KWS_TEST_TARGET_CMOCKA_H

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
};

#define cmocka_unit_test(test)                                                                     \
    {                                                                                              \
#test, test                                                                                \
    }

/* Runs the tests; returns how many failed. */
#define cmocka_run_group_tests(tests, setup, teardown)                                             \
    target_run(tests, sizeof(tests) / sizeof(tests)[0])
int target_run(const struct CMUnitTest *tests, size_t count);

_Noreturn void target_fail(const char *file, int line, const char *what);

#define assert_true(c) ((c) ? (void)0 : target_fail(__FILE__, __LINE__, #c))
#define assert_non_null(p) assert_true((p) != NULL)
#define assert_int_equal(a, b) assert_true((uint32_t)(a) == (uint32_t)(b))
#define assert_memory_equal(a, b, count) assert_true(memcmp(a, b, count) == 0)

#endif
