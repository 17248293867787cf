/* Knows what may follow what in JSON; see json_check.h. It steps from mark to mark (json_marks.h)
 * by a table; only brackets and scalars need more. */
#include "core/base/json_check.h"

#include "core/base/json.h"
#include "core/base/json_marks.h"

enum { CHECK_BLOCKS = 16 /* looked up at once */ };

/* What a mark is. */
enum sign {
    SCALAR,
    QUOTE,
    OPEN_OBJECT,
    OPEN_ARRAY,
    CLOSE_OBJECT,
    CLOSE_ARRAY,
    COMMA,
    COLON,
    SIGNS
};

static const unsigned char sign_of[256] = {
    ['"'] = QUOTE,       ['{'] = OPEN_OBJECT, ['['] = OPEN_ARRAY, ['}'] = CLOSE_OBJECT,
    [']'] = CLOSE_ARRAY, [','] = COMMA,       [':'] = COLON};

/* What was read before a mark; then what a step does beside going on. */
enum state {
    BAD,
    FIRST_KEY,    /* { */
    KEY,          /* , in an object */
    IN_KEY,       /* the first quote of a key */
    BEHIND_KEY,   /* the last one: the state behind a string follows the one inside */
    VALUE,        /* : */
    IN_VALUE,     /* the first quote of a value */
    BEHIND_VALUE, /* a value in an object */
    FIRST_ITEM,   /* [ */
    ITEM,         /* , in an array */
    IN_ITEM,      /* the first quote of an item */
    BEHIND_ITEM,  /* an item */
    STATES,
    OPENS = STATES,
    CLOSES,
    SCALAR_VALUE,
    SCALAR_ITEM,
    STRING = 32 /* with the state inside */
};

static const unsigned char step_of[STATES][SIGNS] = {
    [FIRST_KEY] = {[QUOTE] = STRING | IN_KEY, [CLOSE_OBJECT] = CLOSES},
    [KEY] = {[QUOTE] = STRING | IN_KEY},
    [IN_KEY] = {[QUOTE] = BEHIND_KEY},
    [BEHIND_KEY] = {[COLON] = VALUE},
    [VALUE] = {[QUOTE] = STRING | IN_VALUE,
               [SCALAR] = SCALAR_VALUE,
               [OPEN_OBJECT] = OPENS,
               [OPEN_ARRAY] = OPENS},
    [IN_VALUE] = {[QUOTE] = BEHIND_VALUE},
    [BEHIND_VALUE] = {[COMMA] = KEY, [CLOSE_OBJECT] = CLOSES},
    [FIRST_ITEM] = {[QUOTE] = STRING | IN_ITEM,
                    [SCALAR] = SCALAR_ITEM,
                    [OPEN_OBJECT] = OPENS,
                    [OPEN_ARRAY] = OPENS,
                    [CLOSE_ARRAY] = CLOSES},
    [ITEM] = {[QUOTE] = STRING | IN_ITEM,
              [SCALAR] = SCALAR_ITEM,
              [OPEN_OBJECT] = OPENS,
              [OPEN_ARRAY] = OPENS},
    [IN_ITEM] = {[QUOTE] = BEHIND_ITEM},
    [BEHIND_ITEM] = {[COMMA] = ITEM, [CLOSE_ARRAY] = CLOSES},
};

struct check {
    struct slice text;
    unsigned depth;
    uint64_t objects; /* which levels are objects; bit 0: the innermost */
    unsigned state;
};

static bool starts_word(struct slice text, const char *word, size_t len)
{
    return text.len > len && memcmp(text.at, word, len) == 0;
}

/* Length of the number that the text begins with; 0 when it begins with none. */
static size_t number_size(struct slice text)
{
    size_t end = 0, digits = 0;
    for (; end < text.len; end++) {
        char c = text.at[end];
        if (c >= '0' && c <= '9')
            digits++;
        else if (c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E')
            break;
    }
    return digits ? end : 0;
}

/* Whether a number or word stands at `at`, and an item's or value's end directly behind it. */
static bool scalar_at(struct slice text, size_t at)
{
    struct slice rest = slice_from(text, at);
    size_t end = 0;
    if (rest.at[0] == 't' || rest.at[0] == 'n')
        end = starts_word(rest, "true", 4) || starts_word(rest, "null", 4) ? 4 : 0;
    else if (rest.at[0] == 'f')
        end = starts_word(rest, "false", 5) ? 5 : 0;
    else
        end = number_size(rest);
    return end && end < rest.len &&
           (rest.at[end] == ',' || rest.at[end] == '}' || rest.at[end] == ']');
}

static unsigned opens(struct check *c, bool object)
{
    if (c->depth == JSON_DEPTH)
        return BAD;
    c->objects = c->objects << 1 | object;
    c->depth++;
    return object ? FIRST_KEY : FIRST_ITEM;
}

/* Behind the last bracket nothing may follow. */
static unsigned closes(struct check *c)
{
    c->objects >>= 1;
    return --c->depth == 0 ? BAD : c->objects & 1 ? BEHIND_VALUE : BEHIND_ITEM;
}

/* Steps that change more than the state; the mark is at `at` of the text. */
static unsigned step(struct check *c, unsigned step, size_t at)
{
    switch (step) {
    case OPENS:
        return opens(c, c->text.at[at] == '{');
    case CLOSES:
        return closes(c);
    case SCALAR_VALUE:
        return scalar_at(c->text, at) ? BEHIND_VALUE : BAD;
    default:
        return scalar_at(c->text, at) ? BEHIND_ITEM : BAD;
    }
}

/* Goes over the marks of a block that stands at `at`; false when it need not go on: at a fault, or
 * behind the last bracket, where depth is 0. */
static bool check_block(struct check *c, uint64_t marks, size_t at, size_t *end)
{
    unsigned state = c->state;
    for (uint64_t next; marks; marks = next) {
        size_t mark = at + (size_t)__builtin_ctzll(marks);
        state = step_of[state][sign_of[(unsigned char)c->text.at[mark]]];
        next = marks & (marks - 1);
        if (state & STRING) { /* the next mark, in this block or another, is the string's end */
            state = (state & ~(unsigned)STRING) + (next != 0);
            next &= next - 1;
        } else if (state >= STATES) {
            state = step(c, state, mark);
        }
        if (state == BAD) {
            *end = mark + 1;
            return false;
        }
    }
    c->state = state;
    return true;
}

/* Marks as many blocks as there are, CHECK_BLOCKS at most; the last may be a part of one. */
static size_t mark_some(struct slice text, size_t at, struct json_edge *edge,
                        struct json_marks *out)
{
    size_t blocks = (text.len - at) / JSON_BLOCK;
    if (blocks) {
        blocks = blocks < CHECK_BLOCKS ? blocks : CHECK_BLOCKS;
        json_mark(text.at + at, blocks, edge, out);
        return blocks;
    }
    char tail[JSON_BLOCK]; /* blanks begin nothing */
    memset(tail, ' ', sizeof tail);
    memcpy(tail, text.at + at, text.len - at);
    json_mark(tail, 1, edge, out);
    return 1;
}

bool json_is_one_tree(struct slice text)
{
    struct json_marks marks[CHECK_BLOCKS];
    struct json_edge edge = {0};
    struct check c = {.text = text};
    if (!text.len || (text.at[0] != '{' && text.at[0] != '['))
        return false;
    c.state = VALUE;
    size_t end = 0;
    bool more = true;
    for (size_t at = 0; more && at < text.len;) {
        size_t blocks = mark_some(text, at, &edge, marks);
        for (size_t b = 0; more && b < blocks; b++, at += JSON_BLOCK)
            more = check_block(&c, marks[b].marks, at, &end);
    }
    return !more && c.depth == 0 && end == text.len;
}
