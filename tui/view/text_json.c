/* Pretty JSON and XML, coloured by what their pieces are; what is inside of something can be
 * folded. It looks at one line at a time and needs no parser: json_add_pretty() puts one member in
 * a line. */
#include "tui/view/detail.h"

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

/* --- XML -------------------------------------------------------------------------------------- */

static void add_xml_line(struct text *t, struct slice line)
{
    while (line.len > 0) {
        bool tag = line.at[0] == '<';
        size_t at = slice_find_byte(slice_from(line, 1), tag ? '>' : '<');
        size_t len = at == SIZE_MAX ? line.len : at + (tag ? 2 : 1);
        if (tag)
            text_add(t, ROLE_JSON_KEY, slice_first(line, len));
        else
            add_string(t, slice_first(line, len));
        line = slice_from(line, len);
    }
}

/* --- folding ---------------------------------------------------------------------------------- */

static size_t indent_of(struct slice line)
{
    size_t at = 0;
    while (at < line.len && line.at[at] == ' ')
        at++;
    return at;
}

bool folds_has(const struct folds *folds, int key)
{
    size_t i = 0;
    while (i < folds->count && folds->keys[i] != key)
        i++;
    return (i < folds->count) != folds->all;
}

void folds_toggle(struct folds *folds, int key)
{
    for (size_t i = 0; i < folds->count; i++)
        if (folds->keys[i] == key) {
            folds->keys[i] = folds->keys[--folds->count];
            return;
        }
    if (folds->count < FOLDS)
        folds->keys[folds->count++] = key;
}

/* Takes the lines that belong to one of this indent; the one that closes it in `*last`. Returns how
 * many are inside. */
static size_t skip_inside(struct slice *rest, int *number, size_t indent, struct slice *last)
{
    struct slice line, before = *rest;
    size_t inside = 0;
    *last = SLICE_NONE;
    while (slice_cut(rest, '\n', &line)) {
        if (indent_of(line) <= indent) {
            *last = slice_trim(line);
            ++*number;
            return inside;
        }
        ++*number;
        inside++;
        before = *rest;
    }
    *rest = before;
    return inside;
}

static void write_sign(struct text *t, bool folded, size_t indent)
{
    text_indent(t, 0);
    text_word(t, ROLE_KEY, folded ? "▸" : "▾");
    text_indent(t, (int)(indent < 1000 ? indent : 1000) + 1);
    text_column(t, (int)(indent < 1000 ? indent : 1000) + 1);
}

void pretty_write(struct text *t, struct slice pretty, const struct folds *folds, int document)
{
    struct slice line, rest = slice_trim(pretty);
    bool json = rest.len > 0 && (rest.at[0] == '{' || rest.at[0] == '[');
    bool xml = rest.len > 0 && rest.at[0] == '<';
    if (!json && !xml) {
        text_body(t, ROLE_TEXT, pretty);
        return;
    }
    for (int number = 0; slice_cut(&rest, '\n', &line); number++) {
        size_t indent = indent_of(line);
        bool opens = rest.len > 0 && indent_of(rest) > indent;
        int key = FOLD_KEY(document) + (number < FOLD_LINES ? number : FOLD_LINES - 1);
        bool folded = folds && opens && folds_has(folds, key);
        if (folds && opens) {
            write_sign(t, folded, indent);
            text_mark(t, key, SLICE_NONE);
        } else
            text_indent(t, (int)(indent < 1000 ? indent : 1000) + 1);
        if (xml)
            add_xml_line(t, slice_from(line, indent));
        else
            add_line(t, line);
        if (folded) {
            struct slice last;
            size_t inside = skip_inside(&rest, &number, indent, &last);
            text_add(t, ROLE_DIM,
                     arena_format(t->arena, words_many(" … %zu line ", " … %zu lines ", inside),
                                  inside));
            if (!slice_is_none(last))
                text_add(t, ROLE_DIM, last);
        }
        if (!slice_is_none(rest))
            text_break(t);
    }
    text_indent(t, 0);
}

void json_write(struct text *t, struct slice pretty)
{
    pretty_write(t, pretty, NULL, 0);
}
