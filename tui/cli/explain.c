/* `scimscope explain`: the class of a pasted message or HTTP response, its cause and remedy. Needs
 * no index; secrets in the text are replaced before anything else looks at it. */
#include "core/base/json.h"
#include "core/base/safe.h"
#include "core/explain/unknown.h"
#include "tui/cli/commands.h"
#include "tui/cli/explained.h"
#include "tui/cli/stop.h"
#include "tui/cli/unknown.h"
#include "tui/cli/why.h"

#include <errno.h>
#include <unistd.h>

enum { EXPLAIN_SIZE = 4 * 1024 * 1024 /* bytes of a pasted text */ };

static enum fault_code explain_read_stdin(struct buf *out, struct fault *why)
{
    for (;;) {
        char block[16 * 1024];
        ssize_t got = read(STDIN_FILENO, block, sizeof block);
        if (got < 0 && errno == EINTR && !stop_signal())
            continue;
        if (got < 0)
            return fault_set(why, stop_signal() ? FAULT_CANCELLED : FAULT_IO, "%s",
                             strerror(errno));
        if (got == 0)
            return FAULT_NONE;
        if (!buf_add(out, slice_make(block, (size_t)got)))
            return fault_set(why, FAULT_LIMIT, "longer than %d bytes", EXPLAIN_SIZE);
    }
}

static int explain_gather(struct cli *cli, struct buf *text)
{
    const struct options *o = &cli->options;
    struct fault why;
    bool from_stdin = o->word_count == 0 || (o->word_count == 1 && strcmp(o->words[0], "-") == 0);
    if (!o->word_count && isatty(STDIN_FILENO))
        return cli_usage(cli, "explain needs a text, or - for standard input");
    if (from_stdin && explain_read_stdin(text, &why))
        return cli_fail(cli, "-", &why);
    for (size_t i = 0; !from_stdin && i < o->word_count; i++) {
        if (i)
            buf_add_byte(text, ' ');
        buf_add_text(text, o->words[i]);
    }
    if (slice_trim(buf_slice(text)).len)
        return 0;
    fault_set(&why, FAULT_MISSING, "no text");
    return cli_fail(cli, "explain", &why);
}

static void explain_json_code(struct buf *out, const struct error_object *error)
{
    json_add_key(out, "code");
    json_add_string(out, error->code_count ? error->codes[0] : SLICE_NONE);
}

/* A pack to complete by hand. Its sample is the pasted text without its secrets. */
static void explain_draft(struct cli *cli, const struct facts *facts, struct slice pasted,
                          struct arena *arena)
{
    struct buf draft;
    buf_init(&draft, EXPLAIN_SIZE);
    unknown_draft(&draft, facts, explained_safe(pasted, arena), arena);
    cli_add_body(cli, buf_slice(&draft));
    buf_free(&draft);
}

static void explain_json(struct cli *cli, const struct rulebook *book, const struct facts *facts,
                         const struct verdict *verdict, struct arena *arena)
{
    struct buf *out = &cli->out;
    const struct rule *rule = verdict->rule;
    buf_add_byte(out, '{');
    const struct {
        const char *key;
        struct slice text;
    } texts[] = {{"class", rule->id},
                 {"title", rule->title},
                 {"vendor", rule->vendor},
                 {"category", rule->category},
                 {"cause", rule->cause}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_add_key(out, texts[i].key);
        json_add_string(out, texts[i].text);
    }
    explained_json_list(out, "remedy", &rule->remedy);
    explained_json_retry(out, rule);
    json_add_key(out, "specificity");
    buf_add_format(out, "%d", verdict->specificity);
    why_json_runners_up(out, verdict);
    json_add_key(out, "status");
    if (facts->status)
        buf_add_format(out, "%d", facts->status);
    else
        buf_add_text(out, "null");
    json_add_key(out, "scim_type");
    json_add_string(out, facts->error.scim_type);
    json_add_key(out, "detail");
    json_add_string(out, facts->error.detail);
    explain_json_code(out, &facts->error);
    if (unknown_class(rule))
        unknown_json(out, book, facts, arena);
    cli_add(cli, SLICE("}\n"));
}

static void explain_text(struct cli *cli, const struct rulebook *book, const struct facts *facts,
                         const struct verdict *verdict, struct arena *arena)
{
    explained_text(cli, verdict->rule);
    explained_site(cli, book, verdict->rule);
    if (facts->error.detail.len) {
        cli_add(cli, SLICE("\nDetail  "));
        cli_add_safe(cli, facts->error.detail);
        cli_add(cli, SLICE("\n"));
    }
    if (unknown_class(verdict->rule))
        unknown_text(cli, book, facts, arena);
    if (cli->verbose || options_has(&cli->options, "--why"))
        why_text(cli, book, verdict, facts, arena);
}

static int explain_run(struct cli *cli)
{
    static const char *const formats[] = {"text", "json", NULL};
    struct rulebook *book = NULL;
    struct buf text;
    struct arena arena;
    struct fault why;
    const char *format;
    if (options_choice(&cli->options, "--format", formats, "text", &format, &why))
        return cli_usage(cli, "%s", why.text);
    if (options_has(&cli->options, "--unknown")) {
        int done = cli_load_rules(cli, &book);
        if (!done)
            done = unknown_groups(cli, book, format == formats[1]);
        rulebook_free(book);
        return done;
    }
    buf_init(&text, EXPLAIN_SIZE);
    arena_init(&arena);
    int code = explain_gather(cli, &text);
    if (!code)
        code = cli_load_rules(cli, &book);
    if (!code) {
        struct facts facts;
        struct verdict verdict;
        explained_facts(&facts, book, buf_slice(&text), -1, &arena);
        rulebook_classify(book, &facts, &verdict);
        if (options_has(&cli->options, "--suggest"))
            explain_draft(cli, &facts, buf_slice(&text), &arena);
        else if (format == formats[1])
            explain_json(cli, book, &facts, &verdict, &arena);
        else
            explain_text(cli, book, &facts, &verdict, &arena);
    }
    rulebook_free(book);
    arena_free(&arena);
    buf_free(&text);
    return code;
}

static const struct option explain_options[] = {
    {"--format", NULL, "text|json",
     N_("text (default) or one JSON object; with --unknown a list of them")},
    {"--suggest", NULL, NULL, N_("print the draft of a rule pack for this message instead")},
    {"--unknown", NULL, NULL,
     N_("instead: the index's failures that no class knows, grouped by text without names and ids; "
        "the words are a filter")},
    {"--why", NULL, NULL, N_("also which rule, alternative and conditions gave the class")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_explain = {
    .name = "explain",
    .arguments = "[TEXT...|-]",
    .summary = N_("what a pasted message or HTTP response means and what to do"),
    .help =
        N_("Takes the text of an event, an error JSON, or an HTTP response with status line and "
           "headers. No index is needed. Without TEXT standard input is read. With --why also "
           "what gave the class, and the classes that nearly won."),
    .options = explain_options,
    .run = explain_run,
};
