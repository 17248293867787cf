/* Marks, notes and states of the operator: where they are found, and what they outlive. */
#include "core/index/annotate.h"

#include "core/explain/problem.h"
#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct scratch t;
static struct store *importing, *s;
static struct store_source source;
static struct arena arena;
static struct fault why;

enum { FAILED = 1, FAILED_TOO = 13, FINE = 2 }; /* entries of make_stored(0), (12), (1) */

static void reopen(void)
{
    store_close(s);
    cr_assert(eq(int, store_open(&s, t.db, STORE_WRITE, &why), FAULT_NONE), "%s", why.text);
}

static void setup(void)
{
    scratch_make(&t);
    arena_init(&arena);
    cr_assert(eq(int, store_open(&importing, t.db, STORE_CREATE, &why), FAULT_NONE));
    cr_assert(eq(int, import_made(importing, "a.har", 24, &source, &why), FAULT_NONE));
    cr_assert(eq(int, problems_update(importing, &why), FAULT_NONE), "%s", why.text);
    reopen();
}

static void teardown(void)
{
    store_close(s);
    store_close(importing);
    arena_free(&arena);
    scratch_remove(&t);
}

TestSuite(annotate, .init = setup, .fini = teardown, .timeout = 60);

static enum fault_code change(int64_t entry, bool problem, enum annotation what, const char *value)
{
    struct annotation_change c = {entry, problem, what, slice_of(value)};
    return annotate(s, &c, &why);
}

static uint64_t count(const char *text)
{
    struct filter *filter;
    struct selection *sel;
    uint64_t out = UINT64_MAX;
    cr_assert(eq(int, filter_parse(&filter, slice_of(text), &arena, &why), FAULT_NONE));
    cr_assert(eq(int, selection_open(&sel, s, filter, &why), FAULT_NONE));
    cr_assert(eq(int, selection_count(sel, &out, &why), FAULT_NONE), "%s", why.text);
    selection_close(sel);
    return out;
}

static struct entry entry_at(int64_t id)
{
    struct entry e;
    cr_assert(eq(int, store_entry(s, id, &arena, &e, NULL, &why), FAULT_NONE), "%s", why.text);
    return e;
}

static struct problem problem_at(int64_t entry)
{
    struct problem p;
    bool found;
    cr_assert(eq(int, problem_of_entry(s, entry, &arena, &p, &found, &why), FAULT_NONE));
    cr_assert(found);
    return p;
}

Test(annotate, an_entry_is_marked_noted_and_set_done)
{
    cr_expect(eq(int, change(FINE, false, ANNOTATION_MARK, "marked"), FAULT_NONE));
    cr_expect(eq(int, change(FINE, false, ANNOTATION_NOTE, "ask \xE7\x94\xB0"), FAULT_NONE));
    cr_expect(eq(int, change(FINE, false, ANNOTATION_WORK, "done"), FAULT_NONE));
    struct entry e = entry_at(FINE);
    cr_expect(slice_is(e.mark, "marked"));
    cr_expect(slice_is(e.note, "ask \xE7\x94\xB0"));
    cr_expect(slice_is(e.work, "done"));
    cr_expect(eq(u64, count("mark:marked"), 1));
    cr_expect(eq(u64, count("note:*\xE7\x94\xB0"), 1));
    cr_expect(eq(u64, count("work:done"), 1));
    cr_expect(eq(u64, count("work:open"), 23));
}

Test(annotate, taken_away_nothing_is_left)
{
    change(FINE, false, ANNOTATION_MARK, "marked");
    change(FINE, false, ANNOTATION_MARK, "");
    change(FAILED, true, ANNOTATION_NOTE, "x");
    change(FAILED, true, ANNOTATION_NOTE, NULL);
    cr_expect(slice_is_none(entry_at(FINE).mark));
    cr_expect(eq(u64, count("has:mark"), 0));
    cr_expect(eq(u64, count("has:note"), 0));
    cr_expect(eq(u64, count("mark:none"), 24));
}

Test(annotate, what_a_problem_has_its_entries_have_unless_they_have_their_own)
{
    uint64_t attempts = problem_at(FAILED).attempts;
    cr_assert(gt(u64, attempts, 1));
    cr_assert(eq(int, change(FAILED, true, ANNOTATION_WORK, "ignored"), FAULT_NONE), "%s",
              why.text);
    cr_expect(slice_is(problem_at(FAILED).work, "ignored"));
    cr_expect(slice_is(entry_at(FAILED_TOO).work, "ignored"));
    cr_expect(eq(u64, count("work:ignored"), attempts));
    cr_expect(eq(int, change(FAILED_TOO, false, ANNOTATION_WORK, "open"), FAULT_NONE));
    cr_expect(slice_is(entry_at(FAILED_TOO).work, "open"));
    cr_expect(eq(u64, count("work:ignored"), attempts - 1));
    cr_expect(eq(u64, count("work:open"), 24 - attempts + 1));
}

Test(annotate, refuses_what_is_not_there)
{
    cr_expect(eq(int, change(999, false, ANNOTATION_MARK, "marked"), FAULT_USAGE));
    cr_expect(eq(int, change(FINE, true, ANNOTATION_MARK, "marked"), FAULT_USAGE));
    char *large = malloc(ANNOTATION_LIMIT + 2);
    memset(large, 'x', ANNOTATION_LIMIT + 1);
    large[ANNOTATION_LIMIT + 1] = '\0';
    cr_expect(eq(int, change(FINE, false, ANNOTATION_NOTE, large), FAULT_USAGE));
    free(large);
    cr_expect(eq(u64, count("has:mark"), 0));
}

Test(annotate, stays_while_and_after_the_file_is_imported_again)
{
    change(FAILED, true, ANNOTATION_NOTE, "before");
    struct store_source again = {
        .path = SLICE("b.har"), .format = SLICE("har"), .size = 1, .label = SLICE_NONE};
    cr_assert(eq(int, store_source_begin(importing, &again, &why), FAULT_NONE));
    cr_assert(eq(int, write_made(importing, &again, 0, 12, &why), FAULT_NONE));
    /* The import holds its lock; between its batches a remark is written. */
    cr_expect(eq(int, change(FINE, false, ANNOTATION_NOTE, "meanwhile"), FAULT_NONE), "%s",
              why.text);
    cr_assert(eq(int, write_made(importing, &again, 12, 30, &why), FAULT_NONE));
    cr_assert(eq(int, store_source_end(importing, &again, &why), FAULT_NONE));
    cr_assert(eq(int, problems_update(importing, &why), FAULT_NONE));
    reopen();
    cr_expect(slice_is(entry_at(FINE).note, "meanwhile"));
    cr_expect(slice_is(problem_at(FAILED).note, "before"));
}

Test(annotate, goes_with_the_entries_when_classes_are_derived_again)
{
    static struct store_reclass batch[RECLASS_BATCH];
    size_t got = 0;
    uint64_t changed = 0;
    change(FAILED, true, ANNOTATION_NOTE, "kept");
    cr_assert(eq(int, store_reclass_next(importing, 77, batch, &got, &why), FAULT_NONE));
    cr_assert(gt(sz, got, 0));
    for (size_t i = 0; i < got; i++)
        if (batch[i].derived.failure || batch[i].id == FAILED || batch[i].id == FAILED_TOO)
            batch[i].derived = (struct entry){.class_id = SLICE("another"),
                                              .category = SLICE("conflict"),
                                              .vendor = SLICE("iij"),
                                              .failure = true};
    cr_assert(eq(int, store_reclass_save(importing, 77, batch, got, &changed, &why), FAULT_NONE),
              "%s", why.text);
    cr_assert(gt(u64, changed, 0));
    cr_assert(eq(int, problems_update(importing, &why), FAULT_NONE), "%s", why.text);
    reopen();
    struct problem p = problem_at(FAILED);
    cr_expect(slice_is(p.class_id, "another"));
    cr_expect(slice_is(p.note, "kept"));
}

static void say(void *self, const char *line)
{
    (void)self;
    cr_log_error("%s", line);
}

Test(annotate, forgetting_keeps_the_remark_of_a_problem_that_keeps_entries)
{
    struct store_forget early = {.before_us = entry_at(FAILED_TOO).time_us};
    uint64_t gone, faults;
    change(FAILED, true, ANNOTATION_NOTE, "kept");
    change(FINE, false, ANNOTATION_NOTE, "gone");
    store_close(importing);
    importing = NULL;
    cr_assert(eq(int, store_forget(s, &early, &gone, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, problems_update(s, &why), FAULT_NONE), "%s", why.text);
    reopen();
    cr_expect(slice_is(problem_at(FAILED_TOO).note, "kept"));
    cr_expect(eq(u64, count("note:gone"), 0));
    cr_expect(eq(int, store_verify(s, say, NULL, &faults, &why), FAULT_NONE));
    cr_expect(eq(u64, faults, 0));
}
