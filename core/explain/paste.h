/* Pasted text that is an HTTP exchange: what people copy from a terminal or a debugger. */
#ifndef CORE_EXPLAIN_PASTE_H
#define CORE_EXPLAIN_PASTE_H

#include "core/record.h"

/* Reads `[request line, headers, blank line, body,] status line, headers, blank line, body` into
 * `out` (slices of `text` or in `arena`), with or without the marks of `curl -v`. The time is that
 * of the Date header. False when no line is a status line. */
bool paste_exchange(struct record *out, struct slice text, struct arena *arena);

/* The moment of a Date header, `Mon, 02 Mar 2026 07:43:56 GMT`; TIME_NONE when it is none. */
int64_t paste_http_date(struct slice text);

#endif
