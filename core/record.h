/* One raw thing that a reader hands over: an event, an HTTP exchange or an item of a provisioning
 * log, with its values decoded to UTF-8 text but otherwise as the file has them. A record is
 * borrowed: it dies at the reader's next call. After core/redact it is the form that the index
 * keeps (as JSON, record_write/record_read).
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/fault.h"
#include "core/base/time.h"

/* Ceilings of DESIGN.md section 3. */
enum {
    RECORD_SIZE_LIMIT = 64 * 1024 * 1024, /* bytes of one entry as read */
    RECORD_BODY_KEPT = 1024 * 1024,       /* bytes of one body that are kept */
    RECORD_HEADER_LIMIT = 64 * 1024,      /* bytes of one header value */
    RECORD_FIELDS_LIMIT = 4096            /* fields of an event, headers of a message */
};

enum entry_kind { KIND_EVENT, KIND_HTTP, KIND_PROVISIONING };

enum level {
    LEVEL_NONE,
    LEVEL_CRITICAL,
    LEVEL_ERROR,
    LEVEL_WARNING,
    LEVEL_INFORMATION,
    LEVEL_VERBOSE
};

struct pair {
    struct slice name, value; /* an event's unnamed Data has name SLICE_NONE */
};

struct record_event {
    struct slice provider, computer, channel;
    enum level level;
    int64_t event_id;  /* -1 = not given */
    int64_t record_id; /* -1 = not given (text exports) */
    struct slice user_sid;
    struct slice message;    /* as rendered by the exporter; SLICE_NONE when it was not */
    const struct pair *data; /* EventData / UserData values in order */
    size_t data_count;
};

/* A message body. */
struct body {
    struct slice text;   /* content-decoded bytes; SLICE_NONE = not captured */
    struct slice type;   /* media type as written, SLICE_NONE when not */
    uint64_t size;       /* of the decoded body as read; more than text.len when it was cut */
    bool binary;         /* not text: after redaction only size, type and `digest` are left */
    struct slice digest; /* after redaction of a cut or binary body: keyed hash of the whole */
};

struct message {
    const struct pair *headers; /* in order, names as written */
    size_t header_count;
    bool headers_known; /* false when the exporter carries none: absence proves nothing */
    struct body body;
};

struct scim_bulk;
struct scim_told;

struct record_http {
    struct slice method, url; /* as written */
    struct message request, response;
    int status;                   /* 100..599; 0 = no answer */
    struct slice error;           /* the capture's own error text (HAR _error), else SLICE_NONE */
    int64_t duration_us;          /* -1 = not known */
    const struct scim_bulk *bulk; /* its operations where somebody has read them (scim_bulk_read of
                                     core/explain/scim.h), else NULL; no part of the record */
    const struct scim_told *told; /* the same of the one resource that its bodies tell of
                                     (scim_told_of) */
};

/* One item of a provisioning log: a change that the provisioning service made, tried or left out.
 * Texts are SLICE_NONE when the log does not tell. */
struct record_provisioning {
    struct slice item_id, change_id;
    struct slice action;                       /* "create", as written */
    struct slice step;                         /* of a log with one row per step */
    struct slice status;                       /* "success", "failure", "skipped", "warning" */
    struct slice code;                         /* the service's error code or skip reason */
    struct slice reason, details;              /* its sentence, and what it says beside */
    struct slice target_user, source_user;     /* user names; of a group none */
    struct slice target_system, source_system; /* display names */
    int64_t duration_us;                       /* -1 = not known */
    struct slice item;                         /* the whole item as JSON text */
};

struct record {
    enum entry_kind kind;
    uint64_t position;         /* number within its source, from 0 */
    uint64_t offset;           /* where it begins in the (decompressed) file, for messages */
    int64_t time_us;           /* TIME_NONE when it carries none */
    struct slice time_text;    /* as written */
    bool zone_assumed;         /* the time carried no zone; the process zone was taken */
    bool backwards;            /* its file is written newest first and carries no record ids */
    struct record_event event; /* KIND_EVENT */
    struct record_http http;   /* KIND_HTTP */
    struct record_provisioning provisioning; /* KIND_PROVISIONING */
};

/* The first header of that name (ASCII letters folded), else SLICE_NONE. */
struct slice message_header(const struct message *m, const char *name);

/* The text of an event that people read and classification works on: the rendered message, else
 * the data values one per line. In `arena` when joined, else borrowed. */
struct slice record_event_text(const struct record_event *event, struct arena *arena);

/* Host in lower case without port and user-info, path undecoded, query without '?', of an absolute
 * or origin-form URL; parts that are missing are SLICE_NONE. Borrowed but host (arena). */
struct url_parts {
    struct slice scheme, host, path, query, fragment;
    int port; /* 0 = not given */
};
struct url_parts url_split(struct slice url, struct arena *arena);
/* Percent-decoded ('+' as blank when `form`), in the arena when anything had to be decoded. */
struct slice url_decode(struct slice text, bool form, struct arena *arena);
/* The decoded value of a query parameter, else SLICE_NONE. */
struct slice url_parameter(struct slice query, const char *name, struct arena *arena);

/* The JSON form that the index keeps and exports as `raw`. Reading gives back a record that writes
 * the same bytes. Its keys are listed in record.c; FAULT_FORMAT names the first wrong one. */
bool record_write(struct buf *out, const struct record *record);
enum fault_code record_read(struct record *out, struct slice json, struct arena *arena,
                            struct fault *why);

const char *level_name(enum level level); /* NULL for LEVEL_NONE */
const char *kind_name(enum entry_kind kind);
/* Level of an English or Japanese Event Viewer word, a number 0..5, or LEVEL_NONE. */
enum level level_parse(struct slice word);

#endif
