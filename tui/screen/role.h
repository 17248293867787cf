/* Roles: what a piece of the screen means. Views draw with roles, themes say how a role looks, the
 * dump of a canvas shows the role as a letter. One list: enum, YAML name, letter. */
#ifndef TUI_SCREEN_ROLE_H
#define TUI_SCREEN_ROLE_H

#define ROLES(_)                                                                                   \
    _(ROLE_TEXT, "text", '.')                                                                      \
    _(ROLE_DIM, "dim", 'd')                                                                        \
    _(ROLE_STRONG, "strong", 's')                                                                  \
    _(ROLE_BRAND, "brand", 'B')                                                                    \
    _(ROLE_BORDER, "border", 'b')                                                                  \
    _(ROLE_TITLE, "title", 't')                                                                    \
    _(ROLE_FOCUS, "focus", 'T') /* title of the pane that has the keys */                          \
    _(ROLE_LABEL, "label", 'l')                                                                    \
    _(ROLE_ACCENT, "accent", 'a')                                                                  \
    _(ROLE_KEY, "key", 'k') /* a key one can press */                                              \
    _(ROLE_INPUT, "input", 'i')                                                                    \
    _(ROLE_CURSOR, "cursor", 'C')         /* row under the cursor, laid over other roles */        \
    _(ROLE_CURSOR_OFF, "cursor-off", 'c') /* the same in a pane without the keys */                \
    _(ROLE_FIELD, "field", 'F')           /* value under the cursor, laid over other roles */      \
    _(ROLE_CHOSEN, "chosen", 'x')         /* facet value that is in the filter */                  \
    _(ROLE_GOOD, "good", 'g')                                                                      \
    _(ROLE_WARN, "warn", 'w')                                                                      \
    _(ROLE_BAD, "bad", 'r')                                                                        \
    _(ROLE_WRONG, "wrong", '!') /* the word at fault in the filter bar */                          \
    _(ROLE_SHOWN, "shown", 'v')                                                                    \
    _(ROLE_CONSISTENT, "consistent", 'o')                                                          \
    _(ROLE_MISSING, "missing", 'n')                                                                \
    _(ROLE_BAR, "bar", 'h')         /* timeline inside the window */                               \
    _(ROLE_BAR_OFF, "bar-off", 'H') /* timeline outside the window */                              \
    _(ROLE_JSON_KEY, "json-key", 'K')                                                              \
    _(ROLE_JSON_STRING, "json-string", 'S')                                                        \
    _(ROLE_JSON_VALUE, "json-value", 'V')                                                          \
    _(ROLE_REDACTED, "redacted", 'R')                                                              \
    _(ROLE_ESCAPED, "escaped", 'e') /* characters shown as \u{..} */                               \
    _(ROLE_FOOT, "foot", 'f')

enum role {
#define ROLE_ENUM(name, text, letter) name,
    ROLES(ROLE_ENUM)
#undef ROLE_ENUM
        ROLE_COUNT
};

#endif
