/* Knows how rows follow each other in a file that arrives in parts; see csv_rows.h. */
#include "import/csv_rows.h"

enum {
    HEADING_LINES = 8, /* lines before the headings: `#TYPE`, blank ones, `sep=;` */
    STEP = 64 * 1024
};

struct slice csv_first_line(struct slice text)
{
    size_t end = slice_find_byte(text, '\n');
    return end == SIZE_MAX ? text : slice_first(text, end);
}

static bool is_preamble(struct slice line)
{
    line = slice_trim(line);
    return line.len == 0 || line.at[0] == '#' || slice_starts_fold(line, "sep=");
}

bool csv_find_headings(struct slice text, struct slice *line, size_t *size)
{
    *size = 0;
    for (size_t i = 0; i < HEADING_LINES; i++) {
        *line = csv_first_line(slice_from(text, *size));
        *size += line->len + 1;
        if (*size > text.len)
            *size = text.len;
        if (!is_preamble(*line))
            return true;
        if (*size == text.len)
            break;
    }
    return false;
}

enum reading csv_find_row(struct window *w, struct fault *why)
{
    window_want(w, STEP);
    while (window_want(w, 1)) {
        char c = window_bytes(w).at[0];
        if (c != '\n' && c != '\r')
            return READING_RECORD;
        window_drop(w, 1);
    }
    if (w->why.code == FAULT_NONE)
        return READING_END;
    *why = w->why;
    return READING_FAILED;
}

enum reading csv_bad_row(struct window *w, const char *text, struct fault *why)
{
    fault_set(why, FAULT_FORMAT, "%s", text);
    why->offset = w->offset;
    struct slice line = csv_first_line(window_bytes(w));
    window_drop(w, line.len + 1);
    return READING_BAD_RECORD;
}

bool csv_read_row(struct csv_record *row, struct window *w, char delimiter, struct buf *scratch,
                  struct slice *out)
{
    for (;;) {
        struct slice text = window_bytes(w);
        if (!csv_read(row, text, delimiter, false, scratch))
            return false;
        bool whole = row->size < text.len && !row->unclosed;
        if (whole || w->ended) {
            *out = slice_first(text, row->size);
            return true;
        }
        if (!window_want(w, text.len * 2 + STEP) && !w->ended)
            return false;
    }
}
