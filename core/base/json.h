/* JSON in three forms.
 *
 * json_scan: a pull scanner over borrowed bytes, for what is read at speed and for redaction, which
 *   must keep every byte it does not replace. It accepts RFC 8259 plus what real exporters write
 *   (raw control characters inside strings, trailing commas), never reads past the slice, and
 *   refuses depth over JSON_DEPTH.
 * cJSON trees, for small things where a tree is needed.
 * json_add_*: writing; every code point of the display rule leaves as \uXXXX. */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/fault.h"

#include <cjson/cJSON.h>

enum { JSON_DEPTH = 64 };

enum json_token {
    JSON_BAD, /* not JSON at scan->at; the scan stays there */
    JSON_END, /* end of the text at depth 0 */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,    /* raw = the key with its quotes */
    JSON_STRING, /* raw = the string with its quotes */
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
};

struct json_scan {
    struct slice text;
    size_t at;        /* offset of the next unread byte */
    struct slice raw; /* bytes of the token just read */
    bool slashed;     /* of a JSON_KEY or JSON_STRING: its raw text holds a backslash */
    bool cut;         /* of a JSON_BAD: the text ends there, inside a value */
    unsigned depth;   /* of open objects and arrays */

    /* What json_steps.h and json_scan.c alone use. */
    enum json_wants {
        JSON_WANTS_VALUE,
        JSON_WANTS_ITEM,   /* of an array, or its end */
        JSON_WANTS_KEY,    /* or the object's end */
        JSON_WANTS_COMMA,  /* or the end of what is open */
        JSON_WANTS_NOTHING /* what stands there is no JSON */
    } wants;
    uint64_t objects; /* which levels are objects; bit 0: the innermost */
};

void json_scan_init(struct json_scan *scan, struct slice text);

/* Reads one token. Several values may follow each other at depth 0 (NDJSON). A scan may also be
 * started inside a stream by giving it the bytes of one value. */
enum json_token json_next(struct json_scan *scan);

/* After JSON_OBJECT, JSON_ARRAY or JSON_KEY (then its value): reads to the value's end. For scalars
 * nothing is left to do. `*whole` (may be NULL) becomes the bytes of the whole value. */
bool json_skip(struct json_scan *scan, enum json_token token, struct slice *whole);

/* True when a raw key or string equals `text`, escapes resolved. */
bool json_raw_is(struct slice raw, const char *text);

/* The text of a raw string (quotes dropped, escapes resolved, pairs joined, lone surrogates as
 * U+FFFD). Borrowed when it holds no escape, else in the arena. */
struct slice json_text(struct arena *arena, struct slice raw);
/* The same without a copy: the bytes of `raw`, which must be writable, are overwritten by it. */
struct slice json_text_over(struct slice raw);
/* The same appended to a buffer. */
bool json_add_text_of(struct buf *out, struct slice raw);

/* A raw string without its quotes, escapes left; what has none as it is. */
struct slice json_unquoted(struct slice raw);

/* The number of a JSON_NUMBER or of a string holding decimal digits; false otherwise. */
bool json_to_int64(struct slice raw, int64_t *out);

/* --- trees ------------------------------------------------------------------------------------ */

/* Parses one value; depth over JSON_DEPTH, \u0000 and (unless `end` is given) trailing bytes are
 * refused with FAULT_FORMAT. `*end` becomes the offset behind the value. Free with cJSON_Delete.
 * NULL on failure. */
cJSON *json_tree(struct slice text, size_t *end, struct fault *why);

/* The string under `key` (case-sensitive / ASCII letters folded) of an object, else SLICE_NONE. */
struct slice json_tree_text(const cJSON *object, const char *key);
struct slice json_tree_text_fold(const cJSON *object, const char *key);
const cJSON *json_tree_get_fold(const cJSON *object, const char *key);

/* --- writing ---------------------------------------------------------------------------------- */

/* Appends a quoted string; invalid bytes become U+FFFD, hidden code points (safe.h) \uXXXX.
 * SLICE_NONE is written as null. */
bool json_add_string(struct buf *out, struct slice text);
/* Appends `"key":` with a leading comma unless the last byte is `{` or `[`. */
bool json_add_key(struct buf *out, const char *key);
/* Appends a whole number in decimal. */
bool json_add_int(struct buf *out, int64_t value);

/* The same to memory that the caller knows to suffice: JSON_ESCAPED bytes for each of the text's
 * and 16 more, 20 bytes for a number. They return what is behind; bytes behind that may have been
 * written, too. */
enum { JSON_ESCAPED = 6 /* bytes at most that one byte becomes */ };
char *json_put_string(char *to, struct slice text);
char *json_put_int(char *to, int64_t value);

/* Appends `text` indented by two blanks a level; what is not JSON is appended as it is. */
bool json_add_pretty(struct buf *out, struct slice text);

#endif
