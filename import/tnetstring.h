/* Tagged netstrings, the container of mitmproxy's flow files: `LENGTH:PAYLOAD<type>`. Borrowed
 * bytes, nothing is built: a dictionary is its payload, walked pair by pair. Pure. */
#ifndef IMPORT_TNETSTRING_H
#define IMPORT_TNETSTRING_H

#include "core/base/slice.h"

enum { TNET_DIGITS = 12 /* of a length, as mitmproxy's reader allows */ };

struct tnet {
    char
        type; /* , bytes  ; text  # integer  ^ float  ! true, false  ~ null  ] list  } dictionary */
    struct slice payload;
};

/* The length prefix at the text's start: `*head` becomes its size with the colon, `*size` that of
 * the payload. False when there is none. */
bool tnet_head(struct slice text, size_t *head, uint64_t *size);

/* Takes one value off `*rest`; false at the end or when it is not one. */
bool tnet_next(struct slice *rest, struct tnet *out);

/* The value under `key` (text or bytes) of a dictionary; type 0 when there is none. */
struct tnet tnet_get(struct tnet dictionary, const char *key);

/* Text or bytes; SLICE_NONE for another type. */
struct slice tnet_text(struct tnet value);
/* An integer, or a float without its fraction; `otherwise` for another type. */
int64_t tnet_int(struct tnet value, int64_t otherwise);
/* Seconds as float or integer to microseconds; INT64_MIN for another type. */
int64_t tnet_micros(struct tnet value);

#endif
