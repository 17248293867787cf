/* Completion in the filter bar: Tab lists the keys, or the values of the key at hand with their
 * counts; typing goes on meanwhile and narrows the list. It never waits: values come when they
 * come. */
#ifndef TUI_VIEW_COMPLETION_H
#define TUI_VIEW_COMPLETION_H

#include "tui/screen/prompt.h"
#include "tui/view/desk.h"

struct completion {
    bool open;
    enum filter_key key; /* whose values; FILTER_KEYS: the keys themselves are listed */
    size_t from, to;     /* bytes of the line that a choice takes the place of */
    struct list list;    /* over what fits to the bytes up to the cursor */
};

enum completion_verdict {
    COMPLETION_PASSED, /* the key is the line's */
    COMPLETION_KEPT,   /* done with; the line is as it was */
    COMPLETION_TOOK    /* the line has changed */
};

/* Before the line gets a key. */
enum completion_verdict completion_key(struct completion *k, struct desk *d, struct prompt *p,
                                       uint32_t key);
/* After the line got one: stays at the same word, or closes. */
void completion_follow(struct completion *k, const struct prompt *p);
/* The list, below the bar and the line under it; `room`: lines there are. Nothing while closed. */
void completion_draw(struct completion *k, const struct desk *d, const struct prompt *p,
                     struct canvas *c, struct rect bar, int room);

#endif
