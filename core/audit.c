/* Knows where an index keeps text, and asks the redaction rules about each of these places. What
 * the rules would change has a secret in it; what they leave alone has none that they know. */
#include "core/audit.h"

#include "core/base/alloc.h"
#include "core/index/store.h"

enum { AUDIT_RECORD_LIMIT = 2 * RECORD_SIZE_LIMIT };

struct audit {
    struct redactor *redactor;
    struct arena arena;
    struct buf text;
    void (*hit)(void *self, const struct audit_hit *hit);
    void *self;
    struct audit_result *out;
    uint64_t counts[REDACT_CLASSES]; /* before the text at hand */
};

static void audit_count(struct audit *a)
{
    memcpy(a->counts, redact_counts(a->redactor), sizeof a->counts);
}

/* What the rules found since audit_count. */
static void audit_found(struct audit *a, int64_t entry, const char *where)
{
    const char *name = redact_class_name(REDACT_SECRET);
    for (size_t i = 0; i < REDACT_CLASSES; i++)
        if (redact_counts(a->redactor)[i] > a->counts[i])
            name = redact_class_name((enum redact_class)i);
    struct audit_hit hit = {.entry = entry, .where = where, .class_name = slice_of(name)};
    a->out->hits++;
    if (a->hit)
        a->hit(a->self, &hit);
}

static void audit_text(struct audit *a, int64_t entry, const char *where, struct slice text)
{
    if (!text.len)
        return;
    audit_count(a);
    if (!slice_equal(redact_text(a->redactor, text, &a->arena), text))
        audit_found(a, entry, where);
}

static void audit_record(struct audit *a, int64_t entry, struct slice raw)
{
    struct record record, again;
    struct fault unread;
    if (!raw.len)
        return;
    if (record_read(&record, raw, &a->arena, &unread)) {
        audit_text(a, entry, "record", raw);
        return;
    }
    audit_count(a);
    redact_record(a->redactor, &record, &a->arena, &again);
    buf_reset(&a->text);
    if (!record_write(&a->text, &again) || !slice_equal(buf_slice(&a->text), raw))
        audit_found(a, entry, "record");
}

static bool audit_entry(void *self, const struct entry *e, struct slice raw)
{
    struct audit *a = self;
    const struct {
        const char *where;
        struct slice text;
    } texts[] = {{"detail", e->detail},     {"url", e->url},
                 {"path", e->path},         {"query", e->query},
                 {"user", e->user},         {"request_id", e->request_id},
                 {"code", e->code},         {"scim_type", e->scim_type},
                 {"host", e->host},         {"method", e->method},
                 {"provider", e->provider}, {"computer", e->computer},
                 {"channel", e->channel},   {"mark", e->mark},
                 {"note", e->note}};
    arena_reset(&a->arena);
    a->out->entries++;
    if (!e->bulk_operation) /* these share the record of their exchange */
        audit_record(a, e->id, raw);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        audit_text(a, e->id, texts[i].where, texts[i].text);
    return true;
}

static enum fault_code audit_sources(struct audit *a, struct store *s, struct fault *why)
{
    struct store_source *sources;
    size_t count;
    struct arena arena;
    arena_init(&arena);
    enum fault_code code = store_sources(s, &arena, &sources, &count, why);
    for (size_t i = 0; !code && i < count; i++) {
        arena_reset(&a->arena);
        audit_text(a, 0, "source path", sources[i].path);
        audit_text(a, 0, "source label", sources[i].label);
    }
    arena_free(&arena);
    return code;
}

enum fault_code audit_index(struct store *s, void (*hit)(void *self, const struct audit_hit *hit),
                            void *self, struct audit_result *out, struct fault *why)
{
    struct audit a = {.hit = hit, .self = self, .out = out};
    unsigned char bytes[HASH_KEY_SIZE];
    struct selection *all = NULL;
    *out = (struct audit_result){0};
    hash_random(bytes, sizeof bytes); /* tags are not compared, so any key does */
    struct hash_key *key = hash_key_new(bytes);
    a.redactor = redactor_new(key);
    arena_init(&a.arena);
    buf_init(&a.text, AUDIT_RECORD_LIMIT);
    enum fault_code code = selection_open(&all, s, NULL, why);
    if (!code)
        code = selection_each(all, ORDER_OLDEST, true, audit_entry, &a, why);
    selection_close(all);
    if (!code)
        code = audit_sources(&a, s, why);
    buf_free(&a.text);
    arena_free(&a.arena);
    redactor_free(a.redactor);
    hash_key_free(key);
    return code;
}
