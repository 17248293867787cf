/* A report for people: who fails with what and why, what to do, evidence, patterns, what the
 * sources cover. What it says is here, how it is marked up is one file per format (markdown.c,
 * html.c). Private to core/report. */
#ifndef CORE_REPORT_DOCUMENT_H
#define CORE_REPORT_DOCUMENT_H

#include "core/index/store.h"
#include "core/report/pseudonym.h"

enum {
    DOCUMENT_ROWS = 1000,              /* problems of one class that are listed */
    DOCUMENT_EXAMPLES = 2,             /* entries of one class that are explained */
    DOCUMENT_BLOCK = 256 * 1024,       /* bytes of one record that are shown */
    DOCUMENT_LIMIT = 512 * 1024 * 1024 /* bytes that wait to be written */
};

enum element {
    ELEMENT_TITLE, /* headings */
    ELEMENT_SECTION,
    ELEMENT_TOPIC,
    ELEMENT_PARAGRAPH,
    ELEMENT_STEPS, /* numbered list */
    ELEMENT_LIST,
    ELEMENT_ITEM, /* `number` from 1 in numbered lists, 0 in others */
    ELEMENT_TABLE,
    ELEMENT_HEAD, /* row of headings; `number` = its cells */
    ELEMENT_ROW,
    ELEMENT_CELL
};

/* How a document is written. Nothing of a log comes in but through `data` and `block`, in its safe
 * form (core/base/safe.h); each escapes what its format gives a meaning. All append to `out`. */
struct markup {
    void (*begin)(struct buf *out, const char *title);
    void (*end)(struct buf *out);
    void (*open)(struct buf *out, enum element element, size_t number);
    void (*close)(struct buf *out, enum element element, size_t number);
    void (*own)(struct buf *out, struct slice text);   /* of the program or a rule pack */
    void (*data)(struct buf *out, struct slice text);  /* of a log; one line, not empty */
    void (*block)(struct buf *out, struct slice text); /* of a log; many lines */
};

/* Where in `out` something of a log stands. */
struct document_range {
    size_t from, to;
};

struct document {
    const struct markup *markup;
    struct store *store;
    const struct rulebook *book;
    const struct filter *filter;   /* NULL: all */
    struct pseudonyms *pseudonyms; /* NULL: none */
    bool ticket;                   /* for a vendor: with records */
    struct buf *out;
    /* Called between blocks, may write out and empty `out`; NULL: all is kept. */
    enum fault_code (*drain)(void *self);
    void *self;
    _Atomic bool *stop;
    struct document_range *ranges; /* of data, when `keep_ranges`; the caller frees them */
    size_t range_count, range_room;
    bool keep_ranges;
    uint64_t entries, problems; /* what it tells of */
};

enum fault_code document_write(struct document *d, struct fault *why);

extern const struct markup markup_markdown, markup_html;

#endif
