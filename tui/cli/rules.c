/* `scimscope rules`: the catalogue of classes; checking and testing a pack of one's own. */
#include "core/base/near.h"
#include "core/base/safe.h"
#include "tui/cli/commands.h"
#include "tui/cli/explained.h"

static int rules_list(struct cli *cli, const struct rulebook *book)
{
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        cli_add_safe(cli, rule->id);
        cli_add(cli, SLICE("\t"));
        cli_add_safe(cli, rule->vendor);
        cli_add(cli, SLICE("\t"));
        cli_add_safe(cli, slice_is_none(rule->category) ? SLICE("-") : rule->category);
        cli_add(cli, SLICE("\t"));
        cli_add_safe(cli, rule->title);
        if (!cli_add(cli, SLICE("\n")))
            break;
    }
    return 0;
}

static int rules_unknown(struct cli *cli, const struct rulebook *book, const char *id)
{
    struct slice word = slice_of(id), best = SLICE_NONE;
    size_t nearest = 6;
    char shown[80], near[80];
    for (size_t i = 0; i < rulebook_count(book); i++) {
        struct slice candidate = rulebook_at(book, i)->id;
        size_t distance = near_distance(word, candidate);
        if (distance < nearest) {
            nearest = distance;
            best = candidate;
        }
    }
    safe_short(shown, sizeof shown, word);
    if (slice_is_none(best))
        return cli_usage(cli, "no class %s; see scimscope rules list", shown);
    return cli_usage(cli, "no class %s; did you mean %s?", shown,
                     safe_short(near, sizeof near, best));
}

static void rules_texts(struct cli *cli, const char *heading, const struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        cli_add(cli, i ? SLICE("        ") : slice_of(heading));
        cli_add_wrapped(cli, list->items[i], 8);
        cli_add(cli, SLICE("\n"));
    }
}

static int rules_show(struct cli *cli, const struct rulebook *book, const char *id)
{
    const struct rule *rule = rulebook_find(book, slice_of(id));
    if (!rule)
        return rules_unknown(cli, book, id);
    explained_text(cli, rule);
    explained_site(cli, book, rule);
    rules_texts(cli, "\nLook at\n        ", &rule->evidence);
    rules_texts(cli, "\nAt fault\n        ", &rule->at_fault);
    rules_texts(cli, "\nCodes\n        ", &rule->codes);
    cli_add_format(cli, _("\nFrom %s, line %llu\n"), explained_pack(rule),
                   (unsigned long long)rule->line);
    return 0;
}

/* Whether one sample of a rule is classified to it; says so when not. */
static bool rules_sample(struct cli *cli, const struct rulebook *book, const struct rule *rule,
                         const struct sample *sample)
{
    struct arena arena;
    struct facts facts;
    struct verdict verdict;
    arena_init(&arena);
    explained_facts(&facts, book, sample->text, sample->event_id, &arena);
    rulebook_classify(book, &facts, &verdict);
    bool fine = verdict.rule == rule;
    if (!fine)
        cli_add_format(cli, _("%s:%llu: sample of %s is classified as %s\n"), explained_pack(rule),
                       (unsigned long long)sample->line, explained_id(rule),
                       explained_id(verdict.rule));
    arena_free(&arena);
    return fine;
}

/* The samples of the classes that come from `pack`; of all classes when it is NULL. */
static int rules_test(struct cli *cli, const struct rulebook *book, const char *pack)
{
    uint64_t passed = 0, failed = 0;
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        if (pack && !slice_is(rule->pack, pack))
            continue;
        for (size_t j = 0; j < rule->sample_count; j++)
            *(rules_sample(cli, book, rule, &rule->samples[j]) ? &passed : &failed) += 1;
    }
    cli_add_format(cli, _("%llu passed, %llu failed\n"), (unsigned long long)passed,
                   (unsigned long long)failed);
    cli_note_limits(cli, book);
    return failed ? 1 : 0;
}

/* check FILE, test FILE: the embedded packs with this one over them. */
static int rules_own(struct cli *cli, const char *file, bool test)
{
    struct rulebook *book;
    struct fault why;
    if (rulebook_load(&book, &file, 1, cli->lang, &why))
        return cli_fail(cli, NULL, &why);
    int code = 0;
    if (test) {
        code = rules_test(cli, book, file);
    } else {
        uint64_t count = 0;
        for (size_t i = 0; i < rulebook_count(book); i++)
            count += slice_is(rulebook_at(book, i)->pack, file);
        cli_add_safe(cli, slice_of(file));
        cli_add_format(cli, _(": sound, %llu classes\n"), (unsigned long long)count);
    }
    rulebook_free(book);
    return code;
}

static int rules_run(struct cli *cli)
{
    static const char *const actions[] = {"list", "show", "check", "test", NULL};
    const char *const *words = cli->options.words;
    size_t count = cli->options.word_count;
    const char *action = count ? words[0] : "list";
    bool lists = strcmp(action, "list") == 0, shows = strcmp(action, "show") == 0;
    bool checks = strcmp(action, "check") == 0, tests = strcmp(action, "test") == 0;
    if (!lists && !shows && !checks && !tests) {
        char shown[60];
        const char *near = near_find(slice_of(action), actions);
        safe_short(shown, sizeof shown, slice_of(action));
        return near ? cli_usage(cli, "rules %s: did you mean %s?", shown, near)
                    : cli_usage(cli, "rules %s: there are list, show, check and test", shown);
    }
    if (count > 2 || (lists && count > 1) || ((shows || checks) && count != 2))
        return cli_usage(cli, "rules %s takes %s", action,
                         lists   ? _("nothing")
                         : shows ? _("the id of a class")
                                 : _("one file"));
    if (checks || (tests && count == 2))
        return rules_own(cli, words[1], tests);
    struct rulebook *book;
    int code = cli_load_rules(cli, &book);
    if (code)
        return code;
    code = lists   ? rules_list(cli, book)
           : shows ? rules_show(cli, book, words[1])
                   : rules_test(cli, book, NULL);
    rulebook_free(book);
    return code;
}

const struct command command_rules = {
    .name = "rules",
    .arguments = "[list|show ID|check FILE|test [FILE]]",
    .summary = N_("the catalogue of failure classes; check and test a pack of one's own"),
    .help =
        N_("list prints id, vendor, category and title of every class, tab-separated. show prints "
           "one class. check reads a rule pack and says what is wrong with it, as "
           "file:line:column. test feeds every sample of the pack (of all packs without FILE) to "
           "the classifier and ends with 1 when one is not classified to its class."),
    .run = rules_run,
};
