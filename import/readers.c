/* The table of all file formats, and which of them some bytes are. */
#include "import/readers.h"

/* One row per format. */
/* clang-format off */
#define READERS(row)                                                                               \
    row(evtx_reader)                                                                               \
    row(event_xml_reader)                                                                          \
    row(har_reader)                                                                                \
    row(mitm_reader)                                                                               \
    row(burp_reader)                                                                               \
    row(charles_reader)                                                                            \
    row(saz_reader)                                                                            \
    row(event_csv_reader)                                                                          \
    row(event_json_reader)
/* clang-format on */

#define READER(name) &name,
const struct reader *const readers[] = {READERS(READER) NULL};

#define INFO(name) &name.info,
const struct format_info *const reader_formats[] = {READERS(INFO) NULL};

/* How much a matching suffix adds: it decides between equals, never alone. */
enum { SUFFIX_BONUS = 1 };

static bool has_suffix(const char *path, const char *suffixes)
{
    struct slice rest = slice_of(suffixes), suffix, file = slice_of(path);
    while (slice_cut(&rest, ' ', &suffix))
        if (file.len > suffix.len && file.at[file.len - suffix.len - 1] == '.' &&
            slice_equal_fold(slice_from(file, file.len - suffix.len), suffix))
            return true;
    return false;
}

const struct reader *reader_detect(struct slice head, const char *path)
{
    const struct reader *best = NULL;
    int best_score = 0;
    for (size_t i = 0; readers[i]; i++) {
        int score = readers[i]->sniff(head, path);
        if (score > 0 && has_suffix(path, readers[i]->info.suffixes))
            score += SUFFIX_BONUS;
        if (score > best_score) {
            best = readers[i];
            best_score = score;
        }
    }
    return best;
}

const struct reader *reader_named(const char *name)
{
    for (size_t i = 0; readers[i]; i++)
        if (strcmp(readers[i]->info.name, name) == 0)
            return readers[i];
    return NULL;
}
