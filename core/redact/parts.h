/* What the files of core/redact share. Nobody outside includes this.
 *
 * All scanners work the same way: they read borrowed text and note edits, (from, to, replacement),
 * in rising order, never overlapping, in coordinates of `base` plus the place in their text. Text
 * that stands encoded in other text (JSON escapes, percent encoding) is decoded, scanned with base
 * 0, and its edits are mapped back to the encoded bytes, so that every byte outside a replaced
 * value stays as it was. Work is linear in the text; what is nested is bounded by PARTS_LEVELS. */
#ifndef CORE_REDACT_PARTS_H
#define CORE_REDACT_PARTS_H

#include "core/redact/redact.h"

enum {
    PARTS_LEVELS = 4,                          /* of text held encoded in text */
    PARTS_READ = RECORD_BODY_KEPT + 64 * 1024, /* bytes of a text that are looked at */
    PARTS_EDITS = 1 << 18,                     /* edits of one text */
    PARTS_SECRETS = 128,                       /* values looked for elsewhere (rule 8) */
    PARTS_ROUNDS = 4,                          /* of scanning one text */
    PARTS_CLAIM = 200,                         /* bytes of one claim in a tag */
    PARTS_KNOWN = 64                           /* tokens whose tags are remembered */
};

struct edit {
    size_t from, to;
    struct slice with;
};

struct secret {
    struct slice value;
    struct slice tag;
    enum redact_class kind;
};

/* A token met before, and its tag; both owned. */
struct known_tag {
    uint64_t hash;
    struct slice value, tag;
};

struct redactor {
    const struct hash_key *key;
    uint64_t counts[REDACT_CLASSES];
    struct arena *arena; /* of the call at hand */
    struct edit *edits;
    size_t edit_count, edit_cap;
    bool edits_full; /* PARTS_EDITS was met */
    bool in_jwt;     /* its claims are being read: tokens in tokens get no claims */
    struct secret secrets[PARTS_SECRETS];
    size_t secret_count;
    size_t secrets_scanned; /* of them, those known before the first was looked for elsewhere */
    struct known_tag known[PARTS_KNOWN]; /* JWTs, by hash */
    struct harmless *harmless;           /* harmless.c; NULL until first used */
};

/* --- names.c ---------------------------------------------------------------------------------- */

/* Where a name is a secret's name, and what else it tells. */
enum name_set {
    NAME_HEADER = 1 << 0,
    NAME_QUERY = 1 << 1, /* query, fragment, form, multipart */
    NAME_VALUE = 1 << 2, /* JSON and XML members, event data, text */
    NAME_OAUTH = 1 << 3, /* only in an object that also holds a NAME_OAUTH_MARK */
    NAME_JWK = 1 << 4,   /* only beside kty */
    NAME_OAUTH_MARK = 1 << 5,
    NAME_KTY = 1 << 6,
    NAME_PAIR_NAME = 1 << 7, /* its value is the name of what NAME_PAIR_VALUE holds */
    NAME_PAIR_VALUE = 1 << 8,
    NAME_CHANGE_NAME = 1 << 9, /* the same of a changed property */
    NAME_CHANGE_VALUE = 1 << 10,
    NAME_PATH = 1 << 11,  /* its value is the path that NAME_PAIR_VALUE is for */
    NAME_KEPT = 1 << 12,  /* identifies somebody: never touched by rule 8 */
    NAME_NEVER = 1 << 13, /* no secret, whatever else it contains (not for headers) */
    NAME_NEVER_HEADER = 1 << 14,
    NAME_URL = 1 << 15,    /* a header whose value is a URL */
    NAME_COOKIES = 1 << 16 /* a header that lists cookies */
};

struct name {
    unsigned sets;
    enum redact_class kind; /* when it is a secret's */
};

/* Looks a name up after percent-decoding it, folding case and dropping `-_. []`. */
struct name name_look_up(struct slice name);
static inline bool name_is_secret(struct name name, enum name_set where)
{
    return (name.sets & (unsigned)where) && !(name.sets & NAME_NEVER);
}
/* The same for a header's name, with the rules that hold for headers only. */
struct name name_of_header(struct slice name);
bool name_is_secret_header(struct name name);

/* --- edits.c ---------------------------------------------------------------------------------- */

enum encoding { ENCODING_NONE, ENCODING_JSON, ENCODING_PERCENT, ENCODING_FORM };

void edit_add(struct redactor *r, size_t from, size_t to, struct slice with);
/* The text with the edits from number `mark` on; they are taken off the list. */
struct slice edit_apply(struct redactor *r, size_t mark, struct slice text);
/* Makes one rising list of two lists of edits of the same text, from `mark` and from `second` on.
 * Where edits meet, everything that one of them covers is replaced once, and counted once. */
void edits_unite(struct redactor *r, size_t mark, size_t second);
/* Decoded text; borrowed when nothing is encoded. */
struct slice encoding_decode(struct redactor *r, struct slice raw, enum encoding encoding);
/* Scans what stands encoded in `raw` as text; `base` is where raw begins. */
void encoding_scan(struct redactor *r, struct slice raw, size_t base, enum encoding encoding,
                   unsigned level);

/* --- tag.c ------------------------------------------------------------------------------------ */

/* The length of the tag at the text's start, 0 when there is none. */
size_t tag_length(struct slice text);
/* The class of the first tag in what replaces a value, REDACT_CLASSES when there is none. */
enum redact_class tag_class(struct slice with);
/* The first of the bytes in `set` at or behind `from` that stands in no tag, else the end. */
size_t tag_find_outside(struct slice text, size_t from, const char *set);
/* The tag of a value (a JWT's with its claims); counts it and remembers it for rule 8. */
struct slice tag_make(struct redactor *r, struct slice value, enum redact_class kind);
/* Replaces [from, to), whose decoded text is `value`, by its tag; a scheme word or, of Basic, the
 * user name stays before it. Empty values and tags are left alone. */
void tag_replace(struct redactor *r, size_t from, size_t to, struct slice value,
                 enum redact_class kind);
/* Appends text with all but harmless bytes percent-encoded. */
void tag_add_escaped(struct buf *out, struct slice text);
/* Length of the authentication scheme word at the start, 0 when it is none of the known. */
size_t tag_scheme_length(struct slice value);
/* "user:password" in base64 gives "user:" and the tag, else SLICE_NONE. */
struct slice tag_basic(struct redactor *r, struct slice encoded);

/* --- mask.c ----------------------------------------------------------------------------------- */

/* The text with what its tags tell made meaningless, byte for byte as long; scanners read this and
 * edits are applied to the text itself. Borrowed when it holds no tag. */
struct slice mask_tags(struct redactor *r, struct slice text);
/* Keeps the edits from number `mark` on out of the tags of `text`: those inside one are dropped,
 * those that begin or end inside one are cut, and dropped when only tags are left to replace. */
void mask_keep(struct redactor *r, size_t mark, struct slice text);

/* --- known.c ---------------------------------------------------------------------------------- */

/* The tag of a JWT that known_add was told of, in the arena, else SLICE_NONE. */
struct slice known_tag(const struct redactor *r, struct slice value);
/* Remembers a JWT's tag in place of another's. Both are copied. */
void known_add(struct redactor *r, struct slice value, struct slice tag);
/* Wipes and frees all that is remembered. */
void known_forget(struct redactor *r);

/* --- harmless.c ------------------------------------------------------------------------------- */

/* Whether this text of this kind and name was told of: there is nothing to redact in it. */
bool harmless_text(struct redactor *r, unsigned kind, struct slice name, struct slice text);
void harmless_text_add(struct redactor *r, unsigned kind, struct slice name, struct slice text);
/* name_of_header or name_look_up, remembered. */
struct name name_met(struct redactor *r, struct slice name, bool header);
void harmless_forget(struct redactor *r);

/* --- jwt.c ------------------------------------------------------------------------------------ */

/* Appends " alg=... iss=..." when the value is a JWT whose header and payload can be read. */
bool jwt_add_claims(struct redactor *r, struct buf *out, struct slice value);
/* Base64, either alphabet, padding optional; SLICE_NONE when it is none. */
struct slice base64_decode(struct arena *arena, struct slice text);
struct slice base64_encode(struct arena *arena, struct slice bytes);

/* --- the scanners ----------------------------------------------------------------------------- */

/* Free text with whatever stands in it: JSON, XML, URLs, headers, tokens (prose.c). */
void prose_scan(struct redactor *r, struct slice text, size_t base, unsigned level);
/* A run that can be a credential, not a word: 8 characters with a digit or both cases, or 20. */
bool prose_is_run(struct slice text);
/* One JSON value at the text's start. Returns where prose has to go on; `*whole` says whether the
 * value is complete (objects.c). */
size_t objects_scan(struct redactor *r, struct slice text, size_t base, unsigned level,
                    bool *whole);
/* A markup tag at the text's start ('<'); returns its length with a secret element's text, or 1. */
size_t markup_scan(struct redactor *r, struct slice text, size_t base, unsigned level);
/* A URL, absolute or not (location.c). */
void location_scan(struct redactor *r, struct slice url, size_t base, unsigned level);
/* name=value pairs between '&' or ';'. */
void location_scan_query(struct redactor *r, struct slice query, size_t base, unsigned level);
/* A header's value (headers.c). */
void headers_scan(struct redactor *r, struct slice name, struct slice value);
void headers_scan_cookies(struct redactor *r, struct slice value, size_t base, bool set);
/* The parameters of Digest, AWS4-HMAC-SHA256, SharedAccessSignature, OAuth. */
void headers_scan_parameters(struct redactor *r, struct slice text, size_t base);
/* A body of that media type (bodies.c). */
void bodies_scan(struct redactor *r, struct slice text, struct slice type);

/* --- exchange.c ------------------------------------------------------------------------------- */

/* Rule 8: replaces what was redacted by name wherever it occurs in `text`. `strict` leaves alone
 * what could be a plain word (for URLs). */
struct slice exchange_repeat(struct redactor *r, struct slice text, bool strict);

#endif
