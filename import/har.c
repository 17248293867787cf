/* HAR captures of browsers, proxies and test tools. Knows how to recognise one and how its entries
 * become records; cutting them out of the stream is har_cut.c's, their fields are har_entry.c's. */
#include "import/har_cut.h"
#include "import/har_entry.h"
#include "import/reader.h"
#include "import/readers.h"

#include "core/base/alloc.h"
#include "core/base/json.h"

#include <stdlib.h>

struct har {
    struct har_cut *cut;
    struct har_entry *entry;
    uint64_t position;
};

static bool is_log_key(struct slice raw)
{
    static const char *const names[] = {"entries", "creator", "version", "pages", "browser", NULL};
    for (size_t i = 0; names[i]; i++)
        if (json_raw_is(raw, names[i]))
            return true;
    return false;
}

/* An object with an object `log` that has one of the names above, or none before the head ends. */
static int har_sniff(struct slice head, const char *path)
{
    (void)path;
    bool head_full = head.len == INPUT_HEAD;
    if (slice_starts(head, "\xef\xbb\xbf"))
        head = slice_from(head, 3);
    struct json_scan scan;
    json_scan_init(&scan, head);
    if (json_next(&scan) != JSON_OBJECT)
        return 0;
    bool in_log = false, log_open = false;
    for (;;) {
        enum json_token token = json_next(&scan);
        if (token == JSON_BAD || token == JSON_END)
            return log_open && head_full ? 20 : 0;
        log_open = log_open || (in_log && token == JSON_OBJECT && scan.depth == 2);
        if (token != JSON_KEY)
            continue;
        if (scan.depth == 1)
            in_log = json_raw_is(scan.raw, "log");
        else if (scan.depth == 2 && in_log && is_log_key(scan.raw))
            return 95;
    }
}

static enum fault_code har_open(void **self, struct input *in, struct fault *why)
{
    (void)why;
    struct har *har = xcalloc(1, sizeof *har);
    har->cut = har_cut_open(in);
    har->entry = har_entry_new();
    *self = har;
    return FAULT_NONE;
}

static void har_close(void *self)
{
    struct har *har = self;
    if (!har)
        return;
    har_cut_close(har->cut);
    har_entry_free(har->entry);
    free(har);
}

/* Reads the entry that begins there; HAR_PIECE: `*outcome` is what came of it. */
static enum har_step read_piece(struct har *har, struct har_piece *piece, struct record *out,
                                enum har_outcome *outcome, struct fault *why)
{
    size_t size = 0;
    while ((*outcome = har_entry_read(har->entry, piece->text, &size, out, why)) == HAR_CUT) {
        enum har_step step = har_cut_more(har->cut, piece, why);
        if (step == HAR_FAILED)
            return step;
        if (step == HAR_BAD) {
            *outcome = HAR_BROKEN;
            break;
        }
    }
    if (*outcome == HAR_BROKEN || (*outcome == HAR_OTHER && piece->guess))
        har_cut_reject(har->cut);
    else
        har_cut_take(har->cut, size);
    return HAR_PIECE;
}

static enum reading har_next(void *self, struct record *out, struct fault *why)
{
    struct har *har = self;
    for (;;) {
        struct har_piece piece;
        enum har_outcome outcome = HAR_BROKEN;
        enum har_step step = har_cut_next(har->cut, &piece, why);
        if (step == HAR_PIECE)
            step = read_piece(har, &piece, out, &outcome, why);
        if (step == HAR_END)
            return READING_END;
        if (step == HAR_FAILED)
            return READING_FAILED;
        if (step == HAR_PIECE && outcome == HAR_ENTRY) {
            out->position = har->position++;
            out->offset = piece.offset;
            return READING_RECORD;
        }
        if (step == HAR_PIECE && piece.guess && (outcome == HAR_OTHER || !piece.alike))
            continue; /* it only looked like an entry */
        if (why && step == HAR_PIECE)
            why->offset = piece.offset;
        har->position++;
        return READING_BAD_RECORD;
    }
}

const struct reader har_reader = {
    .info =
        {.name = "har",
         .title = "HTTP Archive (.har)",
         .suffixes = "har json",
         .how = "Chrome, Edge: F12, Network, record the calls, then the export button, \"with\n"
                "  sensitive data\" (to be allowed in the settings of the developer tools first).\n"
                "  The plain export leaves the Authorization header out; then nothing can be\n"
                "  said about tokens.\n"
                "Firefox: F12, Network, context menu of the list, Save All As HAR.\n"
                "Safari: Web Inspector, Network, Export.\n"
                "mitmproxy: mitmdump -r FLOWS --set hardump=OUT.har (or import FLOWS itself).\n"
                "Charles: File, Export Session, HTTP Archive.\n"
                "Fiddler: File, Export Sessions, HTTPArchive v1.2.\n"
                "Secrets are taken out while the file is imported."},
    .sniff = har_sniff,
    .open = har_open,
    .next = har_next,
    .close = har_close,
};
