/* Knows how values are learned, named and replaced; see pseudonym.h. Which words of a text name
 * somebody: personal.c; where a learned value stands in another encoding: encoded.c. */
#include "core/report/pseudonym.h"

#include "core/base/alloc.h"
#include "core/base/buf.h"
#include "core/report/encoded.h"
#include "core/report/personal.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    TEXT_LIMIT = 512 * 1024 * 1024, /* bytes of a text with its pseudonyms */
    NAME_SIZE = 64,                 /* bytes of a pseudonym */
    PASSES = 4
};

struct pseudonyms {
    const struct hash_key *key;
    const struct slice *pair_keys;
    size_t pair_key_count;
    struct arena arena; /* the values */
    struct slice *values;
    size_t value_count, value_room;
    uint32_t *slots; /* by hash of the folded value: 1 + its number */
    size_t slot_count;
    struct encoded *encoded; /* of all values; NULL until the first text */
    uint64_t *issued;        /* hashes of pseudonyms given out: open addressing, 0 = free */
    size_t issued_count, issued_room;
    struct arena scratch;
};

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
    encoded_free(p->encoded);
    free(p->issued);
    free(p);
}

size_t pseudonyms_count(const struct pseudonyms *p)
{
    return p->value_count;
}

/* --- the names themselves --------------------------------------------------------------------- */

static bool issued_has(const struct pseudonyms *p, uint64_t hash)
{
    for (size_t i = encoded_mix(hash); p->issued_room; i++) {
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
    size_t i = encoded_mix(hash);
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
        buf_add_byte(&text, (char)encoded_fold(value.at[i]));
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
        if (!is_digit(value.at[i]) &&
            (encoded_fold(value.at[i]) < 'a' || encoded_fold(value.at[i]) > 'f') &&
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
        hash = (hash ^ encoded_fold(value.at[i])) * UINT64_C(0x100000001b3);
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
    if (value.len < 2 || value.len > ENCODED_VALUE || personal_is_common(value))
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
            return value.len >= ENCODED_LEAST;
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
            if (!code && mail != SIZE_MAX && mail >= ENCODED_LEAST)
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

/* --- finding ---------------------------------------------------------------------------------- */

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
        size_t len = 0, value = encoded_at(p->encoded, w->text, w->at, w->output, &len);
        bool personal = w->personal.from == w->at && w->personal.len >= len;
        if (!personal && !len)
            continue;
        *out = personal ? (struct place){w->at, w->personal.len, w->personal.value}
                        : (struct place){w->at, len, p->values[value]};
        w->at += out->len;
        return true;
    }
    return false;
}

/* --- the doors -------------------------------------------------------------------------------- */

static void seal(struct pseudonyms *p)
{
    if (!p->encoded)
        p->encoded = encoded_new(p->values, p->value_count);
}

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
