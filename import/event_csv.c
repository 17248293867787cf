/* Events in delimited text: Event Viewer's CSV and TXT exports, PowerShell's Export-Csv, EvtxECmd.
 *
 * Event Viewer's files have five headings and six fields, messages of many lines, and quotes that
 * hand-edited files forget to close. So a record of theirs begins where a line begins like one (a
 * word, then a date and time) and ends where the next begins; only then are its quotes looked at.
 * Files of other tools have a heading for every field and are read by their quotes; a record whose
 * fields do not fit the headings is damaged, and the next line that fits goes on. */
#include "import/csv_rows.h"
#include "import/event_named.h"
#include "import/event_payload.h"
#include "import/readers.h"
#include "import/window.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    LOOK_AHEAD = 4 * 1024 * 1024, /* bytes looked at to find out which number is the month */
    STEP = 64 * 1024
};

struct event_csv {
    struct window window;
    struct buf scratch;
    struct csv_record csv;
    enum event_field columns[CSV_FIELDS];
    size_t column_count;
    char delimiter;
    bool viewer; /* Event Viewer: records are found by how they begin */
    enum day_order order;
    bool backwards; /* newest first */
    bool numbered;  /* its records have ids */
    bool utc;       /* EvtxECmd: times are UTC and do not say so */
    size_t payload; /* EvtxECmd: the column of the data; SIZE_MAX = none */
    struct arena arena;
    uint64_t position;
};

/* --- headings --------------------------------------------------------------------------------- */

/* Maps the headings; false when they do not name time, event id and provider. */
static bool map_headings(struct event_csv *e, struct slice line)
{
    bool seen[EVENT_FIELDS] = {false};
    e->delimiter = csv_delimiter(line);
    if (!e->delimiter || !csv_read(&e->csv, line, e->delimiter, false, &e->scratch))
        return false;
    e->column_count = e->csv.count;
    e->payload = SIZE_MAX;
    for (size_t i = 0; i < e->csv.count; i++) {
        enum event_field field = event_field_named(e->csv.fields[i]);
        e->columns[i] = seen[field] ? EVENT_FIELD_NONE : field;
        seen[field] = true;
        if (slice_is_fold(slice_trim(e->csv.fields[i]), "Payload"))
            e->payload = i;
    }
    e->utc = e->payload != SIZE_MAX && seen[EVENT_FIELD_RECORD_ID];
    e->numbered = seen[EVENT_FIELD_RECORD_ID];
    e->viewer = seen[EVENT_FIELD_TASK] && !seen[EVENT_FIELD_RECORD_ID] && e->column_count <= 6 &&
                (e->columns[0] == EVENT_FIELD_LEVEL || e->columns[0] == EVENT_FIELD_KEYWORDS) &&
                e->columns[1] == EVENT_FIELD_TIME;
    if (e->viewer && e->column_count == 5) /* the message has no heading */
        e->columns[e->column_count++] = EVENT_FIELD_MESSAGE;
    return seen[EVENT_FIELD_TIME] && seen[EVENT_FIELD_EVENT_ID] &&
           (seen[EVENT_FIELD_PROVIDER] || seen[EVENT_FIELD_MESSAGE]);
}

static int event_csv_sniff(struct slice head, const char *path)
{
    struct event_csv *e = xcalloc(1, sizeof *e);
    struct buf decoded;
    struct slice line;
    size_t size;
    (void)path;
    buf_init(&decoded, (size_t)4 * INPUT_HEAD);
    buf_init(&e->scratch, (size_t)4 * INPUT_HEAD);
    bool is = csv_find_headings(text_head(head, &decoded), &line, &size) && map_headings(e, line);
    buf_free(&e->scratch);
    buf_free(&decoded);
    free(e);
    return is ? 90 : 0;
}

static void event_csv_close(void *self)
{
    struct event_csv *e = self;
    if (!e)
        return;
    window_free(&e->window);
    buf_free(&e->scratch);
    arena_free(&e->arena);
    free(e);
}

/* Whether the rows of a text come newest first: their times tell. Only the file's beginning is
 * looked at; its last row may be cut. */
static bool rows_fall(struct event_csv *e, struct slice text)
{
    uint64_t rising = 0, falling = 0;
    int64_t before = TIME_NONE, us;
    size_t column = 0;
    bool zoned;
    while (column < e->column_count && e->columns[column] != EVENT_FIELD_TIME)
        column++;
    while (text.len && csv_read(&e->csv, text, e->delimiter, false, &e->scratch)) {
        text = slice_from(text, e->csv.size);
        if (e->csv.count != e->column_count || column >= e->csv.count ||
            !event_time_parse(e->csv.fields[column], e->order, &us, &zoned))
            continue;
        rising += before != TIME_NONE && us > before;
        falling += before != TIME_NONE && us < before;
        before = us;
    }
    return falling > rising;
}

static enum fault_code event_csv_open(void **self, struct input *in, struct fault *why)
{
    struct event_csv *e = xcalloc(1, sizeof *e);
    struct slice line;
    size_t size;
    buf_init(&e->scratch, RECORD_SIZE_LIMIT + 1);
    window_init_text(&e->window, in, RECORD_SIZE_LIMIT);
    window_whole_lines(&e->window);
    *self = e;
    window_want(&e->window, LOOK_AHEAD);
    struct slice text = window_bytes(&e->window);
    if (!csv_find_headings(text, &line, &size) || !map_headings(e, line))
        return fault_set(why, FAULT_FORMAT,
                         "the first line does not name time, source and event id");
    text = slice_first(slice_from(text, size), LOOK_AHEAD);
    e->order = day_order_of(text);
    if (e->viewer)
        e->backwards = event_times_fall(text, e->delimiter, e->order);
    else
        e->backwards = !e->numbered && rows_fall(e, text);
    window_drop(&e->window, size);
    return FAULT_NONE;
}

/* --- records of Event Viewer ------------------------------------------------------------------ */

/* Whether a line that begins here begins a record: a short first field, then a date and time. */
static bool begins_record(struct slice text, char delimiter)
{
    size_t end = slice_find_byte(slice_first(text, 64), delimiter);
    if (end == SIZE_MAX || slice_find_byte(slice_first(text, end), '\n') != SIZE_MAX)
        return false;
    struct slice second = slice_from(text, end + 1);
    if (second.len && second.at[0] == '"')
        second = slice_from(second, 1);
    return event_time_length(second) > 0;
}

/* Offset of the next line that begins a record, from `from` on; SIZE_MAX when none is visible.
 * Lines whose beginning is not wholly visible are left for later: `*from` moves to where to go on.
 */
static size_t find_record(const struct event_csv *e, struct slice text, size_t *from)
{
    for (;;) {
        size_t newline = slice_find_byte(slice_from(text, *from), '\n');
        if (newline == SIZE_MAX) {
            *from = text.len;
            return SIZE_MAX;
        }
        size_t line = *from + newline + 1;
        if (text.len - line < 160 && !e->window.ended)
            return SIZE_MAX;
        if (begins_record(slice_from(text, line), e->delimiter))
            return line;
        *from = line;
    }
}

/* The bytes of the record at the window's start. */
static bool viewer_piece(struct event_csv *e, struct slice *out)
{
    size_t from = 0;
    for (;;) {
        struct slice text = window_bytes(&e->window);
        size_t next = find_record(e, text, &from);
        if (next != SIZE_MAX) {
            *out = slice_first(text, next);
            return true;
        }
        if (!window_want(&e->window, text.len + STEP) && window_bytes(&e->window).len == text.len) {
            *out = text;
            return e->window.ended;
        }
    }
}

static struct slice without_line_end(struct slice text)
{
    if (text.len && text.at[text.len - 1] == '\n')
        text.len--;
    if (text.len && text.at[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* --- records of other tools ------------------------------------------------------------------- */

static bool fits(const struct event_csv *e)
{
    return !e->csv.unclosed && e->csv.count == e->column_count;
}

/* --- both ------------------------------------------------------------------------------------- */

static enum reading bad(struct event_csv *e, const char *text, struct fault *why)
{
    e->position++;
    return csv_bad_row(&e->window, text, why);
}

static void fill_record(struct event_csv *e, struct record *out)
{
    event_named_init(out);
    out->backwards = e->backwards;
    out->position = e->position++;
    out->offset = e->window.offset;
    for (size_t i = 0; i < e->csv.count && i < e->column_count; i++)
        event_named_set(out, e->columns[i], e->csv.fields[i], e->order);
    if (e->utc && out->zone_assumed && out->time_us != TIME_NONE) {
        struct civil printed = time_to_local(out->time_us);
        out->time_us = time_from_utc(&printed);
        out->zone_assumed = false;
    }
    arena_reset(&e->arena);
    if (e->payload < e->csv.count)
        event_payload_read(&out->event, e->csv.fields[e->payload], &e->arena);
}

static enum reading event_csv_next(void *self, struct record *out, struct fault *why)
{
    struct event_csv *e = self;
    struct slice piece;
    enum reading found = csv_find_row(&e->window, why);
    if (found != READING_RECORD)
        return found;
    if (e->viewer) {
        if (!viewer_piece(e, &piece))
            return bad(e, "a record is larger than 64 MiB", why);
        if (!begins_record(piece, e->delimiter) ||
            !csv_read(&e->csv, without_line_end(piece), e->delimiter, true, &e->scratch))
            return bad(e, "a line does not begin with a level and a time", why);
    } else {
        if (!csv_read_row(&e->csv, &e->window, e->delimiter, &e->scratch, &piece))
            return bad(e, "a record is larger than 64 MiB", why);
        if (!fits(e))
            return bad(e, "a record does not have as many fields as there are headings", why);
    }
    fill_record(e, out);
    if (out->time_us == TIME_NONE && out->event.event_id < 0) {
        e->position--;
        return bad(e, "a record has neither a time nor an event id", why);
    }
    window_drop(&e->window, piece.len);
    return READING_RECORD;
}

const struct reader event_csv_reader = {
    .info = {.name = "event-csv",
             .title = "Windows events as CSV or text (Event Viewer, PowerShell, EvtxECmd)",
             .suffixes = "csv txt tsv",
             .how = "Event Viewer: select the log, Action > Save All Events As..., CSV or Text.\n"
                    "PowerShell: Get-WinEvent -LogName Application | Export-Csv events.csv\n"
                    "Event Viewer writes local times without a zone: give it with --tz.\n"
                    "Prefer .evtx: it keeps record ids, computer and parts of a second."},
    .sniff = event_csv_sniff,
    .open = event_csv_open,
    .next = event_csv_next,
    .close = event_csv_close,
};
