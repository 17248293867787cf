/* Event XML: what Event Viewer saves as XML, single events, and events one behind the other without
 * a root, as wevtutil prints them. Streamed through expat, one event in memory.
 *
 * Knows how the file as a whole may be broken. Where it is, the place is told, the next "<Event" is
 * searched in the bytes and parsing begins anew there, under a root of our own; the same is done
 * where a document ends and another one begins. A DOCTYPE ends the file: exports have none, and
 * without one there are no entities to expand and no other files to read. */
#include "import/event_builder.h"
#include "import/event_xml_text.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/arena.h"

#include <expat.h>
#include <stdlib.h>

enum {
    WINDOW = 64 * 1024,
    DEPTH_LIMIT = 256,        /* elements open at once */
    TAG_LIMIT = 1024 * 1024,  /* bytes of one tag or comment, which expat holds as a whole */
    NAMES_LIMIT = 256 * 1024, /* names that one parser meets: it keeps every new one */
};

#define EVENT_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"

/* Why a handler stopped the parser. */
enum stop { STOP_NONE, STOP_EVENT, STOP_CUT_EVENT, STOP_DOCTYPE, STOP_DEPTH, STOP_NAMES };

struct event_xml {
    struct input *in;
    struct event_xml_encoding encoding;
    XML_Parser parser;
    struct event_builder builder;
    struct arena arena; /* the event at hand */

    char *window;
    size_t have, at; /* bytes in it; the first that the parser has not got */
    uint64_t offset; /* of its first byte in the file */
    bool held;       /* the bytes from `at` on wait for those behind them */
    bool ended;      /* the file has no more */
    bool seeking;    /* looking for the next event from `at` */
    bool suspended, finished;

    uint64_t base; /* file offset of the parser's first byte */
    size_t prefix; /* bytes of our own root before it */
    bool own_root;
    bool root_open;       /* an <Events> of the file waits for its end */
    bool cut;             /* elements of a cut event are still open */
    unsigned depth;       /* elements open in the parser */
    unsigned event_depth; /* of the event at hand; 0 = none */
    uint64_t event_offset, cut_offset;
    size_t quiet; /* bytes given since the last handler was called */
    size_t names;
    enum stop stop;
    uint64_t position;
};

static uint64_t place_of_parser(const struct event_xml *x)
{
    XML_Index index = XML_GetCurrentByteIndex(x->parser);
    if (index < 0 || (uint64_t)index < x->prefix)
        return x->base;
    return x->base + (uint64_t)index - x->prefix;
}

static void stop(struct event_xml *x, enum stop why)
{
    x->stop = why;
    XML_StopParser(x->parser, why == STOP_EVENT || why == STOP_CUT_EVENT);
}

static bool is_windows_event(const XML_Char **attributes)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(attributes[i + 1], EVENT_NAMESPACE) == 0 &&
            strncmp(attributes[i], "xmlns", 5) == 0)
            return true;
    return false;
}

static void XMLCALL on_start(void *self, const XML_Char *text, const XML_Char **attributes)
{
    struct event_xml *x = self;
    struct event_name name = event_name_of(slice_of(text));
    x->quiet = 0;
    x->names++;
    if (++x->depth > DEPTH_LIMIT) {
        stop(x, STOP_DEPTH);
        return;
    }
    if (x->depth == 1 && !x->own_root && slice_is(name.text, "Events"))
        x->root_open = true;
    if (name.word == EVENT_WORD_EVENT && (!x->event_depth || is_windows_event(attributes))) {
        /* An event inside an event: the outer one was cut, its end will not come. */
        bool cut = x->event_depth != 0;
        x->cut_offset = x->event_offset;
        x->event_depth = x->depth;
        x->event_offset = place_of_parser(x);
        arena_reset(&x->arena);
        event_builder_start(&x->builder);
        if (cut) {
            x->cut = true;
            stop(x, STOP_CUT_EVENT);
        }
    }
    if (!x->event_depth)
        return;
    /* The builder copies names only when it needs them: expat's may be gone by then. */
    if (name.word == EVENT_WORD_OTHER)
        name.text = arena_copy(&x->arena, name.text);
    event_builder_open(&x->builder, name);
    for (size_t i = 0; attributes[i]; i += 2, x->names++)
        event_builder_attribute(&x->builder, event_name_of(slice_of(attributes[i])),
                                slice_of(attributes[i + 1]));
    if (x->names > NAMES_LIMIT)
        stop(x, STOP_NAMES);
}

static void XMLCALL on_end(void *self, const XML_Char *text)
{
    struct event_xml *x = self;
    x->quiet = 0;
    if (x->event_depth) {
        event_builder_close(&x->builder);
        if (x->depth == x->event_depth) {
            x->event_depth = 0;
            stop(x, STOP_EVENT);
        }
    } else if (x->depth == 1 && slice_is(event_name_of(slice_of(text)).text, "Events")) {
        x->root_open = false;
    }
    x->depth--;
}

static void XMLCALL on_text(void *self, const XML_Char *text, int len)
{
    struct event_xml *x = self;
    x->quiet = 0;
    if (x->event_depth)
        event_builder_text(&x->builder, slice_make(text, (size_t)len));
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int has_internal)
{
    (void)name, (void)system, (void)public, (void)has_internal;
    stop(self, STOP_DOCTYPE);
}

static void XMLCALL on_comment(void *self, const XML_Char *text)
{
    (void)text;
    ((struct event_xml *)self)->quiet = 0;
}

static void prepare_parser(struct event_xml *x)
{
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    XML_SetCommentHandler(x->parser, on_comment);
    x->depth = x->event_depth = 0;
    x->quiet = x->names = 0;
    x->suspended = x->cut = false;
    x->stop = STOP_NONE;
}

/* Begins anew at file offset `from`, which is in the window, under a root of our own. */
static void restart(struct event_xml *x, uint64_t from)
{
    static const char root[] = "<Events>";
    char bytes[2 * sizeof root];
    size_t size = 0;
    for (size_t i = 0; i + 1 < sizeof root; i++) {
        if (x->encoding.unit == 2 && x->encoding.big_endian)
            bytes[size++] = '\0';
        bytes[size++] = root[i];
        if (x->encoding.unit == 2 && !x->encoding.big_endian)
            bytes[size++] = '\0';
    }
    XML_ParserReset(x->parser, x->encoding.name);
    x->own_root = true;
    prepare_parser(x);
    x->at = from > x->offset ? (size_t)(from - x->offset) : 0;
    if (x->at > x->have)
        x->at = x->have;
    x->held = false;
    x->base = x->offset + x->at;
    x->prefix = size;
    XML_Parse(x->parser, bytes, (int)size, 0);
}

static void event_xml_close(void *self)
{
    struct event_xml *x = self;
    if (!x)
        return;
    XML_ParserFree(x->parser);
    event_builder_free(&x->builder);
    arena_free(&x->arena);
    free(x->window);
    free(x);
}

static enum fault_code event_xml_open(void **self, struct input *in, struct fault *why)
{
    struct event_xml *x = xcalloc(1, sizeof *x);
    (void)why;
    x->in = in;
    x->encoding = event_xml_encoding_of(input_head(in));
    x->window = xmalloc(WINDOW);
    x->parser = XML_ParserCreate(x->encoding.name);
    if (!x->parser)
        alloc_exhausted();
    arena_init(&x->arena);
    event_builder_init(&x->builder, &x->arena);
    prepare_parser(x);
    *self = x;
    return FAULT_NONE;
}

/* Fills the window anew, keeping its last `keep` bytes in front. */
static enum fault_code refill(struct event_xml *x, size_t keep, struct fault *why)
{
    size_t got = 0;
    memmove(x->window, x->window + x->have - keep, keep);
    x->offset += x->have - keep;
    enum fault_code code = input_read(x->in, x->window + keep, WINDOW - keep, &got, why);
    x->have = keep + got;
    x->at = 0;
    x->held = false;
    x->ended = got == 0;
    return code;
}

static enum reading tell(struct event_xml *x, uint64_t offset, enum fault_code code,
                         const char *text, struct fault *why)
{
    fault_set(why, code, "%s", text);
    why->offset = offset;
    x->position++;
    return READING_BAD_RECORD;
}

/* Looks for the next event in the bytes and begins anew there. */
static enum fault_code seek(struct event_xml *x, struct fault *why)
{
    for (;;) {
        struct slice rest = slice_make(x->window + x->at, x->have - x->at);
        size_t found = event_xml_find(rest, &x->encoding);
        if (found != SIZE_MAX) {
            x->seeking = false;
            restart(x, x->offset + x->at + found);
            return FAULT_NONE;
        }
        size_t keep = rest.len < EVENT_XML_MARK ? rest.len : EVENT_XML_MARK;
        enum fault_code code = refill(x, keep, why);
        if (code)
            return code;
        if (x->ended) {
            x->seeking = false;
            x->finished = true;
            return FAULT_NONE;
        }
    }
}

/* Looks for the next event from `offset` on. The broken byte may be the very "<" of it; but never
 * again where the parser began, or it would not get on. */
static void seek_from(struct event_xml *x, uint64_t offset)
{
    if (offset <= x->base)
        offset = x->base + 1;
    x->seeking = true;
    x->at = offset > x->offset ? (size_t)(offset - x->offset) : 0;
    if (x->at > x->have)
        x->at = x->have;
}

/* The file is at its end and the parser wants more. */
static enum reading end_of_file(struct event_xml *x, struct fault *why)
{
    x->finished = true;
    if (x->event_depth)
        return tell(x, x->event_offset, FAULT_FORMAT, "the file ends inside an event", why);
    if (x->root_open)
        return tell(x, x->offset + x->have, FAULT_FORMAT, "the file ends before </Events>", why);
    return READING_END;
}

/* Whether the parser stumbled over a heading that evtx_dump writes between events. */
static bool at_heading(const struct event_xml *x, uint64_t offset)
{
    if (offset < x->offset || offset >= x->offset + x->have || x->encoding.unit != 1)
        return false;
    size_t at = (size_t)(offset - x->offset);
    return event_xml_is_heading(slice_make(x->window + at, x->have - at));
}

/* What to do when the parser cannot go on. READING_RECORD here means: nothing to tell, go on. */
static enum reading broken(struct event_xml *x, struct fault *why)
{
    enum XML_Error error = XML_GetErrorCode(x->parser);
    uint64_t offset = place_of_parser(x);
    const char *what = NULL;
    if (x->stop == STOP_DOCTYPE) {
        fault_set(why, FAULT_FORMAT, "the file has a DOCTYPE, which event exports never have");
        why->offset = offset;
        return READING_FAILED;
    }
    if (x->stop == STOP_DEPTH)
        what = "the XML nests more than 256 elements";
    else if (x->stop == STOP_NAMES)
        what = "an event holds more than 262144 elements and attributes";
    if (what) {
        seek_from(x, offset);
        return tell(x, offset, FAULT_LIMIT, what, why);
    }
    if (error == XML_ERROR_NO_MEMORY)
        alloc_exhausted();
    if (x->ended && (error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
                     error == XML_ERROR_PARTIAL_CHAR || error == XML_ERROR_UNCLOSED_CDATA_SECTION))
        return end_of_file(x, why);
    bool between = !x->event_depth;
    if (between && error == XML_ERROR_JUNK_AFTER_DOC_ELEMENT) { /* the next document */
        restart(x, offset);
        return READING_RECORD;
    }
    bool heading = between && at_heading(x, offset);
    seek_from(x, offset);
    if (heading || (between && error == XML_ERROR_MISPLACED_XML_PI))
        return READING_RECORD;
    fault_set(why, FAULT_FORMAT, "%s is not well-formed: %s",
              between ? "the XML between the events" : "an event", XML_ErrorString(error));
    why->offset = offset;
    x->position++;
    return READING_BAD_RECORD;
}

/* Gives the parser its next bytes, or lets it go on with those it has. */
static enum fault_code feed(struct event_xml *x, enum XML_Status *status, struct fault *why)
{
    if (x->suspended) {
        x->suspended = false;
        x->stop = STOP_NONE;
        *status = XML_ResumeParser(x->parser);
        return FAULT_NONE;
    }
    if (x->at == x->have || x->held) {
        bool first = x->offset == 0 && x->have == 0;
        enum fault_code code = refill(x, x->have - x->at, why);
        if (code)
            return code;
        if (first) {
            x->at = x->have < x->encoding.mark ? x->have : x->encoding.mark;
            x->base = x->at;
        }
    }
    char *bytes = x->window + x->at;
    size_t size = event_xml_mend(bytes, x->have - x->at, &x->encoding, x->ended);
    x->at += size;
    x->held = x->at < x->have;
    x->quiet += size;
    *status = XML_Parse(x->parser, bytes, (int)size, x->ended);
    return FAULT_NONE;
}

/* An event is complete, or a cut one was met. */
static enum reading deliver(struct event_xml *x, struct record *out, struct fault *why)
{
    x->suspended = true;
    if (x->stop == STOP_CUT_EVENT)
        return tell(x, x->cut_offset, FAULT_FORMAT, "an event is cut off by the next one", why);
    *out = (struct record){.position = x->position, .offset = x->event_offset};
    enum fault_code code = event_builder_finish(&x->builder, out, why);
    /* A parser keeps every name it ever met: begin a new one before there are too many. The end
     * tags of a cut event will not come: a new one does not wait for them either. */
    if (x->names > NAMES_LIMIT / 2 || x->cut)
        restart(x, place_of_parser(x) + (uint64_t)XML_GetCurrentByteCount(x->parser));
    if (code)
        why->offset = out->offset;
    x->position++;
    return code ? READING_BAD_RECORD : READING_RECORD;
}

static enum reading event_xml_next(void *self, struct record *out, struct fault *why)
{
    struct event_xml *x = self;
    enum XML_Status status = XML_STATUS_OK;
    while (!x->finished) {
        if (x->seeking) {
            if (seek(x, why))
                return READING_FAILED;
            continue;
        }
        if (feed(x, &status, why))
            return READING_FAILED;
        if (status == XML_STATUS_SUSPENDED)
            return deliver(x, out, why);
        if (status == XML_STATUS_ERROR) {
            enum reading what = broken(x, why);
            if (what != READING_RECORD)
                return what;
        } else if (x->quiet > TAG_LIMIT) {
            uint64_t offset = x->offset;
            seek_from(x, offset);
            return tell(x, offset, FAULT_LIMIT, "a tag is longer than 1 MiB", why);
        } else if (x->ended) {
            x->finished = true;
        }
    }
    return READING_END;
}

const struct reader event_xml_reader = {
    .info =
        {
            .name = "event-xml",
            .title = "Windows event log saved as XML",
            .suffixes = "xml",
            .how = "Event Viewer: right-click the log, Save All Events As, type \"XML (*.xml)\"; "
                   "choose\n"
                   "to display information for your language, so that the messages are included.\n"
                   "Command line: wevtutil qe Application /f:xml > sync.xml",
        },
    .sniff = event_xml_sniff,
    .open = event_xml_open,
    .next = event_xml_next,
    .close = event_xml_close,
};
