/* Memory that is there or the program ends cleanly.
 *
 * Sizes that come from input are checked against a named ceiling before they reach these
 * functions; what is left is a machine without memory, where nothing useful can be done but to
 * restore the terminal, say so and exit with code 6 (DESIGN.md section 4). The index is a SQLite
 * file in WAL mode, so what was committed stays. Callable from any thread. */
#ifndef CORE_BASE_ALLOC_H
#define CORE_BASE_ALLOC_H

#include <stddef.h>

/* Allocates `size` bytes (1 when 0), uninitialised. Never NULL; free with free(). */
void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull, warn_unused_result));

/* Allocates `count` items of `size` bytes, zeroed; ends the program when the product overflows. */
void *xcalloc(size_t count, size_t size)
    __attribute__((malloc, returns_nonnull, warn_unused_result));

/* Resizes `at` (or NULL) to `count` items of `size` bytes. Never NULL. */
void *xrealloc(void *at, size_t count, size_t size)
    __attribute__((returns_nonnull, warn_unused_result));

/* Copies a NUL-ended text; the caller frees it. */
char *xstrdup(const char *text) __attribute__((malloc, returns_nonnull, warn_unused_result));

/* Registers what must run before the program ends for want of memory (the terminal's restoring);
 * NULL takes it back. One slot, set by the main thread. */
void alloc_on_exhausted(void (*restore)(void));

/* Ends the program with code 6 after the registered function has run. */
_Noreturn void alloc_exhausted(void);

#endif
