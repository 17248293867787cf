/* Knows which parts of a record identify it; see fingerprint.h. */
#include "core/fingerprint.h"

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
        hash_print_add(print, event->computer);
        hash_print_add(print, event->channel);
        hash_print_add(print, event->provider);
        hash_print_add_int(print, event->record_id);
        hash_print_add_int(print, event->event_id);
        hash_print_add_int(print, fingerprint_second(record));
        return;
    }
    /* A text export says less, and all of it in its own words. */
    hash_print_add(print, event->provider);
    hash_print_add_int(print, event->event_id);
    hash_print_add(print, record->time_text);
    hash_print_add(print, event->message);
    if (slice_is_none(event->message))
        for (size_t i = 0; i < event->data_count; i++)
            hash_print_add(print, event->data[i].value);
}

static void add_http(struct hash_print *print, const struct record *record)
{
    const struct record_http *http = &record->http;
    hash_print_add(print, record->time_text);
    hash_print_add(print, http->method);
    hash_print_add(print, http->url);
    hash_print_add_int(print, http->status);
    hash_print_add_int(print, (int64_t)http->request.header_count);
    for (size_t i = 0; i < http->request.header_count; i++) {
        hash_print_add(print, http->request.headers[i].name);
        hash_print_add(print, http->request.headers[i].value);
    }
    hash_print_add(print, http->request.body.text);
    hash_print_add(print, http->response.body.text);
}

static void add_provisioning(struct hash_print *print, const struct record *record)
{
    const struct record_provisioning *item = &record->provisioning;
    if (item->item_id.len) {
        hash_print_add(print, item->item_id);
        return;
    }
    hash_print_add(print, item->change_id);
    hash_print_add(print, record->time_text);
    hash_print_add(print, item->action);
    hash_print_add(print, item->step);
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
