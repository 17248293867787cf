/* Knows what linking needs of a record: the id that a call left unnamed, the ids whose names it
 * shows; the step that an event's text tells is step.c's. Which users follow from that is link.c.
 */
#include "core/explain/link.h"

#include "core/explain/scim.h"
#include "core/explain/whose.h"

/* --- names that a call shows -------------------------------------------------------------------
 */

struct link_shown {
    struct identity *items;
    size_t count, room;
    struct arena *arena;
    const struct record_http *http;
};

static bool link_show(struct link_shown *shown, struct slice id, struct slice name)
{
    if (!id.len || !name.len || id.len > LINK_KEY_LIMIT || name.len > LINK_KEY_LIMIT)
        return true;
    for (size_t i = shown->count; i > 0 && i + 4 > shown->count; i--)
        if (slice_equal(shown->items[i - 1].id, id) && slice_equal(shown->items[i - 1].name, name))
            return true; /* a request and its answer say the same */
    if (shown->count == LINK_NAMES_LIMIT)
        return false;
    if (shown->count == shown->room) {
        size_t room = shown->room ? shown->room * 2 : 4;
        struct identity *items = arena_zalloc(shown->arena, room, sizeof *items);
        if (shown->count)
            memcpy(items, shown->items, shown->count * sizeof *items);
        shown->items = items;
        shown->room = room;
    }
    shown->items[shown->count++] = (struct identity){id, name};
    return true;
}

static bool link_show_resource(void *self, const struct scim_resource *resource)
{
    return link_show(self, resource->id, resource->user_name);
}

/* The operations of a bulk request while its response is walked. */
struct link_bulk {
    struct link_shown *shown;
    struct scim_operation *asked;
    size_t count, room, next; /* `next`: where the operation asked for probably stands */
};

static bool link_collect(void *self, const struct scim_operation *asked)
{
    struct link_bulk *bulk = self;
    if (bulk->count == bulk->room) {
        size_t room = bulk->room ? bulk->room * 2 : 16;
        struct scim_operation *more = arena_zalloc(bulk->shown->arena, room, sizeof *more);
        if (bulk->count)
            memcpy(more, bulk->asked, bulk->count * sizeof *more);
        bulk->asked = more;
        bulk->room = room;
    }
    bulk->asked[bulk->count++] = *asked;
    return true;
}

/* Responses mostly keep the order of the request, so the search goes on where it ended. */
static const struct scim_operation *link_asked(struct link_bulk *bulk,
                                               const struct scim_operation *answer)
{
    for (size_t i = 0; i < bulk->count; i++) {
        size_t at = (bulk->next + i) % bulk->count;
        if (scim_operation_answers(answer, &bulk->asked[at])) {
            bulk->next = at + 1;
            return &bulk->asked[at];
        }
    }
    return NULL;
}

/* A bulk response names the resource that an operation made or changed by its location; the
 * operation of the request that it answers says its userName. */
static bool link_show_operation(void *self, const struct scim_operation *answer)
{
    struct link_bulk *bulk = self;
    struct arena *arena = bulk->shown->arena;
    struct scim_resource response, data;
    struct slice id;
    if (answer->status < 200 || answer->status > 299)
        return true;
    if (scim_read_resource(&response, answer->response, arena) &&
        !link_show(bulk->shown, response.id, response.user_name))
        return false;
    if (!scim_path_id(answer->path, "Users", &id, arena) || !id.at)
        return true;
    const struct scim_operation *asked = link_asked(bulk, answer);
    if (!asked || !scim_read_resource(&data, asked->data, arena))
        return true;
    return link_show(bulk->shown, id, data.user_name);
}

static void link_show_bulk(struct link_shown *shown)
{
    struct link_bulk bulk = {.shown = shown};
    struct slice id;
    if (!scim_path_id(url_split(shown->http->url, shown->arena).path, "Bulk", &id, shown->arena))
        return;
    scim_each_operation(shown->http->request.body.text, shown->arena, link_collect, &bulk);
    scim_each_operation(shown->http->response.body.text, shown->arena, link_show_operation, &bulk);
}

/* Only what the server accepted counts: a name that was refused is not the resource's. */
static void link_show_all(struct link_shown *shown)
{
    const struct record_http *http = shown->http;
    struct slice body = http->response.body.text;
    struct slice id;
    if (http->status < 200 || http->status > 299)
        return;
    const struct scim_told *told = scim_told_of(http, shown->arena);
    if (told->answers)
        link_show(shown, told->answered.id, told->answered.user_name);
    if (told->lists)
        scim_each_resource(body, shown->arena, link_show_resource, shown);
    link_show_bulk(shown);
    if (!told->asks || told->answered.id.at)
        return;
    link_show(shown, told->asked.id, told->asked.user_name);
    if (scim_path_id(url_split(http->url, shown->arena).path, "Users", &id, shown->arena)) {
        if (!id.at) /* made: its place is in the answer's header */
            scim_path_id(message_header(&http->response, "Location"), "Users", &id, shown->arena);
        link_show(shown, id, told->asked.user_name);
    }
}

void link_facts_of(struct link_facts *out, const struct rulebook *book, const struct record *record,
                   const struct entry *entry, int bulk, struct arena *arena)
{
    *out = (struct link_facts){.step = STEP_OTHER, .key = SLICE_NONE};
    if (record->kind == KIND_EVENT) {
        out->step = entry->class_id.at
                        ? STEP_ERROR
                        : rulebook_step(book, record_event_text(&record->event, arena));
        return;
    }
    /* What is no SCIM call has no class; its ids are of another world. */
    if (record->kind != KIND_HTTP || !entry->class_id.at)
        return;
    struct whose whose;
    whose_call(&whose, &record->http, bulk, arena);
    if (whose.key.len && whose.key.len <= LINK_KEY_LIMIT)
        out->key = whose.key;
    if (bulk > 0)
        return;
    struct link_shown shown = {.arena = arena, .http = &record->http};
    link_show_all(&shown);
    out->shown = shown.items;
    out->shown_count = shown.count;
}
