/* The main of a fuzz target that `make test` runs: every file or folder of files named is one past
 * finding or seed. Prints the totals. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>

enum { REPLAY_LIMIT = 1024 * 1024 };

static unsigned replayed;

static void replay_file(const char *path)
{
    static uint8_t bytes[REPLAY_LIMIT];
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    /* an allocation of its own, so that reading past the end is seen */
    uint8_t *own = xmalloc(size);
    memcpy(own, bytes, size);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(own, size);
    free(own);
    replayed++;
}

static void replay(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        replay_file(path);
        return;
    }
    for (struct dirent *e; (e = readdir(folder));) {
        char inner[4096];
        if (e->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        replay_file(inner);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("%u passed, 0 failed, 0 skipped\n", replayed);
    return 0;
}
