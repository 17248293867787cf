/* Knows how rule packs are gathered into one book: the built-in ones, then the operator's own;
 * their order of matching, their hash. What stands in a pack: pack.c, pack_rule.c. Matching:
 * match.c. */
#include "core/base/alloc.h"
#include "core/base/embed.h"
#include "core/explain/shortlist.h"
#include "core/explain/site.h"
#include "core/explain/step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MATCHING_VERSION = 1 /* raise when the program classifies differently by the same packs */ };

#define HASH_BASIS UINT64_C(0xcbf29ce484222325) /* FNV-1a, 64 bits */

static uint64_t hash_add(uint64_t hash, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        hash = (hash ^ (unsigned char)bytes.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Puts the file's name and the place before the sentence, which its writer did not know. */
static enum fault_code name_file(struct fault *why, struct slice name)
{
    if (!why)
        return FAULT_CONFIG;
    char text[sizeof why->text];
    snprintf(text, sizeof text, "%.*s:%llu:%llu: %.*s", (int)(name.len < 120 ? name.len : 120),
             name.at, (unsigned long long)why->line, (unsigned long long)why->column,
             (int)(sizeof text - 164), why->text);
    memcpy(why->text, text, sizeof text);
    return why->code;
}

/* --- files of the operator -------------------------------------------------------------------- */

static enum fault_code read_all(int file, const char *path, struct buf *out, struct fault *why)
{
    for (;;) {
        char *at = buf_extend(out, 4096);
        if (!at)
            return fault_at(why, FAULT_CONFIG, 1, 1, "%s: larger than %d bytes", path, YAML_SIZE);
        ssize_t got = read(file, at, 4096);
        out->len -= 4096 - (got > 0 ? (size_t)got : 0);
        if (got == 0)
            return FAULT_NONE;
        if (got < 0 && errno != EINTR)
            return fault_set(why, FAULT_CONFIG, "%s: cannot be read", path);
    }
}

static enum fault_code read_file(struct arena *arena, const char *path, struct slice *out,
                                 struct fault *why)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return fault_set(why, FAULT_CONFIG, "%s: cannot be opened", path);
    struct buf bytes;
    buf_init(&bytes, YAML_SIZE + 4096);
    enum fault_code code = FAULT_NONE;
    if (fstat(file, &about) || !S_ISREG(about.st_mode))
        code = fault_set(why, FAULT_CONFIG, "%s: not a regular file", path);
    else
        code = read_all(file, path, &bytes, why);
    close(file);
    *out = arena_copy(arena, buf_slice(&bytes));
    buf_free(&bytes);
    return code;
}

/* --- loading ---------------------------------------------------------------------------------- */

static enum fault_code parse_pack(struct rulebook *book, struct pack *pack, struct slice text,
                                  struct fault *why)
{
    struct yaml_node *root;
    pack->book = book;
    pack->why = why;
    enum fault_code code = yaml_parse(&root, text, &book->arena, why);
    if (code)
        return name_file(why, pack->name);
    pack->root = root;
    book->hash = hash_add(book->hash, text);
    if (pack_read_head(pack))
        return name_file(why, pack->name);
    return FAULT_NONE;
}

static size_t built_in_count(void)
{
    size_t count = 0;
    for (const struct embedded *e = embedded_files; e->name; e++)
        count += slice_starts(slice_of(e->name), "core/rules/");
    return count;
}

/* All packs are parsed and their vendors known before the first rule is read. */
static enum fault_code read_packs(struct rulebook *book, const char *const *extra,
                                  size_t extra_count, struct fault *why)
{
    size_t built_in = built_in_count(), count = 0;
    struct pack *packs = arena_zalloc(&book->arena, built_in + extra_count, sizeof *packs);
    enum fault_code code = FAULT_NONE;
    for (const struct embedded *e = embedded_files; e->name && !code; e++) {
        if (!slice_starts(slice_of(e->name), "core/rules/"))
            continue;
        packs[count] = (struct pack){.name = slice_of(e->name), .built_in = true};
        code = parse_pack(book, &packs[count++], embedded_find(e->name), why);
    }
    for (size_t i = 0; i < extra_count && !code; i++) {
        struct slice text;
        packs[count] = (struct pack){.name = arena_copy(&book->arena, slice_of(extra[i]))};
        if (!(code = read_file(&book->arena, extra[i], &text, why)))
            code = parse_pack(book, &packs[count++], text, why);
    }
    for (size_t i = 0; i < count && !code; i++)
        if ((code = pack_read_rules(&packs[i])))
            name_file(why, packs[i].name);
    return code;
}

static bool is_generic(const struct candidate *candidate)
{
    return slice_is(candidate->rule->vendor, "generic");
}

/* Best specificity first; of equals a vendor's class before a generic one, then as loaded. The
 * places in the array are unique, so the order does not depend on the sort. */
static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->alternative->specificity != b->alternative->specificity)
        return a->alternative->specificity > b->alternative->specificity ? -1 : 1;
    if (is_generic(a) != is_generic(b))
        return is_generic(a) ? 1 : -1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void order_candidates(struct rulebook *book)
{
    size_t count = 0;
    for (size_t i = 0; i < book->rule_count; i++)
        count += book->rules[i]->match_count;
    book->candidates = arena_zalloc(&book->arena, count, sizeof *book->candidates);
    for (size_t i = 0; i < book->rule_count; i++) {
        const struct rule *rule = book->rules[i];
        if (rule->annotation || rule->cross_entry)
            continue;
        for (size_t j = 0; j < rule->match_count; j++) {
            struct candidate *candidate = &book->candidates[book->candidate_count];
            *candidate = (struct candidate){rule, &rule->match[j], vendor_find(book, rule->vendor),
                                            book->candidate_count};
            book->candidate_count++;
        }
    }
    qsort(book->candidates, book->candidate_count, sizeof *book->candidates, compare_candidates);
}

static void filter_patterns(struct prefilter *filter, struct pattern_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        prefilter_add(filter, &list->items[i]);
}

/* Only alternatives that are matched on entries: a class that another pack replaced is not. */
static void build_prefilter(struct rulebook *book)
{
    book->prefilter = prefilter_new();
    for (size_t i = 0; i < book->candidate_count; i++) {
        struct pattern_list detail = book->candidates[i].alternative->detail;
        struct pattern_list detail_not = book->candidates[i].alternative->detail_not;
        filter_patterns(book->prefilter, &detail);
        filter_patterns(book->prefilter, &detail_not);
    }
    prefilter_build(book->prefilter);
    book->addresses = prefilter_new();
    for (size_t i = 0; i < book->vendor_count; i++) {
        struct vendor *vendor = &book->vendors[i];
        if (vendor->host.code)
            prefilter_add(book->addresses, &vendor->host);
        if (vendor->path.code)
            prefilter_add(book->addresses, &vendor->path);
    }
    prefilter_build(book->addresses);
}

static uint64_t vendor_bit(const struct rulebook *book, struct slice name)
{
    int number = vendor_find(book, name);
    return number < 0 ? 0 : UINT64_C(1) << number;
}

enum fault_code rulebook_load(struct rulebook **out, const char *const *extra, size_t extra_count,
                              const char *lang, struct fault *why)
{
    struct rulebook *book = xcalloc(1, sizeof *book);
    *out = NULL;
    arena_init(&book->arena);
    book->lang = lang ? arena_copy(&book->arena, slice_of(lang)).at : "en";
    book->hash = HASH_BASIS + MATCHING_VERSION;
    enum fault_code code = read_packs(book, extra, extra_count, why);
    if (!code) {
        book->success = rulebook_find(book, SLICE("success"));
        book->unclassified = rulebook_find(book, SLICE("unclassified"));
        if (!book->success || !book->unclassified)
            code = fault_set(why, FAULT_CONFIG, "the rule packs lack success or unclassified");
    }
    if (code) {
        rulebook_free(book);
        return code;
    }
    for (size_t i = 0; i < book->vendor_count; i++)
        if (book->vendors[i].client)
            book->clients |= UINT64_C(1) << i;
    book->entra_api = vendor_bit(book, SLICE("entra-api"));
    book->entra_client = vendor_bit(book, SLICE("entra-client"));
    order_candidates(book);
    build_prefilter(book);
    book->shortlist = shortlist_new(book);
    book->phrases = step_phrases_new(book);
    *out = book;
    return FAULT_NONE;
}

void rulebook_free(struct rulebook *book)
{
    if (!book)
        return;
    for (size_t i = 0; i < book->pattern_count; i++)
        pattern_release(&book->patterns[i]);
    free(book->patterns);
    free(book->rules);
    prefilter_free(book->prefilter);
    prefilter_free(book->addresses);
    shortlist_free(book->shortlist);
    step_phrases_free(book->phrases);
    site_free(book->site);
    arena_free(&book->arena);
    free(book);
}

void rulebook_set_site(struct rulebook *book, struct site *site)
{
    site_free(book->site);
    book->site = site;
}

const struct site *rulebook_site(const struct rulebook *book)
{
    return book->site;
}

/* --- reading the book ------------------------------------------------------------------------- */

enum fault_code rulebook_hash_of(const char *const *extra, size_t extra_count, uint64_t *out,
                                 struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    struct arena arena;
    arena_init(&arena);
    *out = HASH_BASIS + MATCHING_VERSION;
    for (const struct embedded *e = embedded_files; e->name; e++)
        if (slice_starts(slice_of(e->name), "core/rules/"))
            *out = hash_add(*out, embedded_find(e->name));
    for (size_t i = 0; i < extra_count && !code; i++) {
        struct slice text;
        arena_reset(&arena);
        if (!(code = read_file(&arena, extra[i], &text, why)))
            *out = hash_add(*out, text);
    }
    arena_free(&arena);
    return code;
}

uint64_t rulebook_hash(const struct rulebook *book)
{
    return book->hash;
}

uint64_t rulebook_given_up(const struct rulebook *book, struct slice *pattern)
{
    void *code = atomic_load(&book->limits.last);
    *pattern = SLICE_NONE;
    for (size_t i = 0; code && i < book->pattern_count; i++)
        if (book->patterns[i].code == code)
            *pattern = book->patterns[i].source;
    return atomic_load(&book->limits.count);
}

size_t rulebook_count(const struct rulebook *book)
{
    return book->rule_count;
}

const struct rule *rulebook_at(const struct rulebook *book, size_t i)
{
    return book->rules[i];
}

const struct rule *rulebook_find(const struct rulebook *book, struct slice id)
{
    for (size_t i = 0; i < book->rule_count; i++)
        if (slice_equal(book->rules[i]->id, id))
            return book->rules[i];
    return NULL;
}

struct text_list rulebook_words(const struct rulebook *book, enum step step)
{
    return step > STEP_OTHER && step < STEPS ? book->words[step] : (struct text_list){0};
}

enum step rulebook_step(const struct rulebook *book, struct slice text)
{
    return step_of_text(book->phrases, text);
}

struct text_list rulebook_user_keys(const struct rulebook *book)
{
    return book->user_keys;
}

bool rule_is_success(const struct rule *rule)
{
    return slice_is(rule->id, "success") || slice_is(rule->id, "not-modified");
}

bool rule_is_failure(const struct rule *rule)
{
    return !rule->not_a_failure && !slice_is(rule->severity, "info");
}
