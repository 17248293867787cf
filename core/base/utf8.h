/* UTF-8: strict decoding, case folding, cell widths (tables of utf8proc). Pure; any thread. */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include "core/base/arena.h"
#include "core/base/buf.h"

/* Decodes the first code point of `s` strictly (RFC 3629: no surrogates, no overlong forms).
 * Returns its length in bytes, or 0 when `s` is empty or its first byte starts no valid sequence.
 */
size_t utf8_decode(struct slice s, uint32_t *out);

/* Writes the UTF-8 form of a scalar value into `out` (4 bytes) and returns its length; surrogates
 * and values beyond U+10FFFF are written as U+FFFD. */
size_t utf8_encode(uint32_t code, char out[4]);

bool utf8_valid(struct slice s);

/* Appends `s` with every invalid byte replaced by U+FFFD: what JSON and SQLite text columns need.
 */
bool utf8_add_clean(struct buf *out, struct slice s);

/* The same of a whole text: itself when it is valid (SLICE_NONE too), else a copy in `arena`. */
struct slice utf8_clean(struct slice s, struct arena *arena);

/* Appends the Unicode case folding of `s` (simple per code point, no normalisation); invalid bytes
 * are passed on as they are. This is the folding of filters and text search. */
bool utf8_add_folded(struct buf *out, struct slice s);

/* Cells that a code point takes on a terminal: 0 (combining), 1 or 2. */
int utf8_width(uint32_t code);

/* Appends UTF-16 (`little` endian or big) as UTF-8: pairs joined, lone surrogates as U+FFFD, an odd
 * last byte dropped. */
bool utf8_add_utf16(struct buf *out, const void *bytes, size_t size, bool little);

#endif
