/* Knows how commands get at the index, the rulebook and the filter, and says what is wrong with
 * them. See command.h. */
#include "core/base/alloc.h"
#include "core/explain/site.h"
#include "tui/cli/command.h"
#include "tui/cli/packs.h"
#include "tui/cli/stop.h"

#include <stdlib.h>

char *cli_index_path(const struct cli *cli, bool make)
{
    const char *given = options_value(&cli->options, "--db");
    return given ? xstrdup(given) : store_default_path(make);
}

int cli_open_index(struct cli *cli, enum store_mode mode, struct store **out)
{
    struct fault why;
    char *path = cli_index_path(cli, mode == STORE_CREATE || mode == STORE_BROWSE);
    int code = 0;
    if (store_open(out, path, mode, &why))
        code = cli_fail(cli, path, &why);
    else
        store_cancel_when(*out, stop_asked, NULL);
    free(path);
    return code;
}

int cli_load_rules(struct cli *cli, struct rulebook **out)
{
    const char *extra[PACKS_LIMIT];
    size_t count;
    struct arena arena;
    struct fault why;
    *out = NULL;
    arena_init(&arena);
    enum fault_code code = packs_find(cli, &arena, extra, &count, &why);
    if (!code)
        code = rulebook_load(out, extra, count, cli->lang, &why);
    arena_free(&arena);
    const char *site_path = options_value(&cli->options, "--site-config");
    if (!site_path)
        site_path = cli->settings.site_config;
    struct site *site = NULL;
    if (!code && site_path && !(code = site_load(&site, site_path, &why)))
        rulebook_set_site(*out, site);
    else if (code && *out) {
        rulebook_free(*out);
        *out = NULL;
    }
    return code ? cli_fail(cli, NULL, &why) : 0;
}

int cli_read_filter(struct cli *cli, size_t first, struct arena *arena, struct filter **out)
{
    struct buf text;
    buf_init(&text, FILTER_SIZE + 1);
    for (size_t i = first; i < cli->options.word_count; i++) {
        if (i > first)
            buf_add_byte(&text, ' ');
        buf_add_text(&text, cli->options.words[i]);
    }
    struct fault why;
    int code = 0;
    if (buf_full(&text)) {
        fault_set(&why, FAULT_USAGE, "longer than %d bytes", FILTER_SIZE);
        code = cli_fail(cli, "filter", &why);
    } else if (filter_parse(out, arena_copy(arena, buf_slice(&text)), arena, &why)) {
        if (why.column) {
            cli_say(cli, "filter, byte %llu: %s", (unsigned long long)why.column, why.text);
            code = fault_exit_code(why.code);
        } else {
            code = cli_fail(cli, "filter", &why);
        }
    }
    buf_free(&text);
    return code;
}
