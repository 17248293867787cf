/* Knows where in the line a key or a value is being typed, and what may stand there. */
#include "tui/view/completion.h"

#include "tui/screen/values.h"
#include "tui/view/pane.h"

#include <stdio.h>

enum { LINES = 10 /* most rows of the list */, TEXT_COLUMN = 3 /* of the bar */, WIDTH = 64 };

struct candidate {
    struct slice value; /* a key's name, or a value; SLICE_NONE: none */
    struct slice word;  /* what is said beside it */
    uint64_t count;
};

struct candidates {
    struct arena arena;
    struct candidate *rows;
    size_t count;
    bool waiting;
};

static const char *const key_words[FILTER_KEYS] = {
    [FILTER_CLASS] = N_("what went wrong: a class of errors"),
    [FILTER_CATEGORY] = N_("what sort of error"),
    [FILTER_VENDOR] = N_("whose error it is"),
    [FILTER_USER] = N_("whose entry it is"),
    [FILTER_STATUS] = "409  5xx  400-499  >=500",
    [FILTER_SCIMTYPE] = "uniqueness, noTarget, ...",
    [FILTER_EVENT] = N_("number of an event: 12808"),
    [FILTER_LEVEL] = "error, warning, ...",
    [FILTER_KIND] = "event, http, provisioning",
    [FILTER_METHOD] = "POST, PATCH, ...",
    [FILTER_PATH] = "*/Users*",
    [FILTER_HOST] = N_("where calls went"),
    [FILTER_SOURCE] = N_("file it was imported from"),
    [FILTER_LABEL] = N_("label given at import"),
    [FILTER_ID] = N_("number of an entry"),
    [FILTER_REQUEST_ID] = N_("of one call"),
    [FILTER_IS] = "failure, success, failing, resolved, unknown",
    [FILTER_PROBLEM] = N_("number of an entry of the problem"),
    [FILTER_STATE] = N_("of the problem: failing, ..."),
    [FILTER_WORK] = N_("open, done, ignored by you"),
    [FILTER_MARK] = N_("marked by you"),
    [FILTER_NOTE] = N_("noted by you"),
    [FILTER_HAS] = "remedy, evidence, token, user, mark, note",
    [FILTER_TIME] = "A..B",
    [FILTER_SINCE] = "7d  7d@end  2026-11-01",
    [FILTER_UNTIL] = "2026-11-02",
    [FILTER_TEXT] = N_("in what is shown"),
    [FILTER_BODY] = N_("anywhere in the record"),
};

static bool fits(struct slice value, struct slice typed, bool beginning)
{
    bool begins = slice_equal_fold(slice_first(value, typed.len), typed);
    if (beginning)
        return begins;
    return !begins && slice_find_fold(value, typed) < value.len;
}

static enum filter_key key_named(struct slice name)
{
    for (int key = 0; key < FILTER_KEYS; key++)
        if (slice_is_fold(name, filter_key_name((enum filter_key)key)))
            return (enum filter_key)key;
    return FILTER_KEYS;
}

/* Where the cursor stands: in a key, or in a value of a key. False where neither can be completed.
 * `*key` is the key even then. */
static bool look(const struct prompt *p, struct completion *out, struct slice *key)
{
    struct slice text = buf_slice(&p->text);
    size_t start = 0, colon = 0, value = 0;
    bool quoted = false;
    *key = SLICE_NONE;
    for (size_t i = 0; i < p->at; i++) {
        char c = text.at[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (c == ' ') {
            start = i + 1;
            colon = value = 0;
        } else if (c == ':' && colon == 0)
            colon = i, value = i + 1;
        else if (c == ',' && colon > 0)
            value = i + 1;
    }
    if (start < p->at && text.at[start] == '-')
        start++;
    out->key = FILTER_KEYS;
    out->from = start;
    out->to = p->at;
    while (out->to < text.len && text.at[out->to] != ' ' &&
           (quoted || (text.at[out->to] != ',' && text.at[out->to] != ':')))
        out->to++;
    if (colon == 0)
        return true;
    *key = slice_first(slice_from(text, start), colon - start);
    out->from = value;
    out->key = key_named(*key);
    return out->key != FILTER_KEYS && values_known(out->key);
}

static struct slice typed_of(const struct completion *k, const struct prompt *p)
{
    struct slice typed = slice_first(slice_from(buf_slice(&p->text), k->from), p->at - k->from);
    return typed.len > 0 && typed.at[0] == '"' ? slice_from(typed, 1) : typed;
}

static void add_key(struct candidates *out, enum filter_key key)
{
    out->rows[out->count++] =
        (struct candidate){slice_of(filter_key_name(key)), slice_of(key_words[key]), 0};
}

static void add_value(struct candidates *out, const struct desk *d, enum filter_key key,
                      const struct facet_row *row)
{
    bool titled = key == FILTER_CLASS && !slice_is_none(row->value);
    out->rows[out->count++] = (struct candidate){
        row->value, titled ? desk_class_title(d, row->value) : SLICE(""), row->count};
}

/* What fits to the typed bytes: what begins with them first, then what holds them. */
static void find(const struct completion *k, const struct desk *d, const struct prompt *p,
                 struct candidates *out)
{
    const struct answer *a = d->newest[ASK_VALUES];
    struct slice typed = typed_of(k, p);
    *out = (struct candidates){.waiting = k->key != FILTER_KEYS && d->waiting[ASK_VALUES]};
    arena_init(&out->arena);
    bool known = a && !a->bad && a->values.key == k->key && !out->waiting;
    size_t most = k->key == FILTER_KEYS ? FILTER_KEYS : known ? a->values.count : 0;
    out->rows = arena_zalloc(&out->arena, most + 1, sizeof *out->rows);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < most; i++) {
            if (k->key == FILTER_KEYS) {
                if (pass == 0 && fits(slice_of(filter_key_name((enum filter_key)i)), typed, true))
                    add_key(out, (enum filter_key)i);
            } else {
                struct slice value = a->values.rows[i].value;
                if (fits(slice_is_none(value) ? SLICE("none") : value, typed, pass == 0))
                    add_value(out, d, k->key, &a->values.rows[i]);
            }
        }
}

static void begin(struct completion *k, struct desk *d, const struct prompt *p)
{
    struct slice key;
    struct completion place = {.open = true};
    *k = (struct completion){0};
    if (!look(p, &place, &key)) {
        desk_say(d, true,
                 place.key == FILTER_KEYS ? N_("%s: is no key of the filter")
                                          : N_("%s: takes anything; there is no list"),
                 place.key == FILTER_KEYS ? _("this") : filter_key_name(place.key));
        return;
    }
    *k = place;
    if (k->key != FILTER_KEYS)
        desk_ask_values(d, k->key);
}

static enum completion_verdict take(struct completion *k, struct desk *d, struct prompt *p,
                                    const struct candidate *chosen)
{
    struct buf text;
    bool key = k->key == FILTER_KEYS;
    buf_init(&text, FILTER_SIZE);
    if (key) {
        buf_add(&text, chosen->value);
        buf_add_byte(&text, ':');
        if (k->to < p->text.len && p->text.at[k->to] == ':')
            k->to++;
    } else
        filter_add_term(&text, false, k->key, chosen->value);
    size_t name = key ? 0 : strlen(filter_key_name(k->key)) + 1;
    bool done =
        !buf_full(&text) && prompt_replace(p, k->from, k->to, slice_from(buf_slice(&text), name));
    buf_free(&text);
    k->open = false;
    /* After a key its values come next, where there is a list of them. */
    struct slice unused;
    struct completion place = {0};
    if (done && key && look(p, &place, &unused))
        begin(k, d, p);
    return done ? COMPLETION_TOOK : COMPLETION_KEPT;
}

static enum completion_verdict choose(struct completion *k, struct desk *d, struct prompt *p,
                                      bool only_if_one)
{
    struct candidates found;
    find(k, d, p, &found);
    enum completion_verdict verdict = COMPLETION_KEPT;
    if (only_if_one ? found.count == 1 : k->list.cursor < found.count)
        verdict = take(k, d, p, &found.rows[only_if_one ? 0 : k->list.cursor]);
    else if (!only_if_one)
        k->open = false;
    arena_free(&found.arena);
    return verdict;
}

enum completion_verdict completion_key(struct completion *k, struct desk *d, struct prompt *p,
                                       uint32_t key)
{
    if (!k->open) {
        if (key != KEY_TABULATOR)
            return COMPLETION_PASSED;
        begin(k, d, p);
        return k->open ? choose(k, d, p, true) : COMPLETION_KEPT;
    }
    switch (key) {
    case KEY_TABULATOR:
    case KEY_ARROW_DOWN:
        list_act(&k->list, ACTION_DOWN, LINES);
        return COMPLETION_KEPT;
    case KEY_BACK_TABULATOR:
    case KEY_ARROW_UP:
        list_act(&k->list, ACTION_UP, LINES);
        return COMPLETION_KEPT;
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
        list_act(&k->list, key == KEY_PAGE_UP ? ACTION_PAGE_UP : ACTION_PAGE_DOWN, LINES);
        return COMPLETION_KEPT;
    case KEY_RETURN:
        return choose(k, d, p, false);
    case KEY_ESCAPE:
        k->open = false;
        return COMPLETION_KEPT;
    default:
        return COMPLETION_PASSED;
    }
}

void completion_follow(struct completion *k, const struct prompt *p)
{
    struct slice unused;
    struct completion place = {.open = true};
    if (!k->open)
        return;
    if (!look(p, &place, &unused) || place.key != k->key || place.from != k->from)
        k->open = false;
    k->to = place.to;
    k->list.cursor = k->list.top = 0;
}

struct drawing {
    const struct candidates *found;
    bool keys;
    int column; /* of the words beside */
};

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct drawing *drawing = self;
    const struct candidate *row = &drawing->found->rows[index];
    char number[COUNT_SIZE] = "";
    if (!drawing->keys)
        count_text(number, row->count);
    int digits = canvas_measure(slice_of(number)), room = r.width - digits - 3;
    int first = row->word.len > 0 ? drawing->column - 2 : room;
    canvas_text(c, r.x + 1, r.y, first, ROLE_TEXT,
                slice_is_none(row->value) ? slice_of(_("none")) : row->value);
    if (row->word.len > 0)
        canvas_text(c, r.x + 1 + drawing->column, r.y, room - drawing->column, ROLE_DIM, row->word);
    canvas_word(c, r.x + r.width - digits - 1, r.y, digits, ROLE_DIM, number);
}

void completion_draw(struct completion *k, const struct desk *d, const struct prompt *p,
                     struct canvas *c, struct rect bar, int room)
{
    struct candidates found;
    char title[32], right[COUNT_SIZE + 1] = "";
    if (!k->open || room < 3)
        return;
    find(k, d, p, &found);
    k->list.count = found.count;
    int lines = found.count == 0 ? 1 : found.count < LINES ? (int)found.count : LINES;
    int width = bar.width - 2 < WIDTH ? bar.width - 2 : WIDTH;
    if (lines > room - 2)
        lines = room - 2;
    int x = bar.x + TEXT_COLUMN + prompt_column(p, k->from) - 2;
    x = x < bar.x + 1                       ? bar.x + 1
        : x + width > bar.x + bar.width - 1 ? bar.x + bar.width - 1 - width
                                            : x;
    struct rect frame = {x, bar.y + 2, width, lines + 2};
    struct rect inner = {x + 1, frame.y + 1, width - 2, lines};
    canvas_fill(c, frame, ROLE_TEXT);
    canvas_box(c, frame);
    snprintf(title, sizeof title, "%s",
             k->key == FILTER_KEYS ? N_("Keys") : filter_key_name(k->key));
    if (found.count > 0)
        snprintf(right, sizeof right, "%zu%s", found.count, found.count == FACET_ROWS ? "+" : "");
    box_title(c, frame.x, frame.y, frame.width, true, title, right[0] ? right : NULL);
    canvas_word(c, frame.x + 2, frame.y + frame.height - 1, width - 4, ROLE_DIM,
                " ↑↓ choose  Enter take  Esc close ");
    struct drawing drawing = {&found, k->key == FILTER_KEYS, k->key == FILTER_KEYS ? 12 : 28};
    if (found.count > 0)
        list_draw(&k->list, c, inner, true, draw_row, &drawing);
    else
        canvas_word(c, inner.x + 1, inner.y, inner.width - 2, ROLE_DIM,
                    found.waiting ? "…" : "nothing fits");
    arena_free(&found.arena);
}
