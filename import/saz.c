/* Fiddler session archives (.saz): a zip whose `raw/` folder holds request, response and times of
 * each session in three members. Knows how the three find each other; what a message is, is
 * http_message.h's. */
#include "import/http_message.h"
#include "import/readers.h"
#include "import/saz_times.h"
#include "import/unpack.h"

#include "core/base/alloc.h"

#include <stdlib.h>

enum part { PART_REQUEST, PART_RESPONSE, PART_TIMES, PARTS };

/* A session whose members have come in part. */
struct session {
    struct session *next; /* by number */
    int64_t number;
    struct slice parts[PARTS]; /* owned; SLICE_NONE = not come yet */
};

struct saz {
    struct input *in;
    struct unpack *unpack;
    struct arena arena;
    struct pair_list request, response;
    struct session *pending, *ready; /* ready: is being handed out */
    size_t held;                     /* bytes of the pending sessions */
    int64_t last;                    /* number of the last member */
    uint64_t position;
    bool ended;
};

static int saz_sniff(struct slice head, const char *path)
{
    (void)path;
    if (!slice_starts(head, "PK\x03\x04") || head.len < 64)
        return 0;
    struct slice name = slice_first(slice_from(head, 30), 24);
    bool is = slice_starts(name, "raw/") || slice_starts(name, "[Content_Types].xml") ||
              slice_starts(name, "_index.htm");
    return is && slice_find(head, SLICE("raw/")) != SIZE_MAX ? 95 : 0;
}

static enum fault_code saz_open(void **self, struct input *in, struct fault *why)
{
    struct saz *s = xcalloc(1, sizeof *s);
    s->in = in;
    s->last = -1;
    *self = s;
    return unpack_open(&s->unpack, in, why);
}

static void session_free(struct session *session)
{
    if (!session)
        return;
    for (size_t i = 0; i < PARTS; i++)
        free((char *)(uintptr_t)session->parts[i].at);
    free(session);
}

static void saz_close(void *self)
{
    struct saz *s = self;
    if (!s)
        return;
    while (s->pending) {
        struct session *next = s->pending->next;
        session_free(s->pending);
        s->pending = next;
    }
    session_free(s->ready);
    unpack_close(s->unpack);
    arena_free(&s->arena);
    pair_list_free(&s->request);
    pair_list_free(&s->response);
    free(s);
}

/* --- members ---------------------------------------------------------------------------------- */

/* `raw/007_c.txt`: session 7, its request. False for every other member. */
static bool read_name(const char *name, int64_t *number, enum part *part)
{
    static const struct {
        const char *suffix;
        enum part part;
    } suffixes[] = {{"_c.txt", PART_REQUEST}, {"_s.txt", PART_RESPONSE}, {"_m.xml", PART_TIMES}};
    struct slice rest = slice_of(name);
    if (!slice_starts_fold(rest, "raw/"))
        return false;
    rest = slice_from(rest, 4);
    for (size_t i = 0; i < PARTS; i++) {
        if (!slice_ends_fold(rest, suffixes[i].suffix))
            continue;
        *part = suffixes[i].part;
        return slice_to_int64(slice_first(rest, rest.len - 6), number);
    }
    return false;
}

static struct session *session_of(struct saz *s, int64_t number)
{
    struct session **at = &s->pending;
    while (*at && (*at)->number < number)
        at = &(*at)->next;
    if (!*at || (*at)->number != number) {
        struct session *made = xcalloc(1, sizeof *made);
        made->number = number;
        made->next = *at;
        *at = made;
    }
    return *at;
}

/* Reads a member whole; FAULT_LIMIT when it is larger than an entry may be. */
static enum fault_code read_whole(struct input *member, struct slice *out, struct fault *why)
{
    struct buf bytes;
    size_t got = 1;
    enum fault_code code = FAULT_NONE;
    buf_init(&bytes, RECORD_SIZE_LIMIT + 65536);
    while (code == FAULT_NONE && got > 0) {
        size_t before = bytes.len;
        char *to = buf_extend(&bytes, 65536);
        if (!to || before > RECORD_SIZE_LIMIT) {
            code = fault_set(why, FAULT_LIMIT, "a session's message is larger than 64 MiB");
            break;
        }
        code = input_read(member, to, 65536, &got, why);
        bytes.len = before + got;
    }
    *out = slice_make(slice_dup(buf_slice(&bytes)), bytes.len);
    buf_free(&bytes);
    return code;
}

static bool is_whole(const struct session *session, size_t least)
{
    size_t have = 0;
    for (size_t i = 0; i < PARTS; i++)
        have += !slice_is_none(session->parts[i]);
    return have >= least && !slice_is_none(session->parts[PART_REQUEST]);
}

/* Takes a pending session out to be handed over. */
static void make_ready(struct saz *s, int64_t number)
{
    struct session **at = &s->pending;
    while (*at && (*at)->number != number)
        at = &(*at)->next;
    if (!*at)
        return;
    s->ready = *at;
    *at = s->ready->next;
    for (size_t i = 0; i < PARTS; i++)
        s->held -= s->ready->parts[i].len;
}

static bool has_session(const struct saz *s, int64_t number, size_t least)
{
    const struct session *at = s->pending;
    while (at && at->number < number)
        at = at->next;
    return at && at->number == number && is_whole(at, least);
}

static enum fault_code take_member(struct saz *s, struct input *member, int64_t number,
                                   enum part part, struct fault *why)
{
    struct slice bytes;
    enum fault_code code = read_whole(member, &bytes, why);
    struct session *session = session_of(s, number);
    s->held += bytes.len - session->parts[part].len;
    free((char *)(uintptr_t)session->parts[part].at);
    session->parts[part] = bytes;
    /* The members of one session stand together: when the next one begins, a session that has no
     * response is not going to get one. */
    if (s->last >= 0 && s->last != number && has_session(s, s->last, 2))
        make_ready(s, s->last);
    else if (is_whole(session, PARTS))
        make_ready(s, number);
    else if (s->held > RECORD_SIZE_LIMIT)
        make_ready(s, s->pending->number);
    s->last = number;
    return code;
}

/* Reads members until a session is ready. READING_RECORD: there is one. */
static enum reading find_session(struct saz *s, struct fault *why)
{
    while (!s->ready) {
        struct input *member;
        const char *name;
        int64_t number;
        enum part part;
        if (s->ended && !s->pending)
            return READING_END;
        if (s->ended) {
            make_ready(s, s->pending->number);
            break;
        }
        enum unpack_step step = unpack_next(s->unpack, &member, &name, why);
        s->ended = step == UNPACK_END || step == UNPACK_FAILED;
        if (step == UNPACK_BAD)
            return read_name(name ? name : "", &number, &part) ? READING_BAD_RECORD
                                                               : READING_FAILED;
        if (step == UNPACK_FAILED)
            return s->position || s->pending ? READING_BAD_RECORD : READING_FAILED;
        if (step == UNPACK_END)
            continue;
        enum fault_code code = FAULT_NONE;
        if (name && read_name(name, &number, &part))
            code = take_member(s, member, number, part, why);
        input_close(member);
        if (code != FAULT_NONE)
            return READING_BAD_RECORD;
    }
    return READING_RECORD;
}

/* --- sessions --------------------------------------------------------------------------------- */

static struct slice make_url(struct saz *s, const struct http_start *start,
                             const struct message *request)
{
    struct slice target = start->target, host = message_header(request, "host");
    if (slice_find(target, SLICE("://")) != SIZE_MAX)
        return target;
    if (slice_is_fold(start->method, "CONNECT"))
        return arena_format(&s->arena, "https://%.*s", (int)target.len, target.at);
    return arena_format(&s->arena, "http://%.*s%.*s", (int)host.len, host.at ? host.at : "",
                        (int)target.len, target.at);
}

static enum reading fill_record(struct saz *s, struct record *out, struct fault *why)
{
    struct http_start start;
    struct saz_times times;
    struct record_http *http = &out->http;
    *out = (struct record){
        .kind = KIND_HTTP, .position = s->position++, .offset = input_offset(s->in)};
    struct slice raw = s->ready->parts[PART_REQUEST];
    if (!http_message_read(&start, &http->request, raw, false, &s->request, &s->arena)) {
        fault_set(why, FAULT_FORMAT, "session %lld has no request line",
                  (long long)s->ready->number);
        why->offset = out->offset;
        return READING_BAD_RECORD;
    }
    http->method = start.method;
    http->url = make_url(s, &start, &http->request);
    http_message_read(&start, &http->response, s->ready->parts[PART_RESPONSE], true, &s->response,
                      &s->arena);
    http->status = start.status;
    saz_times_read(&times, s->ready->parts[PART_TIMES], &s->arena);
    out->time_us = times.begin_us;
    out->time_text = times.begin_text;
    out->zone_assumed = times.zone_assumed;
    http->duration_us = times.duration_us;
    http->error = http->status ? SLICE_NONE : times.failure;
    return READING_RECORD;
}

static enum reading saz_next(void *self, struct record *out, struct fault *why)
{
    struct saz *s = self;
    session_free(s->ready);
    s->ready = NULL;
    arena_reset(&s->arena);
    enum reading reading = find_session(s, why);
    if (reading == READING_RECORD)
        return fill_record(s, out, why);
    if (reading == READING_BAD_RECORD)
        s->position++;
    return reading;
}

const struct reader saz_reader = {
    .info = {.name = "fiddler",
             .title = "Fiddler session archive (.saz)",
             .suffixes = "saz",
             .how = "File > Save > All Sessions... in Fiddler Classic, or Save in Fiddler\n"
                    "Everywhere, without a password."},
    .sniff = saz_sniff,
    .open = saz_open,
    .next = saz_next,
    .close = saz_close,
};
