/* Knows which places of an event's tree are which field of a record; see event_builder.h. */
#include "import/event_builder.h"

#define WORD(text, word)                                                                           \
    {                                                                                              \
        text, sizeof(text) - 1, word                                                               \
    }

static const struct {
    const char *text;
    size_t len;
    enum event_word word;
} words[] = {
    WORD("Event", EVENT_WORD_EVENT),
    WORD("System", EVENT_WORD_SYSTEM),
    WORD("RenderingInfo", EVENT_WORD_RENDERING_INFO),
    WORD("Provider", EVENT_WORD_PROVIDER),
    WORD("EventID", EVENT_WORD_EVENT_ID),
    WORD("Level", EVENT_WORD_LEVEL),
    WORD("TimeCreated", EVENT_WORD_TIME_CREATED),
    WORD("EventRecordID", EVENT_WORD_EVENT_RECORD_ID),
    WORD("Channel", EVENT_WORD_CHANNEL),
    WORD("Computer", EVENT_WORD_COMPUTER),
    WORD("Security", EVENT_WORD_SECURITY),
    WORD("Data", EVENT_WORD_DATA),
    WORD("Binary", EVENT_WORD_BINARY),
    WORD("Message", EVENT_WORD_MESSAGE),
    WORD("Name", EVENT_WORD_NAME),
    WORD("SystemTime", EVENT_WORD_SYSTEM_TIME),
    WORD("UserID", EVENT_WORD_USER_ID),
};

struct event_name event_name_of(struct slice text)
{
    struct event_name name = {EVENT_WORD_OTHER, text};
    if (text.len >= 5 && memcmp(text.at, "xmlns", 5) == 0 && (text.len == 5 || text.at[5] == ':')) {
        name.word = EVENT_WORD_XMLNS;
        return name;
    }
    size_t colon = slice_find_byte(text, ':');
    if (colon != SIZE_MAX)
        name.text = slice_from(text, colon + 1);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (name.text.len == words[i].len &&
            memcmp(name.text.at, words[i].text, words[i].len) == 0) {
            name.word = words[i].word;
            break;
        }
    return name;
}

void event_builder_init(struct event_builder *b, struct arena *arena)
{
    *b = (struct event_builder){.arena = arena};
    buf_init(&b->text, RECORD_SIZE_LIMIT);
    event_builder_start(b);
}

void event_builder_free(struct event_builder *b)
{
    buf_free(&b->text);
}

void event_builder_start(struct event_builder *b)
{
    buf_reset(&b->text);
    b->depth = 0;
    b->section = EVENT_SECTION_NONE;
    b->data = NULL;
    b->data_count = b->data_room = 0;
    b->kept = 0;
    b->event = (struct record_event){.event_id = -1, .record_id = -1};
    b->time_us = TIME_NONE;
    b->time_text = SLICE_NONE;
    b->broken = FAULT_NONE;
    b->why = NULL;
}

static bool give_up(struct event_builder *b, enum fault_code code, const char *why)
{
    if (!b->broken) {
        b->broken = code;
        b->why = why;
    }
    return false;
}

static struct slice keep(struct event_builder *b, struct slice text)
{
    if (text.len > (size_t)RECORD_SIZE_LIMIT - b->kept) {
        give_up(b, FAULT_LIMIT, "the event holds more than 64 MiB");
        return SLICE_NONE;
    }
    b->kept += text.len;
    return arena_copy(b->arena, text);
}

static bool add_pair(struct event_builder *b, struct slice name, struct slice value)
{
    if (b->data_count == RECORD_FIELDS_LIMIT)
        return give_up(b, FAULT_LIMIT, "the event holds more than 4096 values");
    if (b->data_count == b->data_room) {
        size_t room = b->data_room ? b->data_room * 2 : 8;
        struct pair *wider = arena_alloc(b->arena, room * sizeof *wider);
        if (b->data_count)
            memcpy(wider, b->data, b->data_count * sizeof *wider);
        b->data = wider;
        b->data_room = room;
    }
    struct pair *pair = &b->data[b->data_count++];
    pair->name = keep(b, name);
    pair->value = keep(b, value);
    return !b->broken;
}

bool event_builder_open(struct event_builder *b, struct event_name name)
{
    if (b->broken)
        return false;
    if (b->depth == EVENT_DEPTH)
        return give_up(b, FAULT_LIMIT, "the event nests more than 64 elements");
    if (b->depth == 0 && name.word != EVENT_WORD_EVENT)
        return give_up(b, FAULT_FORMAT, "the record's outermost element is not Event");
    if (b->depth == 1)
        b->section = name.word == EVENT_WORD_SYSTEM           ? EVENT_SECTION_SYSTEM
                     : name.word == EVENT_WORD_RENDERING_INFO ? EVENT_SECTION_RENDERING
                                                              : EVENT_SECTION_DATA;
    if (b->depth)
        b->open[b->depth - 1].has_children = true;
    b->open[b->depth].name = name;
    b->open[b->depth].given = SLICE_NONE;
    b->open[b->depth].text_start = b->text.len;
    b->open[b->depth].has_children = false;
    b->depth++;
    return true;
}

bool event_builder_system_attribute(struct event_builder *b, enum event_word element,
                                    struct slice value)
{
    if (element == EVENT_WORD_PROVIDER) {
        b->event.provider = keep(b, value);
    } else if (element == EVENT_WORD_SECURITY) {
        if (value.len)
            b->event.user_sid = keep(b, value);
    } else if (element == EVENT_WORD_TIME_CREATED) {
        b->time_text = keep(b, value);
        if (!time_parse(value, &b->time_us, NULL))
            b->time_us = TIME_NONE;
    }
    return !b->broken;
}

bool event_builder_system_time(struct event_builder *b, int64_t time_us, struct slice text)
{
    b->time_text = keep(b, text);
    b->time_us = time_us;
    return !b->broken;
}

/* Which attribute of an element of System is looked at. */
static bool is_told(enum event_word element, enum event_word attribute)
{
    return (element == EVENT_WORD_PROVIDER && attribute == EVENT_WORD_NAME) ||
           (element == EVENT_WORD_SECURITY && attribute == EVENT_WORD_USER_ID) ||
           (element == EVENT_WORD_TIME_CREATED && attribute == EVENT_WORD_SYSTEM_TIME);
}

bool event_builder_attribute(struct event_builder *b, struct event_name name, struct slice value)
{
    if (b->broken)
        return false;
    if (b->depth < 3 || name.word == EVENT_WORD_XMLNS)
        return true;
    struct event_name element = b->open[b->depth - 1].name;
    if (b->section == EVENT_SECTION_SYSTEM) {
        if (b->depth == 3 && is_told(element.word, name.word))
            event_builder_system_attribute(b, element.word, value);
    } else if (b->section == EVENT_SECTION_DATA) {
        if (name.word == EVENT_WORD_NAME) {
            b->open[b->depth - 1].given = keep(b, value);
        } else if (element.word != EVENT_WORD_DATA) {
            /* Some providers put all they say into attributes of UserData elements. Such an element
             * need not have a text of its own. */
            b->open[b->depth - 1].has_children = true;
            struct slice both = arena_format(b->arena, "%.*s.%.*s", (int)element.text.len,
                                             element.text.at, (int)name.text.len, name.text.at);
            return add_pair(b, both, value);
        }
    }
    return !b->broken;
}

bool event_builder_text(struct event_builder *b, struct slice text)
{
    if (b->broken)
        return false;
    if (!buf_add(&b->text, text))
        return give_up(b, FAULT_LIMIT, "the event holds more than 64 MiB");
    return true;
}

static int64_t number_of(struct slice text)
{
    int64_t n;
    return slice_to_int64(slice_trim(text), &n) && n >= 0 ? n : -1;
}

/* 0 is what the Security log writes for its audit records; above 5 are a provider's own levels. */
static enum level level_of(int64_t n)
{
    if (n == 0)
        return LEVEL_INFORMATION;
    return n < 0 ? LEVEL_NONE : n <= LEVEL_VERBOSE ? (enum level)n : LEVEL_VERBOSE;
}

bool event_builder_system_number(struct event_builder *b, enum event_word element, int64_t number)
{
    if (element == EVENT_WORD_EVENT_ID)
        b->event.event_id = number;
    else if (element == EVENT_WORD_LEVEL)
        b->event.level = level_of(number);
    else if (element == EVENT_WORD_EVENT_RECORD_ID)
        b->event.record_id = number;
    return !b->broken;
}

bool event_builder_system_text(struct event_builder *b, enum event_word element, struct slice text)
{
    switch (element) {
    case EVENT_WORD_EVENT_ID:
    case EVENT_WORD_LEVEL:
    case EVENT_WORD_EVENT_RECORD_ID:
        return event_builder_system_number(b, element, number_of(text));
    case EVENT_WORD_CHANNEL:
        b->event.channel = keep(b, text);
        break;
    case EVENT_WORD_COMPUTER:
        b->event.computer = keep(b, text);
        break;
    default:
        break;
    }
    return !b->broken;
}

/* An element that has children says something of its own only where its text is more than the
 * blanks between them; an empty Binary says nothing. */
static void close_data(struct event_builder *b, struct event_name name, struct slice given,
                       bool has_children, struct slice text)
{
    if (has_children && !slice_trim(text).len)
        return;
    if (name.word == EVENT_WORD_BINARY && !text.len)
        return;
    if (slice_is_none(given) && name.word != EVENT_WORD_DATA)
        given = name.text;
    add_pair(b, given, text);
}

bool event_builder_close(struct event_builder *b)
{
    if (b->broken)
        return false;
    if (!b->depth)
        return give_up(b, FAULT_FORMAT, "the record closes an element it did not open");
    b->depth--;
    struct event_name name = b->open[b->depth].name;
    size_t start = b->open[b->depth].text_start;
    struct slice text = slice_from(buf_slice(&b->text), start);
    if (b->depth == 2 && b->section == EVENT_SECTION_SYSTEM)
        event_builder_system_text(b, name.word, text);
    else if (b->depth == 2 && b->section == EVENT_SECTION_RENDERING) {
        /* An exporter without the provider's texts writes an empty Message: that is none. */
        if (name.word == EVENT_WORD_MESSAGE && slice_trim(text).len)
            b->event.message = keep(b, text);
    } else if (b->depth >= 2 && b->section == EVENT_SECTION_DATA)
        close_data(b, name, b->open[b->depth].given, b->open[b->depth].has_children, text);
    b->text.len = start;
    return !b->broken;
}

enum fault_code event_builder_finish(struct event_builder *b, struct record *out, struct fault *why)
{
    if (!b->broken && b->event.event_id < 0)
        give_up(b, FAULT_FORMAT, "the event has no event id");
    if (b->broken)
        return fault_set(why, b->broken, "%s", b->why);
    out->kind = KIND_EVENT;
    out->time_us = b->time_us;
    out->time_text = b->time_text;
    out->zone_assumed = false;
    out->event = b->event;
    out->event.data = b->data;
    out->event.data_count = b->data_count;
    return FAULT_NONE;
}
