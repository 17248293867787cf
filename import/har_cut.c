/* Knows how the entries of a HAR are found in a stream of bytes, also in a damaged one.
 *
 * An entry is shown from its bracket on, and who reads it says where it ends, so that it is gone
 * over once. The window of the file that it stands in grows only for a single large entry, up to
 * RECORD_SIZE_LIMIT; everything else (pages, comments) is passed over without being kept. From a
 * damaged place on, entries are looked for by their looks: an object whose first key is one that
 * entries begin with. Quotes inside strings are escaped, so that bodies that hold a HAR themselves
 * do not look like it. */
#include "import/har_cut.h"

#include "core/base/alloc.h"
#include "core/base/json.h"
#include "core/record.h"
#include "import/json_walk.h"

#include <stdlib.h>

enum {
    WINDOW_SIZE = 512 * 1024,
    LOOK_AHEAD = 512, /* from an entry's bracket to the colon behind its first key */
    KEY_LIMIT = 64,   /* of a first key that is remembered */
    /* Bytes searched without having found a single entry, before it is called no HAR at all. */
    SEARCH_LIMIT = 4 * RECORD_SIZE_LIMIT,
    SIZE_LIMIT = RECORD_SIZE_LIMIT + WINDOW_SIZE /* of the window */
};

enum place { PLACE_START, PLACE_TOP, PLACE_LOG, PLACE_ENTRIES, PLACE_LOST, PLACE_END };

struct har_cut {
    struct input *in;
    char *at; /* the window */
    size_t size, len;
    size_t keep, pos; /* bytes before `keep` may be dropped; `pos` is the next to look at */
    uint64_t base;    /* offset of the window in the file */
    bool ended;
    enum place place;
    bool log_seen, entries_seen; /* in the capture at hand */
    uint64_t pieces;             /* handed out and not rejected */
    uint64_t captures;           /* top-level values passed */
    size_t piece;                /* where the last piece begins, in the window */
    uint64_t lost_at;
    char first_key[KEY_LIMIT]; /* raw, of the first entry */
};

struct har_cut *har_cut_open(struct input *in)
{
    struct har_cut *cut = xcalloc(1, sizeof *cut);
    cut->in = in;
    cut->size = WINDOW_SIZE;
    cut->at = xmalloc(cut->size);
    return cut;
}

void har_cut_close(struct har_cut *cut)
{
    if (!cut)
        return;
    free(cut->at);
    free(cut);
}

/* --- the window ------------------------------------------------------------------------------- */

static void drop_passed(struct har_cut *cut)
{
    size_t kept = cut->len - cut->keep;
    if (cut->size > WINDOW_SIZE && kept < WINDOW_SIZE / 2) { /* behind a large entry */
        char *smaller = xmalloc(WINDOW_SIZE);
        memcpy(smaller, cut->at + cut->keep, kept);
        free(cut->at);
        cut->at = smaller;
        cut->size = WINDOW_SIZE;
    } else if (cut->keep) {
        memmove(cut->at, cut->at + cut->keep, kept);
    }
    cut->base += cut->keep;
    cut->pos -= cut->keep;
    cut->keep = 0;
    cut->len = kept;
}

/* Reads on; FAULT_NONE with `cut->ended` at the end. */
static enum fault_code read_on(struct har_cut *cut, struct fault *why)
{
    if (cut->ended)
        return FAULT_NONE;
    drop_passed(cut);
    if (cut->len == cut->size) { /* below SIZE_LIMIT: nobody keeps over RECORD_SIZE_LIMIT */
        cut->size = cut->size < SIZE_LIMIT / 2 ? cut->size * 2 : SIZE_LIMIT;
        cut->at = xrealloc(cut->at, cut->size, 1);
    }
    size_t got;
    enum fault_code code = input_read(cut->in, cut->at + cut->len, cut->size - cut->len, &got, why);
    cut->len += got;
    cut->ended = code == FAULT_NONE && got == 0;
    return got ? FAULT_NONE : code;
}

/* Makes `count` bytes from `pos` on visible, fewer at the end. */
static enum fault_code see(struct har_cut *cut, size_t count, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    while (code == FAULT_NONE && !cut->ended && cut->len - cut->pos < count)
        code = read_on(cut, why);
    return code;
}

/* Passes blanks (and commas); the byte then met in `*met`, or -1 at the end. */
static enum fault_code skip_blanks(struct har_cut *cut, bool commas, int *met, struct fault *why)
{
    for (;;) {
        while (cut->pos < cut->len &&
               (json_walk_is_blank(cut->at[cut->pos]) || (commas && cut->at[cut->pos] == ',')))
            cut->pos++;
        cut->keep = cut->pos;
        if (cut->pos < cut->len) {
            *met = (unsigned char)cut->at[cut->pos];
            return FAULT_NONE;
        }
        *met = -1;
        enum fault_code code = read_on(cut, why);
        if (code != FAULT_NONE || cut->ended)
            return code;
    }
}

/* --- following a value ------------------------------------------------------------------------ */

/* Passes the value at `pos`. With `kept` (a key) its bytes stay in the window from `keep` on, up to
 * the limit. WALK_MORE: the file ends inside it. */
static enum fault_code pass_value(struct har_cut *cut, bool kept, enum walked *result,
                                  struct fault *why)
{
    struct json_walk w = {0};
    cut->keep = cut->pos;
    for (;;) {
        *result = json_walk(&w, cut->at, cut->len, &cut->pos);
        if (kept && cut->pos - cut->keep > RECORD_SIZE_LIMIT)
            *result = WALK_LONG;
        if (*result != WALK_MORE)
            return FAULT_NONE;
        if (!kept)
            cut->keep = cut->pos;
        enum fault_code code = read_on(cut, why);
        if (code != FAULT_NONE || cut->ended)
            return code;
    }
}

/* --- damaged places --------------------------------------------------------------------------- */

static enum har_step get_lost(struct har_cut *cut, struct har_piece *out, struct fault *why,
                              enum fault_code code, const char *text)
{
    if (cut->place != PLACE_LOST)
        cut->lost_at = cut->base + cut->pos;
    cut->place = PLACE_LOST;
    fault_set(why, code, "%s", text);
    if (why)
        why->offset = out->offset;
    return HAR_BAD;
}

static enum har_step end_early(struct har_cut *cut, struct har_piece *out, struct fault *why)
{
    cut->place = PLACE_END;
    out->offset = cut->base + cut->len;
    bool any = cut->entries_seen || cut->captures;
    fault_set(why, FAULT_FORMAT,
              any ? "the file ends in the middle of the capture"
                  : "the file ends before any entry");
    if (why)
        why->offset = out->offset;
    return any ? HAR_BAD : HAR_FAILED;
}

static enum har_step fail(struct har_cut *cut, struct har_piece *out, struct fault *why,
                          const char *text)
{
    cut->place = PLACE_END;
    fault_set(why, FAULT_FORMAT, "%s", text);
    if (why)
        why->offset = out->offset;
    return HAR_FAILED;
}

/* The first key of the object at the text's start with its quotes, or SLICE_NONE when it does not
 * begin with a key. */
static struct slice first_key(struct slice object)
{
    size_t i = 1;
    while (i < object.len && json_walk_is_blank(object.at[i]))
        i++;
    struct slice key = slice_from(object, i);
    if (key.len == 0 || key.at[0] != '"')
        return SLICE_NONE;
    const char *end = memchr(key.at + 1, '"', key.len - 1);
    if (!end)
        return SLICE_NONE;
    key.len = (size_t)(end - key.at) + 1;
    for (i += key.len; i < object.len && json_walk_is_blank(object.at[i]); i++)
        ;
    return i < object.len && object.at[i] == ':' ? key : SLICE_NONE;
}

/* Keys that exporters begin an entry with and that begin no other object of a HAR but pages. */
static bool begins_entry(const struct har_cut *cut, struct slice key)
{
    static const char *const names[] = {"\"startedDateTime\"", "\"pageref\"", "\"request\"",
                                        "\"response\"",        "\"cache\"",   "\"timings\"",
                                        "\"connection\"",      "\"time\"",    "\"serverIPAddress\"",
                                        "\"comment\"",         NULL};
    if (slice_is_none(key))
        return false;
    if (slice_starts(key, "\"_") || (cut->first_key[0] && slice_is(key, cut->first_key)))
        return true;
    for (size_t i = 0; names[i]; i++)
        if (slice_is(key, names[i]))
            return true;
    return false;
}

/* Moves `pos` to the next bracket that looks like the begin of an entry. `*found` false: there is
 * none, or the search was given up. */
static enum fault_code find_entry(struct har_cut *cut, bool *found, struct fault *why)
{
    *found = false;
    while (cut->pieces || cut->base + cut->pos - cut->lost_at <= SEARCH_LIMIT) {
        const char *hit =
            cut->len > cut->pos ? memchr(cut->at + cut->pos, '{', cut->len - cut->pos) : NULL;
        cut->pos = hit ? (size_t)(hit - cut->at) : cut->len;
        cut->keep = cut->pos;
        enum fault_code code = see(cut, LOOK_AHEAD, why);
        if (code != FAULT_NONE || cut->pos == cut->len)
            return code;
        if (!hit)
            continue;
        struct slice ahead = slice_make(cut->at + cut->pos, cut->len - cut->pos);
        if (begins_entry(cut, first_key(slice_first(ahead, LOOK_AHEAD)))) {
            *found = true;
            return FAULT_NONE;
        }
        cut->pos++;
    }
    return FAULT_NONE;
}

/* --- the parts of a HAR ----------------------------------------------------------------------- */

static void remember_first_key(struct har_cut *cut, struct slice key)
{
    if (cut->first_key[0] || key.len >= KEY_LIMIT || slice_is_none(key))
        return;
    memcpy(cut->first_key, key.at, key.len);
}

/* Hands out what is visible from the bracket at `pos` on. */
static enum har_step begin_piece(struct har_cut *cut, struct har_piece *out)
{
    cut->piece = cut->keep = cut->pos;
    out->offset = cut->base + cut->pos;
    out->guess = cut->place == PLACE_LOST;
    out->text = slice_make(cut->at + cut->pos, cut->len - cut->pos);
    if (out->guess || !cut->first_key[0]) {
        struct slice key = first_key(slice_first(out->text, LOOK_AHEAD));
        out->alike = !cut->first_key[0] || slice_is(key, cut->first_key);
        if (!out->guess)
            remember_first_key(cut, key);
    }
    return HAR_PIECE;
}

enum har_step har_cut_more(struct har_cut *cut, struct har_piece *piece, struct fault *why)
{
    cut->keep = cut->piece;
    if (piece->text.len > RECORD_SIZE_LIMIT) {
        fault_set(why, FAULT_LIMIT, "an entry is larger than 64 MiB");
        return HAR_BAD;
    }
    enum fault_code code = read_on(cut, why);
    if (code != FAULT_NONE) {
        cut->place = PLACE_END;
        return HAR_FAILED;
    }
    cut->pos = cut->piece = cut->keep;
    piece->text = slice_make(cut->at + cut->pos, cut->len - cut->pos);
    if (cut->ended) {
        fault_set(why, FAULT_FORMAT, "the file ends inside an entry");
        return HAR_BAD;
    }
    return HAR_PIECE;
}

void har_cut_take(struct har_cut *cut, size_t size)
{
    cut->place = PLACE_ENTRIES;
    cut->entries_seen = true;
    cut->pieces++;
    cut->pos = cut->piece + size;
}

void har_cut_reject(struct har_cut *cut)
{
    cut->pos = cut->keep = cut->piece + 1;
    if (cut->place != PLACE_LOST)
        cut->lost_at = cut->base + cut->pos;
    cut->place = PLACE_LOST;
}

static enum har_step next_lost(struct har_cut *cut, struct har_piece *out, struct fault *why)
{
    bool found;
    enum fault_code code = find_entry(cut, &found, why);
    out->offset = cut->base + cut->pos;
    if (code != FAULT_NONE) {
        cut->place = PLACE_END;
        return HAR_FAILED;
    }
    if (found)
        return begin_piece(cut, out);
    if (cut->pieces == 0)
        return fail(cut, out, why, "no intact entry was found");
    cut->place = PLACE_END;
    return HAR_END;
}

static enum har_step next_entry(struct har_cut *cut, int met, struct har_piece *out,
                                struct fault *why)
{
    out->offset = cut->base + cut->pos;
    if (met == ']') {
        cut->pos++;
        cut->place = PLACE_LOG;
        return HAR_END;
    }
    if (met == '{')
        return begin_piece(cut, out);
    enum walked result;
    enum fault_code code = pass_value(cut, false, &result, why);
    if (code != FAULT_NONE) {
        cut->place = PLACE_END;
        return HAR_FAILED;
    }
    if (result != WALK_DONE)
        return get_lost(cut, out, why, FAULT_FORMAT, "the list of entries is not valid JSON");
    fault_set(why, FAULT_FORMAT, "an entry is not an object");
    if (why)
        why->offset = out->offset;
    return HAR_BAD;
}

/* Takes the next key of the top object or of `log`, and its value unless it is the one wanted. */
static enum har_step next_member(struct har_cut *cut, struct har_piece *out, struct fault *why)
{
    bool top = cut->place == PLACE_TOP, wanted = false;
    int met = -1;
    out->offset = cut->base + cut->pos;
    enum walked result;
    enum fault_code code = pass_value(cut, true, &result, why);
    bool sound = code == FAULT_NONE && result == WALK_DONE && cut->at[cut->keep] == '"';
    if (sound) {
        struct slice key = slice_make(cut->at + cut->keep, cut->pos - cut->keep);
        wanted = json_raw_is(key, top ? "log" : "entries");
        code = skip_blanks(cut, false, &met, why);
        sound = code == FAULT_NONE && met == ':';
    }
    if (sound) {
        cut->pos++;
        code = skip_blanks(cut, false, &met, why);
        sound = code == FAULT_NONE && met >= 0;
    }
    if (sound && wanted && met == (top ? '{' : '[')) {
        cut->pos++;
        cut->place = top ? PLACE_LOG : PLACE_ENTRIES;
        *(top ? &cut->log_seen : &cut->entries_seen) = true;
        return HAR_END;
    }
    if (sound) {
        code = pass_value(cut, false, &result, why);
        sound = code == FAULT_NONE && result == WALK_DONE;
    }
    if (code != FAULT_NONE) {
        cut->place = PLACE_END;
        return HAR_FAILED;
    }
    if (sound)
        return HAR_END;
    if (cut->ended && cut->pos == cut->len)
        return end_early(cut, out, why);
    return get_lost(cut, out, why, FAULT_FORMAT, "the capture is damaged outside of its entries");
}

/* At the begin of a capture, or behind one (some tools write several, one per line). */
static enum har_step next_capture(struct har_cut *cut, int met, struct har_piece *out,
                                  struct fault *why)
{
    out->offset = cut->base + cut->pos;
    if (met == '{') {
        cut->pos++;
        cut->place = PLACE_TOP;
        cut->log_seen = cut->entries_seen = false;
        return HAR_END;
    }
    if (cut->captures == 0)
        return fail(cut, out, why, "not a HAR: it does not begin with an object");
    cut->place = PLACE_END;
    fault_set(why, FAULT_FORMAT, "other text follows the end of the capture");
    if (why)
        why->offset = out->offset;
    return HAR_BAD;
}

static enum har_step close_object(struct har_cut *cut, struct har_piece *out, struct fault *why)
{
    out->offset = cut->base + cut->pos;
    cut->pos++;
    if (cut->place == PLACE_LOG) {
        cut->place = PLACE_TOP;
        return HAR_END;
    }
    if (!cut->entries_seen)
        return fail(cut, out, why,
                    cut->log_seen ? "its log has no list of entries" : "not a HAR: it has no log");
    cut->place = PLACE_START;
    cut->captures++;
    return HAR_END;
}

static enum fault_code skip_mark(struct har_cut *cut, struct fault *why)
{
    enum fault_code code = see(cut, 3, why);
    if (code == FAULT_NONE && cut->len - cut->pos >= 3 &&
        memcmp(cut->at + cut->pos, "\xef\xbb\xbf", 3) == 0)
        cut->pos += 3;
    return code;
}

/* One step through the capture; HAR_END means: nothing to hand out yet, go on. */
static enum har_step advance(struct har_cut *cut, struct har_piece *out, struct fault *why)
{
    int met = -1;
    enum fault_code code = FAULT_NONE;
    if (cut->base + cut->pos == 0)
        code = skip_mark(cut, why);
    if (code == FAULT_NONE)
        code = skip_blanks(cut, cut->place != PLACE_START, &met, why);
    if (code != FAULT_NONE) {
        cut->place = PLACE_END;
        return HAR_FAILED;
    }
    if (met < 0 && cut->place == PLACE_START && cut->captures) {
        cut->place = PLACE_END;
        return HAR_END;
    }
    if (met < 0)
        return end_early(cut, out, why);
    if (cut->place == PLACE_START)
        return next_capture(cut, met, out, why);
    if (cut->place == PLACE_ENTRIES)
        return next_entry(cut, met, out, why);
    return met == '}' ? close_object(cut, out, why) : next_member(cut, out, why);
}

enum har_step har_cut_next(struct har_cut *cut, struct har_piece *out, struct fault *why)
{
    *out = (struct har_piece){.text = SLICE_NONE};
    cut->keep = cut->pos;
    while (cut->place != PLACE_END) {
        if (cut->place == PLACE_LOST)
            return next_lost(cut, out, why);
        enum har_step step = advance(cut, out, why);
        if (step != HAR_END)
            return step;
    }
    return HAR_END;
}
