/* Knows how unknown messages are grouped and shown; see unknown.h. */
#include "tui/cli/unknown.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/explain/unknown.h"

#include <stdlib.h>

enum { GROUPS_LIMIT = 4096 };

void unknown_text(struct cli *cli, const struct rulebook *book, const struct facts *facts,
                  struct arena *arena)
{
    struct nearest near;
    if (!facts->detail.len)
        return;
    unknown_nearest(&near, book, facts->detail, arena);
    if (!near.rule)
        return;
    cli_add(cli, slice_of(_("\nNearest ")));
    cli_add_safe(cli, near.rule->id);
    cli_add_format(cli, _(", %d %% of the words in common: "), near.likeness);
    cli_add_safe(cli, near.text);
    const struct {
        const char *words;
        struct slice text;
    } parts[] = {{N_("\n        only here:  "), near.more},
                 {N_("\n        only there: "), near.less}};
    for (size_t i = 0; i < 2; i++)
        if (parts[i].text.len) {
            cli_add(cli, slice_of(_(parts[i].words)));
            cli_add_safe(cli, parts[i].text);
        }
    cli_add(cli, SLICE("\n"));
}

/* The masked text and the nearest class with what differs. */
static void unknown_json_of(struct buf *out, const struct rulebook *book, struct slice masked,
                            struct slice detail, struct arena *arena)
{
    struct nearest near;
    unknown_nearest(&near, book, detail, arena);
    json_add_key(out, "masked");
    json_add_string(out, masked);
    json_add_key(out, "nearest");
    if (!near.rule) {
        buf_add_text(out, "null");
        return;
    }
    buf_add_byte(out, '{');
    json_add_key(out, "class");
    json_add_string(out, near.rule->id);
    json_add_key(out, "likeness");
    buf_add_format(out, "%d", near.likeness);
    json_add_key(out, "text");
    json_add_string(out, near.text);
    json_add_key(out, "more");
    json_add_string(out, near.more);
    json_add_key(out, "less");
    json_add_string(out, near.less);
    buf_add_byte(out, '}');
}

void unknown_json(struct buf *out, const struct rulebook *book, const struct facts *facts,
                  struct arena *arena)
{
    unknown_json_of(out, book, unknown_mask(facts->detail, arena), facts->detail, arena);
}

/* --- groups ----------------------------------------------------------------------------------- */

struct unknown_group {
    struct slice masked, detail;
    uint64_t count;
};

struct unknown_grouping {
    struct arena arena, scratch;
    struct unknown_group *groups; /* GROUPS_LIMIT */
    size_t count;
    uint64_t beyond; /* entries of groups over the limit */
};

static bool unknown_take(void *self, const struct entry *entry, struct slice raw)
{
    struct unknown_grouping *g = self;
    (void)raw;
    arena_reset(&g->scratch);
    struct slice masked = unknown_mask(
        slice_is_none(entry->detail) ? slice_of(_("(no error text)")) : entry->detail, &g->scratch);
    for (size_t i = 0; i < g->count; i++)
        if (slice_equal(g->groups[i].masked, masked)) {
            g->groups[i].count++;
            return true;
        }
    if (g->count == GROUPS_LIMIT) {
        g->beyond++;
        return true;
    }
    g->groups[g->count++] = (struct unknown_group){.masked = arena_copy(&g->arena, masked),
                                                   .detail = arena_copy(&g->arena, entry->detail),
                                                   .count = 1};
    return true;
}

static int unknown_compare(const void *left, const void *right)
{
    const struct unknown_group *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    size_t least = a->masked.len < b->masked.len ? a->masked.len : b->masked.len;
    int order = memcmp(a->masked.at, b->masked.at, least);
    return order ? order : a->masked.len < b->masked.len ? -1 : a->masked.len > b->masked.len;
}

static bool unknown_row(struct cli *cli, const struct rulebook *book,
                        const struct unknown_group *group, struct arena *arena)
{
    struct nearest near;
    unknown_nearest(&near, book, group->detail, arena);
    cli_add_format(cli, "%llu\t", (unsigned long long)group->count);
    cli_add_safe(cli, group->masked);
    cli_add(cli, SLICE("\t"));
    cli_add_safe(cli, near.rule ? near.rule->id : SLICE("-"));
    if (near.rule) {
        cli_add(cli, SLICE("\t"));
        cli_add_safe(cli, near.more.len ? near.more : SLICE("-"));
        cli_add(cli, SLICE("\t"));
        cli_add_safe(cli, near.less.len ? near.less : SLICE("-"));
    }
    return cli_add(cli, SLICE("\n"));
}

/* One object of the list; `count` beside what one message has. */
static bool unknown_object(struct cli *cli, const struct rulebook *book,
                           const struct unknown_group *group, struct arena *arena)
{
    struct buf *out = &cli->out;
    buf_add_byte(out, '{');
    json_add_key(out, "count");
    json_add_int(out, (int64_t)group->count);
    unknown_json_of(out, book, group->masked, group->detail, arena);
    return cli_add(cli, SLICE("}"));
}

static void unknown_print(struct cli *cli, const struct rulebook *book, struct unknown_grouping *g,
                          bool json)
{
    bool going = true;
    qsort(g->groups, g->count, sizeof *g->groups, unknown_compare);
    if (json)
        cli_add(cli, SLICE("["));
    for (size_t i = 0; going && i < g->count; i++) {
        arena_reset(&g->scratch);
        if (json && i)
            cli_add(cli, SLICE(",\n"));
        going = json ? unknown_object(cli, book, &g->groups[i], &g->scratch)
                     : unknown_row(cli, book, &g->groups[i], &g->scratch);
    }
    if (json)
        cli_add(cli, SLICE("]\n"));
    if (g->beyond)
        cli_note(cli, "%llu entries with more than %d different texts are left out",
                 (unsigned long long)g->beyond, GROUPS_LIMIT);
}

int unknown_groups(struct cli *cli, const struct rulebook *book, bool json)
{
    struct unknown_grouping g = {.groups = xcalloc(GROUPS_LIMIT, sizeof *g.groups)};
    struct store *store = NULL;
    struct filter *filter = NULL;
    struct selection *sel = NULL;
    struct buf text;
    struct fault why;
    arena_init(&g.arena);
    arena_init(&g.scratch);
    buf_init(&text, FILTER_SIZE);
    int code = cli_read_filter(cli, 0, &g.arena, &filter);
    if (!code) {
        for (size_t i = 0; i < rulebook_count(book); i++) {
            const struct rule *rule = rulebook_at(book, i);
            if (!unknown_class(rule))
                continue;
            buf_add_text(&text, text.len ? "," : "class:");
            buf_add(&text, rule->id);
        }
        buf_add_byte(&text, ' ');
        buf_add(&text, filter->text);
        if (filter_parse(&filter, buf_slice(&text), &g.arena, &why))
            code = cli_fail(cli, "filter", &why);
    }
    if (!code)
        code = cli_open_entries(cli, book, &store);
    if (!code && (selection_open(&sel, store, filter, &why) ||
                  selection_each(sel, ORDER_OLDEST, false, unknown_take, &g, &why)))
        code = cli_fail(cli, NULL, &why);
    if (!code)
        unknown_print(cli, book, &g, json);
    cli_flush(cli);
    selection_close(sel);
    store_close(store);
    buf_free(&text);
    arena_free(&g.arena);
    arena_free(&g.scratch);
    free(g.groups);
    return code;
}
