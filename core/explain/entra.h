/* What the Microsoft Entra SCIM API accepts, as its reference documents it: the attributes a create
 * needs, the filters it takes, how members may be changed, which permission a call asks for. Used
 * by matching (detect.c) and by evidence. Pure; any thread. */
#ifndef CORE_EXPLAIN_ENTRA_H
#define CORE_EXPLAIN_ENTRA_H

#include "core/base/json.h"

enum { ENTRA_REQUIRED = 7, ENTRA_MEMBERS = 20 };

/* Names of required attributes that the body of a POST to /users (or /groups) lacks or leaves
 * empty; returns how many. */
size_t entra_missing(const cJSON *body, bool groups, const char *missing[ENTRA_REQUIRED]);

/* The first word of a filter (decoded) that the API does not support for /users (or /groups): an
 * attribute, an operator, `or`, `not`, a bracket. SLICE_NONE when all is supported. */
struct slice entra_filter_offence(struct slice filter, bool groups);

/* The application permissions, either of which allows the call; NULL for endpoints not known. */
struct entra_permissions {
    const char *least, *more;
};
struct entra_permissions entra_permissions(struct slice method, struct slice path);

/* PATCH operations of a body: `Operations`, keys folded; NULL when there are none. */
const cJSON *patch_operations(const cJSON *body);
/* How many member values an operation carries (1 for a path that names one). */
size_t patch_members(const cJSON *operation);
/* Whether the operation is about members. */
bool patch_is_member(const cJSON *operation);
bool patch_op_is(const cJSON *operation, const char *op);

/* Whether a path has `name` as a segment, ASCII letters folded. */
bool path_has_segment(struct slice path, const char *name);

#endif
