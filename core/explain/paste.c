/* Knows how an HTTP exchange looks as text; see paste.h. */
#include "core/explain/paste.h"

enum { HEADERS = 256 };

static struct slice take_line(struct slice *rest)
{
    struct slice line;
    if (!slice_cut(rest, '\n', &line))
        return SLICE_NONE;
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* Without the marks of `curl -v`: "> " and "< " go, lines of its own ("* ...", "{ [...") vanish. */
static struct slice strip_marks(struct slice text, struct arena *arena)
{
    bool marked = slice_starts(text, "< HTTP/") || slice_starts(text, "> ") ||
                  slice_find(text, SLICE("\n< HTTP/")) != SIZE_MAX;
    if (!marked)
        return text;
    struct buf out;
    buf_init(&out, text.len + 2);
    struct slice rest = text;
    while (!slice_is_none(rest)) {
        struct slice line = take_line(&rest);
        if (slice_starts(line, "* ") || slice_starts(line, "{ [") || slice_starts(line, "} ["))
            continue;
        if (slice_starts(line, "> ") || slice_starts(line, "< "))
            line = slice_from(line, 2);
        else if (slice_is(line, ">") || slice_is(line, "<"))
            line = SLICE("");
        buf_add(&out, line);
        buf_add_byte(&out, '\n');
    }
    struct slice kept = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return kept;
}

/* The status of a line like `HTTP/1.1 401 Unauthorized`, else 0. */
static int line_status(struct slice line)
{
    int64_t status;
    if (!slice_starts(line, "HTTP/"))
        return 0;
    size_t blank = slice_find_byte(line, ' ');
    if (blank == SIZE_MAX || !slice_to_int64(slice_first(slice_from(line, blank + 1), 3), &status))
        return 0;
    return status >= 100 && status <= 599 ? (int)status : 0;
}

/* Reads headers and the blank line behind them. */
static void take_headers(struct message *message, struct slice *rest, struct arena *arena)
{
    struct pair *headers = arena_alloc(arena, HEADERS * sizeof *headers);
    size_t count = 0;
    while (!slice_is_none(*rest)) {
        struct slice line = take_line(rest);
        size_t colon = slice_find_byte(line, ':');
        if (line.len == 0)
            break;
        if (colon == SIZE_MAX || count == HEADERS)
            continue;
        headers[count++] = (struct pair){slice_trim(slice_first(line, colon)),
                                         slice_trim(slice_from(line, colon + 1))};
    }
    message->headers = headers;
    message->header_count = count;
    message->headers_known = true;
}

static void set_body(struct message *message, struct slice text)
{
    text = slice_trim(text);
    message->body.text = text.len ? text : SLICE_NONE;
    message->body.size = text.len;
    message->body.type = message_header(message, "content-type");
}

/* `GET /scim/v2/Users HTTP/1.1` and what follows, up to the response. */
static void take_request(struct record_http *http, struct slice text, struct arena *arena)
{
    struct slice rest = text, line = take_line(&rest), version;
    struct slice words = line;
    if (!slice_cut(&words, ' ', &http->method) || !slice_cut(&words, ' ', &http->url) ||
        !slice_cut(&words, ' ', &version) || !slice_starts(version, "HTTP/")) {
        http->method = http->url = SLICE_NONE;
        return;
    }
    take_headers(&http->request, &rest, arena);
    set_body(&http->request, rest);
    struct slice host = message_header(&http->request, "host");
    if (slice_starts(http->url, "/") && !slice_is_none(host))
        http->url = arena_format(arena, "https://%.*s%.*s", (int)host.len, host.at,
                                 (int)http->url.len, http->url.at);
}

int64_t paste_http_date(struct slice text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day, year, hour, minute, second;
    if (text.len < 29 || !slice_to_int64(slice_make(text.at + 5, 2), &day) ||
        !slice_to_int64(slice_make(text.at + 12, 4), &year) ||
        !slice_to_int64(slice_make(text.at + 17, 2), &hour) ||
        !slice_to_int64(slice_make(text.at + 20, 2), &minute) ||
        !slice_to_int64(slice_make(text.at + 23, 2), &second))
        return TIME_NONE;
    size_t month = slice_find(slice_of(months), slice_make(text.at + 8, 3));
    struct civil date = {(int)year,   (int)(month / 3) + 1, (int)day, (int)hour,
                         (int)minute, (int)second,          0};
    return month != SIZE_MAX && month % 3 == 0 && civil_valid(&date) ? time_from_utc(&date)
                                                                     : TIME_NONE;
}

bool paste_exchange(struct record *out, struct slice text, struct arena *arena)
{
    text = strip_marks(text, arena);
    struct slice rest = text;
    size_t before = 0;
    int status = 0;
    while (!slice_is_none(rest)) {
        size_t at = (size_t)(rest.at - text.at);
        int seen = line_status(take_line(&rest));
        if (seen >= 100 && before == 0 && status == 0)
            before = at;
        if (seen)
            status = seen;
        if (seen >= 200)
            break;
    }
    if (status < 200)
        return false;
    *out = (struct record){.kind = KIND_HTTP, .time_us = TIME_NONE};
    struct record_http *http = &out->http;
    http->status = status;
    http->duration_us = -1;
    take_request(http, slice_first(text, before), arena);
    take_headers(&http->response, &rest, arena);
    set_body(&http->response, rest);
    out->time_text = message_header(&http->response, "date");
    out->time_us = paste_http_date(out->time_text);
    return true;
}
