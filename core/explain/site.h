/* The site's own settings: the config.yml of its directory sync agent, so that a remedy that names
 * a key can say what stands there and where. Never opens a file called secret.yml, and shows only
 * keys that a remedy names. Read-only after loading; may be shared by threads. */
#ifndef CORE_EXPLAIN_SITE_H
#define CORE_EXPLAIN_SITE_H

#include "core/explain/rulebook.h"

struct site;

/* FAULT_CONFIG when there is no such file, when it is secret.yml (by name, also behind a link), or
 * no regular file. A file that is no sound YAML is loaded all the same: what is wrong with it is
 * what site_tell says then. */
enum fault_code site_load(struct site **out, const char *path, struct fault *why);
void site_free(struct site *site);

/* A sentence about one key of the rule's remedies. */
struct site_word {
    bool fine; /* the key has a value that can be right */
    struct slice text;
};
enum { SITE_WORDS = 8 };
/* What the settings say about every `iid.` key that the remedy or at_fault texts of the rule name;
 * returns how many. Texts in `arena`. */
size_t site_tell(const struct site *site, const struct rule *rule, struct arena *arena,
                 struct site_word out[SITE_WORDS]);

#endif
