/* Knows how a rule is written for people and as JSON; see explained.h. */
#include "tui/cli/explained.h"

#include "core/base/json.h"
#include "core/base/yaml.h"
#include "core/explain/retry.h"
#include "core/explain/site.h"

enum { EXPLAINED_INDENT = 8, EXPLAINED_STEP = 9 };

static void explained_line(struct cli *cli, const char *before, struct slice text)
{
    if (slice_is_none(text) || !text.len)
        return;
    cli_add(cli, slice_of(_(before)));
    cli_add_wrapped(cli, text, EXPLAINED_INDENT);
    cli_add(cli, SLICE("\n"));
}

static void explained_retry_text(struct cli *cli, const struct rule *rule)
{
    struct arena arena;
    struct buf text;
    arena_init(&arena);
    buf_init(&text, YAML_SIZE);
    struct slice words = retry_words(rule, &arena);
    if (!slice_is_none(words)) {
        buf_add(&text, words);
        if (!slice_is_none(rule->retry_note)) {
            buf_add_text(&text, "; ");
            buf_add(&text, rule->retry_note);
        }
        cli_add(cli, SLICE("\n"));
        explained_line(cli, N_("Retry   "), buf_slice(&text));
    }
    buf_free(&text);
    arena_free(&arena);
}

void explained_text(struct cli *cli, const struct rule *rule)
{
    cli_add_wrapped(cli, rule->title, 0);
    cli_add(cli, SLICE("\n"));
    cli_add(cli, slice_of(_("class   ")));
    cli_add_safe(cli, rule->id);
    if (!slice_is_none(rule->category)) {
        cli_add(cli, SLICE(" ("));
        cli_add_safe(cli, rule->category);
        cli_add(cli, SLICE(")"));
    }
    cli_add(cli, SLICE("\n"));
    explained_line(cli, N_("\nWhy     "), rule->cause);
    for (size_t i = 0; i < rule->remedy.count; i++) {
        cli_add_format(cli, i ? "     %3zu " : _("\nDo   %3zu "), i + 1);
        cli_add_wrapped(cli, rule->remedy.items[i], EXPLAINED_STEP);
        cli_add(cli, SLICE("\n"));
    }
    explained_retry_text(cli, rule);
    for (size_t i = 0; i < rule->source.count; i++)
        explained_line(cli, i ? "        " : N_("Source  "), rule->source.items[i]);
}

void explained_site(struct cli *cli, const struct rulebook *book, const struct rule *rule)
{
    struct site_word words[SITE_WORDS];
    struct arena arena;
    arena_init(&arena);
    size_t count = site_tell(rulebook_site(book), rule, &arena, words);
    for (size_t i = 0; i < count; i++)
        explained_line(cli, i ? "        " : N_("\nYours   "), words[i].text);
    arena_free(&arena);
}

void explained_runners_up(struct cli *cli, const struct verdict *verdict)
{
    for (size_t i = 0; i < RUNNERS_UP && verdict->runners_up[i]; i++) {
        cli_add(cli, slice_of(_("  nearly: ")));
        cli_add_safe(cli, verdict->runners_up[i]->id);
        cli_add_format(cli, " (%d)\n", verdict->runner_specificity[i]);
    }
}

const char *explained_id(const struct rule *rule)
{
    return rule->id.at ? rule->id.at : "-";
}

const char *explained_pack(const struct rule *rule)
{
    return rule->pack.at ? rule->pack.at : "-";
}

void explained_json_list(struct buf *out, const char *key, const struct text_list *list)
{
    json_add_key(out, key);
    buf_add_byte(out, '[');
    for (size_t i = 0; list && i < list->count; i++) {
        if (i)
            buf_add_byte(out, ',');
        json_add_string(out, list->items[i]);
    }
    buf_add_byte(out, ']');
}

void explained_json_retry(struct buf *out, const struct rule *rule)
{
    json_add_key(out, "retry");
    if (!rule || slice_is_none(rule->retry_policy)) {
        buf_add_text(out, "null");
        return;
    }
    buf_add_byte(out, '{');
    json_add_key(out, "policy");
    json_add_string(out, rule->retry_policy);
    json_add_key(out, "delay");
    json_add_string(out, rule->retry_delay);
    json_add_key(out, "note");
    json_add_string(out, rule->retry_note);
    buf_add_byte(out, '}');
}

struct slice explained_safe(struct slice text, struct arena *arena)
{
    unsigned char bytes[HASH_KEY_SIZE];
    hash_random(bytes, sizeof bytes);
    struct hash_key *key = hash_key_new(bytes);
    struct redactor *redactor = redactor_new(key);
    struct slice safe = redact_text(redactor, text, arena);
    redactor_free(redactor);
    hash_key_free(key);
    return safe;
}

void explained_facts(struct facts *out, const struct rulebook *book, struct slice text,
                     int64_t event_id, struct arena *arena)
{
    struct slice safe = explained_safe(text, arena);
    if (event_id < 0) {
        facts_of_text(out, book, safe, arena);
    } else {
        struct record *event = arena_zalloc(arena, 1, sizeof *event);
        event->kind = KIND_EVENT;
        event->time_us = TIME_NONE;
        event->event =
            (struct record_event){.event_id = event_id, .record_id = -1, .message = safe};
        facts_of_record(out, book, event, 0, arena);
    }
}
