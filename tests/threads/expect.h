/* Expectations of programs that run under ThreadSanitizer, where no test framework forks. */
#ifndef TESTS_THREADS_EXPECT_H
#define TESTS_THREADS_EXPECT_H

#include <stdio.h>
#include <stdlib.h>

#define EXPECT(truth)                                                                              \
    do {                                                                                           \
        if (!(truth)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #truth);                    \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#endif
