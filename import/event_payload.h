/* The JSON in which EvtxECmd writes an event's data into one column. Knows no CSV. */
#ifndef IMPORT_EVENT_PAYLOAD_H
#define IMPORT_EVENT_PAYLOAD_H

#include "core/record.h"

/* The values of `{"EventData":{"Data":[{"@Name":"a","#text":"b"}]}}`, of
 * `{"EventData":{"Data":"b"}}` and of UserData, in order, as far as the JSON is sound. In the
 * arena. */
void event_payload_read(struct record_event *out, struct slice json, struct arena *arena);

#endif
