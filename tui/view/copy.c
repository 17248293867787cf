/* What one takes out of an entry by hand: one of its values, the call as a curl command, a sentence
 * for a ticket. It is chosen from a list and then stands alone on the screen, without frames, to be
 * selected with the terminal's own means; goes into a file; or, only where the settings say so,
 * into the terminal's clipboard. All three get the safe form of the text, which is what the list
 * shows. */
#include "tui/screen/clipboard.h"
#include "tui/screen/layout.h"
#include "tui/view/chooser.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include <stdlib.h>

enum { WIDTH = 84, ITEMS = 16, NAME_COLUMN = 16, COPY_LIMIT = 256 * 1024 };

struct copy {
    struct chooser chooser;
    struct arena arena; /* holds the items: answers go */
    struct copy_item {
        const char *name;
        struct slice text;
    } items[ITEMS];
    size_t item_count, found[ITEMS], count;
    struct slice shown; /* what stands on the screen; SLICE_NONE: the list does */
};

/* Everything on one line, but for the line ends that `mode` leaves. */
static void item(struct copy *s, const char *name, struct slice text, enum safe_mode mode)
{
    struct buf safe;
    buf_init(&safe, COPY_LIMIT);
    if (text.len > 0 && s->item_count < ITEMS && safe_add(&safe, text, mode))
        s->items[s->item_count++] =
            (struct copy_item){name, arena_copy(&s->arena, buf_slice(&safe))};
    buf_free(&safe);
}

/* As a shell takes it for itself. */
static void add_quoted(struct buf *out, struct slice text, enum safe_mode mode)
{
    struct slice part;
    struct buf safe;
    buf_init(&safe, COPY_LIMIT);
    safe_add(&safe, text, mode);
    text = buf_slice(&safe);
    buf_add_byte(out, '\'');
    for (bool first = true; slice_cut(&text, '\'', &part); first = false) {
        if (!first)
            buf_add_text(out, "'\\''");
        buf_add(out, part);
    }
    buf_add_byte(out, '\'');
    buf_free(&safe);
}

/* Redacted values stay what they are: whoever runs it puts a token of their own there. */
static void add_curl(struct copy *s, const struct entry_answer *a)
{
    const struct record_http *http = &a->record.http;
    struct buf out;
    if (!a->recorded || a->record.kind != KIND_HTTP)
        return;
    buf_init(&out, COPY_LIMIT);
    buf_add_text(&out, "curl -i -X ");
    add_quoted(&out, http->method, SAFE_LINE);
    buf_add_byte(&out, ' ');
    add_quoted(&out, http->url, SAFE_LINE);
    for (size_t i = 0; i < http->request.header_count; i++) {
        const struct pair *header = &http->request.headers[i];
        if (slice_is_fold(header->name, "content-length") || slice_is_fold(header->name, "host") ||
            slice_starts(header->name, ":"))
            continue;
        buf_add_text(&out, " \\\n  -H ");
        struct slice whole = arena_format(
            &s->arena, "%.*s: %.*s", (int)slice_first(header->name, 256).len,
            header->name.len ? header->name.at : "", (int)slice_first(header->value, 16384).len,
            header->value.len ? header->value.at : "");
        add_quoted(&out, whole, SAFE_LINE);
    }
    if (http->request.body.text.len > 0) {
        buf_add_text(&out, " \\\n  --data-binary ");
        add_quoted(&out, http->request.body.text, SAFE_BODY);
    }
    if (!buf_full(&out))
        item(s, N_("curl command"), buf_slice(&out), SAFE_BODY);
    buf_free(&out);
}

static void add_sentence(struct copy *s, const struct desk *d, const struct entry *e)
{
    char time[TIME_TEXT_SIZE], status[16];
    struct buf out;
    struct slice title = desk_class_title(d, e->class_id), what = entry_what(e, &s->arena);
    buf_init(&out, COPY_LIMIT);
    buf_add_format(&out,
                   "%s: ", e->time_us == TIME_NONE ? "no time" : time_utc_text(time, e->time_us));
    buf_add(&out, what);
    if (e->host.len > 0) {
        buf_add_text(&out, " on ");
        buf_add(&out, e->host);
    }
    if (e->status > 0)
        buf_add_format(&out, " was answered %s", status_text(e, status));
    if (title.len > 0) {
        buf_add_text(&out, ", ");
        buf_add(&out, title);
    }
    if (e->detail.len > 0) {
        buf_add_text(&out, ": \"");
        buf_add(&out, e->detail);
        buf_add_byte(&out, '"');
    }
    if (e->request_id.len > 0) {
        buf_add_text(&out, " (request id ");
        buf_add(&out, e->request_id);
        buf_add_byte(&out, ')');
    }
    item(s, N_("ticket sentence"), buf_slice(&out), SAFE_LINE);
    buf_free(&out);
}

static bool names(const struct copy *s, size_t item, struct slice typed)
{
    struct slice name = slice_of(_(s->items[item].name));
    return typed.len == 0 || slice_find_fold(name, typed) < name.len;
}

/* What is named so, before what only holds it. */
static void find(struct copy *s)
{
    struct slice typed = chooser_typed(&s->chooser);
    s->count = 0;
    for (size_t i = 0; i < s->item_count; i++)
        if (names(s, i, typed))
            s->found[s->count++] = i;
    for (size_t i = 0; i < s->item_count; i++)
        if (!names(s, i, typed) && slice_find_fold(s->items[i].text, typed) < s->items[i].text.len)
            s->found[s->count++] = i;
    s->chooser.list = (struct list){.count = s->count};
}

static void copy_open(struct view *v)
{
    struct copy *s = v->state;
    const struct entry_answer *a = desk_entry(v->desk);
    chooser_init(&s->chooser);
    arena_init(&s->arena);
    s->shown = SLICE_NONE;
    if (a) {
        const struct entry *e = &a->entry;
        add_sentence(s, v->desk, e);
        add_curl(s, a);
        item(s, N_("user"), e->user, SAFE_LINE);
        item(s, N_("detail"), e->detail, SAFE_LINE);
        item(s, N_("class"), e->class_id, SAFE_LINE);
        item(s, N_("request id"), e->request_id, SAFE_LINE);
        item(s, N_("url"), e->url, SAFE_LINE);
        item(s, N_("path"), e->path, SAFE_LINE);
        item(s, N_("host"), e->host, SAFE_LINE);
        item(s, N_("note"), e->note, SAFE_LINE);
        item(s, N_("source"), e->source, SAFE_LINE);
        item(s, N_("id"), arena_format(&s->arena, "%lld", (long long)e->id), SAFE_LINE);
    }
    find(s);
}

static void copy_close(struct view *v)
{
    struct copy *s = v->state;
    chooser_free(&s->chooser);
    arena_free(&s->arena);
}

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct copy *s = self;
    const struct copy_item *one = &s->items[s->found[index]];
    canvas_word(c, r.x + 1, r.y, NAME_COLUMN - 1, ROLE_STRONG, one->name);
    canvas_text(c, r.x + 1 + NAME_COLUMN, r.y, r.width - NAME_COLUMN - 2, ROLE_TEXT, one->text);
}

/* Alone, from the left edge on, so that a selection takes nothing else along. */
static void draw_alone(const struct copy *s, const struct desk *d, struct canvas *c, struct rect r)
{
    struct arena arena;
    struct text t;
    struct rect foot = layout_bottom(&r, 1);
    canvas_fill(c, r, ROLE_TEXT);
    canvas_fill(c, foot, ROLE_TEXT);
    arena_init(&arena);
    text_init(&t, &arena, r.width);
    text_body(&t, ROLE_TEXT, s->shown);
    text_draw(&t, c, r, 0);
    if (d->message[0])
        footer_draw(d, NULL, 0, c, foot);
    else
        canvas_word(c, foot.x + 1, foot.y, foot.width - 2, ROLE_FOOT,
                    "Select it with the mouse (Shift held)   Tab to a file   Esc goes back");
    text_free(&t);
    arena_free(&arena);
}

static void copy_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct copy *s = v->state;
    if (!slice_is_none(s->shown)) {
        draw_alone(s, v->desk, c, r);
        return;
    }
    struct chooser_look look = {
        .title = N_("Copy"),
        .foot = v->desk->door.clipboard ? N_(" ↑↓ choose  Enter to the clipboard  Tab to a file "
                                             " Esc close ")
                                        : N_(" ↑↓ choose  Enter show it alone  Tab to a file  Esc "
                                             "close "),
        .none = N_("there is nothing to copy"),
        .width = WIDTH,
        .height = (int)s->item_count + 3,
        .row = draw_row,
        .self = s};
    chooser_draw(&s->chooser, &look, c, r);
}

/* Where the clipboard does not take it, it stands alone to be selected. */
static enum outcome take(struct view *v, struct slice text)
{
    struct copy *s = v->state;
    struct desk *d = v->desk;
    struct fault why;
    if (d->door.clipboard && !d->door.clipboard(d->door.self, text, &why)) {
        desk_say(d, false, "sent to the clipboard: %zu bytes", text.len);
        return OUTCOME_CLOSE;
    }
    if (d->door.clipboard)
        desk_say(d, true, "%s", why.text);
    s->shown = text;
    return OUTCOME_REDRAW;
}

static enum outcome settle(struct view *v, enum chooser_verdict verdict)
{
    struct copy *s = v->state;
    if (verdict == CHOOSER_CLOSED)
        return OUTCOME_CLOSE;
    if (verdict == CHOOSER_CHANGED)
        find(s);
    if (verdict == CHOOSER_CHOSEN && s->chooser.list.cursor < s->count)
        return take(v, s->items[s->found[s->chooser.list.cursor]].text);
    return OUTCOME_REDRAW;
}

static enum outcome copy_key(struct view *v, uint32_t key)
{
    struct copy *s = v->state;
    bool alone = !slice_is_none(s->shown);
    if (key == KEY_TABULATOR && (alone || s->chooser.list.cursor < s->count)) {
        desk_ask_copy(v->desk, alone ? s->shown : s->items[s->found[s->chooser.list.cursor]].text);
        return OUTCOME_CLOSE;
    }
    return alone ? OUTCOME_CLOSE : settle(v, chooser_key(&s->chooser, key));
}

static enum outcome copy_mouse(struct view *v, const struct terminal_event *event)
{
    struct copy *s = v->state;
    return slice_is_none(s->shown) ? settle(v, chooser_mouse(&s->chooser, event)) : OUTCOME_IGNORED;
}

static bool copy_typing(const struct view *v)
{
    (void)v;
    return true;
}

static enum outcome copy_act(struct view *v, enum action action)
{
    (void)v;
    (void)action;
    return OUTCOME_IGNORED;
}

const struct view_class copy_view = {
    .name = "copy",
    .state_size = sizeof(struct copy),
    .floats = true,
    .open = copy_open,
    .close = copy_close,
    .draw = copy_draw,
    .act = copy_act,
    .typing = copy_typing,
    .key = copy_key,
    .mouse = copy_mouse,
};
