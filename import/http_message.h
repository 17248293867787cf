/* A raw HTTP/1.x message as captures keep it (Fiddler, Burp): start line, headers, body. Also takes
 * what such tools write for HTTP/2: "HTTP/2" in the start line, lower-case names, pseudo headers.
 */
#ifndef IMPORT_HTTP_MESSAGE_H
#define IMPORT_HTTP_MESSAGE_H

#include "import/pairs.h"

struct http_start {
    struct slice method, target; /* request */
    int status;                  /* response; 0 = none */
};

/* Reads a message; `response` tells which start line to expect. The headers go to `list` (emptied
 * first) and `out` borrows it; the body has its chunks (RFC 9112 section 7.1) and codings taken
 * off. False when there is no start line of that kind; `out` and `start` are zeroed then. */
bool http_message_read(struct http_start *start, struct message *out, struct slice raw,
                       bool response, struct pair_list *list, struct arena *arena);

#endif
