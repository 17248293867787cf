/* `scimscope show ID`: one entry with its explanation. */
#include "core/explain/evidence.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/base/safe.h"
#include "core/index/lookup.h"
#include "tui/cli/commands.h"
#include "tui/cli/explained.h"
#include "tui/cli/why.h"

#include <stdlib.h>

enum { SHOW_RELATED = EVIDENCE_LIMIT * EVIDENCE_ENTRIES + 1, SHOW_EVIDENCE = 16 };

/* Everything about one entry; lives in its arena. */
struct shown {
    struct entry entry;
    struct slice raw;
    struct record record;
    bool has_record;
    struct facts facts;
    struct verdict verdict;
    const struct rule *rule; /* NULL when the entry has no class, or one no pack knows any more */
    struct evidence_list evidence;
    int64_t related[SHOW_RELATED];
    size_t related_count;
};

static void show_relate(struct shown *s, int64_t id)
{
    if (id <= 0 || id == s->entry.id || s->related_count == SHOW_RELATED)
        return;
    for (size_t i = 0; i < s->related_count; i++)
        if (s->related[i] == id)
            return;
    s->related[s->related_count++] = id;
}

static enum fault_code show_collect(struct shown *s, struct store *store,
                                    const struct rulebook *book, int64_t id, struct arena *arena,
                                    struct fault *why)
{
    enum fault_code code = store_entry(store, id, arena, &s->entry, &s->raw, why);
    if (code)
        return code;
    struct fault unread;
    s->has_record = !slice_is_none(s->raw) && !record_read(&s->record, s->raw, arena, &unread);
    if (!slice_is_none(s->entry.class_id))
        s->rule = rulebook_find(book, s->entry.class_id);
    if (s->has_record) {
        facts_of_record(&s->facts, book, &s->record, s->entry.bulk_operation, arena);
        rulebook_classify(book, &s->facts, &s->verdict);
        struct evidence_lookup lookup = store_evidence_lookup(store);
        evidence_collect(&s->evidence, &s->entry, &s->record, &s->facts, s->rule, book, &lookup,
                         arena);
    }
    show_relate(s, s->entry.user_entry);
    for (size_t i = 0; i < s->evidence.count; i++)
        for (size_t j = 0; j < s->evidence.items[i].entry_count; j++)
            show_relate(s, s->evidence.items[i].entries[j]);
    return FAULT_NONE;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void show_json_ids(struct buf *out, const char *key, const int64_t *ids, size_t count)
{
    json_add_key(out, key);
    buf_add_byte(out, '[');
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, i ? ",%lld" : "%lld", (long long)ids[i]);
    buf_add_byte(out, ']');
}

static void show_json(struct cli *cli, const struct shown *s, const struct rulebook *book,
                      struct arena *arena)
{
    struct buf *out = &cli->out;
    entry_write_json(out, &s->entry);
    json_add_key(out, "title");
    json_add_string(out, s->rule ? s->rule->title : SLICE_NONE);
    json_add_key(out, "cause");
    json_add_string(out, s->rule ? s->rule->cause : SLICE_NONE);
    explained_json_list(out, "remedy", s->rule ? &s->rule->remedy : NULL);
    json_add_key(out, "evidence");
    buf_add_byte(out, '[');
    for (size_t i = 0; i < s->evidence.count; i++) {
        const struct evidence *e = &s->evidence.items[i];
        buf_add_text(out, i ? ",{" : "{");
        json_add_key(out, "id");
        json_add_string(out, slice_of(e->id));
        json_add_key(out, "verdict");
        json_add_string(out, slice_of(evidence_verdict_name(e->verdict)));
        json_add_key(out, "text");
        json_add_string(out, e->text);
        show_json_ids(out, "entries", e->entries, e->entry_count);
        buf_add_byte(out, '}');
    }
    buf_add_byte(out, ']');
    explained_json_retry(out, s->rule);
    show_json_ids(out, "related", s->related, s->related_count);
    if (s->has_record && s->rule)
        why_json_runners_up(out, &s->verdict);
    if (s->has_record && s->rule && options_has(&cli->options, "--why"))
        why_json(out, book, &s->verdict, &s->facts, arena);
    json_add_key(out, "raw");
    if (slice_is_none(s->raw))
        buf_add_text(out, "null");
    else
        buf_add(out, s->raw); /* JSON as the index keeps it: escaped when it was written */
    cli_add(cli, SLICE("}\n"));
}

/* --- text ------------------------------------------------------------------------------------- */

static void show_fields(struct cli *cli, const struct entry *entry)
{
    struct buf value;
    buf_init(&value, RECORD_SIZE_LIMIT);
    for (size_t i = 0; entry_keys[i]; i++) {
        buf_reset(&value);
        entry_add_field(&value, entry, entry_keys[i]);
        if (!value.len)
            continue;
        cli_add_format(cli, "%-16s", entry_keys[i]);
        cli_add_safe(cli, buf_slice(&value));
        cli_add(cli, SLICE("\n"));
    }
    buf_free(&value);
}

static void show_evidence(struct cli *cli, const struct evidence_list *list)
{
    if (!list->count)
        return;
    cli_add(cli, slice_of(_("\nEvidence\n")));
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence *e = &list->items[i];
        cli_add_format(cli, "  %-13s ", evidence_verdict_name(e->verdict));
        cli_add_wrapped(cli, e->text, SHOW_EVIDENCE);
        for (size_t j = 0; j < e->entry_count; j++)
            cli_add_format(cli, j ? ", %lld" : " [%lld", (long long)e->entries[j]);
        cli_add(cli, e->entry_count ? SLICE("]\n") : SLICE("\n"));
    }
}

/* How the class was found, and which entries each sentence rests on. */
static void show_why(struct cli *cli, const struct shown *s, const struct rulebook *book,
                     struct arena *arena)
{
    if (!s->has_record || !s->rule) {
        cli_add(cli, slice_of(_("\nHow it was classified\n"
                                "  it has no class: no SCIM error was found in it\n")));
        return;
    }
    why_text(cli, book, &s->verdict, &s->facts, arena);
    if (s->verdict.rule != s->rule)
        cli_add(cli, slice_of(_(
                         "  the index keeps another class: the rule packs have changed since\n")));
    cli_add(cli, slice_of(_("\nWhat the sentences rest on\n")));
    cli_add_format(cli, _("  title, cause, remedy: %s:%llu\n"), explained_pack(s->rule),
                   (unsigned long long)s->rule->line);
    for (size_t i = 0; i < s->evidence.count; i++) {
        const struct evidence *e = &s->evidence.items[i];
        cli_add_format(cli, _("  evidence %zu, check %s: this entry"), i + 1, e->id);
        for (size_t j = 0; j < e->entry_count; j++)
            cli_add_format(cli, ", %lld", (long long)e->entries[j]);
        cli_add(cli, SLICE("\n"));
    }
}

static void show_raw(struct cli *cli, struct slice raw)
{
    if (slice_is_none(raw))
        return;
    struct buf pretty;
    buf_init(&pretty, 8 * (size_t)RECORD_SIZE_LIMIT);
    cli_add(cli, slice_of(_("\nRecord (secrets replaced)\n")));
    json_add_pretty(&pretty, raw);
    cli_add_body(cli, buf_slice(&pretty));
    cli_add(cli, SLICE("\n"));
    buf_free(&pretty);
}

static void show_text(struct cli *cli, const struct shown *s, const struct rulebook *book,
                      struct arena *arena)
{
    show_fields(cli, &s->entry);
    if (s->rule) {
        cli_add(cli, SLICE("\n"));
        explained_text(cli, s->rule);
    }
    show_evidence(cli, &s->evidence);
    if (s->related_count) {
        cli_add(cli, slice_of(_("\nRelated entries\n ")));
        for (size_t i = 0; i < s->related_count; i++)
            cli_add_format(cli, " %lld", (long long)s->related[i]);
        cli_add(cli, SLICE("\n"));
    }
    if (options_has(&cli->options, "--why"))
        show_why(cli, s, book, arena);
    else if (s->has_record && s->rule && s->verdict.runners_up[0]) {
        cli_add(cli, slice_of(_("\nClasses that nearly won\n")));
        explained_runners_up(cli, &s->verdict);
    }
    show_raw(cli, s->raw);
}

static int show_run(struct cli *cli)
{
    static const char *const formats[] = {"text", "json", NULL};
    struct rulebook *book = NULL;
    struct store *store = NULL;
    struct arena arena;
    struct fault why;
    const char *format;
    int64_t id;
    if (options_choice(&cli->options, "--format", formats, "text", &format, &why))
        return cli_usage(cli, "%s", why.text);
    if (cli->options.word_count != 1 || !slice_to_int64(slice_of(cli->options.words[0]), &id))
        return cli_usage(cli, "show needs the id of one entry, as list prints it");
    struct shown *shown = xcalloc(1, sizeof *shown);
    arena_init(&arena);
    int code = cli_load_rules(cli, &book);
    if (!code)
        code = cli_open_entries(cli, book, &store);
    if (!code && show_collect(shown, store, book, id, &arena, &why))
        code = cli_fail(cli, NULL, &why);
    if (!code && format == formats[1])
        show_json(cli, shown, book, &arena);
    else if (!code)
        show_text(cli, shown, book, &arena);
    cli_flush(cli);
    store_close(store);
    rulebook_free(book);
    arena_free(&arena);
    free(shown);
    return code;
}

static const struct option show_options[] = {
    {"--format", NULL, "text|json", N_("text (default) or one JSON object")},
    {"--why", NULL, NULL,
     N_("also which rule, alternative and conditions gave the class, and what each sentence rests "
        "on")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_show = {
    .name = "show",
    .arguments = "ID",
    .summary = N_("one entry: what went wrong, why, what to do, evidence, the redacted record"),
    .help =
        N_("ID is the number that list prints first. Evidence is computed from the index alone: "
           "shown (the data prove it), consistent (the data agree), not-captured (the log cannot "
           "tell; the sentence says which export would)."),
    .options = show_options,
    .run = show_run,
};
