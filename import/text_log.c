/* Plain text logs: an entry begins with a line that begins with a date and time, and goes on to the
 * next such line. `YYYY-MM-DD HH:MM:SS[.fff][zone] [LEVEL] message`, `T` for the blank, brackets
 * around time and level or not. What stands before the first date is an entry without a time.
 *
 * Zero bytes in a row are a block that was never written (the machine stopped): a damaged place,
 * behind which an entry begins as at the beginning of a line. */
#include "import/readers.h"
#include "import/window.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum {
    HEAD_LOOK = 160,  /* bytes of a line that are looked at for time and level */
    SNIFF_LINES = 32, /* lines among which dates are looked for */
    LEVEL_LONGEST = 24,
    ZEROS = 4, /* in a row are a damaged place; fewer are some writer's ends of text */
    STEP = 64 * 1024
};

struct text_log {
    struct window window;
    uint64_t position;
};

/* --- the beginning of a line ------------------------------------------------------------------ */

struct line_head {
    struct slice time; /* as printed, with its zone */
    enum level level;
    size_t message; /* where it begins */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t blanks(struct slice text, size_t at)
{
    while (at < text.len && (text.at[at] == ' ' || text.at[at] == '\t'))
        at++;
    return at;
}

/* How many zero bytes the text begins with. */
static size_t zeros(struct slice text)
{
    static const char many[4096]; /* a file may have gigabytes of them */
    size_t n = 0;
    while (n + sizeof many <= text.len && memcmp(text.at + n, many, sizeof many) == 0)
        n += sizeof many;
    while (n < text.len && !text.at[n])
        n++;
    return n;
}

/* Length of `YYYY-MM-DD HH:MM:SS[.fff]` at the text's start, 0 when it is none. */
static size_t time_length(struct slice text)
{
    static const char form[] = "0000-00-00 00:00:00";
    if (text.len < sizeof form - 1)
        return 0;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        bool fits = form[i] == '0'   ? is_digit(text.at[i])
                    : form[i] == ' ' ? text.at[i] == ' ' || text.at[i] == 'T'
                                     : text.at[i] == form[i];
        if (!fits)
            return 0;
    }
    size_t len = sizeof form - 1;
    if (len + 1 < text.len && (text.at[len] == '.' || text.at[len] == ',') &&
        is_digit(text.at[len + 1]))
        for (len++; len < text.len && is_digit(text.at[len]);)
            len++;
    return len;
}

/* Length of the zone behind a time with the blank before it, 0 when there is none. */
static size_t zone_length(struct slice text)
{
    size_t at = text.len && text.at[0] == ' ';
    struct slice rest = slice_from(text, at);
    if (slice_starts(rest, "Z") && !at)
        return 1;
    if (slice_starts(rest, "UTC"))
        return at + 3;
    if (rest.len < 5 || (rest.at[0] != '+' && rest.at[0] != '-') || !is_digit(rest.at[1]) ||
        !is_digit(rest.at[2]))
        return 0;
    size_t colon = rest.at[3] == ':';
    if (rest.len < 5 + colon || !is_digit(rest.at[3 + colon]) || !is_digit(rest.at[4 + colon]))
        return 0;
    return at + 5 + colon;
}

/* Reads a level word at `at`, in brackets or followed by a blank or colon; the offset behind it. */
static size_t take_level(struct slice line, size_t at, enum level *level)
{
    bool bracket = at < line.len && line.at[at] == '[';
    size_t from = at + bracket, to = from;
    while (to < line.len && to - from < LEVEL_LONGEST && !strchr("] \t:|-", line.at[to]))
        to++;
    struct slice word = slice_make(line.at + from, to - from);
    enum level found = word.len && !is_digit(word.at[0]) ? level_parse(word) : LEVEL_NONE;
    to = bracket ? blanks(line, to) : to;
    bool ends = bracket ? to < line.len && line.at[to] == ']' : true;
    if (found == LEVEL_NONE || !ends)
        return at;
    *level = found;
    to += bracket;
    if (to < line.len && (line.at[to] == ':' || line.at[to] == '|'))
        to++;
    return blanks(line, to);
}

/* Whether a line begins with a date and time, and what else its head tells. */
static bool read_head(struct slice text, struct line_head *out)
{
    struct slice line = slice_first(text, HEAD_LOOK);
    size_t end = slice_find_byte(line, '\n');
    if (end != SIZE_MAX)
        line = slice_first(line, end);
    size_t from = zeros(line);
    bool bracket = from < line.len && line.at[from] == '[';
    from += bracket;
    size_t len = time_length(slice_from(line, from));
    if (!len)
        return false;
    size_t at = from + len;
    at += zone_length(slice_from(line, at));
    out->time = slice_make(line.at + from, at - from);
    int64_t ignored;
    if (!time_parse(out->time, &ignored, NULL))
        return false;
    if (bracket && (at >= line.len || line.at[at++] != ']'))
        return false;
    if (!bracket && at < line.len && !strchr(" \t|:\r", line.at[at]))
        return false; /* `2026-01-01 00:00:00,"a"` is a row of a table */
    at = blanks(line, at);
    if (at < line.len && (line.at[at] == '|' || line.at[at] == ':'))
        at = blanks(line, at + 1);
    out->level = LEVEL_NONE;
    out->message = take_level(line, at, &out->level);
    return true;
}

/* --- reading ---------------------------------------------------------------------------------- */

static int text_log_sniff(struct slice head, const char *path)
{
    struct buf decoded;
    struct line_head line_head;
    struct slice line;
    size_t dated = 0, lines = 0;
    bool first = false;
    (void)path;
    buf_init(&decoded, (size_t)4 * INPUT_HEAD);
    struct slice text = text_head(head, &decoded);
    while (lines < SNIFF_LINES && slice_cut(&text, '\n', &line)) {
        bool is = read_head(line, &line_head);
        first = first || (is && lines == 0);
        dated += is;
        lines++;
    }
    buf_free(&decoded);
    return first ? 40 : dated >= 2 ? 30 : 0;
}

static enum fault_code text_log_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct text_log *t = xcalloc(1, sizeof *t);
    window_init_text(&t->window, in, RECORD_SIZE_LIMIT);
    *self = t;
    return FAULT_NONE;
}

static void text_log_close(void *self)
{
    struct text_log *t = self;
    if (!t)
        return;
    window_free(&t->window);
    free(t);
}

/* The first zero bytes in a row of a text that are a damaged place, else its length. */
static size_t find_torn(struct slice text)
{
    size_t from = 0, at;
    while ((at = slice_find_byte(slice_from(text, from), '\0')) != SIZE_MAX) {
        size_t run = zeros(slice_from(text, from + at));
        if (run >= ZEROS)
            return from + at;
        from += at + run;
    }
    return text.len;
}

/* The bytes up to the next line that begins an entry, or to a damaged place; false when that is
 * beyond the ceiling. */
static bool take_piece(struct text_log *t, struct slice *out)
{
    struct line_head ignored;
    size_t from = 0;
    for (;;) {
        struct slice text = window_bytes(&t->window);
        size_t newline = slice_find_byte(slice_from(text, from), '\n');
        size_t line = newline == SIZE_MAX ? text.len : from + newline + 1;
        size_t torn = from + find_torn(slice_make(text.at + from, line - from));
        bool visible = text.len - line >= HEAD_LOOK || t->window.ended;
        if (torn < line || (newline == SIZE_MAX && t->window.ended)) {
            *out = slice_first(text, torn);
            return true;
        }
        if (newline != SIZE_MAX && visible) {
            if (read_head(slice_from(text, line), &ignored)) {
                *out = slice_first(text, line);
                return true;
            }
            from = line;
            continue;
        }
        if (newline == SIZE_MAX)
            from = text.len > from + ZEROS ? text.len - ZEROS : from;
        if (!window_want(&t->window, text.len + STEP) && window_bytes(&t->window).len == text.len &&
            !t->window.ended)
            return false;
    }
}

/* Passes a block that was never written; false when the window does not begin with one. */
static bool pass_torn(struct text_log *t, struct fault *why)
{
    uint64_t size = 0, offset = t->window.offset;
    size_t run;
    if (zeros(slice_first(window_bytes(&t->window), ZEROS)) < ZEROS)
        return false;
    do {
        run = zeros(window_bytes(&t->window));
        size += run;
        window_drop(&t->window, run);
    } while (run && window_want(&t->window, 1));
    fault_set(why, FAULT_FORMAT, "%llu zero bytes: a part that was never written",
              (unsigned long long)size);
    why->offset = offset;
    t->position++;
    return true;
}

/* Whether the piece is the last one of a file that grows, and ends inside a line: what follows may
 * be of the same entry. */
static bool goes_on(struct text_log *t, struct slice piece)
{
    struct input *in = t->window.in;
    bool last = t->window.ended && piece.len == window_bytes(&t->window).len;
    if (!input_is_growing(in) || !last || !piece.len || piece.at[piece.len - 1] == '\n')
        return false;
    input_set_cut(in);
    return true;
}

static struct slice without_line_ends(struct slice text)
{
    while (text.len && memchr("\n\r", text.at[text.len - 1], sizeof "\n\r"))
        text.len--;
    return text;
}

static void fill_record(struct slice piece, struct record *out)
{
    struct line_head head;
    bool zoned = true;
    *out = (struct record){.kind = KIND_EVENT, .time_us = TIME_NONE};
    out->event.event_id = out->event.record_id = -1;
    out->event.message = without_line_ends(piece);
    if (!read_head(piece, &head) || !time_parse(head.time, &out->time_us, &zoned))
        return;
    out->time_text = head.time;
    out->zone_assumed = !zoned;
    out->event.level = head.level;
    out->event.message = without_line_ends(slice_from(piece, head.message));
}

static enum reading text_log_next(void *self, struct record *out, struct fault *why)
{
    struct text_log *t = self;
    struct slice piece = SLICE_NONE;
    for (;;) {
        if (!window_want(&t->window, STEP) && window_bytes(&t->window).len == 0) {
            if (t->window.why.code == FAULT_NONE)
                return READING_END;
            *why = t->window.why;
            return READING_FAILED;
        }
        uint64_t offset = t->window.offset;
        if (pass_torn(t, why))
            return READING_BAD_RECORD;
        if (!take_piece(t, &piece)) {
            fault_set(why, FAULT_FORMAT, "an entry is larger than 64 MiB");
            why->offset = offset;
            t->position++;
            window_drop(&t->window, window_bytes(&t->window).len);
            return READING_BAD_RECORD;
        }
        if (goes_on(t, piece))
            return READING_END;
        fill_record(piece, out);
        window_drop(&t->window, piece.len);
        if (out->time_us == TIME_NONE && slice_trim(out->event.message).len == 0)
            continue; /* blank lines before the first date */
        out->position = t->position++;
        out->offset = offset;
        return READING_RECORD;
    }
}

const struct reader text_log_reader = {
    .info = {.name = "text-log",
             .title = "plain text log (lines that begin with a date and time)",
             .suffixes = "log txt",
             .how = "A log file whose lines begin with YYYY-MM-DD HH:MM:SS; a fraction of the\n"
                    "second, a zone and a level may follow. Lines without a date belong to the\n"
                    "entry before. Times without a zone: give it with --tz."},
    .sniff = text_log_sniff,
    .open = text_log_open,
    .next = text_log_next,
    .close = text_log_close,
};
