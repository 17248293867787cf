/* Keys and actions. One X-macro holds every action: enum, the name that keys.yaml and the help view
 * use, the help line. The default keys stand in tui/keys.yaml; a file of the user's is laid over.
 * A new action is one row here and one line there. */
#ifndef TUI_SCREEN_KEYMAP_H
#define TUI_SCREEN_KEYMAP_H

#include "core/base/buf.h"
#include "core/base/fault.h"

/* Groups order the help view. */
enum action_group {
    GROUP_MOVE,
    GROUP_FILTER,
    GROUP_TIME,
    GROUP_LOOK,
    GROUP_WORK,
    GROUP_PROGRAM,
    GROUPS
};

#define ACTIONS(_)                                                                                 \
    _(ACTION_UP, "up", GROUP_MOVE, "one row up")                                                   \
    _(ACTION_DOWN, "down", GROUP_MOVE, "one row down")                                             \
    _(ACTION_LEFT, "left", GROUP_MOVE, "column to the left (what f and F act on)")                 \
    _(ACTION_RIGHT, "right", GROUP_MOVE, "column to the right")                                    \
    _(ACTION_PAGE_UP, "page-up", GROUP_MOVE, "one page up")                                        \
    _(ACTION_PAGE_DOWN, "page-down", GROUP_MOVE, "one page down")                                  \
    _(ACTION_FIRST, "first", GROUP_MOVE, "to the first row")                                       \
    _(ACTION_LAST, "last", GROUP_MOVE, "to the last row")                                          \
    _(ACTION_NEXT_PANE, "next-pane", GROUP_MOVE, "to the next pane")                               \
    _(ACTION_PREVIOUS_PANE, "previous-pane", GROUP_MOVE, "to the pane before")                     \
    _(ACTION_FILTER, "filter", GROUP_FILTER, "edit the filter")                                    \
    _(ACTION_INCLUDE, "include", GROUP_FILTER, "only entries with the value under the cursor")     \
    _(ACTION_EXCLUDE, "exclude", GROUP_FILTER, "no entries with the value under the cursor")       \
    _(ACTION_TOGGLE, "toggle", GROUP_FILTER, "choose a class or user, or take it back")            \
    _(ACTION_FILTER_OFF, "filter-off", GROUP_FILTER, "all filters off, and on again")              \
    _(ACTION_OLDER, "older-filter", GROUP_FILTER, "back to the filter before")                     \
    _(ACTION_NEWER, "newer-filter", GROUP_FILTER, "forward again")                                 \
    _(ACTION_CLASSES, "classes", GROUP_FILTER, "choose among the error classes")                   \
    _(ACTION_USERS, "users", GROUP_FILTER, "choose among the users")                               \
    _(ACTION_VALUES, "values", GROUP_FILTER, "choose among classes, users, status, sources ...")   \
    _(ACTION_FILTERS, "filters", GROUP_FILTER, "filters by name, and those used before")           \
    _(ACTION_KEEP_FILTER, "keep-filter", GROUP_FILTER, "keep the filter under a name")             \
    _(ACTION_TIME, "time", GROUP_TIME, "choose a time window: today, last hour, A..B")             \
    _(ACTION_GO_TO_TIME, "go-to-time", GROUP_TIME, "the cursor to a moment")                       \
    _(ACTION_ZONE, "zone", GROUP_TIME, "times in UTC, in local time, in the source's zone")        \
    _(ACTION_NARROW, "narrow", GROUP_TIME, "half the time window, around the cursor")              \
    _(ACTION_WIDEN, "widen", GROUP_TIME, "twice the time window")                                  \
    _(ACTION_EARLIER, "earlier", GROUP_TIME, "window half its length earlier")                     \
    _(ACTION_LATER, "later", GROUP_TIME, "window half its length later")                           \
    _(ACTION_OPEN, "open", GROUP_LOOK, "everything about the entry")                               \
    _(ACTION_BACK, "back", GROUP_LOOK, "close what is open")                                       \
    _(ACTION_FOLD, "fold", GROUP_LOOK, "fold or open what begins in this line of a body")          \
    _(ACTION_FOLD_ALL, "fold-all", GROUP_LOOK, "fold or open all of the bodies")                   \
    _(ACTION_VIEW_ENTRIES, "view-entries", GROUP_LOOK, "the entries")                              \
    _(ACTION_VIEW_PROBLEMS, "view-problems", GROUP_LOOK, "who fails with what, and since when")    \
    _(ACTION_VIEW_PATTERNS, "view-patterns", GROUP_LOOK, "what only several entries show")         \
    _(ACTION_VIEW_SOURCES, "view-sources", GROUP_LOOK, "what was imported, and what it covers")    \
    _(ACTION_ORDER, "order", GROUP_LOOK, "newest or oldest first")                                 \
    _(ACTION_MARK, "mark", GROUP_WORK, "mark the entry or problem, or take its mark away")         \
    _(ACTION_NOTE, "note", GROUP_WORK, "write a note on the entry or problem")                     \
    _(ACTION_WORK, "state", GROUP_WORK, "open, done or ignored, in turn")                          \
    _(ACTION_COPY, "copy", GROUP_WORK, "copy a value, a curl command or a ticket sentence")        \
    _(ACTION_EXPORT, "export", GROUP_WORK, "write the filtered entries to a file")                 \
    _(ACTION_TICKET, "ticket", GROUP_WORK, "write a ticket for the vendor, people unnamed")        \
    _(ACTION_IMPORT, "import", GROUP_WORK, "import a file or folder")                              \
    _(ACTION_STOP, "stop-import", GROUP_WORK, "end the import that runs; what is in stays")        \
    _(ACTION_REFRESH, "refresh", GROUP_PROGRAM, "ask and draw again")                              \
    _(ACTION_THEME, "theme", GROUP_PROGRAM, "choose a theme, seeing it at once")                   \
    _(ACTION_HELP, "help", GROUP_PROGRAM, "this list of keys")                                     \
    _(ACTION_PALETTE, "palette", GROUP_PROGRAM, "all actions by name, to choose from")             \
    _(ACTION_SUSPEND, "suspend", GROUP_PROGRAM, "to the shell; fg comes back")                     \
    _(ACTION_QUIT, "quit", GROUP_PROGRAM, "leave scimscope")

enum action {
    ACTION_NONE,
#define ACTION_ENUM(name, text, group, help) name,
    ACTIONS(ACTION_ENUM)
#undef ACTION_ENUM
        ACTION_COUNT
};

/* A key is a code point, or one of these. Control characters are 1..31. */
enum key {
    KEY_NOTHING = 0,
    KEYS_SPECIAL = 0x110000, /* above every code point */
    KEY_ARROW_UP,
    KEY_ARROW_DOWN,
    KEY_ARROW_LEFT,
    KEY_ARROW_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_TO_HOME,
    KEY_TO_END,
    KEY_INSERT,
    KEY_DELETE,
    KEY_ERASE /* backspace */,
    KEY_RETURN,
    KEY_ESCAPE,
    KEY_TABULATOR,
    KEY_BACK_TABULATOR,
    KEY_FUNCTION_1,
    KEY_FUNCTION_12 = KEY_FUNCTION_1 + 11
};

enum { KEYS_PER_ACTION = 8 };

struct keymap {
    uint32_t keys[ACTION_COUNT][KEYS_PER_ACTION]; /* KEY_NOTHING-padded */
};

/* The embedded tui/keys.yaml. */
enum fault_code keymap_load(struct keymap *out, struct fault *why);
/* Lays a YAML text over it: `action: [key, ...]` replaces all keys of that action. FAULT_CONFIG
 * with line and column on an unknown action or key, and when one key would mean two actions. */
enum fault_code keymap_lay(struct keymap *map, struct slice yaml, struct fault *why);

/* The same from a file; FAULT_MISSING when it cannot be read. */
enum fault_code keymap_lay_file(struct keymap *map, const char *path, struct fault *why);

enum action keymap_action(const struct keymap *map, uint32_t key);

const char *action_name(enum action action);
const char *action_help(enum action action);
enum action_group action_group(enum action action);
const char *action_group_title(enum action_group group);

/* "up", "ctrl-r", "f1", "?": the name of a key as YAML writes it, in `out`. */
enum { KEY_NAME_SIZE = 16 };
const char *keymap_key_name(char out[KEY_NAME_SIZE], uint32_t key);
/* KEY_NOTHING when there is no such key. */
uint32_t keymap_key_named(struct slice name);
/* All keys of an action for people: "j, ↓"; the first one only when `all` is false. */
void keymap_keys_text(const struct keymap *map, enum action action, bool all, struct buf *out);

#endif
