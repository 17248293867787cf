/* Knows what an import says: the table on stdout, refused files and damaged places on stderr. What
 * it reads and how is the import wing's. See importing.h. */
#include "tui/cli/importing.h"

#include "core/base/embed.h"
#include "core/base/json.h"
#include "core/base/near.h"
#include "core/base/safe.h"
#include "tui/cli/progress.h"
#include "tui/cli/stop.h"

#include <stdio.h>
#include <stdlib.h>

/* What the listener keeps between calls. */
struct importing {
    struct cli *cli;
    enum importing_table table;
    const struct import_options *options;
    char *path;                                   /* of the file whose damaged places are counted */
    uint64_t damaged;                             /* places of it so far */
    char last[sizeof(((struct fault *)0)->text)]; /* what was said of the last one */
};

int importing_options(struct cli *cli, struct import_options *out)
{
    *out = (struct import_options){
        .format = options_value(&cli->options, "--format"),
        .label = options_value(&cli->options, "--label"),
        .all_traffic = options_has(&cli->options, "--all-traffic"),
        .dry_run = options_has(&cli->options, "--dry-run"),
        .follow = options_has(&cli->options, "--follow"),
    };
    const char *names[65];
    size_t count = 0;
    for (; out->format && count < 64 && cli->importer->formats[count]; count++) {
        names[count] = cli->importer->formats[count]->name;
        if (strcmp(names[count], out->format) == 0)
            return 0;
    }
    if (!out->format)
        return 0;
    names[count] = NULL;
    char shown[60];
    safe_short(shown, sizeof shown, slice_of(out->format));
    const char *near = near_find(slice_of(out->format), names);
    if (near)
        return cli_usage(cli, "--format %s: did you mean %s?", shown, near);
    return cli_usage(cli, "--format %s: see scimscope formats", shown);
}

/* --- the listener ----------------------------------------------------------------------------- */

static void importing_end_damaged(struct importing *self)
{
    if (self->damaged > IMPORTING_DAMAGED_SAID)
        cli_say(self->cli, "%s: %llu more damaged places", self->path,
                (unsigned long long)(self->damaged - IMPORTING_DAMAGED_SAID));
    free(self->path);
    self->path = NULL;
    self->damaged = 0;
    self->last[0] = '\0';
}

static void importing_damaged(void *context, const char *path, const struct fault *why)
{
    struct importing *self = context;
    if (!self->path || strcmp(self->path, path) != 0) {
        importing_end_damaged(self);
        self->path = slice_dup(slice_of(path));
    }
    snprintf(self->last, sizeof self->last, "%s", why->text);
    if (++self->damaged <= IMPORTING_DAMAGED_SAID)
        cli_say(self->cli, "%s: %s (offset %llu)", path, why->text,
                (unsigned long long)why->offset);
}

static void importing_json(struct cli *cli, const struct import_result *r)
{
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {{"entries", r->entries},
                   {"new", r->added},
                   {"duplicate", r->duplicates},
                   {"damaged", r->damaged},
                   {"other", r->other}};
    buf_add_byte(&cli->out, '{');
    json_add_key(&cli->out, "source");
    json_add_string(&cli->out, r->path);
    json_add_key(&cli->out, "format");
    json_add_string(&cli->out, r->format);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_add_key(&cli->out, numbers[i].key);
        buf_add_format(&cli->out, "%llu", (unsigned long long)numbers[i].value);
    }
    cli_add(cli, SLICE("}\n"));
}

static void importing_line(struct cli *cli, const struct import_result *r)
{
    cli_add_safe(cli, r->path);
    cli_add(cli, SLICE("\t"));
    cli_add_safe(cli, r->format);
    cli_add_format(cli, "\t%llu\t%llu\t%llu\t%llu\t%llu\n", (unsigned long long)r->entries,
                   (unsigned long long)r->added, (unsigned long long)r->duplicates,
                   (unsigned long long)r->damaged, (unsigned long long)r->other);
}

/* What an operator wonders about when a file gave no error and yet no entry. */
static void importing_note_empty(struct cli *cli, const struct import_result *r, const char *path)
{
    if (r->entries)
        return;
    if (r->other)
        cli_note(cli, "%s: no SCIM call among %llu exchanges (--all-traffic stores the others too)",
                 path, (unsigned long long)r->other);
    else if (!r->damaged)
        cli_note(cli, "%s: sound, but it holds no entry", path);
}

static void importing_source(void *context, const struct import_result *r)
{
    struct importing *self = context;
    struct cli *cli = self->cli;
    char *path = slice_dup(r->path);
    bool refused = r->code != FAULT_NONE && !r->stored;
    /* a reader that could not go on has been told as a damaged place already */
    bool told = self->damaged && strcmp(self->last, r->why.text) == 0;
    importing_end_damaged(self);
    if (r->code == FAULT_NONE)
        importing_note_empty(cli, r, path);
    else if (r->code != FAULT_CANCELLED && !(told && r->stored))
        cli_fail(cli, path, &r->why);
    if (!refused && self->table == IMPORTING_NDJSON)
        importing_json(cli, r);
    else if (!refused && self->table == IMPORTING_LINES)
        importing_line(cli, r);
    cli_flush(cli);
    free(path);
}

/* --- running ---------------------------------------------------------------------------------- */

static struct import_listener importing_begin(struct importing *self,
                                              struct import_progress *progress)
{
    if (self->table == IMPORTING_LINES)
        cli_add(self->cli, SLICE("SOURCE\tFORMAT\tENTRIES\tNEW\tDUPLICATE\tDAMAGED\tOTHER\n"));
    stop_sets(&progress->stop);
    if (!self->cli->quiet)
        progress_begin(progress);
    return (struct import_listener){
        .self = self, .source = importing_source, .damaged = importing_damaged};
}

static void importing_end(struct importing *self)
{
    progress_end();
    stop_sets(NULL);
    importing_end_damaged(self);
}

/* What is there already gets the classes of these packs, before anything comes. */
static int importing_reclassify(struct cli *cli, struct store *store, const struct rulebook *book,
                                struct import_progress *progress)
{
    struct fault why;
    stop_sets(&progress->stop);
    enum fault_code code = cli_reclassify(cli, store, book, &progress->stop, &why);
    stop_sets(NULL);
    return code ? cli_fail(cli, NULL, &why) : 0;
}

int importing_run(struct cli *cli, struct store *store, const struct rulebook *book,
                  const char *const *paths, size_t count, const struct import_options *options,
                  enum importing_table table)
{
    struct importing self = {.cli = cli, .table = table, .options = options};
    struct import_progress progress = {.stop = false};
    int code = options->dry_run ? 0 : importing_reclassify(cli, store, book, &progress);
    if (code)
        return code;
    struct import_listener listener = importing_begin(&self, &progress);
    code = cli->importer->run(store, book, paths, count, options, &progress, &listener);
    importing_end(&self);
    cli_note_limits(cli, book);
    return code;
}

int importing_run_samples(struct cli *cli, struct store *store, const struct rulebook *book)
{
    struct importing self = {.cli = cli, .table = IMPORTING_SILENT};
    struct import_options options = {.format = NULL};
    struct import_progress progress = {.stop = false};
    struct import_listener listener = importing_begin(&self, &progress);
    int code = 0;
    for (const struct embedded *e = embedded_files; e->name && !stop_signal() && !code; e++)
        if (slice_starts(slice_of(e->name), "samples/"))
            code = cli->importer->run_memory(
                store, book, e->name, slice_make((const char *)e->at, (size_t)(e->end - e->at)),
                &options, &progress, &listener);
    importing_end(&self);
    return code;
}
