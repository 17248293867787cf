/* From the bytes of a message body as a capture holds them to the text that the index keeps:
 * content codings taken off (RFC 9110 section 8.4), character set turned into UTF-8, text told from
 * binary. Pure but for the arena; any thread. */
#ifndef IMPORT_HTTP_BODY_H
#define IMPORT_HTTP_BODY_H

#include "core/record.h"

/* Ceilings on what a coded body may become (DESIGN.md section 3): RECORD_SIZE_LIMIT bytes, and this
 * many times its coded size once it is over a MiB. */
enum { HTTP_BODY_RATIO = 200, HTTP_CODINGS_LIMIT = 4 };

/* The body of `bytes` (SLICE_NONE: not captured) with the media type and the Content-Encoding as
 * written (either may be SLICE_NONE). `out` borrows from `bytes` or lives in `arena`. A coding that
 * is unknown, broken or over the ceiling leaves a binary body, of which only size and hash are
 * kept. */
void http_body_finish(struct body *out, struct slice bytes, struct slice type, struct slice coding,
                      struct arena *arena);

/* The same for base64 text (RFC 4648, line breaks allowed); what does not decode becomes binary. */
void http_body_finish_base64(struct body *out, struct slice text, struct slice type,
                             struct slice coding, struct arena *arena);

/* Decodes base64 into the arena; SLICE_NONE when the text is not base64. */
struct slice http_base64(struct slice text, struct arena *arena);

#endif
