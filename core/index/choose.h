/* From a filter to the entries of a block, by columns instead of SQL. Says the same as where.c,
 * which is the reference (tests compare the two). Private to core/index. */
#ifndef CORE_INDEX_CHOOSE_H
#define CORE_INDEX_CHOOSE_H

#include "core/index/column.h"
#include "core/index/scan.h"
#include "core/index/where.h"

/* A set of small numbers: classes, sources, texts of the dictionary. */
struct number_set {
    uint64_t *bits;
    size_t end; /* one behind the largest number that fits */
};

enum { NUMBER_RANGES = SCAN_RANGES, CHOICE_SCRATCH = 2 * BLOCK_ENTRIES / 8 };

/* The numbers of a set as ranges, when they are few. */
struct number_ranges {
    int64_t low[NUMBER_RANGES], high[NUMBER_RANGES];
    size_t count;
    bool fit; /* false: they are too many */
};

enum test_kind {
    TEST_RANGE,  /* low .. high */
    TEST_SET,    /* in `set` */
    TEST_NULL,   /* is null */
    TEST_FLAG,   /* has a bit of `low` */
    TEST_ALL,    /* always true */
    TEST_TEXT,   /* the text of this field meets `matcher` */
    TEST_NUMBER, /* the number, written out, meets `matcher` */
    TEST_REMARK  /* in `remark` */
};

/* Failed entries of some problems, and some entries by themselves. */
struct remark {
    struct number_set own;   /* these entries, whatever their problem */
    struct number_set apart; /* ... and these not for their problem's sake */
    struct remark_pair {
        int64_t subject, class;
    } * problems; /* sorted */
    size_t count, room;
    struct number_set subjects; /* of them */
    struct number_ranges own_ranges, subject_ranges;
    bool turned; /* all the other entries instead */
};

struct test {
    enum test_kind kind;
    enum field field;
    int64_t low, high;
    struct number_set set;
    struct number_ranges ranges; /* of `set` */
    size_t matcher;
    struct remark *remark;
};

/* Tests ORed, groups ANDed; `exclude` turns a group round. */
struct test_group {
    bool exclude;
    bool rows; /* something of it only rows can tell */
    int cost;  /* groups of times come first, those that read texts last */
    struct test *tests;
    size_t count, room;
};

struct choice {
    struct store *s;
    struct test_group *groups;
    size_t count, room;
    struct matchers matchers;
    struct arena arena;
    bool answers; /* false: some group asks for what columns cannot tell; the others are tested */
    bool texts;   /* some test reads texts of blocks */
};

/* Inside a question. `filter` may be NULL. */
enum fault_code choice_make(struct choice *out, struct store *s, const struct filter *filter,
                            struct fault *why);
void choice_free(struct choice *c);

/* The entries of a block that are selected, as far as columns can tell: how many, and a bit for
 * each (NULL when that is all or none of them). The caller frees `*bits`. `scratch` has
 * CHOICE_SCRATCH bytes, aligned for words.
 */
enum fault_code choice_block(struct choice *c, struct block *b, void *scratch, uint64_t **bits,
                             size_t *count, struct fault *why);

/* Whether nothing but classes is asked for, so that the class of an entry tells all. */
bool choice_asks_classes(const struct choice *c);
/* Whether entries of that class (0: of none) are selected then. */
bool choice_takes_class(const struct choice *c, uint32_t class);

bool number_in(const struct number_set *set, int64_t number);
void number_add(struct number_set *set, int64_t number);
/* Adds a number, greater than those before; `joined`: those between it and the last one count as
 * members too. */
void ranges_add(struct number_ranges *r, int64_t number, bool joined);

/* The numbers of a set as ranges. */
void ranges_of(struct number_ranges *r, const struct number_set *set);
/* Adds a test to a group; it lives until the next is added. */
struct test *choice_test(struct test_group *g, enum test_kind kind, enum field field);

/* choose_remark.c: terms of remarks and problems. */
enum fault_code choose_remark(struct choice *c, struct test_group *g,
                              const struct filter_term *term, struct fault *why);
/* is:failing, has:note and the like; false in `*known` for other words. */
enum fault_code choose_remark_flag(struct choice *c, struct test_group *g, struct slice word,
                                   bool *known, struct fault *why);
void remark_free(struct remark *r);
bool remark_has(const struct remark *r, int64_t subject, int64_t class);

/* strings.c: numbers of the dictionary texts that meet a matcher. */
enum fault_code strings_meeting(struct store *s, struct matchers *all, size_t matcher,
                                struct number_set *out, struct fault *why);

#endif
