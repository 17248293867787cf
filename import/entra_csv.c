/* Microsoft Entra provisioning logs as CSV, downloaded from the portal: the file of changes and the
 * file of their steps. Columns are told by the words of their headings, in any order. The file of
 * modified properties holds no outcome: it is named and refused. */
#include "import/csv_rows.h"
#include "import/provisioning.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdlib.h>

enum { LOOK_AHEAD = 1024 * 1024, HEADING_LIMIT = 256 };

struct entra_csv {
    struct window window;
    struct buf scratch, names, item;
    struct csv_record row;
    enum provisioning_field columns[CSV_FIELDS];
    struct slice headings[CSV_FIELDS]; /* in `held` */
    size_t column_count;
    char delimiter;
    bool utc, properties, change_id;
    enum day_order order;
    struct arena arena, held;
    uint64_t position;
};

static bool map_headings(struct entra_csv *e, struct slice line)
{
    bool seen[PROVISIONING_FIELDS] = {false};
    e->delimiter = csv_delimiter(line);
    if (line.len && strchr("{[<", line.at[0]))
        return false; /* JSON or XML names the same things */
    if (!e->delimiter || !csv_read(&e->row, line, e->delimiter, false, &e->scratch))
        return false;
    e->column_count = e->row.count;
    for (size_t i = 0; i < e->row.count; i++) {
        buf_reset(&e->names);
        provisioning_squash(&e->names, e->row.fields[i]);
        struct slice name = buf_slice(&e->names);
        e->columns[i] = provisioning_field_named(name);
        e->headings[i] = arena_copy(&e->held, slice_trim(e->row.fields[i]));
        seen[e->columns[i]] = true;
        if (e->columns[i] == PROVISIONING_TIME && slice_find(name, SLICE("utc")) != SIZE_MAX)
            e->utc = true;
    }
    e->change_id = seen[PROVISIONING_CHANGE_ID];
    e->properties =
        seen[PROVISIONING_CHANGE_ID] && seen[PROVISIONING_VALUE] && !seen[PROVISIONING_STATUS];
    bool outcome = seen[PROVISIONING_STATUS] || seen[PROVISIONING_CODE];
    bool what = seen[PROVISIONING_ACTION] || seen[PROVISIONING_STEP];
    bool whose = seen[PROVISIONING_TARGET_SYSTEM] || seen[PROVISIONING_SOURCE_SYSTEM] ||
                 seen[PROVISIONING_TARGET_NAME] || seen[PROVISIONING_SOURCE_NAME] ||
                 seen[PROVISIONING_TARGET_USER] || seen[PROVISIONING_SOURCE_USER];
    return e->properties || (outcome && what && (seen[PROVISIONING_CHANGE_ID] || whose));
}

static struct entra_csv *begin(size_t limit)
{
    struct entra_csv *e = xcalloc(1, sizeof *e);
    buf_init(&e->scratch, limit);
    buf_init(&e->names, HEADING_LIMIT);
    buf_init(&e->item, (size_t)2 * RECORD_SIZE_LIMIT);
    arena_init(&e->arena);
    arena_init(&e->held);
    return e;
}

static void entra_csv_close(void *self)
{
    struct entra_csv *e = self;
    if (!e)
        return;
    window_free(&e->window);
    buf_free(&e->scratch);
    buf_free(&e->names);
    buf_free(&e->item);
    arena_free(&e->arena);
    arena_free(&e->held);
    free(e);
}

static int entra_csv_sniff(struct slice head, const char *path)
{
    struct entra_csv *e = begin((size_t)4 * INPUT_HEAD);
    struct buf decoded;
    struct slice line;
    size_t size;
    (void)path;
    buf_init(&decoded, (size_t)4 * INPUT_HEAD);
    bool is = csv_find_headings(text_head(head, &decoded), &line, &size) && map_headings(e, line);
    int score = !is ? 0 : e->change_id ? 95 : 80;
    buf_free(&decoded);
    entra_csv_close(e);
    return score;
}

static enum fault_code entra_csv_open(void **self, struct input *in, struct fault *why)
{
    struct entra_csv *e = begin(RECORD_SIZE_LIMIT + 1);
    struct slice line;
    size_t size;
    window_init_text(&e->window, in, RECORD_SIZE_LIMIT);
    window_whole_lines(&e->window);
    *self = e;
    window_want(&e->window, LOOK_AHEAD);
    struct slice text = window_bytes(&e->window);
    if (!csv_find_headings(text, &line, &size) || !map_headings(e, line))
        return fault_set(why, FAULT_FORMAT, "the headings name no action and status of a change");
    if (e->properties)
        return fault_set(why, FAULT_FORMAT,
                         "lists modified properties only; what became of the changes is in the "
                         "file ProvisioningLogs of the same download");
    e->order = day_order_of(slice_first(slice_from(text, size), LOOK_AHEAD));
    window_drop(&e->window, size);
    return FAULT_NONE;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* The row as a JSON object: what the index keeps of it. */
static struct slice row_item(struct entra_csv *e)
{
    buf_reset(&e->item);
    buf_add_byte(&e->item, '{');
    for (size_t i = 0; i < e->row.count && i < e->column_count; i++) {
        if (i)
            buf_add_byte(&e->item, ',');
        json_add_string(&e->item, e->headings[i]);
        buf_add_byte(&e->item, ':');
        json_add_string(&e->item, e->row.fields[i]);
    }
    buf_add_byte(&e->item, '}');
    return buf_full(&e->item) ? SLICE_NONE : buf_slice(&e->item);
}

static enum reading bad(struct entra_csv *e, const char *text, struct fault *why)
{
    e->position++;
    return csv_bad_row(&e->window, text, why);
}

static enum reading entra_csv_next(void *self, struct record *out, struct fault *why)
{
    struct entra_csv *e = self;
    struct slice piece;
    arena_reset(&e->arena);
    enum reading found = csv_find_row(&e->window, why);
    if (found != READING_RECORD)
        return found;
    if (!csv_read_row(&e->row, &e->window, e->delimiter, &e->scratch, &piece))
        return bad(e, "a record is larger than 64 MiB", why);
    if (e->row.unclosed || e->row.count != e->column_count)
        return bad(e, "a record does not have as many fields as there are headings", why);
    struct provisioning_values values = {.order = e->order, .utc = e->utc};
    for (size_t i = 0; i < e->row.count; i++)
        provisioning_set(&values, e->columns[i], e->row.fields[i]);
    uint64_t offset = e->window.offset;
    if (!provisioning_record(out, &values, row_item(e), &e->arena))
        return bad(e, "a record tells neither when nor what was changed", why);
    out->position = e->position++;
    out->offset = offset;
    window_drop(&e->window, piece.len);
    return READING_RECORD;
}

const struct reader entra_csv_reader = {
    .info = {.name = "entra-csv",
             .title = "Microsoft Entra provisioning log as CSV (portal)",
             .suffixes = "csv",
             .how = "Entra admin center: Monitoring & health > Provisioning logs > Download, CSV.\n"
                    "Import the file ProvisioningLogs; JSON says more."},
    .sniff = entra_csv_sniff,
    .open = entra_csv_open,
    .next = entra_csv_next,
    .close = entra_csv_close,
};
