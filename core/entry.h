/* The normalised record that the index keeps: when, where, who, what happened, status, detail.
 * All slices are borrowed from the arena of whoever made the entry; SLICE_NONE is JSON's null.
 * Names are the JSON keys of DESIGN.md section 6. */
#ifndef CORE_ENTRY_H
#define CORE_ENTRY_H

#include "core/record.h"

enum user_how { USER_NONE, USER_STATED, USER_LINKED };

struct entry {
    int64_t id;      /* row in this index; 0 before it is stored */
    int64_t time_us; /* TIME_NONE = null */
    enum entry_kind kind;
    int64_t source_id;
    struct slice source, label; /* path as given; label or none */
    int64_t position;
    int64_t sequence;   /* orders events of one time: the position, negative in files written newest
                           first that carry no record ids */
    int bulk_operation; /* from 1; 0 = null */

    enum level level;
    int64_t event_id, record_id; /* -1 = null */
    int step;                    /* enum step of an event that the index gave back; no JSON key */
    struct slice provider, computer, channel;

    struct slice method, url, host, path, query;
    int status; /* 100..599; 0 = null */
    struct slice scim_type, code, detail;

    struct slice class_id, category, vendor; /* SLICE_NONE = the entry has no class */
    bool failure, success;                   /* is:failure, is:success */

    struct slice user;
    enum user_how user_how;
    int64_t user_entry; /* id of the entry that named it, 0 when stated */
    struct slice request_id;
    int64_t duration_us;     /* -1 = null */
    struct slice state;      /* failing resolved unknown, of its problem; none without one */
    struct slice mark, note; /* the operator's own, or of its problem; none */
    struct slice work;       /* the same: a name of enum work, none = open */
};

/* Appends the entry as one JSON object with the keys of DESIGN.md section 6, in that order, without
 * the closing brace, so that export may add `mark note raw`. */
bool entry_write_json(struct buf *out, const struct entry *entry);

/* The keys of section 6, in order, NULL-ended: `--fields`, CSV headings, the `log` view. */
extern const char *const entry_keys[];
/* What the operator added, in order: `mark note work`; NULL-ended. Takes the same functions. */
extern const char *const entry_remark_keys[];
/* Appends the remarks as further members of entry_write_json's object. */
void entry_add_remarks(struct buf *out, const struct entry *entry);
/* Appends one field of those lists as `"key":value`, with a leading comma unless the last byte is
 * `{`. False when there is no such key. */
bool entry_add_json(struct buf *out, const struct entry *entry, const char *key);
/* Appends one field of those lists as plain text ("" for null), for CSV and tables. False when
 * there is no such key. */
bool entry_add_field(struct buf *out, const struct entry *entry, const char *key);
/* The same by its number in entry_keys: saves the look-up where all fields are written. */
void entry_add_field_at(struct buf *out, const struct entry *entry, size_t number);

#endif
