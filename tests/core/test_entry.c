/* Entries as JSON and as single fields. */
#include "core/base/json.h"
#include "core/entry.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct entry sample(void)
{
    return (struct entry){.id = 7,
                          .time_us = 1000001,
                          .kind = KIND_HTTP,
                          .source = SLICE("a.har"),
                          .event_id = -1,
                          .record_id = -1,
                          .method = SLICE("POST"),
                          .status = 409,
                          .detail = SLICE("taken"),
                          .user = SLICE("x@example.com"),
                          .user_how = USER_LINKED,
                          .user_entry = 3,
                          .duration_us = 12500};
}

Test(entry, writes_every_key_once_and_null_for_absent)
{
    struct buf out;
    buf_init(&out, 10000);
    struct entry e = sample();
    entry_write_json(&out, &e);
    buf_add_byte(&out, '}');
    cJSON *tree = json_tree(buf_slice(&out), NULL, NULL);
    cr_assert(ne(ptr, tree, NULL), "%s", out.at);
    const cJSON *item = tree->child;
    for (const char *const *key = entry_keys; *key; key++, item = item->next)
        cr_assert(eq(str, item->string, (char *)*key));
    cr_expect(eq(ptr, (void *)item, NULL));
    cr_expect(cJSON_IsNull(cJSON_GetObjectItem(tree, "event_id")));
    cr_expect(cJSON_IsNull(cJSON_GetObjectItem(tree, "class")));
    cr_expect(eq(dbl, cJSON_GetObjectItem(tree, "duration_ms")->valuedouble, 12.5));
    const cJSON *from = cJSON_GetObjectItem(tree, "user_from");
    cr_expect(slice_is(json_tree_text(from, "how"), "linked"));
    cr_expect(slice_is(json_tree_text(tree, "time"), "1970-01-01T00:00:01.000001Z"));
    cJSON_Delete(tree);
    buf_free(&out);
}

Test(entry, gives_single_fields_and_knows_its_keys)
{
    struct buf out;
    buf_init(&out, 1000);
    struct entry e = sample();
    cr_expect(entry_add_field(&out, &e, "status"));
    cr_expect(entry_add_field(&out, &e, "scim_type"), "null is an empty text");
    cr_expect(eq(str, out.at, "409"));
    cr_expect(not(entry_add_field(&out, &e, "nonsense")));
    buf_free(&out);
}

/* Short entries are written at once, longer ones key by key: nobody can tell which. */
Test(entry, is_written_alike_whatever_its_length)
{
    enum { LONGEST = 24 * 1024 };
    static char text[LONGEST];
    memset(text, '\x01', sizeof text); /* six bytes each */
    struct buf at_once, by_key;
    buf_init(&at_once, 1024 * 1024);
    buf_init(&by_key, 1024 * 1024);
    for (size_t len = 0; len <= LONGEST; len += len < 8 * 1024 || len > 11 * 1024 ? 512 : 1) {
        struct entry e = sample();
        e.time_us = (int64_t)len * 50000000000;
        e.source = e.user = slice_make(text, len % 7);
        e.path = slice_make(text, len);
        e.detail = slice_make(text, len / 3);
        buf_reset(&at_once);
        buf_reset(&by_key);
        entry_write_json(&at_once, &e);
        buf_add_byte(&by_key, '{');
        for (const char *const *key = entry_keys; *key; key++)
            entry_add_json(&by_key, &e, *key);
        cr_assert(slice_equal(buf_slice(&at_once), buf_slice(&by_key)), "%zu", len);
    }
    buf_free(&at_once);
    buf_free(&by_key);
}
