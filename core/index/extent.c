/* Knows how runs of numbers are kept in order whatever order they come in, and how they are written
 * down; see extent.h. Rising numbers, as almost all are, cost a comparison each. */
#include "core/index/extent.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum { FRESH_LEAST = 16 * 1024, FORM = 1 /* of the packed bytes, their first */ };

void extent_init(struct extent *x, size_t limit)
{
    *x = (struct extent){.limit = limit, .minutes = {.near = EXTENT_PAUSE}};
}

static void runs_free(struct extent_runs *r)
{
    free(r->at);
    free(r->fresh);
    *r = (struct extent_runs){.near = r->near};
}

static void lose_ids(struct extent *x)
{
    for (size_t i = 0; i < x->log_count; i++)
        runs_free(&x->logs[i].ids);
    x->ids_lost = true;
    x->id_runs = 0;
}

void extent_free(struct extent *x)
{
    for (size_t i = 0; i < x->log_count; i++) {
        runs_free(&x->logs[i].ids);
        free((char *)(uintptr_t)x->logs[i].computer.at);
        free((char *)(uintptr_t)x->logs[i].channel.at);
    }
    free(x->logs);
    runs_free(&x->minutes);
    extent_init(x, x->limit);
}

/* --- runs of numbers -------------------------------------------------------------------------- */

/* Whether `next`, not before `run`, goes on with it. */
static bool is_near(const struct extent_run *run, int64_t next, int64_t near)
{
    return next <= run->last || (uint64_t)next - (uint64_t)run->last <= (uint64_t)near;
}

/* Appends a run that begins at or behind the last one's beginning. */
static void runs_append(struct extent_runs *r, struct extent_run next)
{
    struct extent_run *last = r->count ? &r->at[r->count - 1] : NULL;
    if (last && is_near(last, next.first, r->near)) {
        last->last = next.last > last->last ? next.last : last->last;
        return;
    }
    if (r->count == r->room) {
        r->room = r->room ? r->room * 2 : 16;
        r->at = xrealloc(r->at, r->room, sizeof *r->at);
    }
    r->at[r->count++] = next;
}

static void runs_add(struct extent_runs *r, int64_t number)
{
    if (!r->count || number > r->at[r->count - 1].last) {
        runs_append(r, (struct extent_run){number, number});
        return;
    }
    if (number == r->at[r->count - 1].last) {
        r->twice++;
        return;
    }
    if (r->fresh_count == r->fresh_room) {
        r->fresh_room = r->fresh_room ? r->fresh_room * 2 : 64;
        r->fresh = xrealloc(r->fresh, r->fresh_room, sizeof *r->fresh);
    }
    r->fresh[r->fresh_count++] = number;
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void runs_settle(struct extent_runs *r)
{
    if (!r->fresh_count)
        return;
    struct extent_runs out = {.near = r->near, .twice = r->twice};
    qsort(r->fresh, r->fresh_count, sizeof *r->fresh, compare_numbers);
    size_t old = 0;
    for (size_t i = 0; i < r->fresh_count; i++) {
        int64_t number = r->fresh[i];
        while (old < r->count && r->at[old].first <= number)
            runs_append(&out, r->at[old++]);
        bool there = old && number <= r->at[old - 1].last;
        out.twice += there || (i && r->fresh[i - 1] == number);
        if (!there)
            runs_append(&out, (struct extent_run){number, number});
    }
    while (old < r->count)
        runs_append(&out, r->at[old++]);
    runs_free(r);
    *r = out;
}

/* Whether so much waits that it should be put in order: seldom enough that the cost stays small. */
static bool runs_due(const struct extent_runs *r)
{
    return r->fresh_count >= FRESH_LEAST && r->fresh_count >= r->count / 4;
}

/* --- entries ---------------------------------------------------------------------------------- */

static bool is_log(const struct extent_log *log, struct slice computer, struct slice channel)
{
    return slice_equal(log->channel, channel) && slice_equal(log->computer, computer) &&
           slice_is_none(log->channel) == slice_is_none(channel) &&
           slice_is_none(log->computer) == slice_is_none(computer);
}

static struct slice keep_name(struct slice name)
{
    return slice_is_none(name) ? name : slice_make(slice_dup(name), name.len);
}

/* NULL when there is none and it is not to be made, or there are too many. */
static struct extent_log *find_log(struct extent *x, struct slice computer, struct slice channel,
                                   bool make)
{
    computer = slice_first(computer, EXTENT_NAME);
    channel = slice_first(channel, EXTENT_NAME);
    if (x->latest < x->log_count && is_log(&x->logs[x->latest], computer, channel))
        return &x->logs[x->latest];
    for (size_t i = 0; i < x->log_count; i++)
        if (is_log(&x->logs[i], computer, channel)) {
            x->latest = i;
            return &x->logs[i];
        }
    if (!make || x->log_count == EXTENT_LOGS)
        return NULL;
    if (!x->logs)
        x->logs = xcalloc(EXTENT_LOGS, sizeof *x->logs);
    x->latest = x->log_count++;
    x->logs[x->latest] = (struct extent_log){
        .computer = keep_name(computer), .channel = keep_name(channel), .ids = {.near = 1}};
    return &x->logs[x->latest];
}

static void settle_ids(struct extent *x, struct extent_log *log)
{
    size_t before = log->ids.count;
    runs_settle(&log->ids);
    x->id_runs = x->id_runs - before + log->ids.count;
    if (x->id_runs > x->limit)
        lose_ids(x);
}

static void add_id(struct extent *x, const struct extent_entry *entry)
{
    struct extent_log *log = find_log(x, entry->computer, entry->channel, true);
    if (!log) {
        lose_ids(x);
        return;
    }
    size_t before = log->ids.count;
    runs_add(&log->ids, entry->record_id);
    x->id_runs += log->ids.count - before;
    if (x->id_runs > x->limit)
        lose_ids(x);
    else if (runs_due(&log->ids))
        settle_ids(x, log);
}

static void settle_minutes(struct extent *x)
{
    runs_settle(&x->minutes);
    if (x->minutes_lost || x->minutes.count > x->limit) {
        runs_free(&x->minutes);
        x->minutes_lost = true;
    }
}

void extent_add(struct extent *x, const struct extent_entry *entry)
{
    x->cleared += entry->cleared;
    if (entry->record_id >= 0 && !x->ids_lost)
        add_id(x, entry);
    if (entry->time_us == TIME_NONE) {
        x->timeless++;
        return;
    }
    if (x->minutes_lost)
        return;
    int64_t minute = entry->time_us / TIME_MINUTE - (entry->time_us % TIME_MINUTE < 0);
    runs_add(&x->minutes, minute);
    if (runs_due(&x->minutes) || x->minutes.count > x->limit)
        settle_minutes(x);
}

void extent_settle(struct extent *x)
{
    for (size_t i = 0; !x->ids_lost && i < x->log_count; i++)
        settle_ids(x, &x->logs[i]);
    settle_minutes(x);
}

/* --- what others hold between the ends -------------------------------------------------------- */

/* Both in order; of `other` what lies in [from, to]. */
static void runs_merge(struct extent_runs *r, const struct extent_runs *other, int64_t from,
                       int64_t to)
{
    struct extent_runs out = {.near = r->near, .twice = r->twice};
    size_t mine = 0;
    for (size_t i = 0; i < other->count; i++) {
        struct extent_run run = other->at[i];
        run.first = run.first < from ? from : run.first;
        run.last = run.last > to ? to : run.last;
        while (mine < r->count && r->at[mine].first <= run.first)
            runs_append(&out, r->at[mine++]);
        if (run.first <= run.last)
            runs_append(&out, run);
    }
    while (mine < r->count)
        runs_append(&out, r->at[mine++]);
    runs_free(r);
    *r = out;
}

static void runs_add_inside(struct extent_runs *r, const struct extent_runs *other)
{
    if (r->count)
        runs_merge(r, other, r->at[0].first, r->at[r->count - 1].last);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

void extent_add_all(struct extent *x, struct extent *other)
{
    extent_settle(x);
    extent_settle(other);
    x->timeless = larger(x->timeless, other->timeless);
    x->cleared = larger(x->cleared, other->cleared);
    for (size_t i = 0; !x->ids_lost && i < other->log_count; i++) {
        const struct extent_log *from = &other->logs[i];
        struct extent_log *log = find_log(x, from->computer, from->channel, true);
        if (!log) {
            lose_ids(x);
            break;
        }
        x->id_runs -= log->ids.count;
        log->ids.twice = larger(log->ids.twice, from->ids.twice);
        runs_merge(&log->ids, &from->ids, INT64_MIN, INT64_MAX);
        x->id_runs += log->ids.count;
    }
    runs_merge(&x->minutes, &other->minutes, INT64_MIN, INT64_MAX);
    if (other->ids_lost || x->id_runs > x->limit)
        lose_ids(x);
    x->minutes_lost = x->minutes_lost || other->minutes_lost;
    settle_minutes(x);
}

void extent_add_inside(struct extent *x, struct extent *other)
{
    extent_settle(x);
    extent_settle(other);
    x->ids_lost = x->ids_lost || other->ids_lost;
    for (size_t i = 0; i < x->log_count; i++) {
        struct extent_log *log = &x->logs[i];
        const struct extent_log *same = find_log(other, log->computer, log->channel, false);
        if (same)
            runs_add_inside(&log->ids, &same->ids);
    }
    runs_add_inside(&x->minutes, &other->minutes);
}

/* --- written down ----------------------------------------------------------------------------- */

/* Seven bits a byte, the lowest first, all but the last with the eighth set. */
static void add_number(struct buf *out, uint64_t value)
{
    for (; value > 127; value >>= 7)
        buf_add_byte(out, (char)(value | 128));
    buf_add_byte(out, (char)value);
}

static bool take_number(struct slice *rest, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && rest->len; shift += 7) {
        uint64_t byte = (unsigned char)rest->at[0];
        *rest = slice_from(*rest, 1);
        if (shift == 63 && byte > 1)
            return false;
        *value |= (byte & 127) << shift;
        if (byte < 128)
            return true;
    }
    return false;
}

static void add_name(struct buf *out, struct slice name)
{
    add_number(out, slice_is_none(name) ? 0 : name.len + 1);
    buf_add(out, name);
}

static bool take_name(struct slice *rest, struct slice *name)
{
    uint64_t size;
    if (!take_number(rest, &size) || size > EXTENT_NAME + 1 || (size && size - 1 > rest->len))
        return false;
    *name = size ? slice_first(*rest, (size_t)size - 1) : SLICE_NONE;
    *rest = slice_from(*rest, name->len);
    return true;
}

/* Each run as how far it begins behind the end of the one before, and its length. */
static void add_runs(struct buf *out, const struct extent_runs *r)
{
    uint64_t end = UINT64_C(1) << 63; /* numbers may be negative: the least is written as 0 */
    add_number(out, r->twice);
    add_number(out, r->count);
    for (size_t i = 0; i < r->count; i++) {
        add_number(out, (uint64_t)r->at[i].first - end);
        add_number(out, (uint64_t)r->at[i].last - (uint64_t)r->at[i].first);
        end = (uint64_t)r->at[i].last;
    }
}

static bool take_runs(struct slice *rest, struct extent_runs *r, size_t limit)
{
    uint64_t count, skip, size;
    int64_t end = INT64_MIN;
    if (!take_number(rest, &r->twice) || !take_number(rest, &count) || count > limit)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        if (!take_number(rest, &skip) || !take_number(rest, &size) ||
            skip > (uint64_t)INT64_MAX - (uint64_t)end || (i && skip <= (uint64_t)r->near))
            return false;
        int64_t first = (int64_t)((uint64_t)end + skip);
        if (size > (uint64_t)INT64_MAX - (uint64_t)first)
            return false;
        end = (int64_t)((uint64_t)first + size);
        runs_append(r, (struct extent_run){first, end});
    }
    return r->count == count;
}

bool extent_pack(struct extent *x, struct buf *out)
{
    extent_settle(x);
    if (x->ids_lost || x->minutes_lost)
        return false;
    buf_add_byte(out, FORM);
    add_number(out, x->timeless);
    add_number(out, x->cleared);
    add_runs(out, &x->minutes);
    add_number(out, x->log_count);
    for (size_t i = 0; i < x->log_count; i++) {
        add_name(out, x->logs[i].computer);
        add_name(out, x->logs[i].channel);
        add_runs(out, &x->logs[i].ids);
    }
    if (buf_full(out))
        buf_reset(out);
    return out->len > 0;
}

bool extent_unpack(struct extent *x, struct slice packed)
{
    uint64_t count;
    if (!packed.len || packed.at[0] != FORM)
        return false;
    packed = slice_from(packed, 1);
    if (!take_number(&packed, &x->timeless) || !take_number(&packed, &x->cleared) ||
        !take_runs(&packed, &x->minutes, x->limit) || !take_number(&packed, &count) ||
        count > EXTENT_LOGS)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        struct slice computer, channel;
        if (!take_name(&packed, &computer) || !take_name(&packed, &channel) ||
            find_log(x, computer, channel, false))
            return false;
        struct extent_log *log = find_log(x, computer, channel, true);
        if (!take_runs(&packed, &log->ids, x->limit - x->id_runs))
            return false;
        x->id_runs += log->ids.count;
    }
    return packed.len == 0;
}
