/* Knows quotes, delimiters and line ends; see csv.h. */
#include "import/csv.h"

static bool ends_line(struct slice text, size_t at)
{
    return at < text.len && (text.at[at] == '\n' || text.at[at] == '\r');
}

/* Length of the line end at `at`: CR LF, LF or CR. */
static size_t line_end(struct slice text, size_t at)
{
    if (at >= text.len)
        return 0;
    return text.at[at] == '\r' && at + 1 < text.len && text.at[at + 1] == '\n' ? 2 : 1;
}

/* A quoted field that begins behind the quote at `*at`; moves behind its closing quote. */
static struct slice quoted(struct slice text, size_t *at, bool *unclosed, struct buf *scratch)
{
    size_t begin = ++*at, kept = scratch->len;
    bool doubled = false;
    for (;;) {
        size_t quote = slice_find_byte(slice_from(text, *at), '"');
        if (quote == SIZE_MAX) {
            *unclosed = true;
            quote = text.len - *at;
        }
        bool again = !*unclosed && *at + quote + 1 < text.len && text.at[*at + quote + 1] == '"';
        if (doubled || again)
            buf_add(scratch, slice_make(text.at + *at, quote + (again ? 1 : 0)));
        doubled = doubled || again;
        *at += quote + (*unclosed ? 0 : again ? 2 : 1);
        if (!again)
            break;
    }
    if (doubled)
        return slice_make(scratch->at + kept, scratch->len - kept);
    return slice_make(text.at + begin, *at - begin - (*unclosed ? 0 : 1));
}

static struct slice bare(struct slice text, size_t *at, char delimiter, bool whole)
{
    size_t begin = *at;
    while (*at < text.len && text.at[*at] != delimiter && (whole || !ends_line(text, *at)))
        ++*at;
    return slice_make(text.at + begin, *at - begin);
}

bool csv_read(struct csv_record *out, struct slice text, char delimiter, bool whole,
              struct buf *scratch)
{
    out->count = 0;
    out->unclosed = false;
    buf_reset(scratch);
    if (text.len == 0)
        return false;
    /* Fields in the scratch must not move: its room is made before the first is kept. */
    if (!buf_extend(scratch, text.len))
        return false;
    buf_reset(scratch);
    size_t at = 0;
    for (;;) {
        struct slice field;
        if (at < text.len && text.at[at] == '"') {
            field = quoted(text, &at, &out->unclosed, scratch);
            /* Text behind a closing quote belongs to no field; blanks are common there. */
            bare(text, &at, delimiter, false);
        } else {
            field = bare(text, &at, delimiter, whole);
        }
        if (out->count < CSV_FIELDS)
            out->fields[out->count++] = field;
        if (at >= text.len || text.at[at] != delimiter)
            break;
        at++;
    }
    out->size = at + line_end(text, at);
    return true;
}

char csv_delimiter(struct slice line)
{
    static const char delimiters[] = ",;\t|";
    size_t best = 0;
    char found = 0;
    for (const char *d = delimiters; *d; d++) {
        size_t count = 0;
        for (size_t i = 0; i < line.len; i++)
            count += line.at[i] == *d;
        if (count > best) {
            best = count;
            found = *d;
        }
    }
    return found;
}
