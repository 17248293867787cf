/* Rows of delimited text out of a window: where its headings stand, and the next row by its quotes.
 * Knows no fields. */
#ifndef IMPORT_CSV_ROWS_H
#define IMPORT_CSV_ROWS_H

#include "import/csv.h"
#include "import/reader.h"
#include "import/window.h"

/* The text up to its first line feed. */
struct slice csv_first_line(struct slice text);
/* Finds the heading line: the first that is not blank, `#TYPE ...` or `sep=;`; `*size` = bytes up
 * to its end. False when the first lines hold none. */
bool csv_find_headings(struct slice text, struct slice *line, size_t *size);
/* Drops line ends and tells what follows: READING_RECORD (some row), READING_END or, with `why`,
 * READING_FAILED. */
enum reading csv_find_row(struct window *w, struct fault *why);
/* Gives the row at the window's start up, and with it its first line: READING_BAD_RECORD with its
 * offset. */
enum reading csv_bad_row(struct window *w, const char *text, struct fault *why);
/* Reads the row at the window's start; `*out` = its bytes, which the caller drops. False when it
 * does not end before the window's limit. */
bool csv_read_row(struct csv_record *row, struct window *w, char delimiter, struct buf *scratch,
                  struct slice *out);

#endif
