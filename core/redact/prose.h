/* What the files that read free text share: where the reading is, and what bytes mean. Each of
 * these functions looks at one place of the text, notes the edits there, and returns where to go
 * on, 0 when it has found nothing. Nobody but prose*.c includes this. */
#ifndef CORE_REDACT_PROSE_H
#define CORE_REDACT_PROSE_H

#include "core/redact/parts.h"

struct prose {
    struct redactor *r;
    struct slice text;
    size_t base;
    unsigned level;
    size_t json_from; /* no JSON is tried before this place: what failed is not read twice */
    bool flat;        /* JSON and markup are read as the text they stand in */
    bool mixed;       /* some was read that is not the whole text */
};

enum byte_kind { BYTE_PLAIN, BYTE_WORD, BYTE_OPEN, BYTE_MARKUP, BYTE_QUERY, BYTE_SLASH };

/* The enum byte_kind of each byte (prose.c). */
extern const unsigned char prose_kinds[256];

static inline bool prose_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* --- prose_named.c ---------------------------------------------------------------------------- */

/* Where the bare value at `at` ends. */
size_t prose_run_end(struct slice text, size_t at);
size_t prose_skip_blanks(struct slice text, size_t at);
/* Notes that [from, to) is a secret. */
void prose_replace(struct prose *p, size_t from, size_t to, enum redact_class kind);
/* A value in quotes at `at` (backslashes before the quote allowed). Unclosed it ends with the line,
 * in JSON-like text with the text. */
size_t prose_quoted(struct prose *p, size_t at, bool like_json, enum redact_class kind);
/* The word [from, end) may be a secret's name with a value behind it. */
size_t prose_named(struct prose *p, size_t from, size_t end);

/* --- prose_tokens.c --------------------------------------------------------------------------- */

/* The word may be `Bearer` or its like with a credential behind it. */
size_t prose_scheme(struct prose *p, size_t from, size_t end);
/* The word may be a token known by its first characters. */
size_t prose_token(struct prose *p, size_t from, size_t end);
/* The word at `from` may open a private key's block. */
size_t prose_key_block(struct prose *p, size_t from);

/* --- prose_options.c -------------------------------------------------------------------------- */

/* The argument at or behind `at`, quoted or bare; `any`: whatever it looks like. */
size_t prose_argument(struct prose *p, size_t at, enum redact_class kind, bool any);
/* The word may be an option whose argument is a secret. */
size_t prose_option(struct prose *p, size_t from, size_t end);
/* `/user:x` with a password behind it. */
size_t prose_slash(struct prose *p, size_t from);

#endif
