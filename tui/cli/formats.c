/* `scimscope formats`: what can be imported and how to make such an export. */
#include "core/base/near.h"
#include "core/base/safe.h"
#include "tui/cli/commands.h"

enum { FORMATS_LIMIT = 64 };

static int formats_show(struct cli *cli, const char *name)
{
    const char *names[FORMATS_LIMIT + 1];
    size_t count = 0;
    const struct format_info *const *formats = cli->importer->formats;
    for (; count < FORMATS_LIMIT && formats[count]; count++) {
        names[count] = formats[count]->name;
        if (strcmp(names[count], name) != 0)
            continue;
        const struct format_info *f = formats[count];
        cli_add_format(cli, _("%s: %s\n\nFile names end in: %s\n\n"), f->name, f->title,
                       f->suffixes);
        cli_add(cli, slice_trim(slice_of(f->how)));
        cli_add(cli, SLICE("\n"));
        return 0;
    }
    names[count] = NULL;
    char shown[60];
    safe_short(shown, sizeof shown, slice_of(name));
    const char *near = near_find(slice_of(name), names);
    if (near)
        return cli_usage(cli, "unknown format %s; did you mean %s?", shown, near);
    return cli_usage(cli, "unknown format %s; see scimscope formats", shown);
}

static int formats_run(struct cli *cli)
{
    const char *const *words = cli->options.words;
    size_t count = cli->options.word_count;
    if (count == 2 && strcmp(words[0], "show") == 0)
        return formats_show(cli, words[1]);
    if (count > 0 && !(count == 1 && strcmp(words[0], "list") == 0))
        return cli_usage(cli, "formats takes nothing or: show NAME");
    for (const struct format_info *const *f = cli->importer->formats; *f; f++) {
        cli_cell(&cli->out, slice_of((*f)->name), 10, true);
        cli_add_format(cli, "  %s\n", (*f)->title);
    }
    return 0;
}

const struct command command_formats = {
    .name = "formats",
    .arguments = "[show NAME]",
    .summary = N_("what can be imported, and how to make such an export"),
    .help =
        N_("Without arguments: one line per format. `formats show NAME` tells how to make an "
           "export of that kind. The format of a file is found by its content, never by its name; "
           "`import --format NAME` overrides that."),
    .run = formats_run,
};
