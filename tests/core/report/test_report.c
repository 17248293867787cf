/* How reports leave: to a descriptor that may break, into a file that is whole or not there. */
#include "core/report/report.h"

#include "core/base/json.h"
#include "core/index/filter.h"
#include "tests/core/filling.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CALLS = 200 };

static char folder[] = "/tmp/scimscope-report-XXXXXX";
static char index_path[64], out_path[64];
static struct rulebook *book;
static struct store *store;

static void fill(void)
{
    static char body[4096];
    struct filling f;
    memset(body, 'x', sizeof body);
    filling_begin(&f, store, book, "a.har");
    for (int i = 0; i < CALLS; i++) {
        /* The newest comes first in the file. */
        struct record record = {
            .kind = KIND_HTTP, .position = (uint64_t)i, .time_us = (CALLS - i) * TIME_SECOND};
        record.http = (struct record_http){.method = SLICE("GET"),
                                           .url = SLICE("https://h.test/scim/v2/Users?filter=x"),
                                           .status = i % 2 ? 500 : 200,
                                           .duration_us = -1};
        record.http.response.body.text = slice_make(body, sizeof body);
        record.http.response.body.size = sizeof body;
        filling_add(&f, &record);
    }
    filling_end(&f);
}

static void begin(void)
{
    struct fault why = {0};
    signal(SIGPIPE, SIG_IGN);
    cr_assert_not_null(mkdtemp(folder));
    snprintf(index_path, sizeof index_path, "%s/index.db", folder);
    snprintf(out_path, sizeof out_path, "%s/report", folder);
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
    cr_assert_eq(store_open(&store, index_path, STORE_CREATE, &why), FAULT_NONE, "%s", why.text);
    fill();
}

/* Files of the folder that are not the index's. */
static int others(bool remove)
{
    int count = 0;
    DIR *all = opendir(folder);
    for (struct dirent *one; (one = readdir(all));) {
        char path[400];
        if (!strcmp(one->d_name, ".") || !strcmp(one->d_name, ".."))
            continue;
        count += strncmp(one->d_name, "index.db", 8) != 0;
        snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
        if (remove)
            unlink(path);
    }
    closedir(all);
    return count;
}

static void end(void)
{
    store_close(store);
    rulebook_free(book);
    others(true);
    rmdir(folder);
}

TestSuite(report, .init = begin, .fini = end);

static enum fault_code to_file(const char *format, const char *path, uint64_t *rows,
                               struct fault *why)
{
    return report_write_file(report_named(format), store, NULL, path, NULL, rows, why);
}

static struct buf contents(const char *path)
{
    struct buf out;
    buf_init(&out, 64 * 1024 * 1024);
    FILE *in = fopen(path, "r");
    cr_assert_not_null(in);
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        buf_add(&out, slice_make(block, n));
    fclose(in);
    return out;
}

Test(report, writes_a_private_file_oldest_first_with_whole_records)
{
    struct fault why = {0};
    uint64_t rows = 0;
    struct stat st;
    cr_assert_eq(to_file("ndjson", out_path, &rows, &why), FAULT_NONE, "%s", why.text);
    cr_expect_eq(rows, (uint64_t)CALLS);
    cr_assert_eq(stat(out_path, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600u);
    cr_expect_eq(others(false), 1, "no temporary is left");
    struct buf text = contents(out_path);
    struct slice rest = buf_slice(&text), line;
    int64_t position = CALLS;
    struct arena arena;
    arena_init(&arena);
    while (slice_cut(&rest, '\n', &line) && line.len) {
        cJSON *row = json_tree(line, NULL, NULL);
        cr_assert_not_null(row);
        cr_expect_eq(cJSON_GetObjectItem(row, "position")->valueint, --position);
        cJSON_Delete(row);
        /* The record comes back as it was stored. */
        size_t raw = slice_find(line, SLICE(",\"raw\":"));
        cr_assert_neq(raw, SIZE_MAX);
        struct slice json = slice_from(line, raw + 7);
        json.len--;
        struct record record;
        struct buf again;
        buf_init(&again, 1024 * 1024);
        cr_assert_eq(record_read(&record, json, &arena, &why), FAULT_NONE, "%s", why.text);
        cr_expect_eq((int64_t)record.position, position);
        cr_assert(record_write(&again, &record));
        cr_expect(slice_equal(buf_slice(&again), json));
        buf_free(&again);
        arena_reset(&arena);
    }
    cr_expect_eq(position, 0);
    arena_free(&arena);
    buf_free(&text);
}

Test(report, holds_what_the_filter_selects)
{
    struct fault why = {0};
    uint64_t rows = 0;
    struct arena arena;
    struct filter *filter = NULL;
    arena_init(&arena);
    cr_assert_eq(filter_parse(&filter, SLICE("status:5xx"), &arena, &why), FAULT_NONE);
    cr_assert_eq(report_write_file(report_named("csv"), store, filter, out_path,
                                   &(struct report_options){.bom = true}, &rows, &why),
                 FAULT_NONE, "%s", why.text);
    cr_expect_eq(rows, (uint64_t)CALLS / 2);
    struct buf text = contents(out_path);
    cr_expect(slice_starts(buf_slice(&text), "\xEF\xBB\xBF\"id\",\"time\""));
    size_t lines = 0;
    struct slice rest = buf_slice(&text), line;
    while (slice_cut(&rest, '\n', &line) && line.len)
        lines++;
    cr_expect_eq(lines, (size_t)CALLS / 2 + 1);
    buf_free(&text);
    arena_free(&arena);
}

Test(report, replaces_a_file_only_when_it_is_whole)
{
    struct fault why = {0};
    uint64_t rows = 0;
    FILE *old = fopen(out_path, "w");
    fputs("old", old);
    fclose(old);
    _Atomic bool stop = true;
    cr_expect_eq(report_write_file(report_named("json"), store, NULL, out_path,
                                   &(struct report_options){.stop = &stop}, &rows, &why),
                 FAULT_CANCELLED);
    struct buf text = contents(out_path);
    cr_expect(slice_is(buf_slice(&text), "old"));
    buf_free(&text);
    cr_expect_eq(others(false), 1, "no temporary is left");
    cr_assert_eq(to_file("json", out_path, &rows, &why), FAULT_NONE);
    text = contents(out_path);
    cJSON *all = json_tree(buf_slice(&text), NULL, NULL);
    cr_expect_eq(cJSON_GetArraySize(all), CALLS);
    cJSON_Delete(all);
    buf_free(&text);
}

Test(report, leaves_links_devices_and_directories_alone)
{
    struct fault why = {0};
    uint64_t rows = 0;
    char target[80], link_path[80];
    snprintf(target, sizeof target, "%s/target", folder);
    snprintf(link_path, sizeof link_path, "%s/link", folder);
    fclose(fopen(target, "w"));
    cr_assert_eq(symlink(target, link_path), 0);
    cr_expect_eq(to_file("csv", link_path, &rows, &why), FAULT_IO);
    cr_expect_not_null(strstr(why.text, "symbolic link"), "%s", why.text);
    struct stat st;
    cr_expect_eq(lstat(link_path, &st), 0);
    cr_expect(S_ISLNK(st.st_mode));
    cr_expect_eq(stat(target, &st), 0);
    cr_expect_eq(st.st_size, 0);
    cr_assert_eq(mkfifo(out_path, 0600), 0);
    cr_expect_eq(to_file("csv", out_path, &rows, &why), FAULT_IO);
    cr_expect_eq(to_file("csv", folder, &rows, &why), FAULT_IO);
    cr_expect_eq(to_file("csv", "/dev/null", &rows, &why), FAULT_IO);
    cr_expect_eq(stat("/dev/null", &st), 0);
    cr_expect(S_ISCHR(st.st_mode));
    cr_expect_eq(others(false), 3);
}

Test(report, says_why_a_file_cannot_be_made)
{
    struct fault why = {0};
    uint64_t rows = 0;
    char path[80];
    snprintf(path, sizeof path, "%s/none/report", folder);
    cr_expect_eq(to_file("csv", path, &rows, &why), FAULT_IO);
    cr_expect_eq(errno, ENOENT);
    snprintf(path, sizeof path, "%s/", folder);
    cr_expect_eq(to_file("csv", path, &rows, &why), FAULT_IO);
}

Test(report, a_reader_that_went_away_is_a_broken_pipe)
{
    struct fault why = {0};
    uint64_t rows = 0;
    int ends[2];
    cr_assert_eq(pipe(ends), 0);
    close(ends[0]);
    errno = 0;
    cr_expect_eq(report_write(report_named("ndjson"), store, NULL, NULL, ends[1], &rows, &why),
                 FAULT_IO);
    cr_expect_eq(errno, EPIPE);
    close(ends[1]);
}

Test(report, a_full_disk_is_said)
{
    struct fault why = {0};
    uint64_t rows = 0;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0)
        cr_skip_test("no /dev/full here");
    cr_expect_eq(report_write(report_named("csv"), store, NULL, NULL, fd, &rows, &why), FAULT_IO);
    cr_expect_eq(errno, ENOSPC);
    close(fd);
}

Test(report, json_takes_no_byte_order_mark)
{
    struct fault why = {0};
    uint64_t rows = 0;
    cr_expect_eq(report_write(report_named("json"), store, NULL,
                              &(struct report_options){.bom = true}, STDOUT_FILENO, &rows, &why),
                 FAULT_USAGE);
    cr_expect_eq(report_write_file(report_named("ndjson"), store, NULL, out_path,
                                   &(struct report_options){.bom = true}, &rows, &why),
                 FAULT_USAGE);
    cr_expect_eq(others(false), 0);
}
