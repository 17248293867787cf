/* Options and words of the command line. Knows how arguments are split; what an option means is for
 * whoever asks for it. */
#ifndef TUI_CLI_OPTIONS_H
#define TUI_CLI_OPTIONS_H

#include "core/base/fault.h"

#include <stdbool.h>
#include <stddef.h>

/* One row of a table of options; a table ends with a row whose name is NULL. */
struct option {
    const char *name;     /* "--format" */
    const char *letter;   /* "-o", or NULL */
    const char *argument; /* "FILE"; NULL: a switch */
    const char *help;     /* one sentence without a final dot */
};

/* The options that stand anywhere. */
extern const struct option option_globals[];

enum { OPTIONS_LIMIT = 64 /* options of one command line */ };

struct options {
    struct {
        const struct option *row;
        const char *value; /* NULL for a switch */
    } given[OPTIONS_LIMIT];
    size_t given_count;
    const char **words; /* what is no option, in order; borrowed from argv */
    size_t word_count;
};

/* The first argument that is neither an option nor an option's value, NULL when there is none or
 * an option that is no global one stands before it. */
const char *options_first_word(int argc, char **argv);

/* Splits argv[1..] into global options, options of the command's `own` table (may be NULL) and
 * words. `--name value`, `--name=value`, `-o value`, `-ovalue`; after `--` everything is a word,
 * and so are `-` and filter terms that exclude (`-key:...`). FAULT_USAGE names the argument at
 * fault and the nearest option. */
enum fault_code options_parse(struct options *out, int argc, char **argv, const struct option *own,
                              struct fault *why);
/* Takes the first word away. */
void options_drop_word(struct options *options);
void options_free(struct options *options);

/* The last value of an option given by its long name; NULL when it was not given. */
const char *options_value(const struct options *options, const char *name);
/* Whether it was given at all. */
bool options_has(const struct options *options, const char *name);
/* The values of an option that may be repeated, in order: `*at` starts at 0; NULL at the end. */
const char *options_each(const struct options *options, const char *name, size_t *at);

/* A value that must be one of the NULL-ended `names`; `otherwise` when it was not given. */
enum fault_code options_choice(const struct options *options, const char *name,
                               const char *const *names, const char *otherwise, const char **out,
                               struct fault *why);
/* A value that must be a whole number from 0; `otherwise` when it was not given. */
enum fault_code options_number(const struct options *options, const char *name, uint64_t otherwise,
                               uint64_t *out, struct fault *why);

#endif
