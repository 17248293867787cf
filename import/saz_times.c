/* Knows Fiddler's session timers and flags; see saz_times.h. Unset timers are written as the first
 * of January of the year 1. */
#include "import/saz_times.h"

#include "core/base/alloc.h"

#include <expat.h>

enum { TIMERS = 5 };

/* Those that tell the beginning, best first. */
static const char *const begin_names[TIMERS] = {"ClientBeginRequest", "GotRequestHeaders",
                                                "ClientDoneRequest", "FiddlerBeginRequest",
                                                "ClientConnected"};

struct reading_times {
    struct saz_times *out;
    struct arena *arena;
    XML_Parser parser;
    int best; /* index of the timer that begin_us is from */
    int64_t end_us;
};

static bool read_timer(const char *text, int64_t *out, bool *zoned)
{
    struct slice s = slice_of(text);
    return !slice_starts(s, "0001-") && time_parse(s, out, zoned);
}

static void take_timer(struct reading_times *r, const char *name, const char *value)
{
    int64_t us;
    bool zoned;
    if (!read_timer(value, &us, &zoned))
        return;
    if (strcmp(name, "ClientDoneResponse") == 0 || strcmp(name, "ServerDoneResponse") == 0)
        r->end_us = us > r->end_us ? us : r->end_us;
    for (int i = 0; i < TIMERS; i++) {
        if (strcmp(name, begin_names[i]) != 0 || i >= r->best)
            continue;
        r->best = i;
        r->out->begin_us = us;
        r->out->begin_text = arena_copy(r->arena, slice_of(value));
        r->out->zone_assumed = !zoned;
    }
}

static void take_flag(struct reading_times *r, const XML_Char **attributes)
{
    const char *name = "", *value = "";
    for (; attributes[0]; attributes += 2) {
        if (strcmp(attributes[0], "N") == 0)
            name = attributes[1];
        else if (strcmp(attributes[0], "V") == 0)
            value = attributes[1];
    }
    if (strcmp(name, "x-aborted-when") == 0 || strcmp(name, "x-failsession-when") == 0)
        r->out->failure = arena_format(r->arena, "aborted: %.200s", value);
}

static void on_start(void *self, const XML_Char *name, const XML_Char **attributes)
{
    struct reading_times *r = self;
    if (strcmp(name, "SessionFlag") == 0)
        take_flag(r, attributes);
    else if (strcmp(name, "SessionTimers") == 0)
        for (; attributes[0]; attributes += 2)
            take_timer(r, attributes[0], attributes[1]);
}

static void on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    XML_StopParser(((struct reading_times *)self)->parser, XML_FALSE);
}

void saz_times_read(struct saz_times *out, struct slice xml, struct arena *arena)
{
    *out = (struct saz_times){.begin_us = TIME_NONE, .duration_us = -1};
    if (xml.len == 0)
        return;
    struct reading_times r = {.out = out, .arena = arena, .best = TIMERS, .end_us = TIME_NONE};
    r.parser = XML_ParserCreate(NULL);
    if (!r.parser)
        alloc_exhausted();
    XML_SetUserData(r.parser, &r);
    XML_SetStartElementHandler(r.parser, on_start);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    XML_Parse(r.parser, xml.at, (int)xml.len, 1);
    if (XML_GetErrorCode(r.parser) == XML_ERROR_NO_MEMORY)
        alloc_exhausted();
    XML_ParserFree(r.parser);
    if (out->begin_us != TIME_NONE && r.end_us != TIME_NONE && r.end_us >= out->begin_us)
        out->duration_us = r.end_us - out->begin_us;
}
