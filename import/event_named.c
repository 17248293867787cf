/* Knows the headings of event exports; see event_named.h. Sources of the names: Event Viewer's CSV
 * and TXT exports in English and Japanese, System.Diagnostics.Eventing.Reader.EventLogRecord
 * (PowerShell), EvtxECmd's and Hayabusa's CSV headings. */
#include "import/event_named.h"

enum { NAME_LIMIT = 64 };

static const struct heading {
    const char *name; /* folded, without blanks and underscores */
    enum event_field field;
} headings[] = {{"level", EVENT_FIELD_LEVEL},
                {"レベル", EVENT_FIELD_LEVEL},
                {"leveldisplayname", EVENT_FIELD_LEVEL_WORD},
                {"type", EVENT_FIELD_LEVEL_WORD},
                {"entrytype", EVENT_FIELD_LEVEL_WORD},
                {"種類", EVENT_FIELD_LEVEL_WORD},
                {"keywords", EVENT_FIELD_KEYWORDS},
                {"キーワード", EVENT_FIELD_KEYWORDS},
                {"dateandtime", EVENT_FIELD_TIME},
                {"日付と時刻", EVENT_FIELD_TIME},
                {"timecreated", EVENT_FIELD_TIME},
                {"timestamp", EVENT_FIELD_TIME},
                {"timegenerated", EVENT_FIELD_TIME},
                {"datetime", EVENT_FIELD_TIME},
                {"source", EVENT_FIELD_PROVIDER},
                {"ソース", EVENT_FIELD_PROVIDER},
                {"providername", EVENT_FIELD_PROVIDER},
                {"provider", EVENT_FIELD_PROVIDER},
                {"eventid", EVENT_FIELD_EVENT_ID},
                {"イベントid", EVENT_FIELD_EVENT_ID},
                {"id", EVENT_FIELD_EVENT_ID},
                {"taskcategory", EVENT_FIELD_TASK},
                {"タスクのカテゴリ", EVENT_FIELD_TASK},
                {"taskdisplayname", EVENT_FIELD_TASK},
                {"message", EVENT_FIELD_MESSAGE},
                {"description", EVENT_FIELD_MESSAGE},
                {"メッセージ", EVENT_FIELD_MESSAGE},
                {"説明", EVENT_FIELD_MESSAGE},
                {"details", EVENT_FIELD_MESSAGE},
                {"allfieldinfo", EVENT_FIELD_MESSAGE},
                {"recordid", EVENT_FIELD_RECORD_ID},
                {"eventrecordid", EVENT_FIELD_RECORD_ID},
                {"logname", EVENT_FIELD_CHANNEL},
                {"channel", EVENT_FIELD_CHANNEL},
                {"ログの名前", EVENT_FIELD_CHANNEL},
                {"machinename", EVENT_FIELD_COMPUTER},
                {"computer", EVENT_FIELD_COMPUTER},
                {"hostname", EVENT_FIELD_COMPUTER},
                {"コンピューター", EVENT_FIELD_COMPUTER},
                {"userid", EVENT_FIELD_USER},
                {NULL, EVENT_FIELD_NONE}};

enum event_field event_field_named(struct slice name)
{
    char folded[NAME_LIMIT];
    size_t len = 0;
    name = slice_trim(name);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (c == ' ' || c == '_')
            continue;
        if (len == sizeof folded - 1)
            return EVENT_FIELD_NONE;
        folded[len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    folded[len] = '\0';
    for (const struct heading *h = headings; h->name; h++)
        if (strcmp(h->name, folded) == 0)
            return h->field;
    return EVENT_FIELD_NONE;
}

/* --- records ---------------------------------------------------------------------------------- */

void event_named_init(struct record *record)
{
    *record = (struct record){.kind = KIND_EVENT, .time_us = TIME_NONE};
    record->event.event_id = record->event.record_id = -1;
}

static void set_id(int64_t *out, struct slice value)
{
    int64_t number;
    if (slice_to_int64(slice_trim(value), &number) && number >= 0)
        *out = number;
}

static void set_level(struct record_event *event, struct slice value)
{
    enum level level = level_parse(slice_trim(value));
    if (level != LEVEL_NONE)
        event->level = level;
}

/* The Security log has keywords in place of a level: audits are information. */
static void set_keywords(struct record_event *event, struct slice value)
{
    bool audit = slice_find_fold(value, SLICE("audit")) != SIZE_MAX ||
                 slice_find(value, SLICE("監査")) != SIZE_MAX;
    if (event->level == LEVEL_NONE && audit)
        event->level = LEVEL_INFORMATION;
}

static struct slice known(struct slice value)
{
    return value.len ? value : SLICE_NONE;
}

void event_named_set(struct record *record, enum event_field field, struct slice value,
                     enum day_order order)
{
    struct record_event *event = &record->event;
    bool zoned;
    switch (field) {
    case EVENT_FIELD_LEVEL:
    case EVENT_FIELD_LEVEL_WORD:
        set_level(event, value);
        break;
    case EVENT_FIELD_KEYWORDS:
        set_keywords(event, value);
        break;
    case EVENT_FIELD_TIME:
        if (!event_time_parse(value, order, &record->time_us, &zoned)) {
            record->time_us = TIME_NONE;
            break;
        }
        record->time_text = value;
        record->zone_assumed = !zoned;
        break;
    case EVENT_FIELD_PROVIDER:
        event->provider = known(value);
        break;
    case EVENT_FIELD_EVENT_ID:
        set_id(&event->event_id, value);
        break;
    case EVENT_FIELD_MESSAGE:
        event->message = known(value);
        break;
    case EVENT_FIELD_RECORD_ID:
        set_id(&event->record_id, value);
        break;
    case EVENT_FIELD_CHANNEL:
        event->channel = known(value);
        break;
    case EVENT_FIELD_COMPUTER:
        event->computer = known(value);
        break;
    case EVENT_FIELD_USER:
        event->user_sid = known(value);
        break;
    case EVENT_FIELD_NONE:
    case EVENT_FIELD_TASK:
    case EVENT_FIELDS:
        break;
    }
}
