/* How one event record is put together from elements, attributes and text.
 *
 * Both forms of an event log are the same XML tree: BinXML in a .evtx file, text in an Event Viewer
 * export. Their readers walk the tree in order and say here what they meet; the builder knows which
 * places of the tree are which field of a record. So the same event gives the same record,
 * whichever file it came from. It knows nothing of files, encodings or tokens. */
#ifndef IMPORT_EVENT_BUILDER_H
#define IMPORT_EVENT_BUILDER_H

#include "core/record.h"

enum { EVENT_DEPTH = 64 }; /* nested elements of one event */

/* The names that mean something; a reader that meets a name often looks it up once. */
enum event_word {
    EVENT_WORD_OTHER,
    EVENT_WORD_EVENT,
    EVENT_WORD_SYSTEM,
    EVENT_WORD_RENDERING_INFO,
    EVENT_WORD_PROVIDER,
    EVENT_WORD_EVENT_ID,
    EVENT_WORD_LEVEL,
    EVENT_WORD_TIME_CREATED,
    EVENT_WORD_EVENT_RECORD_ID,
    EVENT_WORD_CHANNEL,
    EVENT_WORD_COMPUTER,
    EVENT_WORD_SECURITY,
    EVENT_WORD_DATA,
    EVENT_WORD_BINARY,
    EVENT_WORD_MESSAGE,
    EVENT_WORD_NAME, /* attributes from here */
    EVENT_WORD_SYSTEM_TIME,
    EVENT_WORD_USER_ID,
    EVENT_WORD_XMLNS
};

struct event_name {
    enum event_word word;
    struct slice text; /* without a namespace prefix */
};

/* Looks a name up; `text` is borrowed by the result. A namespace prefix is dropped, but what begins
 * with "xmlns" is EVENT_WORD_XMLNS. */
struct event_name event_name_of(struct slice text);

enum event_section {
    EVENT_SECTION_NONE,
    EVENT_SECTION_SYSTEM,
    EVENT_SECTION_RENDERING,
    EVENT_SECTION_DATA
};

struct event_builder {
    struct arena *arena; /* everything kept is copied into it; the caller resets it */
    struct buf text;     /* own text of the open elements, one behind the other */
    unsigned depth;      /* open elements */
    enum event_section section;
    struct {
        struct event_name name;
        struct slice given; /* its Name attribute */
        size_t text_start;
        bool has_children;
    } open[EVENT_DEPTH];
    struct pair *data;
    size_t data_count, data_room;
    size_t kept; /* bytes copied, against RECORD_SIZE_LIMIT */
    struct record_event event;
    int64_t time_us;
    struct slice time_text;
    enum fault_code broken; /* set once the event cannot be used any more */
    const char *why;
};

void event_builder_init(struct event_builder *b, struct arena *arena);
void event_builder_free(struct event_builder *b);
/* Starts a new event; the arena may have been reset. */
void event_builder_start(struct event_builder *b);

/* The tree, in order. `name.text` is borrowed until the element is closed, values until the call
 * returns. False when the event broke a ceiling (`broken`, `why`): the reader gives it up. */
bool event_builder_open(struct event_builder *b, struct event_name name);
bool event_builder_attribute(struct event_builder *b, struct event_name name, struct slice value);
bool event_builder_text(struct event_builder *b, struct slice text);
bool event_builder_close(struct event_builder *b);

/* The same for an element of System, by what it is, where a reader need not walk it: its text or
 * number (-1: none that can be used), the text of its one attribute that means something, and the
 * time that it says. False as above. */
bool event_builder_system_text(struct event_builder *b, enum event_word element, struct slice text);
bool event_builder_system_number(struct event_builder *b, enum event_word element, int64_t number);
bool event_builder_system_attribute(struct event_builder *b, enum event_word element,
                                    struct slice value);
bool event_builder_system_time(struct event_builder *b, int64_t time_us, struct slice text);

/* Fills event and time of `out` once the root is closed, borrowed from the arena and the builder's
 * caller. FAULT_FORMAT or FAULT_LIMIT with a sentence when it was no event. */
enum fault_code event_builder_finish(struct event_builder *b, struct record *out,
                                     struct fault *why);

#endif
