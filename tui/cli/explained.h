/* How a class is told to people and scripts; shared by show, explain and rules. */
#ifndef TUI_CLI_EXPLAINED_H
#define TUI_CLI_EXPLAINED_H

#include "tui/cli/command.h"

/* Title, cause, numbered remedy, retry advice, source: paragraphs for people. */
void explained_text(struct cli *cli, const struct rule *rule);
/* What the site's own settings say about keys that the remedy names; nothing without them. */
void explained_site(struct cli *cli, const struct rulebook *book, const struct rule *rule);
/* One line per class that nearly won. */
void explained_runners_up(struct cli *cli, const struct verdict *verdict);
/* Class id and pack of a rule: the program's own text, never SLICE_NONE. */
const char *explained_id(const struct rule *rule);
const char *explained_pack(const struct rule *rule);

/* The text after its secrets were replaced with a key that nobody keeps; in `arena`. */
struct slice explained_safe(struct slice text, struct arena *arena);

/* Facts of a pasted text, or (event id from 0) of an event with this message, after its secrets
 * were replaced with a key that nobody keeps. */
void explained_facts(struct facts *out, const struct rulebook *book, struct slice text,
                     int64_t event_id, struct arena *arena);

/* `"key":[...]`; NULL is the empty list. */
void explained_json_list(struct buf *out, const char *key, const struct text_list *list);
/* `"retry":{policy delay note}`, or null without a rule or retry advice. */
void explained_json_retry(struct buf *out, const struct rule *rule);

#endif
