/* Knows which parts of a record identify it; see fingerprint.h. */
#include "core/fingerprint.h"

#include "core/base/utf8.h"

/* A text as the index writes it: what is no UTF-8 would not come back from an export. */
static void add_text(struct hash_print *print, struct slice text)
{
    if (utf8_valid(text)) {
        hash_print_add(print, text);
        return;
    }
    struct buf clean;
    buf_init(&clean, (size_t)3 * RECORD_SIZE_LIMIT);
    utf8_add_clean(&clean, text);
    hash_print_add(print, buf_slice(&clean));
    buf_free(&clean);
}

int64_t fingerprint_second(const struct record *record)
{
    if (record->time_us == TIME_NONE || record->zone_assumed)
        return 0;
    int64_t rest = record->time_us % TIME_SECOND;
    return record->time_us / TIME_SECOND - (rest < 0);
}

static void add_event(struct hash_print *print, const struct record *record)
{
    const struct record_event *event = &record->event;
    if (event->record_id >= 0) {
        add_text(print, event->computer);
        add_text(print, event->channel);
        add_text(print, event->provider);
        hash_print_add_int(print, event->record_id);
        hash_print_add_int(print, event->event_id);
        hash_print_add_int(print, fingerprint_second(record));
        return;
    }
    /* A text export says less, and all of it in its own words. */
    add_text(print, event->provider);
    hash_print_add_int(print, event->event_id);
    add_text(print, record->time_text);
    add_text(print, event->message);
    if (slice_is_none(event->message))
        for (size_t i = 0; i < event->data_count; i++)
            add_text(print, event->data[i].value);
}

/* What was cut or is not text is known by its keyed hash. */
static void add_body(struct hash_print *print, const struct body *body)
{
    add_text(print, body->text);
    add_text(print, body->digest);
}

static void add_http(struct hash_print *print, const struct record *record)
{
    const struct record_http *http = &record->http;
    add_text(print, record->time_text);
    add_text(print, http->method);
    add_text(print, http->url);
    hash_print_add_int(print, http->status);
    hash_print_add_int(print, (int64_t)http->request.header_count);
    for (size_t i = 0; i < http->request.header_count; i++) {
        add_text(print, http->request.headers[i].name);
        add_text(print, http->request.headers[i].value);
    }
    add_body(print, &http->request.body);
    add_body(print, &http->response.body);
}

static void add_provisioning(struct hash_print *print, const struct record *record)
{
    const struct record_provisioning *item = &record->provisioning;
    if (item->item_id.len) {
        add_text(print, item->item_id);
        return;
    }
    add_text(print, item->change_id);
    add_text(print, record->time_text);
    add_text(print, item->action);
    add_text(print, item->step);
}

uint64_t fingerprint_of(struct hash_print *print, const struct record *record)
{
    hash_print_add_int(print, record->kind);
    if (record->kind == KIND_EVENT)
        add_event(print, record);
    else if (record->kind == KIND_PROVISIONING)
        add_provisioning(print, record);
    else
        add_http(print, record);
    return hash_print_end(print);
}

uint64_t fingerprint_of_bulk(struct hash_print *print, uint64_t exchange, int bulk)
{
    hash_print_add(print, SLICE("bulk"));
    hash_print_add_int(print, (int64_t)exchange);
    hash_print_add_int(print, bulk);
    return hash_print_end(print);
}
