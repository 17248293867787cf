/* Writes all there is about one entry: its fields, request and response or event data, the stored
 * record. See detail.h. */
#include "tui/view/detail.h"

#include <stdio.h>

enum { LABEL_COLUMN = 14 };

static void heading(struct text *t, const char *word)
{
    text_gap(t);
    text_word(t, ROLE_LABEL, word);
    text_break(t);
}

static void label(struct text *t, const char *name)
{
    text_indent(t, 1);
    text_word(t, ROLE_DIM, name);
    text_indent(t, LABEL_COLUMN);
    text_column(t, LABEL_COLUMN);
}

/* A field that one can filter by; `key` FILTER_KEYS: one cannot. */
static void field(struct text *t, const char *name, enum filter_key key, enum role role,
                  struct slice value)
{
    if (slice_is_none(value))
        return;
    label(t, name);
    if (key != FILTER_KEYS)
        text_mark(t, (int)key + 1, value);
    if (value.len > 0)
        text_add(t, role, value);
    else
        text_word(t, ROLE_DIM, "(empty)");
    text_break(t);
}

static void number(struct text *t, const char *name, enum filter_key key, int64_t value,
                   int64_t null)
{
    if (value != null)
        field(t, name, key, ROLE_TEXT, arena_format(t->arena, "%lld", (long long)value));
}

static void write_time(struct text *t, const struct entry *e, const struct record *record)
{
    char local[TIME_TEXT_SIZE], utc[TIME_TEXT_SIZE];
    label(t, "time");
    if (e->time_us == TIME_NONE) {
        text_word(t, ROLE_DIM, "none given");
        text_break(t);
        return;
    }
    time_local_text(local, e->time_us);
    text_mark(t, FILTER_TIME + 1, arena_format(t->arena, "%.10s", local));
    text_add(t, ROLE_TEXT, arena_format(t->arena, "%s %.40s", local, time_zone_name()));
    text_add(t, ROLE_DIM, arena_format(t->arena, "   %s", time_utc_text(utc, e->time_us)));
    if (record && record->zone_assumed)
        text_word(t, ROLE_WARN, "   zone assumed: the log names none");
    text_break(t);
}

static void write_user(struct text *t, const struct entry *e)
{
    if (slice_is_none(e->user)) {
        label(t, "user");
        text_mark(t, FILTER_USER + 1, SLICE_NONE);
        text_word(t, ROLE_DIM, "nothing tells");
    } else {
        label(t, "user");
        text_mark(t, FILTER_USER + 1, e->user);
        text_add(t, ROLE_STRONG, e->user);
        if (e->user_how == USER_LINKED)
            text_add(t, ROLE_DIM,
                     arena_format(t->arena, _("   named by entry %lld"), (long long)e->user_entry));
    }
    text_break(t);
}

static void write_fields(struct text *t, const struct desk *d, const struct entry_answer *a)
{
    const struct entry *e = &a->entry;
    char status[16], span[TIME_TEXT_SIZE];
    write_time(t, e, a->recorded ? &a->record : NULL);
    write_user(t, e);
    field(t, "mark", FILTER_MARK, ROLE_ACCENT, e->mark);
    field(t, "note", FILTER_NOTE, ROLE_STRONG, e->note);
    if (work_named(e->work) != WORK_OPEN)
        field(t, "work", FILTER_WORK, ROLE_STRONG, e->work);
    if (!slice_is_none(e->class_id)) {
        label(t, "class");
        text_mark(t, FILTER_CLASS + 1, e->class_id);
        text_add(t, ROLE_STRONG, desk_class_title(d, e->class_id));
        text_word(t, ROLE_TEXT, "   ");
        text_add(t, ROLE_DIM, e->class_id);
        text_break(t);
    }
    field(t, "category", FILTER_CATEGORY, ROLE_ACCENT, e->category);
    field(t, "vendor", FILTER_VENDOR, ROLE_TEXT, e->vendor);
    if (e->status > 0)
        field(t, "status", FILTER_STATUS, status_role(e->status),
              arena_copy(t->arena, slice_of(status_text(e, status))));
    field(t, "scimType", FILTER_SCIMTYPE, ROLE_TEXT, e->scim_type);
    field(t, "code", FILTER_KEYS, ROLE_TEXT, e->code);
    field(t, "detail", FILTER_KEYS, ROLE_TEXT, e->detail);
    if (e->level != LEVEL_NONE)
        field(t, "level", FILTER_LEVEL, ROLE_TEXT, slice_of(level_name(e->level)));
    number(t, "event id", FILTER_EVENT, e->event_id, -1);
    number(t, "record id", FILTER_KEYS, e->record_id, -1);
    field(t, "provider", FILTER_KEYS, ROLE_TEXT, e->provider);
    field(t, "computer", FILTER_HOST, ROLE_TEXT, e->computer);
    field(t, "channel", FILTER_KEYS, ROLE_TEXT, e->channel);
    field(t, "method", FILTER_METHOD, ROLE_TEXT, e->method);
    field(t, "host", FILTER_HOST, ROLE_TEXT, e->host);
    field(t, "path", FILTER_PATH, ROLE_TEXT, e->path);
    field(t, "query", FILTER_KEYS, ROLE_TEXT, e->query);
    field(t, "request id", FILTER_REQUEST_ID, ROLE_TEXT, e->request_id);
    if (e->duration_us >= 0)
        field(t, "duration", FILTER_KEYS, ROLE_TEXT,
              arena_copy(t->arena, slice_of(time_span_words(span, e->duration_us))));
    field(t, "source", FILTER_SOURCE, ROLE_TEXT, e->source);
    field(t, "label", FILTER_LABEL, ROLE_TEXT, e->label);
    number(t, "position", FILTER_KEYS, e->position, -1);
    if (e->bulk_operation > 0)
        number(t, "bulk operation", FILTER_KEYS, e->bulk_operation, 0);
    number(t, "id", FILTER_ID, e->id, 0);
}

/* Each entry that a sentence rests on has a line of its own: Enter goes there. */
static void write_evidence(struct text *t, const struct evidence_list *list)
{
    enum { SENTENCE = 3, RESTS = 5 };
    if (list->count == 0)
        return;
    heading(t, "Evidence");
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence *item = &list->items[i];
        const struct verdict_look *look = verdict_look(item->verdict);
        text_indent(t, 1);
        text_word(t, look->role, look->mark);
        text_indent(t, SENTENCE);
        text_word(t, look->role, look->word);
        text_add(t, ROLE_TEXT, item->text);
        text_break(t);
        for (size_t n = 0; n < item->entry_count; n++) {
            struct slice id = arena_format(t->arena, "%lld", (long long)item->entries[n]);
            text_indent(t, RESTS);
            text_mark(t, FILTER_ID + 1, id);
            text_word(t, ROLE_KEY, "→ ");
            text_add(t, ROLE_ACCENT,
                     arena_format(t->arena, _("entry %lld"), (long long)item->entries[n]));
            text_break(t);
        }
    }
}

/* The classes whose conditions hold too, and how much less specific they are. */
static void write_runners_up(struct text *t, const struct verdict *verdict)
{
    enum { NUMBER = 3, TITLE = 7 };
    if (!verdict->runners_up[0])
        return;
    heading(t, "Classes that nearly won");
    text_word(t, ROLE_DIM, "   specificity; this entry's class has ");
    text_add(t, ROLE_TEXT, arena_format(t->arena, "%d", verdict->specificity));
    text_break(t);
    for (size_t i = 0; i < RUNNERS_UP && verdict->runners_up[i]; i++) {
        const struct rule *rule = verdict->runners_up[i];
        text_indent(t, NUMBER);
        text_add(t, ROLE_TEXT, arena_format(t->arena, "%2d", verdict->runner_specificity[i]));
        text_indent(t, TITLE);
        text_column(t, TITLE);
        text_add(t, ROLE_TEXT, rule->title);
        text_word(t, ROLE_TEXT, "   ");
        text_add(t, ROLE_DIM, rule->id);
        text_break(t);
    }
}

/* The entries beside it: other attempts of the same, what resolved it, what names the user. */
static void write_related(struct text *t, const struct entry_answer *a)
{
    char moment[TIME_TEXT_SIZE], status[16];
    if (a->related_count == 0)
        return;
    heading(t, "Related entries");
    for (size_t i = 0; i < a->related_count; i++) {
        const struct entry *e = &a->related[i].entry;
        text_indent(t, 1);
        text_mark(t, FILTER_ID + 1, arena_format(t->arena, "%lld", (long long)e->id));
        text_word(t, ROLE_KEY, "→ ");
        text_add(t, ROLE_ACCENT, arena_format(t->arena, _("entry %lld"), (long long)e->id));
        text_add(t, ROLE_DIM,
                 arena_format(t->arena, "  %s  ", moment_text(moment, e->time_us, true)));
        text_add(t, status_role(e->status), arena_copy(t->arena, slice_of(status_text(e, status))));
        text_word(t, ROLE_TEXT, " ");
        text_add(t, ROLE_TEXT, entry_what(e, t->arena));
        text_word(t, ROLE_TEXT, "  ");
        text_word(t, ROLE_DIM, a->related[i].how);
        text_break(t);
    }
}

/* One line of a value, redacted parts in their own role. */
static void add_line(struct text *t, struct slice value)
{
    size_t at;
    while ((at = slice_find(value, SLICE("[redacted:"))) != SIZE_MAX) {
        size_t end = slice_find_byte(slice_from(value, at), ']');
        end = end == SIZE_MAX ? value.len : at + end + 1;
        text_add(t, ROLE_TEXT, slice_first(value, at));
        text_add(t, ROLE_REDACTED, slice_first(slice_from(value, at), end - at));
        value = slice_from(value, end);
    }
    text_add(t, ROLE_TEXT, value);
}

/* A header's or datum's value; event data may have many lines. */
static void add_value(struct text *t, struct slice value)
{
    enum { VALUE_INDENT = 3 };
    struct slice line;
    while (slice_cut(&value, '\n', &line)) {
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        add_line(t, line);
        if (!slice_is_none(value)) {
            text_break(t);
            text_indent(t, VALUE_INDENT);
        }
    }
}

static void write_pairs(struct text *t, const struct pair *pairs, size_t count, int64_t time_us)
{
    for (size_t i = 0; i < count; i++) {
        text_indent(t, 1);
        text_add(t, ROLE_JSON_KEY, slice_is_none(pairs[i].name) ? SLICE("–") : pairs[i].name);
        text_word(t, ROLE_DIM, ": ");
        text_indent(t, 3);
        add_value(t, pairs[i].value);
        text_break(t);
        claims_write(t, pairs[i].value, time_us);
    }
}

static void write_body(struct text *t, const struct body *body, struct slice pretty,
                       const struct folds *folds, int document)
{
    char size[COUNT_SIZE];
    text_gap(t);
    text_indent(t, 1);
    if (slice_is_none(body->text) && !body->binary && body->size == 0) {
        text_word(t, ROLE_MISSING, "○ no body was captured");
        text_break(t);
        return;
    }
    text_add(t, ROLE_DIM, slice_is_none(body->type) ? slice_of(_("no media type")) : body->type);
    text_add(t, ROLE_DIM, arena_format(t->arena, _("   %s bytes"), count_text(size, body->size)));
    if (body->size > body->text.len && !body->binary)
        text_word(t, ROLE_WARN, "   cut");
    text_break(t);
    if (body->binary)
        text_word(t, ROLE_DIM, " not text: only size and hash are kept");
    else
        pretty_write(t, pretty, folds, document);
    text_break(t);
}

/* What the parts of a page need of the whole. */
struct writing {
    const struct folds *folds;
    int64_t time_us;
};

static void write_message(struct text *t, const char *title, struct slice first_line,
                          const struct message *m, struct slice pretty, const struct writing *w,
                          int document)
{
    heading(t, title);
    text_indent(t, 1);
    text_add(t, ROLE_STRONG, first_line);
    text_break(t);
    if (m->header_count == 0 && !m->headers_known) {
        text_indent(t, 1);
        text_word(t, ROLE_MISSING, "○ no headers were captured");
        text_break(t);
    }
    write_pairs(t, m->headers, m->header_count, w->time_us);
    write_body(t, &m->body, pretty, w->folds, document);
}

static void write_http(struct detail_page *p, const struct entry_answer *a,
                       const struct folds *folds)
{
    const struct writing w = {folds, a->entry.time_us};
    const struct record_http *http = &a->record.http;
    struct text *request = p->gap ? &p->left : &p->head;
    struct text *response = p->gap ? &p->right : &p->head;
    write_message(request, "Request",
                  arena_format(&p->arena, "%.*s %.*s", (int)slice_first(http->method, 64).len,
                               http->method.at ? http->method.at : "",
                               (int)slice_first(http->url, 4096).len,
                               http->url.at ? http->url.at : ""),
                  &http->request, a->request_text, &w, DOCUMENT_REQUEST);
    write_message(response, "Response",
                  http->status ? arena_format(&p->arena, "HTTP %d", http->status)
                               : slice_of(_("no answer")),
                  &http->response, a->response_text, &w, DOCUMENT_RESPONSE);
    if (http->error.len > 0) {
        text_indent(response, 1);
        text_add(response, ROLE_BAD, http->error);
        text_break(response);
    }
}

static void write_event(struct text *t, const struct record_event *event)
{
    if (event->message.len > 0) {
        heading(t, "Message");
        text_body(t, ROLE_TEXT, event->message);
        text_break(t);
    }
    if (event->data_count > 0) {
        heading(t, "Event data");
        write_pairs(t, event->data, event->data_count, TIME_NONE);
    }
}

/* The whole change as the service logged it: who, from where to where, steps, properties. */
static void write_provisioning(struct text *t, const struct record_provisioning *item,
                               struct slice pretty, const struct folds *folds)
{
    const struct {
        const char *name;
        struct slice value;
    } rows[] = {{"status", item->status},
                {"step", item->step},
                {"from", item->source_system},
                {"to", item->target_system},
                {"details", item->details}};
    heading(t, "Change");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        field(t, rows[i].name, FILTER_KEYS, ROLE_TEXT, rows[i].value);
    heading(t, "Item of the provisioning log");
    pretty_write(t, pretty, folds, DOCUMENT_RESPONSE);
    text_break(t);
}

void detail_write(struct detail_page *p, const struct desk *d, const struct entry_answer *a,
                  const struct folds *folds, int width)
{
    detail_free(p);
    arena_init(&p->arena);
    bool http = a->recorded && a->record.kind == KIND_HTTP;
    p->gap = http && width >= DETAIL_SIDE_BY_SIDE ? width / 2 + 1 : 0;
    text_init(&p->head, &p->arena, width);
    text_init(&p->left, &p->arena, p->gap ? p->gap - 2 : width);
    text_init(&p->right, &p->arena, p->gap ? width - p->gap : width);
    text_init(&p->tail, &p->arena, width);
    write_fields(&p->head, d, a);
    write_evidence(&p->head, &a->evidence);
    write_related(&p->head, a);
    if (http)
        write_http(p, a, folds);
    else if (a->recorded && a->record.kind == KIND_EVENT)
        write_event(&p->head, &a->record.event);
    else if (a->recorded && a->record.kind == KIND_PROVISIONING)
        write_provisioning(&p->head, &a->record.provisioning, a->response_text, folds);
    if (p->gap) {
        text_gap(&p->head);
        p->head.count--; /* the empty line that would be written next */
    }
    write_runners_up(&p->tail, &a->verdict);
    if (!slice_is_none(a->raw_text)) {
        text_gap(&p->tail);
        text_word(&p->tail, ROLE_LABEL, "Record as kept");
        text_word(&p->tail, ROLE_DIM, "  secrets were redacted when it was imported");
        text_break(&p->tail);
        pretty_write(&p->tail, a->raw_text, folds, DOCUMENT_RECORD);
    }
}

void detail_free(struct detail_page *p)
{
    text_free(&p->head);
    text_free(&p->left);
    text_free(&p->right);
    text_free(&p->tail);
    arena_free(&p->arena);
    *p = (struct detail_page){0};
}

static size_t beside(const struct detail_page *p)
{
    return p->left.count > p->right.count ? p->left.count : p->right.count;
}

size_t detail_lines(const struct detail_page *p)
{
    return p->head.count + beside(p) + p->tail.count;
}

bool detail_value(const struct detail_page *p, size_t line, enum filter_key *key, struct slice *out)
{
    if (line >= p->head.count || p->head.lines[line].key == 0 ||
        p->head.lines[line].key >= FOLD_LINES)
        return false;
    *key = (enum filter_key)(p->head.lines[line].key - 1);
    *out = p->head.lines[line].value;
    return true;
}

static bool fold_line(const struct text *t, size_t from, size_t line, struct folds *folds)
{
    if (line < from || line - from >= t->count || t->lines[line - from].key < FOLD_LINES)
        return false;
    folds_toggle(folds, t->lines[line - from].key);
    return true;
}

bool detail_fold(const struct detail_page *p, size_t line, struct folds *folds)
{
    size_t below = p->head.count, last = below + beside(p);
    bool left = fold_line(&p->left, below, line, folds);
    bool right = fold_line(&p->right, below, line, folds);
    return left || right || fold_line(&p->head, 0, line, folds) ||
           fold_line(&p->tail, last, line, folds);
}

/* Draws the part of a text whose first line stands at line `at` of the page. */
static void draw_part(const struct text *t, size_t at, struct canvas *c, struct rect r, size_t top)
{
    if (at + t->count <= top || at >= top + (size_t)r.height)
        return;
    if (at >= top) {
        r.height -= (int)(at - top);
        r.y += (int)(at - top);
        text_draw(t, c, r, 0);
    } else
        text_draw(t, c, r, top - at);
}

void detail_draw_page(const struct detail_page *p, struct canvas *c, struct rect r, size_t top)
{
    struct rect left = r, right = r;
    if (p->gap) {
        left.width = p->gap - 2;
        right.x += p->gap;
        right.width -= p->gap;
    }
    if (r.height <= 0)
        return;
    draw_part(&p->head, 0, c, r, top);
    draw_part(&p->left, p->head.count, c, left, top);
    draw_part(&p->right, p->head.count, c, right, top);
    draw_part(&p->tail, p->head.count + beside(p), c, r, top);
}
