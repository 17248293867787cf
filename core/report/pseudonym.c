/* Knows how values are kept, found in any encoding and replaced; see pseudonym.h. Which words of a
 * text name somebody: personal.c. */
#include "core/report/pseudonym.h"

#include "core/base/alloc.h"
#include "core/base/buf.h"
#include "core/base/utf8.h"
#include "core/report/personal.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    VALUE_LENGTH = 256, /* bytes of a value that is looked for elsewhere */
    START = 4,          /* bytes of a form that are hashed; shorter ones are not looked for */
    BUCKETS = 1 << 16,
    TEXT_LIMIT = 512 * 1024 * 1024, /* bytes of a text with its pseudonyms */
    NAME_SIZE = 64,                 /* bytes of a pseudonym */
    FORM_SIZE = 16 * VALUE_LENGTH,
    PASSES = 4
};

/* A way to write a learned value. */
struct form {
    struct slice text; /* letter case folded unless `exact` */
    uint32_t value;
    uint32_t bucket;
    bool exact; /* base64: only looked for in outputs */
};

struct pseudonyms {
    const struct hash_key *key;
    const struct slice *pair_keys;
    size_t pair_key_count;
    struct arena arena; /* the values and their forms */
    struct slice *values;
    size_t value_count, value_room;
    uint32_t *slots; /* by hash of the folded value: 1 + its number */
    size_t slot_count;
    struct form *forms;
    size_t form_count, form_room;
    uint32_t *bucket_at; /* BUCKETS + 1: where the forms of a bucket begin; NULL until sealed */
    uint64_t *issued;    /* hashes of pseudonyms given out: open addressing, 0 = free */
    size_t issued_count, issued_room;
    struct arena scratch;
};

static unsigned char fold(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct pseudonyms *pseudonyms_new(const struct hash_key *key, const struct rulebook *book)
{
    struct pseudonyms *p = xcalloc(1, sizeof *p);
    p->key = key;
    if (book) {
        struct text_list keys = rulebook_user_keys(book);
        p->pair_keys = keys.items;
        p->pair_key_count = keys.count;
    }
    arena_init(&p->arena);
    arena_init(&p->scratch);
    return p;
}

void pseudonyms_free(struct pseudonyms *p)
{
    if (!p)
        return;
    arena_free(&p->arena);
    arena_free(&p->scratch);
    free(p->values);
    free(p->slots);
    free(p->forms);
    free(p->bucket_at);
    free(p->issued);
    free(p);
}

size_t pseudonyms_count(const struct pseudonyms *p)
{
    return p->value_count;
}

/* --- the names themselves --------------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x *= UINT64_C(0x9E3779B97F4A7C15);
    return x ^ x >> 29;
}

static bool issued_has(const struct pseudonyms *p, uint64_t hash)
{
    for (size_t i = mix(hash); p->issued_room; i++) {
        uint64_t there = p->issued[i & (p->issued_room - 1)];
        if (there == hash || there == 0)
            return there == hash;
    }
    return false;
}

static void issued_put(struct pseudonyms *p, uint64_t hash)
{
    if (p->issued_count * 2 >= p->issued_room) {
        uint64_t *old = p->issued;
        size_t room = p->issued_room;
        p->issued_room = room ? room * 2 : 1024;
        p->issued = xcalloc(p->issued_room, sizeof *p->issued);
        p->issued_count = 0;
        for (size_t i = 0; i < room; i++)
            if (old[i])
                issued_put(p, old[i]);
        free(old);
    }
    size_t i = mix(hash);
    while (p->issued[i & (p->issued_room - 1)])
        i++;
    p->issued[i & (p->issued_room - 1)] = hash;
    p->issued_count++;
}

static uint64_t hex_value(struct slice digits)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.at[i];
        if (!is_digit(c) && (c < 'a' || c > 'f'))
            return 0;
        value = value << 4 | (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return value;
}

/* Appends "prefix-" and the keyed hash of the folded value; `what` keeps kinds of values apart. */
static int name_of(struct pseudonyms *p, const char *prefix, const char *what, struct slice value,
                   char *out, size_t size)
{
    struct buf text;
    char tag[HASH_TAG_SIZE];
    buf_init(&text, 4 * PERSONAL_VALUE);
    buf_add_text(&text, what);
    for (size_t i = 0; i < value.len; i++)
        buf_add_byte(&text, (char)fold(value.at[i]));
    hash_tag(p->key, buf_slice(&text), tag);
    buf_free(&text);
    uint64_t hash = hex_value(slice_of(tag));
    if (hash && !issued_has(p, hash))
        issued_put(p, hash);
    return snprintf(out, size, "%s-%s", prefix, tag);
}

/* The '@' or "%40" of a mail address; SIZE_MAX: none. */
static size_t mail_sign(struct slice value, size_t *sign)
{
    size_t at = slice_find_byte(value, '@');
    *sign = 1;
    if (at == SIZE_MAX) {
        at = slice_find(value, SLICE("%40"));
        *sign = 3;
    }
    return at == 0 || at + *sign >= value.len ? SIZE_MAX : at;
}

static bool is_number_like(struct slice value)
{
    for (size_t i = 0; i < value.len; i++)
        if (!is_digit(value.at[i]) && (fold(value.at[i]) < 'a' || fold(value.at[i]) > 'f') &&
            value.at[i] != '-')
            return false;
    return true;
}

static struct slice pseudonym_of(struct pseudonyms *p, struct slice value, struct arena *arena)
{
    char name[NAME_SIZE];
    size_t sign, at = mail_sign(value, &sign);
    if (at == SIZE_MAX) {
        name_of(p, is_number_like(value) ? "id" : "name", "value ", value, name, sizeof name);
        return arena_copy(arena, slice_of(name));
    }
    struct buf whole;
    buf_init(&whole, 4 * PERSONAL_VALUE);
    buf_add(&whole, slice_first(value, at));
    buf_add_byte(&whole, '@');
    buf_add(&whole, slice_from(value, at + sign));
    int used = name_of(p, "user", "mail ", buf_slice(&whole), name, sizeof name);
    name[used++] = '@';
    used += name_of(p, "domain", "domain ", slice_from(value, at + sign), name + used,
                    sizeof name - (size_t)used);
    snprintf(name + used, sizeof name - (size_t)used, ".invalid");
    buf_free(&whole);
    return arena_copy(arena, slice_of(name));
}

/* Whether a value is a pseudonym that was given out. */
static bool is_own(const struct pseudonyms *p, struct slice value)
{
    static const char *const prefixes[] = {"name-", "id-", "user-", "domain-"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (slice_starts(value, prefixes[i])) {
            struct slice hex =
                slice_first(slice_from(value, strlen(prefixes[i])), HASH_TAG_SIZE - 1);
            struct slice rest = slice_from(value, strlen(prefixes[i]) + hex.len);
            bool whole = i == 2 ? slice_starts(rest, "@domain-") || slice_starts(rest, "%40domain-")
                                : rest.len == 0;
            return whole && hex.len == HASH_TAG_SIZE - 1 && issued_has(p, hex_value(hex));
        }
    return false;
}

/* --- learning --------------------------------------------------------------------------------- */

static uint64_t hash_folded(struct slice value)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < value.len; i++)
        hash = (hash ^ fold(value.at[i])) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static void slots_grow(struct pseudonyms *p)
{
    if (p->value_count * 2 < p->slot_count)
        return;
    free(p->slots);
    p->slot_count = p->slot_count ? p->slot_count * 2 : 1024;
    p->slots = xcalloc(p->slot_count, sizeof *p->slots);
    for (size_t v = 0; v < p->value_count; v++) {
        size_t i = hash_folded(p->values[v]);
        while (p->slots[i & (p->slot_count - 1)])
            i++;
        p->slots[i & (p->slot_count - 1)] = (uint32_t)v + 1;
    }
}

static enum fault_code learn_value(struct pseudonyms *p, struct slice value, struct fault *why)
{
    value = slice_trim(value);
    if (value.len < 2 || value.len > VALUE_LENGTH || personal_is_common(value))
        return FAULT_NONE;
    slots_grow(p);
    size_t i = hash_folded(value), mask = p->slot_count - 1;
    for (; p->slots[i & mask]; i++)
        if (slice_equal_fold(p->values[p->slots[i & mask] - 1], value))
            return FAULT_NONE;
    if (p->value_count == PSEUDONYMS_LIMIT)
        return fault_set(why, FAULT_LIMIT, "more than %d names and ids would have to be replaced",
                         PSEUDONYMS_LIMIT);
    if (p->value_count == p->value_room) {
        p->value_room = p->value_room ? p->value_room * 2 : 256;
        p->values = xrealloc(p->values, p->value_room, sizeof *p->values);
    }
    p->values[p->value_count++] = arena_copy(&p->arena, value);
    p->slots[i & mask] = (uint32_t)p->value_count;
    return FAULT_NONE;
}

/* In prose a pair's value may be any word; one of letters alone is not looked for elsewhere. */
static bool is_identifying(struct slice value)
{
    for (size_t i = 0; i < value.len; i++)
        if (is_digit(value.at[i]) || (unsigned char)value.at[i] >= 0x80 ||
            strchr("@._-\\", value.at[i]))
            return value.len >= START;
    return false;
}

static enum fault_code learn_text(struct pseudonyms *p, struct slice text, struct fault *why)
{
    struct personal found;
    size_t at = 0;
    enum fault_code code = FAULT_NONE;
    while (!code && personal_next(text, &at, p->pair_keys, p->pair_key_count, &p->scratch, &found))
        if (found.how != PERSONAL_PAIR || is_identifying(found.value)) {
            size_t sign, mail = mail_sign(found.value, &sign);
            code = learn_value(p, found.value, why);
            if (!code && mail != SIZE_MAX && mail >= START)
                code = learn_value(p, slice_first(found.value, mail), why);
        }
    return code;
}

/* The quoted values of a `filter` in a query. */
static enum fault_code learn_filter(struct pseudonyms *p, struct slice query, struct fault *why)
{
    struct slice filter = url_parameter(query, "filter", &p->scratch), part;
    enum fault_code code = FAULT_NONE;
    for (bool quoted = false; !code && slice_cut(&filter, '"', &part); quoted = !quoted)
        if (quoted)
            code = learn_value(p, part, why);
    return code;
}

enum fault_code pseudonyms_learn(struct pseudonyms *p, const struct entry *entry, struct slice raw,
                                 struct fault *why)
{
    arena_reset(&p->scratch);
    enum fault_code code = learn_value(p, entry->user, why);
    if (!code && !slice_is_none(entry->query))
        code = learn_filter(p, entry->query, why);
    const struct slice texts[] = {entry->user, entry->detail, entry->path, raw};
    for (size_t i = 0; !code && i < sizeof texts / sizeof *texts; i++)
        if (texts[i].len)
            code = learn_text(p, texts[i], why);
    return code;
}

/* --- forms ------------------------------------------------------------------------------------ */

static uint32_t bucket_of(const char *at)
{
    uint32_t start = 0;
    for (size_t i = 0; i < START; i++)
        start = start << 8 | fold(at[i]);
    return (uint32_t)(mix(start) >> 20) & (BUCKETS - 1);
}

static void add_form(struct pseudonyms *p, size_t value, struct slice text, bool exact)
{
    if (text.len < START)
        return;
    if (p->form_count == p->form_room) {
        p->form_room = p->form_room ? p->form_room * 2 : 1024;
        p->forms = xrealloc(p->forms, p->form_room, sizeof *p->forms);
    }
    p->forms[p->form_count++] =
        (struct form){arena_copy(&p->arena, text), (uint32_t)value, bucket_of(text.at), exact};
}

/* As JSON writes it inside `depth` strings; false when that is the value itself. */
static bool as_json(struct slice value, unsigned depth, struct buf *out)
{
    bool changed = false;
    for (struct slice rest = value; rest.len;) {
        uint32_t code = (unsigned char)rest.at[0];
        size_t n = code < 0x80 ? 1 : utf8_decode(rest, &code);
        if (n == 0)
            return false;
        rest = slice_from(rest, n);
        if (code < 0x80 && code != '"' && code != '\\') {
            buf_add_byte(out, (char)code);
            continue;
        }
        changed = true;
        for (unsigned i = 0; i < 1U << (depth - 1); i++)
            buf_add_byte(out, '\\');
        if (code < 0x80) {
            for (unsigned i = 1; code == '\\' && i < 1U << (depth - 1); i++)
                buf_add_byte(out, '\\');
            buf_add_byte(out, (char)code);
        } else if (code < 0x10000) {
            buf_add_format(out, "u%04x", code);
        } else {
            buf_add_format(out, "u%04x", 0xD800 + ((code - 0x10000) >> 10));
            for (unsigned i = 0; i < 1U << (depth - 1); i++)
                buf_add_byte(out, '\\');
            buf_add_format(out, "u%04x", 0xDC00 + ((code - 0x10000) & 0x3FF));
        }
    }
    return changed;
}

static bool as_percent(struct slice value, struct buf *out)
{
    bool changed = false;
    for (size_t i = 0; i < value.len; i++) {
        bool plain = is_alnum(value.at[i]) || strchr("-._~", value.at[i]);
        changed = changed || !plain;
        buf_add_format(out, plain ? "%c" : "%%%02x", (unsigned char)value.at[i]);
    }
    return changed;
}

static bool as_html(struct slice value, struct buf *out)
{
    static const struct {
        char c;
        const char *name;
    } names[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    bool changed = false;
    for (size_t i = 0; i < value.len; i++) {
        size_t n = 0;
        while (n < sizeof names / sizeof *names && names[n].c != value.at[i])
            n++;
        if (n == sizeof names / sizeof *names)
            buf_add_byte(out, value.at[i]);
        else
            changed = buf_add_text(out, names[n].name);
    }
    return changed;
}

/* The part of the value's base64 form that does not depend on what stands beside it, for each of
 * the three places where it can begin. */
static void add_base64(struct pseudonyms *p, size_t number, struct slice value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t shift = 0; shift < 3 && value.len >= 6; shift++) {
        char out[2 * VALUE_LENGTH];
        size_t len = 0;
        for (size_t i = (3 - shift) % 3; i + 3 <= value.len && len + 4 < sizeof out; i += 3) {
            const unsigned char *b = (const unsigned char *)value.at + i;
            uint32_t bits = (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
            for (int k = 18; k >= 0; k -= 6)
                out[len++] = digits[bits >> k & 63];
        }
        if (len >= 8)
            add_form(p, number, slice_make(out, len), true);
    }
}

static bool is_looked_for(struct slice value)
{
    bool ascii = true, digits = true;
    for (size_t i = 0; i < value.len; i++) {
        ascii = ascii && (unsigned char)value.at[i] < 0x80;
        digits = digits && is_digit(value.at[i]);
    }
    return ascii ? value.len >= (digits ? 6U : 4U) : value.len >= 6;
}

static void add_forms(struct pseudonyms *p, size_t number)
{
    struct slice value = p->values[number];
    struct buf out;
    if (!is_looked_for(value))
        return;
    buf_init(&out, FORM_SIZE);
    add_form(p, number, value, false);
    for (unsigned depth = 1; depth <= 3; depth++) {
        buf_reset(&out);
        if (as_json(value, depth, &out))
            add_form(p, number, buf_slice(&out), false);
    }
    buf_reset(&out);
    if (as_percent(value, &out))
        add_form(p, number, buf_slice(&out), false);
    buf_reset(&out);
    if (as_html(value, &out))
        add_form(p, number, buf_slice(&out), false);
    buf_free(&out);
    add_base64(p, number, value);
}

/* Letter case folded; a part of a text goes before the whole. */
static int compare_texts(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < len; i++)
        if (fold(a.at[i]) != fold(b.at[i]))
            return fold(a.at[i]) < fold(b.at[i]) ? -1 : 1;
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_forms(const void *left, const void *right)
{
    const struct form *a = left, *b = right;
    if (a->bucket != b->bucket)
        return a->bucket < b->bucket ? -1 : 1;
    int order = compare_texts(a->text, b->text);
    return order ? order : (a->value > b->value) - (a->value < b->value);
}

static void seal(struct pseudonyms *p)
{
    if (p->bucket_at)
        return;
    for (size_t i = 0; i < p->value_count; i++)
        add_forms(p, i);
    if (p->form_count)
        qsort(p->forms, p->form_count, sizeof *p->forms, compare_forms);
    p->bucket_at = xcalloc(BUCKETS + 1, sizeof *p->bucket_at);
    for (size_t i = 0; i < p->form_count; i++)
        p->bucket_at[p->forms[i].bucket + 1]++;
    for (size_t i = 0; i < BUCKETS; i++)
        p->bucket_at[i + 1] += p->bucket_at[i];
}

/* --- finding ---------------------------------------------------------------------------------- */

/* Whether a word can begin at `at`: what stands before is no letter, or the end of an escape. */
static bool begins_word(struct slice text, size_t at)
{
    if (at == 0 || !is_alnum(text.at[at - 1]))
        return true;
    if (at >= 3 && text.at[at - 3] == '%')
        return true;
    if (at >= 2 && text.at[at - 2] == '\\')
        return true;
    return at >= 6 && text.at[at - 6] == '\\' && text.at[at - 5] == 'u';
}

/* The last form of [from, to) that is not behind `text`; `to` when all are. */
static uint32_t last_before(const struct pseudonyms *p, uint32_t from, uint32_t to,
                            struct slice text)
{
    uint32_t low = from, high = to;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_texts(p->forms[middle].text, text) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low == from ? to : low - 1;
}

static size_t common_length(struct slice a, struct slice b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && fold(a.at[len]) == fold(b.at[len]))
        len++;
    return len;
}

/* Whether what stands at `at` is the form, as a word of its own. */
static bool is_form(const struct form *form, struct slice text, size_t at, bool output)
{
    size_t end = at + form->text.len;
    if (form->exact)
        return output && slice_equal(slice_first(slice_from(text, at), form->text.len), form->text);
    return (!is_alnum(text.at[at]) || begins_word(text, at)) &&
           (!is_alnum(text.at[end - 1]) || end == text.len || !is_alnum(text.at[end]));
}

/* The longest form that stands at `at`; NULL: none. Forms that begin the text are found from the
 * longest on: of two of them one begins the other, so nothing else stands between them. */
static const struct form *form_at(const struct pseudonyms *p, struct slice text, size_t at,
                                  bool output)
{
    struct slice rest = slice_first(slice_from(text, at), FORM_SIZE);
    if (rest.len < START)
        return NULL;
    uint32_t bucket = bucket_of(rest.at);
    uint32_t from = p->bucket_at[bucket], to = p->bucket_at[bucket + 1];
    while (from < to && rest.len >= START) {
        uint32_t found = last_before(p, from, to, rest);
        if (found == to)
            return NULL;
        const struct form *form = &p->forms[found];
        size_t common = common_length(form->text, rest);
        if (common == form->text.len && is_form(form, text, at, output))
            return form;
        rest = slice_first(rest, common < form->text.len ? common : common - 1);
        to = found + 1;
    }
    return NULL;
}

/* One place that has to be replaced. */
struct place {
    size_t from, len;
    struct slice value;
};

/* The text is looked through once, keys, paths and mail addresses beside learned values: the first
 * of either wins, of equals the longer one. */
struct walk {
    struct slice text;
    size_t at, personal_at;
    struct personal personal; /* the next one at or behind `at`; `from` SIZE_MAX: none */
    bool begun, output;
};

/* Passes what lies behind, and what is a pseudonym already. */
static void next_personal(struct pseudonyms *p, struct walk *w)
{
    while (!w->begun || w->personal.from < w->at || is_own(p, w->personal.value)) {
        w->begun = true;
        if (personal_next(w->text, &w->personal_at, p->pair_keys, p->pair_key_count, &p->scratch,
                          &w->personal))
            continue;
        w->personal = (struct personal){.from = SIZE_MAX};
        return;
    }
}

static bool next_place(struct pseudonyms *p, struct walk *w, struct place *out)
{
    for (; w->at < w->text.len; w->at++) {
        next_personal(p, w);
        const struct form *form = form_at(p, w->text, w->at, w->output);
        bool personal = w->personal.from == w->at && (!form || w->personal.len >= form->text.len);
        if (!personal && !form)
            continue;
        *out = personal ? (struct place){w->at, w->personal.len, w->personal.value}
                        : (struct place){w->at, form->text.len, p->values[form->value]};
        w->at += out->len;
        return true;
    }
    return false;
}

/* --- the doors -------------------------------------------------------------------------------- */

/* One pass; false when nothing had to be replaced. */
static bool replace_once(struct pseudonyms *p, struct slice text, struct buf *out)
{
    struct walk walk = {.text = text};
    struct place place;
    size_t done = 0;
    arena_reset(&p->scratch);
    while (next_place(p, &walk, &place)) {
        buf_add(out, slice_first(slice_from(text, done), place.from - done));
        buf_add(out, pseudonym_of(p, place.value, &p->scratch));
        done = place.from + place.len;
    }
    return done && buf_add(out, slice_from(text, done));
}

/* In text that is broken on purpose a pseudonym may join what stands behind it: once more then. */
struct slice pseudonyms_apply(struct pseudonyms *p, struct slice text, struct arena *arena)
{
    if (text.len == 0)
        return text;
    seal(p);
    for (int pass = 0; pass < PASSES; pass++) {
        struct buf out;
        buf_init(&out, TEXT_LIMIT);
        bool changed = replace_once(p, text, &out);
        if (changed)
            text = arena_copy(arena, buf_slice(&out));
        buf_free(&out);
        if (!changed)
            break;
    }
    return text;
}

void pseudonyms_apply_entry(struct pseudonyms *p, struct entry *entry, struct arena *arena)
{
    struct slice *const texts[] = {&entry->url,        &entry->path, &entry->query,  &entry->detail,
                                   &entry->request_id, &entry->note, &entry->source, &entry->label};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!slice_is_none(*texts[i]))
            *texts[i] = pseudonyms_apply(p, *texts[i], arena);
    if (entry->user.len && !is_own(p, entry->user))
        entry->user = pseudonym_of(p, entry->user, arena);
}

bool pseudonyms_left(struct pseudonyms *p, struct slice text, size_t *from, size_t *len)
{
    struct walk walk = {.text = text, .at = *from, .personal_at = *from, .output = true};
    struct place place;
    seal(p);
    arena_reset(&p->scratch);
    if (!next_place(p, &walk, &place))
        return false;
    *from = place.from;
    *len = place.len;
    return true;
}
