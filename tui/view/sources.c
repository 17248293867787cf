/* The Sources view: what was imported, what of it is in the index, and what it does not show. */
#include "tui/view/listing.h"

#include <stdio.h>

enum { FORMAT_WIDTH = 9, NUMBER_WIDTH = 9, SHORT_WIDTH = 7, MOMENT_WIDTH = 19, ZONE_WIDTH = 10 };

static const struct store_source *source_at(const struct desk *d, size_t row)
{
    const struct answer *a = d->newest[ASK_SOURCES];
    return &a->sources.rows[row];
}

static size_t sources_count(const struct desk *d)
{
    const struct answer *a = d->newest[ASK_SOURCES];
    return a && !a->bad ? a->sources.count : 0;
}

static int64_t sources_id(const struct desk *d, size_t row)
{
    return source_at(d, row)->id;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* Numbers first: with less room the last columns go. The name gets what is left over. */
struct source_columns {
    int name;
    bool moments, zone;
};

static struct source_columns columns_for(int width)
{
    int rest = width - 2 - (FORMAT_WIDTH + 1) - 2 * (NUMBER_WIDTH + 1) - 3 * (SHORT_WIDTH + 1);
    struct source_columns w = {0};
    if (rest >= 18 + 2 * (MOMENT_WIDTH + 1)) {
        w.moments = true;
        rest -= 2 * (MOMENT_WIDTH + 1);
    }
    if (rest >= 18 + ZONE_WIDTH + 1 + NUMBER_WIDTH + 1) {
        w.zone = true;
        rest -= ZONE_WIDTH + 1 + NUMBER_WIDTH + 1;
    }
    w.name = rest > 1 ? rest : 1;
    return w;
}

static void sources_head(struct canvas *c, struct rect r)
{
    struct source_columns w = columns_for(r.width);
    int x = listing_put(c, r.x + 1, r.y, w.name, ROLE_LABEL, slice_of(_("Source")));
    x = listing_put(c, x, r.y, FORMAT_WIDTH, ROLE_LABEL, slice_of(_("Format")));
    x = listing_put_right(c, x, r.y, NUMBER_WIDTH, ROLE_LABEL, _("Entries"));
    x = listing_put_right(c, x, r.y, NUMBER_WIDTH, ROLE_LABEL, _("New"));
    x = listing_put_right(c, x, r.y, SHORT_WIDTH, ROLE_LABEL, _("Twice"));
    x = listing_put_right(c, x, r.y, SHORT_WIDTH, ROLE_LABEL, _("Damaged"));
    x = listing_put_right(c, x, r.y, SHORT_WIDTH, ROLE_LABEL, _("Other"));
    if (w.moments) {
        x = listing_put(c, x, r.y, MOMENT_WIDTH, ROLE_LABEL, slice_of(_("First")));
        x = listing_put(c, x, r.y, MOMENT_WIDTH, ROLE_LABEL, slice_of(_("Last")));
    }
    if (w.zone) {
        x = listing_put_right(c, x, r.y, NUMBER_WIDTH, ROLE_LABEL, _("Secrets"));
        listing_put(c, x, r.y, ZONE_WIDTH, ROLE_LABEL, slice_of(_("Zone taken")));
    }
}

/* The end of a path is what tells files apart. */
static struct slice last_part(struct slice path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '/')
        at--;
    return at < path.len ? slice_from(path, at) : path;
}

static void sources_row(const struct desk *d, size_t row, struct canvas *c, struct rect r)
{
    const struct store_source *s = source_at(d, row);
    struct source_columns w = columns_for(r.width);
    char moment[TIME_TEXT_SIZE];
    canvas_word(c, r.x, r.y, 1, ROLE_WARN, s->complete ? " " : "!");
    int x = listing_put(c, r.x + 1, r.y, w.name, ROLE_TEXT, last_part(s->path));
    x = listing_put(c, x, r.y, FORMAT_WIDTH, ROLE_DIM, s->format);
    x = listing_put_count(c, x, r.y, NUMBER_WIDTH, ROLE_TEXT, s->entries);
    x = listing_put_count(c, x, r.y, NUMBER_WIDTH, ROLE_TEXT, s->added);
    x = listing_put_count(c, x, r.y, SHORT_WIDTH, ROLE_TEXT, s->duplicates);
    x = listing_put_count(c, x, r.y, SHORT_WIDTH, ROLE_BAD, s->damaged);
    x = listing_put_count(c, x, r.y, SHORT_WIDTH, ROLE_TEXT, s->other);
    if (w.moments) {
        x = listing_put(c, x, r.y, MOMENT_WIDTH, ROLE_DIM,
                        slice_of(moment_text(moment, s->first_us, true)));
        x = listing_put(c, x, r.y, MOMENT_WIDTH, ROLE_DIM,
                        slice_of(moment_text(moment, s->last_us, true)));
    }
    if (w.zone) {
        x = listing_put_count(c, x, r.y, NUMBER_WIDTH, ROLE_TEXT, s->redacted);
        listing_put(c, x, r.y, ZONE_WIDTH, ROLE_WARN, s->zone);
    }
}

/* --- pane ------------------------------------------------------------------------------------- */

static void heading(struct text *t, const char *word)
{
    text_gap(t);
    text_word(t, ROLE_LABEL, word);
    text_break(t);
}

static void item(struct text *t, const char *name, enum role role, struct slice value)
{
    enum { VALUE_COLUMN = 12 };
    text_indent(t, 2);
    text_word(t, ROLE_DIM, name);
    text_indent(t, VALUE_COLUMN);
    text_column(t, VALUE_COLUMN);
    text_add(t, role, value);
    text_break(t);
}

static void item_count(struct text *t, const char *name, enum role role, uint64_t count,
                       const char *what)
{
    char number[COUNT_SIZE];
    item(t, name, count ? role : ROLE_DIM,
         arena_format(t->arena, "%s%s%s", count_text(number, count), count && what[0] ? " " : "",
                      count ? _(what) : ""));
}

static void step(struct text *t, const char *words)
{
    text_indent(t, 2);
    text_word(t, ROLE_KEY, "› ");
    text_indent(t, 4);
    text_word(t, ROLE_TEXT, words);
    text_break(t);
}

static void write_counts(struct text *t, const struct store_source *s)
{
    item_count(t, "entries", ROLE_TEXT, s->entries, "");
    item_count(t, "new", ROLE_TEXT, s->added, "");
    item_count(t, "twice", ROLE_TEXT, s->duplicates, N_("in the index already, kept once"));
    item_count(t, "damaged", ROLE_BAD, s->damaged,
               words_many("place that cannot be read", "places that cannot be read", s->damaged));
    item_count(t, "other", ROLE_TEXT, s->other, N_("not SCIM, left out"));
    item_count(t, "secrets", ROLE_TEXT, s->redacted, N_("values removed before storing"));
}

static void write_span(struct text *t, const struct store_source *s)
{
    char text[TIME_TEXT_SIZE];
    heading(t, "Covers");
    if (!slice_is_none(s->zone))
        item(t, "zone", ROLE_WARN,
             arena_format(t->arena, _("%.*s, assumed: its times name none"),
                          (int)slice_first(s->zone, 64).len, s->zone.at));
    if (s->zone_twice)
        item(t, "twice", ROLE_WARN,
             arena_format(t->arena, _("%llu times exist twice there: the first was taken"),
                          (unsigned long long)s->zone_twice));
    if (s->zone_never)
        item(t, "never", ROLE_WARN,
             arena_format(t->arena, _("%llu times do not exist there: moved forward"),
                          (unsigned long long)s->zone_never));
    if (s->first_us == TIME_NONE) {
        item(t, "time", ROLE_DIM, slice_of(_("no entry of it has a time")));
        return;
    }
    item(t, "from", ROLE_TEXT, arena_copy(t->arena, slice_of(time_local_text(text, s->first_us))));
    item(t, "to", ROLE_TEXT, arena_copy(t->arena, slice_of(time_local_text(text, s->last_us))));
    item(t, "that is", ROLE_TEXT,
         arena_copy(t->arena, slice_of(time_span_words(text, s->last_us - s->first_us))));
}

static const struct coverage *coverage_of(const struct desk *d, int64_t source)
{
    const struct answer *a = d->newest[ASK_COVERAGE];
    for (size_t i = 0; a && !a->bad && i < a->coverage.count; i++)
        if (a->coverage.rows[i].source == source)
            return a->coverage.rows[i].unread ? NULL : &a->coverage.rows[i];
    return NULL;
}

static void more(struct text *t, uint64_t all, size_t shown)
{
    if (all <= shown)
        return;
    text_indent(t, 4);
    text_add(t, ROLE_DIM,
             arena_format(t->arena, _("and %llu more"), (unsigned long long)all - shown));
    text_break(t);
}

static void note(struct text *t, enum role role, struct slice words)
{
    text_indent(t, 2);
    text_word(t, role, "○ ");
    text_indent(t, 4);
    text_add(t, ROLE_TEXT, words);
    text_break(t);
}

static void write_damage(struct text *t, const struct coverage *c, uint64_t all)
{
    for (size_t i = 0; i < c->damage_count; i++) {
        text_indent(t, 2);
        text_word(t, ROLE_BAD, "✗ ");
        text_indent(t, 4);
        text_add(t, ROLE_TEXT,
                 arena_format(t->arena, _("not read at byte %llu: "),
                              (unsigned long long)c->damage[i].offset));
        text_add(t, ROLE_TEXT, c->damage[i].text);
        text_break(t);
    }
    more(t, all, c->damage_count);
}

static void write_holes(struct text *t, const struct coverage *c)
{
    char missing[COUNT_SIZE];
    if (c->holes)
        note(t, ROLE_WARN,
             arena_format(t->arena, _("%s record ids are in no entry"),
                          count_text(missing, c->missing)));
    for (size_t i = 0; i < c->hole_count; i++) {
        const struct coverage_hole *hole = &c->hole[i];
        text_indent(t, 4);
        text_add(t, ROLE_DIM,
                 hole->from_id == hole->to_id
                     ? arena_format(t->arena, "%lld", (long long)hole->from_id)
                     : arena_format(t->arena, _("%lld to %lld"), (long long)hole->from_id,
                                    (long long)hole->to_id));
        text_word(t, ROLE_DIM, " of ");
        text_add(t, ROLE_DIM, hole->channel.len ? hole->channel : slice_of(_("the log")));
        if (hole->computer.len) {
            text_word(t, ROLE_DIM, " on ");
            text_add(t, ROLE_DIM, hole->computer);
        }
        text_break(t);
    }
    more(t, c->holes, c->hole_count);
    if (c->ids_unread)
        note(t, ROLE_WARN, slice_of(_("record ids lie too far apart to be looked at")));
    if (c->twice)
        note(t, ROLE_WARN,
             arena_format(t->arena, _("%llu record ids were given twice: the log began anew"),
                          (unsigned long long)c->twice));
    if (c->cleared)
        note(t, ROLE_WARN,
             arena_format(t->arena, _("a log was cleared: %llu events say so"),
                          (unsigned long long)c->cleared));
}

static void write_gaps(struct text *t, const struct coverage *c)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], span[TIME_TEXT_SIZE];
    for (size_t i = 0; i < c->gap_count; i++)
        note(t, ROLE_WARN,
             arena_format(t->arena, _("silent for %s: %s to %s"),
                          time_span_words(span, c->gap[i].to_us - c->gap[i].from_us),
                          moment_text(from, c->gap[i].from_us, false),
                          moment_text(to, c->gap[i].to_us, false)));
    more(t, c->gaps, c->gap_count);
    if (c->timeless)
        note(t, ROLE_WARN,
             arena_format(t->arena, _("%llu entries have no time"),
                          (unsigned long long)c->timeless));
}

static void write_missing(const struct desk *d, struct text *t, const struct store_source *s)
{
    const struct answer *a = d->newest[ASK_COVERAGE];
    const struct coverage *c = coverage_of(d, s->id);
    heading(t, "Does not show");
    if (!c) {
        text_indent(t, 2);
        text_add(t, a && a->bad ? ROLE_BAD : ROLE_DIM,
                 a && a->bad ? slice_of(a->why.text) : slice_of(_("… looking for gaps")));
        text_break(t);
        return;
    }
    write_damage(t, c, s->damaged);
    write_holes(t, c);
    write_gaps(t, c);
    if (c->shared)
        note(t, ROLE_DIM,
             slice_of(_("what it held itself is not known: entries of all sources were counted")));
    if (coverage_is_whole(s, c)) {
        text_indent(t, 2);
        text_word(t, ROLE_GOOD, "✓ nothing seems to be missing");
        text_break(t);
    }
}

static void write_steps(const struct desk *d, struct text *t, const struct store_source *s)
{
    const struct coverage *c = coverage_of(d, s->id);
    bool holes = c && (c->holes || c->gaps);
    if (s->complete && !s->damaged && slice_is_none(s->zone) && s->held && !holes)
        return;
    heading(t, "Do");
    if (holes)
        step(t, "If the export was not filtered on purpose, export the log whole, over the silent "
                "hours too, before taking silence for success.");
    if (!s->complete)
        step(t, "Its import was cut short: import it again, it goes on where it stopped.");
    if (s->damaged)
        step(t, "Take the export again if the system still has it and import that too: what is "
                "there already is kept once.");
    if (!slice_is_none(s->zone))
        step(t, "If its machine stood in another zone, forget it and import it anew with --tz.");
    if (!s->held && s->duplicates)
        step(t, "Nothing: all of it came with another source before.");
    else if (!s->held)
        step(t, "Nothing of it is SCIM. `scimscope formats` tells which export has what "
                "is needed; --all-traffic keeps other HTTP calls too.");
}

static void sources_write(const struct desk *d, size_t row, struct text *t)
{
    const struct store_source *s = source_at(d, row);
    char number[COUNT_SIZE];
    text_add(t, ROLE_STRONG, s->path);
    text_break(t);
    text_add(t, ROLE_DIM, s->format);
    text_add(t, ROLE_DIM, arena_format(t->arena, _("   %s bytes"), count_text(number, s->size)));
    if (!slice_is_none(s->label)) {
        text_word(t, ROLE_DIM, "   label ");
        text_add(t, ROLE_ACCENT, s->label);
    }
    text_break(t);
    if (!s->complete) {
        text_word(t, ROLE_WARN, "! partly imported");
        text_break(t);
    }
    text_gap(t);
    write_counts(t, s);
    write_span(t, s);
    write_missing(d, t, s);
    write_steps(d, t, s);
}

static void sources_write_empty(const struct desk *d, struct text *t)
{
    if (!empty_write(d, t))
        text_word(t, ROLE_DIM, "…");
}

/* --- the view --------------------------------------------------------------------------------- */

static bool sources_filter(const struct desk *d, size_t row, struct buf *out)
{
    const struct store_source *s = source_at(d, row);
    if (!filter_add_term(out, false, FILTER_SOURCE, s->path))
        return false;
    if (slice_is_none(s->label))
        return true;
    buf_add_byte(out, ' ');
    return filter_add_term(out, false, FILTER_LABEL, s->label);
}

static const struct hint hints[] = {
    {ACTION_OPEN, N_("its entries")}, {ACTION_NEXT_PANE, N_("scroll the pane")},
    {ACTION_BACK, N_("entries")},     {ACTION_HELP, N_("help")},
    {ACTION_QUIT, N_("quit")},
};

static const struct listing_kind sources_listing = {
    .asks = ASK_SOURCES,
    .pane = N_("Coverage"),
    .count = sources_count,
    .id = sources_id,
    .head = sources_head,
    .row = sources_row,
    .write = sources_write,
    .write_empty = sources_write_empty,
    .filter = sources_filter,
    .hints = hints,
    .hint_count = sizeof hints / sizeof *hints,
};

static void sources_draw(struct view *v, struct canvas *c, struct rect r)
{
    listing_draw(v, &sources_listing, c, r);
}

static enum outcome sources_act(struct view *v, enum action action)
{
    return listing_act(v, &sources_listing, action);
}

static enum outcome sources_mouse(struct view *v, const struct terminal_event *event)
{
    return listing_mouse(v, &sources_listing, event);
}

const struct view_class sources_view = {
    .name = "sources",
    .state_size = sizeof(struct listing),
    .draw = sources_draw,
    .act = sources_act,
    .mouse = sources_mouse,
};
