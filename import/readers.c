/* The table of all file formats, and which of them some bytes are. */
#include "import/readers.h"

#include "import/window.h"

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
    row(event_json_reader)                                                                         \
    row(entra_json_reader)                                                                         \
    row(entra_csv_reader)                                                                          \
    row(exported_reader)                                                                           \
    row(text_log_reader)
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

/* Texts of a known kind that no reader takes. */
static const char *refusal_of_text(struct slice head)
{
    struct buf decoded;
    buf_init(&decoded, (size_t)4 * INPUT_HEAD);
    struct slice text = slice_trim(text_head(head, &decoded));
    struct slice line = slice_first(text, slice_find_byte(text, '\n'));
    const char *refusal = "unknown format; see `scimscope formats`";
    if (slice_find(line, SLICE(" HTTP/1.")) != SIZE_MAX || slice_starts(line, "HTTP/1."))
        refusal = "unknown format: bare HTTP text, no capture; export the calls as HAR "
                  "(`scimscope explain` reads one such answer)";
    else if (slice_starts_fold(text, "<!doctype html") || slice_starts_fold(text, "<html"))
        refusal = "unknown format: a web page, no log; export the log itself";
    else if (slice_starts(text, "<"))
        refusal = "unknown format: XML, but neither events nor Burp items; see `scimscope formats`";
    else if (slice_starts(text, "{") || slice_starts(text, "["))
        refusal = "unknown format: JSON, but no HAR, session, events, provisioning log or export; "
                  "see `scimscope formats`";
    buf_free(&decoded);
    return refusal;
}

const char *reader_refusal(struct slice head)
{
    static const struct {
        const char *bytes;
        size_t len, at;
        const char *text;
    } known[] = {
        {"com.xk72.charles", 16, 8,
         "is a Charles session in its private format; export it as JSON session (.chlsj)"},
        {"LfLe", 4, 4, "is an event log of Windows XP (.evt); save it as .evtx on a newer Windows"},
        {"\xd4\xc3\xb2\xa1", 4, 0, "is a packet capture; export the HTTP calls as HAR instead"},
        {"\x0a\x0d\x0d\x0a", 4, 0, "is a packet capture; export the HTTP calls as HAR instead"},
        {"%PDF-", 5, 0, "is a PDF; export the log itself"},
        {"SQLite format 3", 15, 0, "is a SQLite file; give an index with --db"},
        {"BZh", 3, 0, "is packed with bzip2; unpack it first"},
        {"7z\xbc\xaf\x27\x1c", 6, 0, "is a 7-Zip archive; unpack it first"},
        {"Rar!", 4, 0, "is a RAR archive; unpack it first"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (head.len >= known[i].at + known[i].len &&
            memcmp(head.at + known[i].at, known[i].bytes, known[i].len) == 0)
            return known[i].text;
    return refusal_of_text(head);
}
