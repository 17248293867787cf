/* What one takes out of an entry by hand: one of its values, the call as a curl command, a sentence
 * for a ticket. It is chosen from a list and then stands alone on the screen, without frames, to be
 * selected with the terminal's own means: nothing is sent to a clipboard. */
#include "tui/screen/layout.h"
#include "tui/view/chooser.h"
#include "tui/view/pane.h"
#include "tui/view/view.h"

#include <stdlib.h>

enum { WIDTH = 84, ITEMS = 16, NAME_COLUMN = 16, COMMAND_LIMIT = 64 * 1024 };

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

static void item(struct copy *s, const char *name, struct slice text)
{
    if (text.len > 0 && s->item_count < ITEMS)
        s->items[s->item_count++] = (struct copy_item){name, arena_copy(&s->arena, text)};
}

/* As a shell takes it for itself. */
static void add_quoted(struct buf *out, struct slice text)
{
    struct slice part;
    buf_add_byte(out, '\'');
    for (bool first = true; slice_cut(&text, '\'', &part); first = false) {
        if (!first)
            buf_add_text(out, "'\\''");
        buf_add(out, part);
    }
    buf_add_byte(out, '\'');
}

/* Redacted values stay what they are: whoever runs it puts a token of their own there. */
static void add_curl(struct copy *s, const struct entry_answer *a)
{
    const struct record_http *http = &a->record.http;
    struct buf out;
    if (!a->recorded || a->record.kind != KIND_HTTP)
        return;
    buf_init(&out, COMMAND_LIMIT);
    buf_add_text(&out, "curl -i -X ");
    add_quoted(&out, http->method);
    buf_add_byte(&out, ' ');
    add_quoted(&out, http->url);
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
        add_quoted(&out, whole);
    }
    if (http->request.body.text.len > 0) {
        buf_add_text(&out, " \\\n  --data-binary ");
        add_quoted(&out, http->request.body.text);
    }
    if (!buf_full(&out))
        item(s, N_("curl command"), buf_slice(&out));
    buf_free(&out);
}

static void add_sentence(struct copy *s, const struct desk *d, const struct entry *e)
{
    char time[TIME_TEXT_SIZE], status[16];
    struct buf out;
    struct slice title = desk_class_title(d, e->class_id), what = entry_what(e, &s->arena);
    buf_init(&out, COMMAND_LIMIT);
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
    item(s, N_("ticket sentence"), buf_slice(&out));
    buf_free(&out);
}

static void find(struct copy *s)
{
    struct slice typed = chooser_typed(&s->chooser);
    s->count = 0;
    for (size_t i = 0; i < s->item_count; i++) {
        struct slice name = slice_of(_(s->items[i].name)), text = s->items[i].text;
        if (typed.len == 0 || slice_find_fold(name, typed) < name.len ||
            slice_find_fold(text, typed) < text.len)
            s->found[s->count++] = i;
    }
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
        item(s, N_("user"), e->user);
        item(s, N_("detail"), e->detail);
        item(s, N_("class"), e->class_id);
        item(s, N_("request id"), e->request_id);
        item(s, N_("url"), e->url);
        item(s, N_("path"), e->path);
        item(s, N_("host"), e->host);
        item(s, N_("note"), e->note);
        item(s, N_("source"), e->source);
        item(s, N_("id"), arena_format(&s->arena, "%lld", (long long)e->id));
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
static void draw_alone(const struct copy *s, struct canvas *c, struct rect r)
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
    canvas_word(c, foot.x + 1, foot.y, foot.width - 2, ROLE_FOOT,
                "Select it with the mouse (Shift held); any key goes back");
    text_free(&t);
    arena_free(&arena);
}

static void copy_draw(struct view *v, struct canvas *c, struct rect r)
{
    struct copy *s = v->state;
    if (!slice_is_none(s->shown)) {
        draw_alone(s, c, r);
        return;
    }
    struct chooser_look look = {.title = N_("Copy"),
                                .foot = N_(" ↑↓ choose  Enter show it alone  Esc close "),
                                .none = N_("there is nothing to copy"),
                                .width = WIDTH,
                                .height = ITEMS + 3,
                                .row = draw_row,
                                .self = s};
    chooser_draw(&s->chooser, &look, c, r);
}

static enum outcome settle(struct copy *s, enum chooser_verdict verdict)
{
    if (verdict == CHOOSER_CLOSED)
        return OUTCOME_CLOSE;
    if (verdict == CHOOSER_CHANGED)
        find(s);
    if (verdict == CHOOSER_CHOSEN && s->chooser.list.cursor < s->count)
        s->shown = s->items[s->found[s->chooser.list.cursor]].text;
    return OUTCOME_REDRAW;
}

static enum outcome copy_key(struct view *v, uint32_t key)
{
    struct copy *s = v->state;
    if (!slice_is_none(s->shown))
        return OUTCOME_CLOSE;
    return settle(s, chooser_key(&s->chooser, key));
}

static enum outcome copy_mouse(struct view *v, const struct terminal_event *event)
{
    struct copy *s = v->state;
    return slice_is_none(s->shown) ? settle(s, chooser_mouse(&s->chooser, event)) : OUTCOME_IGNORED;
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
