/* Questions about the index and their answers. A question is made on the main thread, answered on
 * the worker's, and its answer handed back; each belongs to one thread at a time. */
#ifndef TUI_SCREEN_ANSWER_H
#define TUI_SCREEN_ANSWER_H

#include "core/base/arena.h"
#include "core/explain/finding.h"
#include "core/explain/fix.h"
#include "core/explain/problem.h"
#include "core/index/coverage.h"
#include "core/index/filter.h"
#include "core/index/store.h"
#include "tui/screen/named.h"

/* Kinds in order of urgency: each has one newest question. */
enum question_kind {
    ASK_ROWS,     /* count and one window of rows */
    ASK_ENTRY,    /* everything about one entry */
    ASK_VALUES,   /* what a key of the filter can take */
    ASK_COUNTS,   /* facets and timeline */
    ASK_PROBLEMS, /* those that the filter touches */
    ASK_SOURCES,  /* what was imported */
    ASK_FINDINGS, /* what several entries together show; costs a pass over the records */
    ASK_COVERAGE, /* what that does not show; may cost a walk over all entries */
    ASK_OUTAGES,  /* the outage windows alone, for the timeline; a pass over less */
    ASK_VERSION,  /* has anything been committed? */
    /* Of the user's own files; a worker of their own answers these (files.h). */
    ASK_PATHS, /* what a path can be completed to, and whether it is there */
    ASK_NAMED, /* the filters that have a name, after one was kept or forgotten */
    ASK_COPY,  /* a text kept in the file of copies */
    ASK_KINDS
};

enum {
    FACET_ROWS = 1000,         /* most values of one facet that are shown */
    BARS_LIMIT = 1000,         /* most bars of the timeline */
    PATHS_SHOWN = 200,         /* names that are kept of what a path can be completed to */
    PRETTY_LIMIT = 1024 * 1024 /* bytes of one pretty body; the rest is counted */
};

struct question {
    enum question_kind kind;
    uint64_t ticket;      /* set by the worker */
    char *filter;         /* owned; parses (the main thread tried it) */
    enum order order;     /* ROWS */
    uint64_t first, want; /* ROWS: window of rows */
    int64_t anchor;       /* ROWS: this entry should be in the window when selected; 0: none */
    int64_t at_us;        /* ROWS: this moment should be in the window; TIME_NONE: none */
    int64_t id;           /* ENTRY */
    enum filter_key key;  /* VALUES */
    size_t bars;          /* COUNTS: room for so many bars */
    bool quick;           /* COVERAGE: sources that cost a long walk are left unread */
    char *text; /* owned. PATHS: as typed; COPY: what is kept; NAMED: gets `filter`, NULL: none */
};

/* Why a selection is empty, or what else is there. */
struct term_hint {
    struct slice text;       /* the term as written */
    uint64_t alone, without; /* entries with this term only; with all but this one */
};

struct hints {
    struct facet_row *levels, *events; /* of the whole index, when it holds no failure */
    size_t level_count, event_count;
    struct term_hint *terms;
    size_t term_count;
};

struct rows_answer {
    unsigned done;                   /* of SCAN_DONE; less: there may be more, ask again to go on */
    uint64_t total, failures, count; /* of the index; of the selection */
    uint64_t first;                  /* rank of rows[0] */
    struct entry *rows;
    size_t got;
    bool anchored;
    uint64_t anchor_rank;
    struct hints hints; /* filled when count is 0 */
};

struct counts_answer {
    struct facet_row *classes, *users; /* counts of "if I chose this too" */
    size_t class_count, user_count;
    int64_t from, to, step; /* bars cover [from, from + step) and so on, up to past `to` */
    uint64_t *bars;         /* of what the filter selects at any time */
    uint64_t *traffic;      /* the same without asking what went wrong: all calls and events */
    size_t bar_count;
    int64_t low, high; /* the time window of the filter, clamped to the entries there are */
    int64_t oldest, newest;
    bool windowed;
    uint64_t problems[PROBLEM_UNKNOWN + 1]; /* of the whole index, by state */
};

/* An entry beside another, and why. */
struct related_entry {
    struct entry entry;
    const char *how; /* in English */
};

struct entry_answer {
    struct entry entry;
    bool recorded; /* its redacted record is kept */
    struct record record;
    struct slice raw;
    struct slice request_text, response_text; /* pretty bodies, SLICE_NONE without one;
                                                 of a provisioning log: response = the item */
    struct slice raw_text;
    const struct rule *rule; /* NULL: no class */
    struct verdict verdict;  /* how the packs see it now; filled when it has a class and a record */
    struct evidence_list evidence;
    struct fix fix;
    struct related_entry *related;
    size_t related_count;
};

struct problems_answer {
    struct problem *rows;
    size_t count;
};

/* Values of one key among what the rest of the filter selects. */
struct values_answer {
    enum filter_key key;
    struct facet_row *rows;
    size_t count;
};

struct findings_answer { /* OUTAGES, too */
    struct finding *rows;
    size_t count;
};

struct sources_answer {
    struct store_source *rows;
    size_t count;
};

struct coverage_answer {
    struct coverage *rows; /* of a source each, in any order */
    size_t count;
};

struct paths_answer {
    struct slice path;   /* as asked */
    struct slice *names; /* in its folder, that begin as its last part; sorted, folders end in / */
    size_t count, more;  /* kept; found beyond that */
    bool there;
    int unread; /* errno of why it cannot be read; 0: it can */
};

struct named_answer {
    bool kept, forgotten; /* what was done before */
    struct named *named;
};

struct answer {
    enum question_kind kind;
    uint64_t ticket;
    struct arena arena; /* holds everything below */
    enum fault_code bad;
    struct fault why;
    int64_t took_us;
    uint64_t version;
    int64_t asked_id;
    struct rows_answer rows;
    struct counts_answer counts;
    struct entry_answer entry;
    struct problems_answer problems;
    struct findings_answer findings;
    struct sources_answer sources;
    struct values_answer values;
    struct coverage_answer coverage;
    struct paths_answer paths;
    struct named_answer named;
    struct slice copied; /* the file that has it */
};

struct answer *answer_new(const struct question *q);
void answer_free(struct answer *a);
void question_free(struct question *q);

#endif
