/* Plays the explorer without a terminal: an index of a few records made here, the stage, keys in,
 * canvas out. Questions are answered at once, by the real asker. */
#ifndef TESTS_TUI_PLAYER_H
#define TESTS_TUI_PLAYER_H

#include "core/base/alloc.h"
#include "core/index/store.h"
#include "core/ingest.h"
#include "tests/index_file.h"
#include "tui/screen/ask.h"
#include "tui/screen/files.h"
#include "tui/screen/job.h"
#include "tui/screen/theme.h"
#include "tui/view/stage.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct player {
    char folder[64], db[96];
    struct rulebook *book;
    struct asker *asker;
    struct keymap keys;
    struct desk desk;
    struct stage stage;
    struct canvas canvas;
    int width, height;
    uint64_t tickets;
    struct question *asked[16];
    size_t asked_count;
    struct import_progress progress;
    char themed[64]; /* what the theme door was asked last */
    char exported[128], export_filter[512], imported[128];
    char clipboard[2048]; /* what the clipboard door was given last */
    bool clipboard_on;
    bool ticket, pseudonymize, stopped;
};

/* --- the index -------------------------------------------------------------------------------- */

static inline int64_t player_time(const char *text)
{
    int64_t out;
    cr_assert(time_parse(slice_of(text), &out, NULL), "%s", text);
    return out;
}

static inline void player_event(struct ingest *g, uint64_t position, const char *time,
                                enum level level, int64_t id, const char *message)
{
    struct fault why;
    struct record r = {.kind = KIND_EVENT, .position = position, .time_us = player_time(time)};
    r.time_text = slice_of(time);
    r.event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                    .computer = SLICE("sync01.example.jp"),
                                    .channel = SLICE("Application"),
                                    .level = level,
                                    .event_id = id,
                                    .record_id = (int64_t)position + 100,
                                    .message = slice_of(message)};
    cr_assert(eq(int, ingest_add(g, &r, NULL, &why), FAULT_NONE), "%s", why.text);
}

static inline void player_http(struct ingest *g, uint64_t position, const char *time,
                               const char *method, const char *url, int status, const char *request,
                               const char *response)
{
    static const struct pair sent[] = {{{"Content-Type", 12}, {"application/scim+json", 21}},
                                       {{"User-Agent", 10}, {"sync-agent/3.1", 14}},
                                       {{"Authorization", 13}, {"Basic c3luYzpzM2NyZXQ=", 22}}};
    static const struct pair got[] = {{{"Content-Type", 12}, {"application/scim+json", 21}},
                                      {{"X-Request-Id", 12}, {"7f3a-91", 7}}};
    struct fault why;
    struct record r = {.kind = KIND_HTTP, .position = position, .time_us = player_time(time)};
    r.time_text = slice_of(time);
    r.http = (struct record_http){.method = slice_of(method),
                                  .url = slice_of(url),
                                  .status = status,
                                  .error = SLICE_NONE,
                                  .duration_us = 84000};
    r.http.request = (struct message){sent, request ? 2 : 1, true, {.text = SLICE_NONE}};
    r.http.response = (struct message){got, 2, true, {.text = SLICE_NONE}};
    if (request)
        r.http.request.body = (struct body){.text = slice_of(request),
                                            .type = SLICE("application/scim+json"),
                                            .size = strlen(request),
                                            .digest = SLICE_NONE};
    if (response)
        r.http.response.body = (struct body){.text = slice_of(response),
                                             .type = SLICE("application/scim+json"),
                                             .size = strlen(response),
                                             .digest = SLICE_NONE};
    cr_assert(eq(int, ingest_add(g, &r, NULL, &why), FAULT_NONE), "%s", why.text);
}

#define PLAYER_ERROR(detail, type, status)                                                         \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"" detail          \
    "\",\"scimType\":\"" type "\",\"status\":\"" status "\"}"

static inline void player_failures(struct ingest *g)
{
    static const char taken[] = "SCIM response error.\n\n" PLAYER_ERROR(
        "userName has already been taken", "uniqueness", "409");
    static const char *const users[] = {"tanaka", "sato", "suzuki", "tanaka", "ito", "tanaka"};
    char text[1024], url[128], time[40], body[512];
    uint64_t n = 0;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        snprintf(time, sizeof time, "2026-11-0%zuT09:%02zu:10Z", 1 + i, 10 + 5 * i);
        snprintf(text, sizeof text, "User processing started. userName=%s@example.jp", users[i]);
        player_event(g, n++, time, LEVEL_INFORMATION, 12801, text);
        snprintf(time, sizeof time, "2026-11-0%zuT09:%02zu:12Z", 1 + i, 10 + 5 * i);
        player_event(g, n++, time, LEVEL_WARNING, 12808, taken);
    }
    for (int i = 0; i < 9; i++) {
        snprintf(time, sizeof time, "2026-11-03T10:%02d:%02dZ", 3 * i, 7 * i % 60);
        snprintf(body, sizeof body,
                 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
                 "\"userName\":\"user%d@example.jp\",\"displayName\":\"利用者 %d\","
                 "\"password\":\"hunter2-%d\",\"active\":true}",
                 i, i, i);
        if (i % 3 == 0)
            player_http(g, n++, time, "POST", "https://scim.example.com/scim/v2/Users", 429, body,
                        PLAYER_ERROR("Too many requests", "tooMany", "429"));
        else if (i % 3 == 1)
            player_http(g, n++, time, "POST", "https://scim.example.com/scim/v2/Users", 201, body,
                        body);
        else {
            snprintf(url, sizeof url, "https://scim.example.com/scim/v2/Users/2819c22%d", i);
            player_http(g, n++, time, "GET", url, 404, NULL,
                        PLAYER_ERROR("Resource 2819c22 not found", "noTarget", "404"));
        }
    }
}

/* One call whose every text tries to drive the terminal. */
static inline void player_hostile(struct ingest *g)
{
    player_http(
        g, 0, "2026-11-03T10:00:00Z", "POST", "https://scim.example.com/scim/v2/Users", 409,
        "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
        "\"userName\":\"\\u001b[2Jevil\\u202Egpj.exe\\u200b\\u0007\"}",
        PLAYER_ERROR("taken \\u001b]52;c;AAAA\\u0007 \\u009b31m \\u2066x", "uniqueness", "409"));
}

static inline void player_traffic(struct ingest *g)
{
    player_event(g, 0, "2026-11-02T08:00:00Z", LEVEL_INFORMATION, 12800, "Start synchronizing.");
    player_event(g, 1, "2026-11-02T08:00:09Z", LEVEL_WARNING, 12860, "The proxy is not set.");
    player_event(g, 2, "2026-11-02T08:01:00Z", LEVEL_INFORMATION, 12899, "Finished.");
}

/* An index in a folder of its own, filled by `fill` (NULL: left empty). */
static inline void player_index(struct player *p, void (*fill)(struct ingest *g))
{
    struct fault why = {0};
    struct store *store;
    struct ingest *g;
    static const struct import_options options;
    struct ingest_source source = {.path = "sync.evtx", .format = "evtx", .size = 4096};
    struct import_result result = {.path = SLICE("sync.evtx"), .format = SLICE("evtx")};
    snprintf(p->folder, sizeof p->folder, "/tmp/scimscope-player-XXXXXX");
    cr_assert(mkdtemp(p->folder) != NULL);
    snprintf(p->db, sizeof p->db, "%s/index.db", p->folder);
    cr_assert(eq(int, rulebook_load(&p->book, NULL, 0, "en", &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_open(&store, p->db, STORE_CREATE, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, ingest_open(&g, store, p->book, &options, NULL, &why), FAULT_NONE), "%s",
              why.text);
    if (fill) {
        cr_assert(eq(int, ingest_begin(g, &source, &why), FAULT_NONE), "%s", why.text);
        fill(g);
        cr_assert(eq(int, ingest_end(g, "", true, &result, &why), FAULT_NONE), "%s", why.text);
    }
    ingest_close(g);
    store_close(store);
}

/* --- the stage -------------------------------------------------------------------------------- */

static inline uint64_t player_ask(void *self, struct question *q)
{
    struct player *p = self;
    q->ticket = ++p->tickets;
    for (size_t i = 0; i < p->asked_count; i++)
        if (p->asked[i]->kind == q->kind) { /* the newest of a kind counts, as with the worker */
            question_free(p->asked[i]);
            memmove(p->asked + i, p->asked + i + 1, (--p->asked_count - i) * sizeof *p->asked);
        }
    cr_assert(lt(sz, p->asked_count, 16));
    p->asked[p->asked_count++] = q;
    return q->ticket;
}

static inline enum fault_code player_export(void *self, const struct job_report *what,
                                            struct fault *why)
{
    struct player *p = self;
    (void)why;
    snprintf(p->exported, sizeof p->exported, "%s", what->path);
    snprintf(p->export_filter, sizeof p->export_filter, "%.*s", (int)what->filter.len,
             what->filter.at);
    p->ticket = what->ticket;
    p->pseudonymize = what->pseudonymize;
    return FAULT_NONE;
}

static inline enum fault_code player_import(void *self, const char *path, struct fault *why)
{
    struct player *p = self;
    (void)why;
    snprintf(p->imported, sizeof p->imported, "%s", path);
    return FAULT_NONE;
}

static inline enum fault_code player_zone(void *self, const char *name, struct fault *why)
{
    struct player *p = self;
    enum fault_code bad = time_use_zone(name, why);
    desk_ask_anew(&p->desk);
    return bad;
}

static inline bool player_stop(void *self)
{
    struct player *p = self;
    bool runs = p->desk.progress;
    p->stopped = runs;
    return runs;
}

/* Writes at once, and asks anew, as the explorer does once it is written. */
static inline enum fault_code player_annotate(void *self, const struct annotation_change *change,
                                              struct fault *why)
{
    struct player *p = self;
    struct store *store;
    enum fault_code bad = store_open(&store, p->db, STORE_WRITE, why);
    if (!bad)
        bad = annotate(store, change, why);
    store_close(store);
    return bad;
}

/* On when p->clipboard_on was set before player_open(). */
static inline enum fault_code player_clipboard(void *self, struct slice text, struct fault *why)
{
    struct player *p = self;
    if (text.len >= sizeof p->clipboard)
        return fault_set(why, FAULT_LIMIT, "too long for a clipboard");
    snprintf(p->clipboard, sizeof p->clipboard, "%.*s", (int)text.len, text.at);
    return FAULT_NONE;
}

static inline enum fault_code player_theme(void *self, const char *name, bool keep,
                                           struct fault *why)
{
    struct player *p = self;
    struct theme theme;
    snprintf(p->themed, sizeof p->themed, "%s%s", name ? name : "as before", keep ? ", kept" : "");
    return name ? theme_load(&theme, name, why) : FAULT_NONE;
}

/* Answers all questions, in the order of asking, and those that the answers raise. */
static inline void player_answer(struct player *p)
{
    while (p->asked_count > 0) {
        struct question *q = p->asked[0];
        memmove(p->asked, p->asked + 1, --p->asked_count * sizeof *p->asked);
        struct answer *a = answer_new(q);
        if (q->kind >= ASK_PATHS)
            files_answer(NULL, q, a, NULL, NULL);
        else
            asker_answer(p->asker, q, a, NULL, NULL);
        a->took_us = 3000; /* the one thing that differs from run to run */
        question_free(q);
        stage_take(&p->stage, a);
    }
}

static inline void player_draw(struct player *p)
{
    stage_draw(&p->stage, &p->canvas, p->width, p->height);
    player_answer(p);
    stage_draw(&p->stage, &p->canvas, p->width, p->height);
}

static inline void player_open(struct player *p, int width, int height, const char *filter)
{
    struct fault why = {0};
    struct desk_door door = {.self = p,
                             .ask = player_ask,
                             .export = player_export,
                             .import = player_import,
                             .stop = player_stop,
                             .zone = player_zone,
                             .annotate = player_annotate,
                             .theme = player_theme,
                             .clipboard = p->clipboard_on ? player_clipboard : NULL};
    time_pin_now(player_time("2026-11-08T00:00:00Z"));
    cr_assert(eq(int, keymap_load(&p->keys, &why), FAULT_NONE), "%s", why.text);
    p->asker = asker_new(p->db);
    asker_set_book(p->asker, p->book);
    desk_init(&p->desk, &door, p->book, &p->keys, p->db);
    stage_init(&p->stage, &p->desk);
    cr_assert(eq(int, desk_use(&p->desk, slice_of(filter), true, &why), FAULT_NONE), "%s",
              why.text);
    p->width = width;
    p->height = height;
    player_draw(p);
}

static inline void player_key(struct player *p, uint32_t key)
{
    stage_key(&p->stage, key);
    player_draw(p);
}

/* Characters as themselves. */
static inline void player_type(struct player *p, const char *keys)
{
    for (; *keys; keys++)
        player_key(p, (uint32_t)(unsigned char)*keys);
}

static inline void player_mouse(struct player *p, enum mouse_kind kind, int x, int y)
{
    struct terminal_event event = {.kind = EVENT_MOUSE, .mouse = kind, .x = x, .y = y};
    stage_mouse(&p->stage, &event);
    player_draw(p);
}

static inline void player_close(struct player *p)
{
    stage_free(&p->stage);
    desk_free(&p->desk);
    asker_free(p->asker);
    rulebook_free(p->book);
    canvas_free(&p->canvas);
    index_remove(p->db);
    rmdir(p->folder);
}

/* --- what is on the screen -------------------------------------------------------------------- */

/* The text of the canvas; static memory. */
static inline const char *player_text(const struct player *p)
{
    static struct buf out;
    if (out.limit == 0)
        buf_init(&out, 4 << 20);
    buf_reset(&out);
    canvas_dump_text(&p->canvas, &out);
    return out.at;
}

static inline bool player_shows(const struct player *p, const char *text)
{
    return strstr(player_text(p), text) != NULL;
}

/* How a theme shows a cell, in a few letters: "#rrggbb on #rrggbb bold". */
static inline void player_add_look(struct buf *out, struct look look)
{
    size_t begun = out->len;
    if (look.fg.set)
        buf_add_format(out, "#%02x%02x%02x", look.fg.red, look.fg.green, look.fg.blue);
    if (look.bg.set)
        buf_add_format(out, "%son #%02x%02x%02x", out->len > begun ? " " : "", look.bg.red,
                       look.bg.green, look.bg.blue);
    const struct {
        bool is;
        const char *name;
    } rest[] = {{look.bold, "bold"},
                {look.dim, "dim"},
                {look.underline, "underline"},
                {look.reverse, "reverse"}};
    for (size_t i = 0; i < 4; i++)
        if (rest[i].is)
            buf_add_format(out, "%s%s", out->len > begun ? " " : "", rest[i].name);
    if (out->len == begun)
        buf_add_text(out, "plain");
}

/* The roles on this screen and what three themes make of them. With the two blocks above it, that
 * is the screen in each of the themes. */
static inline void player_add_looks(const struct player *p, struct buf *out)
{
    static const char *const themes[] = {"dark", "light", "mono"};
    static const char *const names[] = {
#define ROLE_NAME(role, text, letter) text,
        ROLES(ROLE_NAME)
#undef ROLE_NAME
    };
    static bool used[ROLE_COUNT][ROLE_COUNT];
    struct theme theme;
    struct fault why;
    memset(used, 0, sizeof used);
    for (int at = 0; at < p->canvas.width * p->canvas.height; at++)
        used[p->canvas.cells[at].role][p->canvas.cells[at].over] = true;
    for (size_t t = 0; t < 3; t++) {
        cr_assert(eq(int, theme_load(&theme, themes[t], &why), FAULT_NONE), "%s", why.text);
        buf_add_format(out, "--- %s ---\n", themes[t]);
        for (int role = 0; role < ROLE_COUNT; role++)
            for (int over = 0; over < ROLE_COUNT; over++) {
                if (!used[role][over])
                    continue;
                buf_add_format(out, "%s%s%s: ", names[role], over ? " under " : "",
                               over ? names[over] : "");
                player_add_look(out, theme_look(&theme, (enum role)role, (enum role)over));
                buf_add_byte(out, '\n');
            }
    }
}

/* Text, roles and the looks of three themes against tests/goldens/NAME.txt; GOLDEN=write makes the
 * file. */
static inline void player_golden(const struct player *p, const char *name)
{
    char path[160], *is = NULL;
    struct buf out;
    size_t size = 0;
    buf_init(&out, 4 << 20);
    canvas_dump_text(&p->canvas, &out);
    buf_add_text(&out, "--- roles ---\n");
    canvas_dump_roles(&p->canvas, &out);
    player_add_looks(p, &out);
    snprintf(path, sizeof path, "tests/goldens/%s_%dx%d.txt", name, p->width, p->height);
    const char *mode = getenv("GOLDEN");
    if (mode && strcmp(mode, "write") == 0) {
        FILE *file = fopen(path, "w");
        cr_assert(file != NULL, "%s", path);
        fwrite(out.at, 1, out.len, file);
        fclose(file);
    }
    FILE *file = fopen(path, "r");
    cr_assert(file != NULL, "%s is missing: GOLDEN=write makes it", path);
    is = xmalloc(4 << 20);
    size = fread(is, 1, (4 << 20) - 1, file);
    is[size] = '\0';
    fclose(file);
    cr_expect(eq(str, out.at, is), "%s: the screen is not the golden one", path);
    free(is);
    buf_free(&out);
}

#endif
