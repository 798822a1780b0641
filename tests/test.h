/*
 * The unit tests' harness: one program a file, one line a test on standard output.
 *
 *     static void test_something(void) { CHECK(1 + 1 == 2); }
 *     int main(void) { TEST(test_something); return test_end(); }
 *
 * Prints "ok NAME" or "not ok NAME"; a failed CHECK says where on standard error and the test
 * goes on. The runner counts the lines; a program that dies counts as one failure.
 */
#ifndef W2V_TEST_H
#define W2V_TEST_H

#include <stdio.h>
#include <string.h>

/*
 * Sanitizers make a program five to fifty times slower. A test of many cases, or of a long run, does
 * TEST_LESS(n, by) of n: all of them, or under a sanitizer a part.
 */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define TEST_SANITIZED 1
#endif
#endif
#if !defined(TEST_SANITIZED)
#define TEST_SANITIZED 0
#endif
#define TEST_LESS(n, by) (TEST_SANITIZED ? (n) / (by) : (n))

static int test_faults_, test_failed_, test_ran_;

#define CHECK(cond)                                                           \
    do {                                                                      \
        if (!(cond)) {                                                        \
            fprintf(stderr, "%s:%d: CHECK(%s)\n", __FILE__, __LINE__, #cond); \
            test_faults_++;                                                   \
        }                                                                     \
    } while (0)

/* As CHECK, with a printf message that says which case it was. */
#define CHECK_MSG(cond, ...)                                                  \
    do {                                                                      \
        if (!(cond)) {                                                        \
            fprintf(stderr, "%s:%d: CHECK(%s): ", __FILE__, __LINE__, #cond); \
            fprintf(stderr, __VA_ARGS__);                                     \
            fputc('\n', stderr);                                              \
            test_faults_++;                                                   \
        }                                                                     \
    } while (0)

#define TEST(fn)                                                \
    do {                                                        \
        test_faults_ = 0;                                       \
        fn();                                                   \
        printf("%s %s\n", test_faults_ ? "not ok" : "ok", #fn); \
        fflush(stdout);                                         \
        test_ran_++;                                            \
        test_failed_ += test_faults_ != 0;                      \
    } while (0)

static inline int test_end(void)
{
    return test_ran_ == 0 || test_failed_ != 0;
}

#endif
