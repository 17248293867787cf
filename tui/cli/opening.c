/* Knows how commands get at the index, the rulebook and the filter, and says what is wrong with
 * them. See command.h. */
#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/explain/site.h"
#include "core/reclassify.h"
#include "tui/cli/command.h"
#include "tui/cli/packs.h"
#include "tui/cli/stop.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { COLUMNS_SOON = 100 * 1000 /* entries whose columns are made within a second or two */ };

char *cli_index_path(const struct cli *cli, bool make)
{
    const char *given = options_value(&cli->options, "--db");
    return given ? xstrdup(given) : store_default_path(make);
}

/* Columns that a migration or a damage took are made again, where the index may be written and no
 * import holds it. What fails here costs time only: the rows answer as well. */
static void make_columns(struct cli *cli, struct store *opened, enum store_mode mode,
                         const char *path)
{
    struct store *own = NULL;
    uint64_t due, made;
    struct fault unused;
    if (store_columns_due(opened, &due, &unused) || !due ||
        (mode == STORE_READ && store_open(&own, path, STORE_WRITE, &unused)))
        return;
    if (own)
        store_cancel_when(own, stop_asked, NULL);
    if (due > COLUMNS_SOON)
        cli_note(cli, "making the columns of %llu entries again, once", (unsigned long long)due);
    store_columns_make(own ? own : opened, stop_flag(), &made, &unused);
    store_close(own);
}

int cli_open_index(struct cli *cli, enum store_mode mode, struct store **out)
{
    struct fault why;
    char *path = cli_index_path(cli, mode == STORE_CREATE || mode == STORE_BROWSE);
    int code = 0;
    if (store_open(out, path, mode, &why)) {
        code = cli_fail(cli, path, &why);
    } else {
        store_cancel_when(*out, stop_asked, NULL);
        make_columns(cli, *out, mode, path);
    }
    free(path);
    return code;
}

static enum fault_code rules_load(struct cli *cli, struct rulebook **out, struct fault *why)
{
    const char *extra[PACKS_LIMIT];
    size_t count;
    struct arena arena;
    *out = NULL;
    arena_init(&arena);
    enum fault_code code = packs_find(cli, &arena, extra, &count, why);
    if (!code)
        code = rulebook_load(out, extra, count, cli->lang, why);
    arena_free(&arena);
    return code;
}

int cli_load_rules(struct cli *cli, struct rulebook **out)
{
    struct fault why;
    enum fault_code code = rules_load(cli, out, &why);
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

/* --- classes of the packs of today ----------------------------------------------------------- */

/* The rules as a command has them; without one, only their hash is looked at. */
static enum fault_code rules_hash(struct cli *cli, const struct rulebook *book, uint64_t *out,
                                  struct fault *why)
{
    const char *extra[PACKS_LIMIT];
    size_t count;
    struct arena arena;
    if (book) {
        *out = rulebook_hash(book);
        return FAULT_NONE;
    }
    arena_init(&arena);
    enum fault_code code = packs_find(cli, &arena, extra, &count, why);
    if (!code)
        code = rulebook_hash_of(extra, count, out, why);
    arena_free(&arena);
    return code;
}

void cli_note_limits(struct cli *cli, const struct rulebook *book)
{
    struct slice pattern;
    char shown[80];
    uint64_t count = rulebook_given_up(book, &pattern);
    if (count)
        cli_note(cli,
                 "%llu searches gave up at the limit of their steps and count as not found; one "
                 "of their patterns: %s",
                 (unsigned long long)count, safe_short(shown, sizeof shown, pattern));
}

enum fault_code cli_reclassify(struct cli *cli, struct store *store, const struct rulebook *book,
                               const _Atomic bool *stop, struct fault *why)
{
    uint64_t changed;
    enum fault_code code = reclassify_run(store, book, stop, &changed, why);
    if (!code && changed)
        cli_note(cli, "the rule packs have changed: %llu entries have another class now",
                 (unsigned long long)changed);
    return code;
}

/* Opens the index once more, for writing, as an import would. */
static enum fault_code bring_up(struct cli *cli, const struct rulebook *book, const char *path,
                                struct fault *why)
{
    struct rulebook *own = NULL;
    struct store *store = NULL;
    enum fault_code code = FAULT_NONE;
    if (access(path, W_OK) != 0)
        code = fault_set(why, FAULT_INDEX, "%s: %s", path, strerror(errno));
    if (!code && !book)
        code = rules_load(cli, &own, why);
    if (!code)
        code = store_open(&store, path, STORE_CREATE, why);
    if (!code)
        code = cli_reclassify(cli, store, book ? book : own, stop_flag(), why);
    if (!code)
        cli_note_limits(cli, book ? book : own);
    store_close(store);
    rulebook_free(own);
    return code;
}

int cli_open_entries(struct cli *cli, const struct rulebook *book, struct store **out)
{
    struct fault why;
    uint64_t hash;
    bool due = false, empty = true;
    int code = cli_open_index(cli, STORE_READ, out);
    if (code)
        return code;
    enum fault_code bad = rules_hash(cli, book, &hash, &why);
    if (!bad)
        bad = store_reclass_due(*out, hash, &due, &empty, &why);
    if (!bad && due && !empty) {
        char *path = xstrdup(store_path(*out));
        store_close(*out);
        *out = NULL;
        bad = bring_up(cli, book, path, &why);
        free(path);
        code = cli_open_index(cli, STORE_READ, out);
    }
    if (!bad && stop_signal())
        bad = fault_set(&why, FAULT_CANCELLED, "stopped");
    if (bad == FAULT_CANCELLED)
        return cli_fail(cli, NULL, &why);
    if (bad)
        cli_note(cli, "the classes are those of other rule packs and stay as they are: %s",
                 why.text);
    return code;
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
