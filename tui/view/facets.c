/* Facets: the values there are, how many entries each would leave or add, which are chosen. */
#include "tui/view/pane.h"

#include <stdio.h>

struct facet_drawing {
    const struct desk *desk;
    enum filter_key key;
    const struct facet_row *rows;
};

static const struct facet_row *facet_rows(const struct desk *d, enum filter_key key, size_t *count)
{
    const struct answer *a = d->newest[ASK_COUNTS];
    *count = 0;
    if (!a || a->bad)
        return NULL;
    *count = key == FILTER_CLASS ? a->counts.class_count : a->counts.user_count;
    return key == FILTER_CLASS ? a->counts.classes : a->counts.users;
}

size_t facet_count(const struct desk *d, enum filter_key key)
{
    size_t count;
    facet_rows(d, key, &count);
    return count;
}

bool facet_value(const struct desk *d, enum filter_key key, uint64_t row, struct slice *out)
{
    size_t count;
    const struct facet_row *rows = facet_rows(d, key, &count);
    if (row >= count)
        return false;
    *out = rows[row].value;
    return true;
}

static void draw_row(void *self, struct canvas *c, struct rect r, uint64_t index)
{
    const struct facet_drawing *f = self;
    const struct facet_row *row = &f->rows[index];
    char number[COUNT_SIZE];
    int stance = desk_stance(f->desk, f->key, row->value);
    count_text(number, row->count);
    int digits = canvas_measure(slice_of(number)), room = r.width - digits - 4;
    canvas_word(c, r.x, r.y, 1, stance < 0 ? ROLE_BAD : ROLE_CHOSEN,
                stance > 0   ? "▶"
                : stance < 0 ? "−"
                             : " ");
    enum role role = stance > 0 ? ROLE_CHOSEN : stance < 0 ? ROLE_DIM : ROLE_TEXT;
    if (slice_is_none(row->value))
        canvas_word(c, r.x + 2, r.y, room, ROLE_DIM,
                    f->key == FILTER_CLASS ? N_("no class") : N_("no user"));
    else if (f->key == FILTER_CLASS)
        canvas_text(c, r.x + 2, r.y, room, role, desk_class_title(f->desk, row->value));
    else
        canvas_text(c, r.x + 2, r.y, room, role, row->value);
    canvas_word(c, r.x + r.width - digits - 1, r.y, digits, stance > 0 ? ROLE_CHOSEN : ROLE_DIM,
                number);
}

void facet_draw(const struct desk *d, enum filter_key key, struct list *list, bool focused,
                struct canvas *c, struct rect r)
{
    size_t count;
    struct facet_drawing drawing = {d, key, facet_rows(d, key, &count)};
    list->count = count;
    if (count == 0) {
        canvas_word(c, r.x + 2, r.y, r.width - 3, ROLE_DIM, d->waiting[ASK_COUNTS] ? "…" : "none");
        return;
    }
    list_draw(list, c, r, focused, draw_row, &drawing);
}
