/* Knows where the runs of an agent begin and end: its events say so, in the words of the rule
 * packs. Beginning and end are not told apart: a run is what stands between two such events, when
 * anything was done there. See difference.h. */
#include "core/explain/difference.h"
#include "core/index/filter.h"
#include "core/index/store.h"

struct looking {
    struct arena *arena;
    struct agent_run
        run; /* of whom; `from_us`: the mark that was seen last, else the newest work */
    struct agent_run *out;
    size_t count;
    bool known, worked; /* whose runs; something was done behind the mark that is looked for */
};

static bool is_mark(const struct entry *e)
{
    return e->step == STEP_RUN;
}

static bool same_agent(const struct agent_run *run, const struct entry *e)
{
    return slice_equal(run->computer, e->computer) && slice_equal(run->channel, e->channel) &&
           slice_equal(run->provider, e->provider);
}

/* Newest first. The agent that did something last is the one; its last run need not have ended. */
static bool look(void *self, const struct entry *e, struct slice raw)
{
    struct looking *l = self;
    bool work = e->step != STEP_RUN && (e->step != STEP_OTHER || !slice_is_none(e->class_id));
    (void)raw;
    if (e->time_us == TIME_NONE || (l->known ? !same_agent(&l->run, e) : !work && !is_mark(e)))
        return true;
    if (!l->known) {
        l->run = (struct agent_run){.computer = arena_copy(l->arena, e->computer),
                                    .channel = arena_copy(l->arena, e->channel),
                                    .provider = arena_copy(l->arena, e->provider),
                                    .from_us = e->time_us};
        l->known = true;
    }
    l->worked = l->worked || work;
    if (!is_mark(e))
        return true;
    if (l->worked) {
        struct agent_run *run = &l->out[AGENT_RUNS - 1 - l->count++];
        *run = l->run;
        run->to_us = l->run.from_us;
        run->from_us = e->time_us;
    }
    l->worked = false;
    l->run.from_us = e->time_us;
    return l->count < AGENT_RUNS;
}

enum fault_code agent_runs(struct store *s, struct arena *arena, struct agent_run out[AGENT_RUNS],
                           size_t *count, struct fault *why)
{
    struct looking l = {.arena = arena, .out = out};
    struct filter *events;
    struct selection *sel = NULL;
    enum fault_code code = filter_parse(&events, SLICE("kind:event"), arena, why);
    if (!code)
        code = selection_open(&sel, s, events, why);
    if (!code)
        code = selection_each(sel, ORDER_NEWEST, false, look, &l, why);
    selection_close(sel);
    *count = l.count;
    return code;
}
