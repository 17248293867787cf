/* Burp Suite "Save items" XML. Knows where an item begins and ends and what its elements mean; each
 * item is parsed alone, so the document type that Burp writes before them (and whatever somebody
 * put into it) is never read, and a damaged item costs only itself. */
#include "import/http_body.h"
#include "import/http_message.h"
#include "import/readers.h"
#include "import/window.h"

#include "core/base/alloc.h"

#include <expat.h>
#include <stdlib.h>

enum field { URL, METHOD, TIME, REQUEST, STATUS, RESPONSE, FIELDS };

static const char *const field_names[FIELDS] = {"url",     "method", "time",
                                                "request", "status", "response"};

struct burp {
    struct window window;
    struct arena arena;
    struct buf texts[FIELDS];
    bool base64[FIELDS];
    struct buf *into; /* the element whose text comes now */
    struct pair_list request, response;
    uint64_t position;
    bool broken; /* the item holds a document type or a processing instruction */
};

static int burp_sniff(struct slice head, const char *path)
{
    (void)path;
    size_t items = slice_find(head, SLICE("<items"));
    if (items == SIZE_MAX || slice_trim(head).len == 0)
        return 0;
    return slice_find(slice_from(head, items), SLICE("burpVersion")) != SIZE_MAX ? 95 : 0;
}

static enum fault_code burp_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct burp *b = xcalloc(1, sizeof *b);
    window_init(&b->window, in, RECORD_SIZE_LIMIT);
    for (size_t i = 0; i < FIELDS; i++)
        buf_init(&b->texts[i], RECORD_SIZE_LIMIT);
    *self = b;
    return FAULT_NONE;
}

static void burp_close(void *self)
{
    struct burp *b = self;
    if (!b)
        return;
    for (size_t i = 0; i < FIELDS; i++)
        buf_free(&b->texts[i]);
    window_free(&b->window);
    arena_free(&b->arena);
    pair_list_free(&b->request);
    pair_list_free(&b->response);
    free(b);
}

/* --- one item --------------------------------------------------------------------------------- */

static void on_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct burp *b = self;
    b->into = NULL;
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(name, field_names[i]) != 0)
            continue;
        b->into = &b->texts[i];
        for (; attributes[0]; attributes += 2)
            if (strcmp(attributes[0], "base64") == 0)
                b->base64[i] = strcmp(attributes[1], "true") == 0;
        return;
    }
}

static void on_end(void *self, const XML_Char *name)
{
    (void)name;
    ((struct burp *)self)->into = NULL;
}

static void on_text(void *self, const XML_Char *text, int len)
{
    struct burp *b = self;
    if (b->into)
        buf_add(b->into, slice_make(text, (size_t)len));
}

static void on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    ((struct burp *)self)->broken = true;
}

static bool parse_item(struct burp *b, struct slice text)
{
    for (size_t i = 0; i < FIELDS; i++) {
        buf_reset(&b->texts[i]);
        b->base64[i] = false;
    }
    b->into = NULL;
    b->broken = false;
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (!parser)
        alloc_exhausted();
    XML_SetUserData(parser, b);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    bool sound = XML_Parse(parser, text.at, (int)text.len, 1) == XML_STATUS_OK && !b->broken;
    if (XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY)
        alloc_exhausted();
    XML_ParserFree(parser);
    return sound;
}

/* Java's Date.toString, "Mon Mar 09 09:04:17 JST 2026". The zone is an abbreviation that several
 * zones share, so only UTC's names are believed; else the zone of the process is taken. */
static bool parse_java_date(struct slice text, int64_t *out, bool *assumed)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct slice parts[6], rest = slice_trim(text), clock[3];
    size_t count = 0;
    while (count < 6 && slice_cut(&rest, ' ', &parts[count]))
        count++;
    if (count != 6 || !slice_is_none(rest) || parts[1].len != 3)
        return false;
    size_t month = slice_find(slice_of(months), parts[1]);
    int64_t year, day, numbers[3];
    if (month % 3 != 0 || !slice_to_int64(parts[2], &day) || !slice_to_int64(parts[5], &year))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!slice_cut(&parts[3], ':', &clock[i]) || !slice_to_int64(clock[i], &numbers[i]) ||
            numbers[i] < 0 || numbers[i] > 60)
            return false;
    if (year < 1 || year > 9999 || day < 1 || day > 31)
        return false;
    struct civil c = {.year = (int)year,
                      .month = (int)(month / 3) + 1,
                      .day = (int)day,
                      .hour = (int)numbers[0],
                      .minute = (int)numbers[1],
                      .second = (int)numbers[2]};
    if (!civil_valid(&c))
        return false;
    *assumed = !slice_is(parts[4], "UTC") && !slice_is(parts[4], "GMT");
    *out = *assumed ? time_from_local(&c, NULL) : time_from_utc(&c);
    return true;
}

static void read_message(struct burp *b, enum field field, struct http_start *start,
                         struct message *out, struct pair_list *list)
{
    struct slice raw = buf_slice(&b->texts[field]);
    if (b->base64[field])
        raw = http_base64(raw, &b->arena);
    http_message_read(start, out, raw, field == RESPONSE, list, &b->arena);
}

static void fill_record(struct burp *b, struct record *out)
{
    struct http_start start;
    struct record_http *http = &out->http;
    *out = (struct record){.kind = KIND_HTTP,
                           .position = b->position,
                           .time_us = TIME_NONE,
                           .offset = b->window.offset};
    http->error = SLICE_NONE;
    http->duration_us = -1;
    http->method = slice_trim(buf_slice(&b->texts[METHOD]));
    http->url = slice_trim(buf_slice(&b->texts[URL]));
    out->time_text = slice_trim(buf_slice(&b->texts[TIME]));
    if (!parse_java_date(out->time_text, &out->time_us, &out->zone_assumed))
        out->time_us = TIME_NONE;
    read_message(b, REQUEST, &start, &http->request, &b->request);
    if (http->method.len == 0)
        http->method = start.method;
    read_message(b, RESPONSE, &start, &http->response, &b->response);
    int64_t status;
    http->status = start.status;
    if (slice_to_int64(slice_trim(buf_slice(&b->texts[STATUS])), &status) && status >= 100 &&
        status <= 599)
        http->status = (int)status;
}

/* --- the stream ------------------------------------------------------------------------------- */

enum { NOT_YET, ITEM_ENDS, ITEM_CUT };

/* Looks for the end of the item that begins the bytes, stepping over CDATA sections; goes on at
 * `*from` when more bytes have come (`final`: none will). ITEM_CUT: another item begins before this
 * one ended. */
static int find_end(struct slice bytes, bool final, size_t *from, size_t *end)
{
    for (;;) {
        size_t at = slice_find_byte(slice_from(bytes, *from), '<');
        if (at == SIZE_MAX) {
            *from = bytes.len;
            return NOT_YET;
        }
        *from += at;
        struct slice rest = slice_from(bytes, *from);
        if (rest.len < sizeof "<![CDATA[" && !final)
            return NOT_YET;
        if (slice_starts(rest, "<![CDATA[")) {
            size_t close = slice_find(rest, SLICE("]]>"));
            if (close == SIZE_MAX)
                return NOT_YET;
            *from += close + 3;
        } else if (slice_starts(rest, "</item>")) {
            *end = *from + strlen("</item>");
            return ITEM_ENDS;
        } else if (slice_starts(rest, "<item>")) {
            *end = *from;
            return ITEM_CUT;
        } else {
            ++*from;
        }
    }
}

/* Moves to the next item; false at the end of the file. */
static bool find_item(struct burp *b)
{
    for (;;) {
        bool more = window_want(&b->window, 4096);
        struct slice bytes = window_bytes(&b->window);
        size_t at = slice_find(bytes, SLICE("<item>"));
        if (at != SIZE_MAX) {
            window_drop(&b->window, at);
            return true;
        }
        if (!more)
            return false;
        window_drop(&b->window, bytes.len - strlen("<item"));
    }
}

static enum reading bad(struct burp *b, const char *text, size_t size, struct fault *why)
{
    fault_set(why, FAULT_FORMAT, "%s", text);
    why->offset = b->window.offset;
    b->position++;
    window_drop(&b->window, size);
    return READING_BAD_RECORD;
}

static enum reading burp_next(void *self, struct record *out, struct fault *why)
{
    struct burp *b = self;
    arena_reset(&b->arena);
    if (!find_item(b)) {
        if (b->window.why.code == FAULT_NONE)
            return READING_END;
        *why = b->window.why;
        return READING_FAILED;
    }
    size_t from = strlen("<item>"), end = 0;
    int found;
    while ((found = find_end(window_bytes(&b->window), b->window.ended, &from, &end)) == NOT_YET) {
        bool ended = b->window.ended;
        if (window_want(&b->window, window_bytes(&b->window).len + 1) || ended != b->window.ended)
            continue; /* with more bytes, or knowing that none will come */
        bool large = !b->window.ended;
        return bad(b, large ? "an item is larger than 64 MiB" : "the file ends inside an item",
                   strlen("<item>"), why);
    }
    if (found == ITEM_CUT)
        return bad(b, "an item has no end", end, why);
    if (!parse_item(b, slice_first(window_bytes(&b->window), end)))
        return bad(b, "an item is not well-formed XML", end, why);
    if (slice_trim(buf_slice(&b->texts[URL])).len == 0)
        return bad(b, "an item has no URL", end, why);
    fill_record(b, out);
    b->position++;
    window_drop(&b->window, end);
    return READING_RECORD;
}

const struct reader burp_reader = {
    .info = {.name = "burp",
             .title = "Burp Suite items (XML)",
             .suffixes = "xml",
             .how = "Proxy > HTTP history: select the calls, right-click, Save items, and keep\n"
                    "\"Base64-encode requests and responses\" ticked. Times carry no clear zone:\n"
                    "give the zone of the machine that ran Burp with --tz."},
    .sniff = burp_sniff,
    .open = burp_open,
    .next = burp_next,
    .close = burp_close,
};
