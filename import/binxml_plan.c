/* Knows the System part of an event: which few of its two dozen values are wanted, so that the
 * others are not turned into text for every event. Made once per definition; what does not look as
 * Windows writes it is left to the way of all elements. See binxml.h. */
#include "import/binxml_tree.h"

enum { CHECKS = 8 };

struct step {
    const struct binxml_node *element;
    enum event_word word;             /* whose text is wanted; EVENT_WORD_OTHER: none */
    bool attribute;                   /* it is an attribute's */
    bool plain;                       /* no steps of other kinds: told as it stands if not */
    const struct binxml_node *wanted; /* its one part; NULL: empty */
    unsigned checks;
    uint16_t check[CHECKS]; /* numbers of values that are not wanted */
};

struct binxml_plan {
    size_t count;
    struct step steps[];
};

/* The attribute of an element of System that is wanted, the content when EVENT_WORD_OTHER. */
static bool wanted_of(enum event_word element, enum event_word *attribute)
{
    *attribute = element == EVENT_WORD_PROVIDER       ? EVENT_WORD_NAME
                 : element == EVENT_WORD_TIME_CREATED ? EVENT_WORD_SYSTEM_TIME
                 : element == EVENT_WORD_SECURITY     ? EVENT_WORD_USER_ID
                                                      : EVENT_WORD_OTHER;
    return *attribute != EVENT_WORD_OTHER || element == EVENT_WORD_EVENT_ID ||
           element == EVENT_WORD_LEVEL || element == EVENT_WORD_EVENT_RECORD_ID ||
           element == EVENT_WORD_CHANNEL || element == EVENT_WORD_COMPUTER;
}

/* Parts that are not wanted need only be looked at. */
static bool add_checks(struct step *step, const struct binxml_node *parts)
{
    for (const struct binxml_node *n = parts; n; n = n->next) {
        if (n->kind == BINXML_CHARS)
            continue;
        if (n->kind != BINXML_VALUE || step->checks == CHECKS)
            return false;
        step->check[step->checks++] = (uint16_t)n->as.value.index;
    }
    return true;
}

static bool plan_parts(struct step *step, const struct binxml_node *parts, bool wanted)
{
    if (!wanted)
        return add_checks(step, parts);
    if (parts && (parts->next || (parts->kind != BINXML_CHARS && parts->kind != BINXML_VALUE)))
        return false;
    step->wanted = parts;
    return true;
}

static bool plan_element(struct step *step)
{
    const struct binxml_node *element = step->element;
    enum event_word word = element->as.element.name->word, attribute;
    bool any = wanted_of(word, &attribute), found = false, ok = true;
    for (const struct binxml_attribute *a = element->as.element.attributes; ok && a; a = a->next) {
        bool is_wanted = any && attribute != EVENT_WORD_OTHER && a->name->word == attribute;
        ok = !(is_wanted && found) && a->value && plan_parts(step, a->value, is_wanted);
        found = found || is_wanted;
    }
    bool content = any && attribute == EVENT_WORD_OTHER;
    ok = ok && plan_parts(step, element->as.element.content, content);
    step->attribute = !content;
    step->word = content || found ? word : EVENT_WORD_OTHER;
    return ok;
}

const struct binxml_plan *binxml_plan_make(const struct binxml_node *system, struct arena *arena)
{
    size_t count = 0;
    for (const struct binxml_node *n = system->as.element.content; n; n = n->next) {
        if (n->kind != BINXML_ELEMENT)
            return NULL;
        count++;
    }
    struct binxml_plan *plan = arena_zalloc(arena, 1, sizeof *plan + count * sizeof *plan->steps);
    for (const struct binxml_node *n = system->as.element.content; n; n = n->next) {
        struct step *step = &plan->steps[plan->count++];
        step->element = n;
        step->plain = plan_element(step);
    }
    return plan;
}

/* --- for each event --------------------------------------------------------------------------- */

static bool is_odd(const struct evtx_value *value)
{
    return (value->type & EVTX_ARRAY) || value->type == EVTX_BINXML;
}

/* Whether the values are such that the step does what telling the element would do. */
static bool fits(const struct step *step, const struct binxml_scope *scope)
{
    if (!step->plain)
        return false;
    for (unsigned i = 0; i < step->checks; i++) {
        const struct evtx_value *value = binxml_value(scope, step->check[i]);
        if (is_odd(value) || !evtx_value_sound(value))
            return false;
    }
    return !step->wanted || step->wanted->kind != BINXML_VALUE ||
           !is_odd(binxml_value(scope, step->wanted->as.value.index));
}

static bool tell_text(const struct step *step, struct event_builder *b, struct slice text)
{
    return step->attribute ? event_builder_system_attribute(b, step->word, text)
                           : event_builder_system_text(b, step->word, text);
}

static bool tell_value(struct binxml *x, const struct step *step, const struct evtx_value *value,
                       struct event_builder *b)
{
    int64_t number;
    bool is_number = step->word == EVENT_WORD_EVENT_ID || step->word == EVENT_WORD_LEVEL ||
                     step->word == EVENT_WORD_EVENT_RECORD_ID;
    if (is_number && evtx_value_number(value, &number))
        return event_builder_system_number(b, step->word, number);
    char time[EVTX_FILETIME_TEXT];
    int64_t us;
    if (step->word == EVENT_WORD_TIME_CREATED && evtx_value_time(value, time, &us))
        return event_builder_system_time(b, us, slice_make(time, EVTX_FILETIME_TEXT));
    buf_reset(&x->text);
    return binxml_spend_text(x, value->size) &&
           (evtx_value_add(&x->text, value) ||
            binxml_fail(x, FAULT_FORMAT, "a System value is not what its type says")) &&
           tell_text(step, b, buf_slice(&x->text));
}

static bool run_step(struct binxml *x, const struct step *step, const struct binxml_scope *scope,
                     struct event_builder *b)
{
    if (step->word == EVENT_WORD_OTHER)
        return true;
    const struct binxml_node *wanted = step->wanted;
    if (!wanted)
        return tell_text(step, b, SLICE(""));
    if (wanted->kind == BINXML_CHARS)
        return binxml_spend_text(x, wanted->as.chars.len) && tell_text(step, b, wanted->as.chars);
    const struct evtx_value *value = binxml_value(scope, wanted->as.value.index);
    if (value->type == EVTX_NULL && step->attribute && wanted->as.value.optional)
        return true;
    return tell_value(x, step, value, b);
}

bool binxml_plan_run(struct binxml *x, const struct binxml_plan *plan,
                     const struct binxml_scope *scope, struct event_builder *b)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct step *step = &plan->steps[i];
        unsigned dependency = step->element->as.element.dependency;
        if (!binxml_spend(x, 1))
            return false;
        if (dependency != BINXML_NO_DEPENDENCY &&
            binxml_value(scope, dependency)->type == EVTX_NULL)
            continue;
        bool ok = fits(step, scope) ? run_step(x, step, scope, b)
                                    : binxml_tell_element(x, step->element, scope, b);
        if (!ok)
            return false;
    }
    return true;
}
