/* Knows the detectors, shows them the entries in the order of time, and makes findings of what they
 * say; see finding.h. What a pattern is, is known to its file under core/explain/patterns/. */
#include "core/explain/finding.h"

#include "core/base/alloc.h"
#include "core/base/words.h"
#include "core/explain/evidence/check.h"
#include "core/explain/patterns/detector.h"
#include "core/explain/scim.h"
#include "core/index/filter.h"
#include "core/index/store.h"

#include <stdio.h>
#include <stdlib.h>

static const struct detector *const detectors[] = {
    &detect_one_cause,    &detect_token_cutoff, &detect_outage,         &detect_storm,
    &detect_lookup_blind, &detect_recreate,     &detect_write_happened, &detect_group_before_user,
    &detect_stale_id,     &detect_retry_loop,   &detect_etag,           &detect_redirect,
    &detect_pagination,   &detect_clock_skew,
};
enum { DETECTORS = sizeof detectors / sizeof *detectors, FINDING_TEXT = 4096, FINDING_ASKED = 100 };

/* --- what is found ---------------------------------------------------------------------------- */

struct found {
    struct arena arena;
    struct table by_name; /* hash -> 1 + number */
    struct found_one *ones[FINDINGS_LIMIT];
    size_t count;
};

static void found_init(struct found *found)
{
    arena_init(&found->arena);
    table_init(&found->by_name, sizeof(size_t), FINDINGS_LIMIT);
    found->count = 0;
}

static void found_free(struct found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        free(found->ones[i]->users);
        free(found->ones[i]);
    }
    table_free(&found->by_name);
    arena_free(&found->arena);
}

struct slice found_keep(struct found *found, struct slice text)
{
    return arena_copy(&found->arena, text);
}

struct found_one *found_at(struct found *found, const char *class_id, struct slice subject,
                           void (*tell)(const struct found_one *one, struct buf *out))
{
    uint64_t key = table_hash(table_hash(0, slice_of(class_id)), subject);
    size_t *number = table_find(&found->by_name, key);
    if (number)
        return found->ones[*number - 1];
    if (found->count == FINDINGS_LIMIT)
        return NULL;
    struct found_one *one = xcalloc(1, sizeof *one);
    one->class_id = class_id;
    one->subject = found_keep(found, subject);
    one->first_us = one->last_us = TIME_NONE;
    one->tell = tell;
    found->ones[found->count++] = one;
    *(size_t *)table_put(&found->by_name, key) = found->count;
    return one;
}

static void add_user(struct found_one *one, struct slice user)
{
    uint64_t hash = table_hash_fold(0, user);
    for (size_t i = 0; i < one->user_count; i++)
        if (one->users[i] == hash)
            return;
    if (one->user_count == FINDING_USERS)
        return;
    if (one->user_count == one->user_room) {
        one->user_room = one->user_room ? one->user_room * 2 : 16;
        one->users = xrealloc(one->users, one->user_room, sizeof *one->users);
    }
    one->users[one->user_count++] = hash;
}

void found_add(struct found_one *one, int64_t id, int64_t time_us, struct slice user)
{
    for (size_t i = one->id_count; i > 0 && i + 8 > one->id_count; i--)
        if (one->ids[i - 1] == id)
            return;
    one->count++;
    if (one->id_count < FINDING_ENTRIES) {
        one->times[one->id_count] = time_us;
        one->ids[one->id_count++] = id;
    }
    if (time_us != TIME_NONE) {
        if (one->first_us == TIME_NONE || time_us < one->first_us)
            one->first_us = time_us;
        if (one->last_us == TIME_NONE || time_us > one->last_us)
            one->last_us = time_us;
    }
    if (user.len)
        add_user(one, user);
}

int quoted_length(struct slice value)
{
    return evidence_quoted(value);
}

/* --- a pass over the entries ------------------------------------------------------------------ */

struct pass {
    const struct rulebook *book;
    const struct detector *only; /* NULL: all */
    struct found found;
    struct arena arena; /* of the entry at hand */
    void *states[DETECTORS];
    bool active[DETECTORS];
};

static enum verb verb_of(struct slice method)
{
    static const char *const names[] = {[VERB_GET] = "GET",
                                        [VERB_POST] = "POST",
                                        [VERB_PUT] = "PUT",
                                        [VERB_PATCH] = "PATCH",
                                        [VERB_DELETE] = "DELETE"};
    for (int verb = VERB_GET; verb <= VERB_DELETE; verb++)
        if (slice_is(method, names[verb]))
            return (enum verb)verb;
    return VERB_OTHER;
}

static void open_call(struct call *c, const struct entry *entry, struct arena *arena)
{
    *c = (struct call){.entry = entry, .arena = arena, .verb = verb_of(entry->method)};
    c->ok = entry->status >= 200 && entry->status < 300;
    c->conflict = entry->status == 409 ||
                  (entry->status == 400 && slice_is_fold(entry->scim_type, "uniqueness"));
    c->host = table_hash_fold(0, entry->host);
    if (entry->kind != KIND_HTTP)
        return;
    if (scim_path_id(entry->path, "Users", &c->id, arena))
        c->endpoint = ENDPOINT_USERS;
    else if (scim_path_id(entry->path, "Groups", &c->id, arena))
        c->endpoint = ENDPOINT_GROUPS;
    if (c->id.len)
        c->resource = table_hash(c->host + (uint64_t)c->endpoint, c->id);
}

static bool record_wanted(const struct pass *pass, const struct call *c)
{
    for (size_t i = 0; i < DETECTORS; i++)
        if (pass->active[i] && detectors[i]->wants && detectors[i]->wants(pass->states[i], c))
            return true;
    return false;
}

static bool see_entry(void *self, const struct entry *entry, struct slice raw)
{
    struct pass *pass = self;
    struct call c;
    struct record record;
    struct fault unread;
    /* What is no SCIM call has no class; of events also those that say something was done. */
    if (entry->kind == KIND_HTTP && slice_is_none(entry->class_id))
        return true;
    arena_reset(&pass->arena);
    open_call(&c, entry, &pass->arena);
    c.book = pass->book;
    if (entry->kind == KIND_HTTP && raw.len && record_wanted(pass, &c) &&
        !record_read(&record, raw, &pass->arena, &unread) && record.kind == KIND_HTTP)
        c.http = &record.http;
    for (size_t i = 0; i < DETECTORS; i++)
        if (pass->active[i])
            detectors[i]->see(pass->states[i], &c, &pass->found);
    cJSON_Delete(c.tree);
    return true;
}

static enum fault_code read_statuses(struct selection *sel, struct statuses *out, struct fault *why)
{
    struct arena arena;
    struct facet_row *rows;
    size_t count;
    arena_init(&arena);
    enum fault_code code = selection_facet(sel, FACET_STATUS, 1000, &arena, &rows, &count, why);
    for (size_t i = 0; !code && i < count; i++) {
        int64_t status = 0;
        if (!slice_is_none(rows[i].value) && !slice_to_int64(rows[i].value, &status))
            continue;
        if (status >= 0 && status < 600)
            out->has[status] = true;
    }
    arena_free(&arena);
    return code;
}

static enum fault_code run_pass(struct pass *pass, struct selection *sel, struct fault *why)
{
    struct statuses statuses = {0};
    enum fault_code code = read_statuses(sel, &statuses, why);
    for (size_t i = 0; i < DETECTORS; i++) {
        pass->active[i] = !code && (!pass->only || pass->only == detectors[i]) &&
                          detectors[i]->concerned(&statuses);
        if (!pass->active[i])
            continue;
        pass->states[i] = xcalloc(1, detectors[i]->size);
        if (detectors[i]->begin)
            detectors[i]->begin(pass->states[i]);
    }
    if (!code)
        code = selection_each(sel, ORDER_OLDEST, !pass->only, see_entry, pass, why);
    for (size_t i = 0; i < DETECTORS; i++) {
        if (pass->active[i] && detectors[i]->end)
            detectors[i]->end(pass->states[i], &pass->found);
        free(pass->states[i]);
    }
    return code;
}

/* --- which findings --------------------------------------------------------------------------- */

static bool is_scope(enum filter_key key)
{
    return key == FILTER_TIME || key == FILTER_SINCE || key == FILTER_UNTIL ||
           key == FILTER_SOURCE || key == FILTER_LABEL || key == FILTER_HOST || key == FILTER_KIND;
}

/* The terms that narrow what is looked at, as a filter of their own; `*all` when there are no
 * others. */
static enum fault_code scope_of(const struct filter *filter, struct arena *arena,
                                struct filter **out, bool *all, struct fault *why)
{
    struct buf text;
    buf_init(&text, FILTER_SIZE * 2);
    buf_add_text(&text, "");
    *all = true;
    for (size_t i = 0; filter && i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        *all = *all && is_scope(term->key);
        if (!is_scope(term->key))
            continue;
        buf_add_text(&text, text.len ? " " : "");
        buf_add(&text, slice_first(slice_from(filter->text, term->at), term->len));
    }
    enum fault_code code = filter_parse(out, arena_copy(arena, buf_slice(&text)), arena, why);
    buf_free(&text);
    return code;
}

/* Whether the filter selects one of the entries of a finding. */
static enum fault_code is_chosen(struct store *s, struct selection *sel,
                                 const struct filter *filter, const struct found_one *one,
                                 bool *out, struct fault *why)
{
    struct arena arena;
    struct buf text;
    struct filter *with = NULL;
    struct selection *part = NULL;
    uint64_t count = 0, rank;
    *out = false;
    for (size_t i = 0; i < filter->count; i++) {
        if (filter->terms[i].key != FILTER_ID)
            continue;
        for (size_t k = 0; k < one->id_count && !*out; k++) {
            struct fault none;
            *out = selection_rank(sel, ORDER_OLDEST, one->ids[k], &rank, &none) == FAULT_NONE;
        }
        return FAULT_NONE;
    }
    arena_init(&arena);
    buf_init(&text, FILTER_SIZE);
    buf_add(&text, filter->text);
    for (size_t i = 0; i < one->id_count && i < FINDING_ASKED; i++) {
        size_t before = text.len;
        buf_add_format(&text, i ? ",%lld" : " id:%lld", (long long)one->ids[i]);
        if (buf_full(&text))
            text.len = before;
    }
    enum fault_code code = filter_parse(&with, buf_slice(&text), &arena, why);
    if (!code)
        code = selection_open(&part, s, with, why);
    if (!code)
        code = selection_count(part, &count, why);
    selection_close(part);
    buf_free(&text);
    arena_free(&arena);
    *out = count > 0;
    return code;
}

struct timed {
    int64_t time_us, id;
    size_t place; /* among what was added: ids count in the order of import */
};

static int compare_timed(const void *left, const void *right)
{
    const struct timed *a = left, *b = right;
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* The ids by time, each once. */
static size_t sort_ids(const struct found_one *one, int64_t *out)
{
    struct timed rows[FINDING_ENTRIES] = {0};
    size_t count = 0;
    for (size_t i = 0; i < one->id_count; i++)
        rows[i] = (struct timed){one->times[i], one->ids[i], i};
    qsort(rows, one->id_count, sizeof *rows, compare_timed);
    for (size_t i = 0; i < one->id_count; i++) {
        bool known = false;
        for (size_t k = i; !known && k > 0 && rows[k - 1].time_us == rows[i].time_us; k--)
            known = rows[k - 1].id == rows[i].id;
        if (!known)
            out[count++] = rows[i].id;
    }
    return count;
}

static void copy_finding(const struct found_one *one, struct arena *arena, struct finding *out)
{
    struct buf text;
    buf_init(&text, FINDING_TEXT);
    one->tell(one, &text);
    buf_add_text(&text, strcmp(words_language(), "ja") == 0 ? "。" : ".");
    int64_t *ids = arena_zalloc(arena, one->id_count + 1, sizeof *ids);
    size_t id_count = sort_ids(one, ids);
    *out = (struct finding){.class_id = arena_copy(arena, slice_of(one->class_id)),
                            .subject = arena_copy(arena, one->subject),
                            .users = one->user_count,
                            .count = one->count,
                            .entries = ids,
                            .entry_count = id_count,
                            .first_us = one->first_us,
                            .last_us = one->last_us,
                            .text = arena_copy(arena, buf_slice(&text))};
    buf_free(&text);
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    if (a->users != b->users)
        return a->users > b->users ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    if (a->first_us != b->first_us)
        return a->first_us < b->first_us ? -1 : 1;
    int order = strcmp(a->class_id.at, b->class_id.at);
    return order ? order : strcmp(a->subject.at, b->subject.at);
}

static enum fault_code choose(struct store *s, const struct filter *filter, bool all,
                              const struct found *found, struct arena *arena, struct finding **out,
                              size_t *count, struct fault *why)
{
    struct selection *sel = NULL;
    enum fault_code code = all ? FAULT_NONE : selection_open(&sel, s, filter, why);
    *out = arena_zalloc(arena, found->count + 1, sizeof **out);
    for (size_t i = 0; !code && i < found->count; i++) {
        bool chosen = all;
        if (!all)
            code = is_chosen(s, sel, filter, found->ones[i], &chosen, why);
        if (!code && chosen)
            copy_finding(found->ones[i], arena, &(*out)[(*count)++]);
    }
    selection_close(sel);
    if (*count > 1)
        qsort(*out, *count, sizeof **out, compare_findings);
    return code;
}

/* The calls that an outage can be among. */
static enum fault_code outage_scope(struct store *s, const struct filter *filter,
                                    struct arena *arena, struct filter **out, struct fault *why)
{
    struct buf text;
    struct filter *failures;
    struct selection *sel = NULL;
    int64_t first = TIME_NONE, last = TIME_NONE;
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    buf_init(&text, FILTER_SIZE * 2);
    for (size_t i = 0; filter && i < filter->count; i++) {
        const struct filter_term *term = &filter->terms[i];
        if (term->key != FILTER_SOURCE && term->key != FILTER_LABEL && term->key != FILTER_HOST &&
            term->key != FILTER_KIND)
            continue;
        buf_add(&text, slice_first(slice_from(filter->text, term->at), term->len));
        buf_add_byte(&text, ' ');
    }
    size_t scope = text.len;
    buf_add_text(&text, "status:5xx");
    enum fault_code code = filter_parse(&failures, arena_copy(arena, buf_slice(&text)), arena, why);
    if (!code)
        code = selection_open(&sel, s, failures, why);
    if (!code)
        code = selection_span(sel, &first, &last, why);
    selection_close(sel);
    text.len = scope;
    if (first != TIME_NONE)
        buf_add_format(&text, "time:%s..%s", time_utc_text(from, first), time_utc_text(to, last));
    *out = NULL;
    if (!code && first != TIME_NONE)
        code = filter_parse(out, arena_copy(arena, buf_slice(&text)), arena, why);
    buf_free(&text);
    return code;
}

enum fault_code finding_outages(struct store *s, const struct filter *filter, uint64_t most,
                                struct arena *arena, struct finding **out, size_t *count,
                                bool *skipped, struct fault *why)
{
    struct arena mine;
    struct filter *scope = NULL;
    struct selection *sel = NULL;
    uint64_t calls = 0;
    *out = NULL;
    *count = 0;
    *skipped = false;
    arena_init(&mine);
    struct pass *pass = xcalloc(1, sizeof *pass);
    pass->only = &detect_outage;
    found_init(&pass->found);
    arena_init(&pass->arena);
    enum fault_code code = outage_scope(s, filter, &mine, &scope, why);
    if (!code && scope)
        code = selection_open(&sel, s, scope, why);
    if (!code && scope)
        code = selection_count(sel, &calls, why);
    *skipped = calls > most;
    if (!code && scope && !*skipped)
        code = run_pass(pass, sel, why);
    selection_close(sel);
    *out = arena_zalloc(arena, pass->found.count + 1, sizeof **out);
    for (size_t i = 0; !code && i < pass->found.count; i++)
        copy_finding(pass->found.ones[i], arena, &(*out)[(*count)++]);
    found_free(&pass->found);
    arena_free(&pass->arena);
    arena_free(&mine);
    free(pass);
    return code;
}

enum fault_code finding_list(struct store *s, const struct rulebook *book,
                             const struct filter *filter, struct arena *arena, struct finding **out,
                             size_t *count, struct fault *why)
{
    struct arena mine;
    struct filter *scope;
    struct selection *sel = NULL;
    bool all;
    *out = NULL;
    *count = 0;
    arena_init(&mine);
    struct pass *pass = xcalloc(1, sizeof *pass);
    pass->book = book;
    found_init(&pass->found);
    arena_init(&pass->arena);
    enum fault_code code = scope_of(filter, &mine, &scope, &all, why);
    if (!code)
        code = selection_open(&sel, s, scope, why);
    if (!code)
        code = run_pass(pass, sel, why);
    selection_close(sel);
    if (!code)
        code = choose(s, filter, all, &pass->found, arena, out, count, why);
    found_free(&pass->found);
    arena_free(&pass->arena);
    arena_free(&mine);
    free(pass);
    return code;
}
