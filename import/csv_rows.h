/* Rows of delimited text out of a window: where its headings stand, and the next row by its quotes.
 * Knows no fields. */
#ifndef IMPORT_CSV_ROWS_H
#define IMPORT_CSV_ROWS_H

#include "import/csv.h"
#include "import/window.h"

/* The text up to its first line feed. */
struct slice csv_first_line(struct slice text);
/* Finds the heading line: the first that is not blank, `#TYPE ...` or `sep=;`; `*size` = bytes up
 * to its end. False when the first lines hold none. */
bool csv_find_headings(struct slice text, struct slice *line, size_t *size);
/* Drops line ends; false when nothing is left. */
bool csv_skip_blank_lines(struct window *w);
/* Reads the row at the window's start; `*out` = its bytes, which the caller drops. False when it
 * does not end before the window's limit. */
bool csv_read_row(struct csv_record *row, struct window *w, char delimiter, struct buf *scratch,
                  struct slice *out);

#endif
