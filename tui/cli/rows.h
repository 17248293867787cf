/* Rows of a table for people and of JSON for scripts, shared by problems and patterns. */
#ifndef TUI_CLI_ROWS_H
#define TUI_CLI_ROWS_H

#include "tui/cli/command.h"

/* One cell of a row: on a terminal cut or padded to `width`, elsewhere padded, never cut. */
void rows_cell(struct cli *cli, struct slice text, size_t width, bool last);
/* The same with a time of people ("-" for TIME_NONE) or a number. */
void rows_time(struct cli *cli, int64_t time_us);
void rows_number(struct cli *cli, uint64_t number, size_t width);

/* `"key":value`, null where there is none. */
void rows_json_text(struct buf *out, const char *key, struct slice text);
void rows_json_number(struct buf *out, const char *key, int64_t number, int64_t null);
void rows_json_time(struct buf *out, const char *key, int64_t time_us);
void rows_json_ids(struct buf *out, const char *key, const int64_t *ids, size_t count);

#endif
