/* The end of a JSON string, found many bytes at a time: what both JSON scanners spend most of their
 * time on. */
#ifndef CORE_BASE_JSON_STRING_H
#define CORE_BASE_JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>

/* Where the quote is that ends the string whose text begins at `at`, or `len` when it does not end
 * within. `*escaped` says whether the first byte is escaped, and then whether the byte at `len`
 * is. Never reads behind `len`. Pure; any thread. */
size_t json_string_end(const char *at, size_t len, bool *escaped);
/* The same byte by byte: what the other is tested against. */
size_t json_string_end_plain(const char *at, size_t len, bool *escaped);

#endif
