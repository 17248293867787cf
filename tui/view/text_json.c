/* Pretty JSON, coloured by what its pieces are. It looks at one line at a time and needs no parser:
 * json_add_pretty() puts one member in a line. */
#include "tui/view/pane.h"

/* The end of the string that begins at `at` (a quote): the offset behind its closing quote. */
static size_t string_end(struct slice line, size_t at)
{
    for (size_t i = at + 1; i < line.len; i++) {
        if (line.at[i] == '\\')
            i++;
        else if (line.at[i] == '"')
            return i + 1;
    }
    return line.len;
}

/* A string value, the redacted parts of it in their own role. */
static void add_string(struct text *t, struct slice value)
{
    while (value.len > 0) {
        size_t at = slice_find(value, SLICE("[redacted:"));
        if (at == SIZE_MAX)
            break;
        size_t end = slice_find_byte(slice_from(value, at), ']');
        end = end == SIZE_MAX ? value.len : at + end + 1;
        text_add(t, ROLE_JSON_STRING, slice_first(value, at));
        text_add(t, ROLE_REDACTED, slice_first(slice_from(value, at), end - at));
        value = slice_from(value, end);
    }
    text_add(t, ROLE_JSON_STRING, value);
}

static void add_line(struct text *t, struct slice line)
{
    size_t at = 0;
    while (at < line.len && line.at[at] == ' ')
        at++;
    text_indent(t, (int)(at < 1000 ? at : 1000) + 1);
    line = slice_from(line, at);
    if (line.len > 0 && line.at[0] == '"') {
        size_t end = string_end(line, 0);
        if (end < line.len && line.at[end] == ':') {
            text_add(t, ROLE_JSON_KEY, slice_first(line, end));
            text_word(t, ROLE_DIM, ": ");
            line = slice_trim(slice_from(line, end + 1));
        }
    }
    if (line.len > 0 && line.at[0] == '"') {
        size_t end = string_end(line, 0);
        add_string(t, slice_first(line, end));
        text_add(t, ROLE_DIM, slice_from(line, end));
    } else {
        bool punctuation = line.len > 0 && strchr("{}[],", line.at[0]);
        text_add(t, punctuation ? ROLE_DIM : ROLE_JSON_VALUE, line);
    }
}

void json_write(struct text *t, struct slice pretty)
{
    struct slice line, rest = slice_trim(pretty);
    bool json = rest.len > 0 && (rest.at[0] == '{' || rest.at[0] == '[');
    if (!json) {
        text_body(t, ROLE_TEXT, pretty);
        return;
    }
    while (slice_cut(&rest, '\n', &line)) {
        add_line(t, line);
        if (!slice_is_none(rest))
            text_break(t);
    }
    text_indent(t, 0);
}
