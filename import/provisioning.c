/* Knows the names in provisioning logs; see provisioning.h. */
#include "import/provisioning.h"

void provisioning_squash(struct buf *out, struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_add_byte(out, c);
    }
}

/* --- names ------------------------------------------------------------------------------------ */

static bool has(struct slice name, const char *part)
{
    return slice_find(name, slice_of(part)) != SIZE_MAX;
}

static bool ends(struct slice name, const char *part)
{
    return slice_ends_fold(name, part);
}

/* What belongs to the source or to the target: a system or an identity. */
static enum provisioning_field of_side(struct slice name, bool target)
{
    if (ends(name, "type"))
        return has(name, "system") ? PROVISIONING_NONE : PROVISIONING_IDENTITY_TYPE;
    if (has(name, "system") || has(name, "application")) {
        if (has(name, "details") || ends(name, "id"))
            return PROVISIONING_NONE;
        return target ? PROVISIONING_TARGET_SYSTEM : PROVISIONING_SOURCE_SYSTEM;
    }
    if (ends(name, "userprincipalname") || ends(name, "username") || ends(name, "upn"))
        return target ? PROVISIONING_TARGET_USER : PROVISIONING_SOURCE_USER;
    if (ends(name, "name") || ends(name, "identity") || ends(name, "user") || ends(name, "object"))
        return target ? PROVISIONING_TARGET_NAME : PROVISIONING_SOURCE_NAME;
    return PROVISIONING_NONE;
}

/* How a rule looks at a squashed name. */
enum look { LOOK_HAS, LOOK_ENDS, LOOK_STARTS, LOOK_IS };

static const struct {
    enum look look;
    const char *part;
    enum provisioning_field field;
} rules[] = {
    /* the first that fits counts */
    {LOOK_ENDS, "odatatype", PROVISIONING_NONE},
    {LOOK_ENDS, "oldvalue", PROVISIONING_VALUE},
    {LOOK_ENDS, "newvalue", PROVISIONING_VALUE},
    {LOOK_HAS, "changeid", PROVISIONING_CHANGE_ID},
    {LOOK_HAS, "duration", PROVISIONING_DURATION},
    {LOOK_HAS, "recommend", PROVISIONING_NONE},
    {LOOK_HAS, "category", PROVISIONING_NONE},
    {LOOK_HAS, "skipreason", PROVISIONING_CODE},
    {LOOK_ENDS, "errorcode", PROVISIONING_CODE},
    {LOOK_ENDS, "reasoncode", PROVISIONING_CODE},
    {LOOK_ENDS, "resultcode", PROVISIONING_CODE},
    {LOOK_ENDS, "failurecode", PROVISIONING_CODE},
    {LOOK_ENDS, "statuscode", PROVISIONING_CODE},
    {LOOK_ENDS, "additionaldetails", PROVISIONING_DETAILS},
    {LOOK_ENDS, "errordetails", PROVISIONING_DETAILS},
    {LOOK_ENDS, "statusdetails", PROVISIONING_DETAILS},
    {LOOK_ENDS, "reason", PROVISIONING_REASON},
    {LOOK_ENDS, "errormessage", PROVISIONING_REASON},
    {LOOK_ENDS, "errordescription", PROVISIONING_REASON},
    {LOOK_ENDS, "statusdescription", PROVISIONING_REASON},
    {LOOK_IS, "description", PROVISIONING_REASON},
    {LOOK_IS, "stepdescription", PROVISIONING_REASON},
    {LOOK_ENDS, "stepname", PROVISIONING_STEP},
    {LOOK_ENDS, "steptype", PROVISIONING_STEP},
    {LOOK_IS, "step", PROVISIONING_STEP},
    {LOOK_ENDS, "action", PROVISIONING_ACTION},
    {LOOK_STARTS, "action", PROVISIONING_ACTION},
    {LOOK_ENDS, "status", PROVISIONING_STATUS},
    {LOOK_ENDS, "statusinfo", PROVISIONING_STATUS},
    {LOOK_IS, "result", PROVISIONING_STATUS},
    {LOOK_IS, "outcome", PROVISIONING_STATUS},
    {LOOK_STARTS, "date", PROVISIONING_TIME},
    {LOOK_HAS, "datetime", PROVISIONING_TIME},
    {LOOK_HAS, "timestamp", PROVISIONING_TIME},
    {LOOK_STARTS, "time", PROVISIONING_TIME},
    {LOOK_ENDS, "activitydate", PROVISIONING_TIME},
    {LOOK_IS, "id", PROVISIONING_ITEM_ID},
    {LOOK_IS, "logid", PROVISIONING_ITEM_ID},
    {LOOK_IS, "recordid", PROVISIONING_ITEM_ID},
};

static bool looks(struct slice name, enum look look, const char *part)
{
    switch (look) {
    case LOOK_HAS:
        return has(name, part);
    case LOOK_ENDS:
        return ends(name, part);
    case LOOK_STARTS:
        return slice_starts(name, part);
    case LOOK_IS:
        return slice_is(name, part);
    }
    return false;
}

enum provisioning_field provisioning_field_named(struct slice name)
{
    /* Steps and properties are lists of their own; only why a user was skipped is nowhere else. */
    if ((slice_starts(name, "provisioningsteps") || slice_starts(name, "modifiedpropert")) &&
        !ends(name, "skipreason"))
        return ends(name, "value") ? PROVISIONING_VALUE : PROVISIONING_NONE;
    if (slice_starts(name, "target"))
        return of_side(name, true);
    if (slice_starts(name, "source"))
        return of_side(name, false);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (looks(name, rules[i].look, rules[i].part))
            return rules[i].field;
    return PROVISIONING_NONE;
}

/* --- values ----------------------------------------------------------------------------------- */

void provisioning_set(struct provisioning_values *v, enum provisioning_field field,
                      struct slice value)
{
    value = slice_trim(value);
    if (field == PROVISIONING_IDENTITY_TYPE && slice_is_fold(value, "group"))
        v->at[field] = value; /* of source and target either may tell */
    else if (value.len && !v->at[field].len)
        v->at[field] = value;
}

static struct slice status_word(struct slice status)
{
    static const struct {
        const char *start, *word;
    } words[] = {
        {"succe", "success"}, {"fail", "failure"}, {"skip", "skipped"}, {"warn", "warning"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_starts_fold(status, words[i].start))
            return slice_of(words[i].word);
    return status;
}

/* A user name goes before a display name, which may be anybody's, unless it is a mail address. */
static void name_users(struct record_provisioning *item, const struct provisioning_values *v)
{
    struct slice target = v->at[PROVISIONING_TARGET_NAME];
    struct slice source = v->at[PROVISIONING_SOURCE_NAME];
    if (slice_is_fold(v->at[PROVISIONING_IDENTITY_TYPE], "group"))
        return;
    item->target_user = v->at[PROVISIONING_TARGET_USER];
    item->source_user = v->at[PROVISIONING_SOURCE_USER];
    if (!item->target_user.len && slice_find_byte(target, '@') != SIZE_MAX)
        item->target_user = target;
    if (!item->source_user.len && slice_find_byte(source, '@') != SIZE_MAX)
        item->source_user = source;
    if (!item->target_user.len && !item->source_user.len) {
        item->target_user = target;
        item->source_user = source;
    }
}

static void set_time(struct record *out, const struct provisioning_values *v)
{
    bool zoned;
    struct slice text = v->at[PROVISIONING_TIME];
    if (!text.len || !event_time_parse(text, v->order, &out->time_us, &zoned)) {
        out->time_us = TIME_NONE;
        return;
    }
    out->time_text = text;
    if (!zoned && v->utc) {
        struct civil printed = time_to_local(out->time_us);
        out->time_us = time_from_utc(&printed);
        zoned = true;
    }
    out->zone_assumed = !zoned;
}

static struct slice known(struct slice value)
{
    return value.len ? value : SLICE_NONE;
}

bool provisioning_record(struct record *out, const struct provisioning_values *v, struct slice item,
                         struct arena *arena)
{
    struct record_provisioning *p = &out->provisioning;
    int64_t ms;
    *out = (struct record){.kind = KIND_PROVISIONING, .time_us = TIME_NONE};
    *p = (struct record_provisioning){
        .item_id = known(v->at[PROVISIONING_ITEM_ID]),
        .change_id = known(v->at[PROVISIONING_CHANGE_ID]),
        .action = known(v->at[PROVISIONING_ACTION]),
        .step = known(v->at[PROVISIONING_STEP]),
        .status = known(arena_copy(arena, status_word(v->at[PROVISIONING_STATUS]))),
        .code = known(v->at[PROVISIONING_CODE]),
        .reason = known(v->at[PROVISIONING_REASON]),
        .details = known(v->at[PROVISIONING_DETAILS]),
        .target_system = known(v->at[PROVISIONING_TARGET_SYSTEM]),
        .source_system = known(v->at[PROVISIONING_SOURCE_SYSTEM]),
        .duration_us = -1,
        .item = item};
    name_users(p, v);
    p->target_user = known(p->target_user);
    p->source_user = known(p->source_user);
    if (slice_to_int64(v->at[PROVISIONING_DURATION], &ms) && ms >= 0 && ms < INT64_MAX / 1000)
        p->duration_us = ms * 1000;
    set_time(out, v);
    bool named = p->item_id.len || p->change_id.len;
    return (named || out->time_us != TIME_NONE) && (p->status.len || p->action.len || p->code.len);
}
