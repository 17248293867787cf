/* Items of Microsoft Entra provisioning logs, whatever form they come in: which path of the JSON or
 * which heading of a CSV file means what, in every spelling (Graph v1.0 and beta, portal), and how
 * the values become a record. The headings of the portal's CSV files are documented nowhere: they
 * are told by the words in them. Knows no file format. */
#ifndef IMPORT_PROVISIONING_H
#define IMPORT_PROVISIONING_H

#include "import/event_named.h"

enum provisioning_field {
    PROVISIONING_NONE,
    PROVISIONING_ITEM_ID,
    PROVISIONING_CHANGE_ID,
    PROVISIONING_TIME,
    PROVISIONING_ACTION,
    PROVISIONING_STEP,
    PROVISIONING_STATUS,
    PROVISIONING_CODE,
    PROVISIONING_REASON,
    PROVISIONING_DETAILS,
    PROVISIONING_TARGET_USER, /* a user name: what the user is called by */
    PROVISIONING_SOURCE_USER,
    PROVISIONING_TARGET_NAME, /* a display name: of a user, or of something else */
    PROVISIONING_SOURCE_NAME,
    PROVISIONING_IDENTITY_TYPE,
    PROVISIONING_TARGET_SYSTEM,
    PROVISIONING_SOURCE_SYSTEM,
    PROVISIONING_DURATION,
    PROVISIONING_VALUE, /* old or new value of a property: of a file that lists properties */
    PROVISIONING_FIELDS
};

/* Appends what names are compared by: their ASCII letters and digits, in lower case. */
void provisioning_squash(struct buf *out, struct slice name);
/* The field of a heading, or of the keys from the item down to a value, squashed. */
enum provisioning_field provisioning_field_named(struct slice squashed);

struct provisioning_values {
    struct slice at[PROVISIONING_FIELDS]; /* the first of each field that is not empty */
    enum day_order order;                 /* of its time */
    bool utc;                             /* its time is UTC although it does not say so */
};

void provisioning_set(struct provisioning_values *v, enum provisioning_field field,
                      struct slice value);
/* The record of an item; `item` is its JSON. Values are borrowed or in the arena. False when
 * nothing in it identifies or dates it. */
bool provisioning_record(struct record *out, const struct provisioning_values *v, struct slice item,
                         struct arena *arena);

#endif
