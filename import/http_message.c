/* Knows how a message is laid out on the wire; see http_message.h. */
#include "import/http_message.h"

#include "core/base/utf8.h"
#include "import/http_body.h"

/* Takes a line without its CR LF (or LF) off the text. */
static struct slice take_line(struct slice *rest)
{
    size_t end = slice_find_byte(*rest, '\n');
    struct slice line = end == SIZE_MAX ? *rest : slice_first(*rest, end);
    *rest = slice_from(*rest, end == SIZE_MAX ? rest->len : end + 1);
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

static struct slice take_word(struct slice *line)
{
    size_t end = slice_find_byte(*line, ' ');
    struct slice word = end == SIZE_MAX ? *line : slice_first(*line, end);
    *line = slice_from(*line, end == SIZE_MAX ? line->len : end + 1);
    return word;
}

static bool is_token(struct slice word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
            return false;
    }
    return word.len > 0 && word.len <= 32;
}

static bool read_start(struct http_start *start, struct slice line, bool response)
{
    struct slice word = take_word(&line);
    if (response) {
        int64_t status = 0;
        if (!slice_starts_fold(word, "HTTP/") || !slice_to_int64(take_word(&line), &status))
            return false;
        start->status = status >= 100 && status <= 599 ? (int)status : 0;
        return true;
    }
    if (!is_token(word))
        return false;
    start->method = word;
    /* The target may hold blanks when the client sent them: the version is the last word. */
    size_t end = line.len;
    while (end > 0 && line.at[end - 1] != ' ')
        end--;
    bool versioned = end > 0 && slice_starts_fold(slice_from(line, end), "HTTP/");
    start->target = slice_trim(versioned ? slice_first(line, end - 1) : line);
    return start->target.len > 0;
}

/* Header values are bytes; what is not UTF-8 is Latin-1 by custom but shown as U+FFFD. */
static void read_headers(struct slice *rest, struct pair_list *list, struct arena *arena)
{
    while (rest->len) {
        struct slice line = take_line(rest);
        if (line.len == 0)
            return;
        bool folded = line.at[0] == ' ' || line.at[0] == '\t';
        size_t colon = slice_find_byte(slice_from(line, 1), ':');
        if (folded || colon == SIZE_MAX)
            continue; /* obsolete line folding and garbage carry nothing we ask for */
        pair_list_add(list, utf8_clean(slice_first(line, colon + 1), arena),
                      utf8_clean(slice_trim(slice_from(line, colon + 2)), arena));
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Joins the chunks; a body that is not chunked whatever its header says (tools decode it and keep
 * the header) is given back as it is. */
static struct slice join_chunks(struct slice raw, struct arena *arena)
{
    struct buf out;
    buf_init(&out, raw.len + 1);
    struct slice rest = raw;
    bool sound = false;
    while (rest.len) {
        struct slice line = take_line(&rest);
        size_t size = 0, digits = 0;
        while (digits < line.len && digits < 8 && hex_value(line.at[digits]) >= 0)
            size = size * 16 + (size_t)hex_value(line.at[digits++]);
        bool ended = digits == line.len || line.at[digits] == ';' || line.at[digits] == ' ';
        if (digits == 0 || !ended)
            break;
        sound = true;
        if (size == 0)
            break;
        buf_add(&out, slice_first(rest, size));
        rest = slice_from(rest, size);
        if (take_line(&rest).len > 0)
            break;
    }
    struct slice joined = sound ? arena_copy(arena, buf_slice(&out)) : raw;
    buf_free(&out);
    return joined;
}

bool http_message_read(struct http_start *start, struct message *out, struct slice raw,
                       bool response, struct pair_list *list, struct arena *arena)
{
    *start = (struct http_start){0};
    *out = (struct message){.body = {.text = SLICE_NONE}};
    list->count = 0;
    struct slice rest = raw;
    if (!read_start(start, take_line(&rest), response))
        return false;
    read_headers(&rest, list, arena);
    out->headers = list->at;
    out->header_count = list->count;
    out->headers_known = list->count > 0;
    struct slice coding = message_header(out, "transfer-encoding");
    if (slice_find_fold(coding, SLICE("chunked")) != SIZE_MAX)
        rest = join_chunks(rest, arena);
    http_body_finish(&out->body, rest.len ? rest : SLICE_NONE, message_header(out, "content-type"),
                     message_header(out, "content-encoding"), arena);
    return true;
}
