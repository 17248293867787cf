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
