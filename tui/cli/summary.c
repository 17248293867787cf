/* Knows what the summary prints; see summary.h. */
#include "tui/cli/summary.h"

static void summary_time(struct cli *cli, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    cli_add(cli, SLICE("\t"));
    if (us != TIME_NONE)
        cli_add(cli, slice_of(time_local_text(text, us)));
    else
        cli_add(cli, SLICE("-"));
}

void summary_source(struct cli *cli, const struct store_source *s)
{
    cli_add_safe(cli, s->path);
    cli_add(cli, SLICE("\t"));
    cli_add_safe(cli, s->format);
    cli_add_format(cli, "\t%llu entries\t%llu damaged\t%llu other", (unsigned long long)s->entries,
                   (unsigned long long)s->damaged, (unsigned long long)s->other);
    summary_time(cli, s->first_us);
    summary_time(cli, s->last_us);
    cli_add(cli, s->complete ? SLICE("\n") : SLICE("\tpartial\n"));
}

static int summary_sources(struct cli *cli, struct store *store, struct arena *arena)
{
    struct store_source *sources;
    size_t count;
    struct fault why;
    if (store_sources(store, arena, &sources, &count, &why))
        return cli_fail(cli, store_path(store), &why);
    for (size_t i = 0; i < count; i++)
        summary_source(cli, &sources[i]);
    return 0;
}

static void summary_class(struct cli *cli, const struct rulebook *book, const struct facet_row *row)
{
    const struct rule *rule = rulebook_find(book, row->value);
    cli_add_format(cli, "%llu\t%llu", (unsigned long long)row->count,
                   (unsigned long long)row->users);
    summary_time(cli, row->first_us);
    summary_time(cli, row->last_us);
    cli_add(cli, SLICE("\t"));
    cli_add_safe(cli, row->value);
    cli_add(cli, SLICE("\t"));
    cli_add_safe(cli, rule ? rule->title : SLICE("not in the rule packs any more"));
    cli_add(cli, SLICE("\n"));
}

int summary_print(struct cli *cli, struct store *store, const struct rulebook *book)
{
    struct arena arena;
    struct selection *all = NULL;
    struct facet_row *rows;
    size_t count;
    struct fault why;
    arena_init(&arena);
    int code = summary_sources(cli, store, &arena);
    if (!code && (selection_open(&all, store, NULL, &why) ||
                  selection_facet(all, FACET_CLASS_USERS, SIZE_MAX, &arena, &rows, &count, &why)))
        code = cli_fail(cli, store_path(store), &why);
    for (size_t i = 0; !code && i < count; i++)
        if (!slice_is_none(rows[i].value))
            summary_class(cli, book, &rows[i]);
    selection_close(all);
    arena_free(&arena);
    return code;
}
