/* The display rule of SECURITY.md section 4: the only way of log text to the terminal, to stdout,
 * stderr and reports. What may drive a terminal or reorder text is shown as `\u{XX}` (code points)
 * or `\xNN` (bytes that are not UTF-8). Pure; any thread. */
#ifndef CORE_BASE_SAFE_H
#define CORE_BASE_SAFE_H

#include "core/base/buf.h"

enum {
    SAFE_LINE_LIMIT = 64 * 1024, /* bytes of one line before it is cut */
    SAFE_COMBINING_LIMIT = 4     /* combining marks on one base; more are dropped and counted */
};

enum safe_mode {
    SAFE_LINE, /* everything on one line: LF and TAB are escaped too */
    SAFE_BODY  /* LF and TAB are kept */
};

/* One thing to draw: a base with its combining marks, or an escape. */
struct safe_glyph {
    char text[32];  /* NUL-ended UTF-8, never a control or bidi character */
    unsigned bytes; /* length of text */
    int width;      /* cells, 1 or more; 0 only for LF and TAB in SAFE_BODY, as themselves */
    bool escaped;   /* an escape: to be drawn in reverse video */
};

/* Takes the next glyph off `*rest`; false at the end. Combining marks beyond the limit are dropped.
 */
bool safe_next(struct slice *rest, enum safe_mode mode, struct safe_glyph *out);

/* Whether a glyph never begins a line of Japanese: closing brackets, full stops, small kana. */
bool safe_clings(const struct safe_glyph *glyph);

/* True for code points that must never be shown as themselves. */
bool safe_is_hidden(uint32_t code);

/* Length of the leading run of printable ASCII, which is safe as it is. */
size_t safe_plain_run(struct slice text);

/* Appends the whole text in its safe form; lines over SAFE_LINE_LIMIT are cut with
 * "... N more bytes". Safe text comes through unchanged (idempotent). */
bool safe_add(struct buf *out, struct slice text, enum safe_mode mode);

/* The safe form of `text` as a NUL-ended string in `out` (cut to `size`), for fault sentences. */
const char *safe_short(char *out, size_t size, struct slice text);

#endif
