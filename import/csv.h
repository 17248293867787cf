/* Delimited text: one record at a time out of bytes in memory (RFC 4180, any delimiter byte). Knows
 * quotes and line ends, not what fields mean. Pure but for the scratch buffer. */
#ifndef IMPORT_CSV_H
#define IMPORT_CSV_H

#include "core/base/buf.h"

enum { CSV_FIELDS = 256 /* of one record; more are dropped */ };

struct csv_record {
    struct slice fields[CSV_FIELDS]; /* quotes resolved; borrowed from the text or the scratch */
    size_t count;
    size_t size;   /* bytes of the text it took, with its line end */
    bool unclosed; /* a quote was open at the end of the text */
};

/* Reads the record at the text's start; false when the text is empty. `scratch` (reset first) takes
 * fields with doubled quotes. With `whole` the text is exactly one record: line breaks inside a
 * last field that is not quoted belong to it, and an unclosed quote ends with the text. */
bool csv_read(struct csv_record *out, struct slice text, char delimiter, bool whole,
              struct buf *scratch);

/* The delimiter of a heading line: the one of , ; TAB | that it holds most of; 0 when none. */
char csv_delimiter(struct slice line);

#endif
