/* Fuzz target: zip, tar, gzip, xz, zstd. What comes out stays within the ceilings. */
#include "import/unpack.h"
#include "tests/fuzz/fuzz.h"

enum { READ_LIMIT = 8 * 1024 * 1024 };

static void drain(struct input *member, size_t size)
{
    static char block[64 * 1024];
    struct fault why;
    size_t got = 1, all = 0;
    while (got && all < READ_LIMIT &&
           input_read(member, block, sizeof block, &got, &why) == FAULT_NONE)
        all += got;
    FUZZ_EXPECT(all <= UNPACK_FREE + sizeof block + (uint64_t)UNPACK_RATIO * (size + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input *in = input_of_memory("fuzz", fuzz_slice(data, size)), *member;
    struct unpack *unpack = NULL;
    struct fault why;
    const char *name;
    if (unpack_is_packed(fuzz_slice(data, size < INPUT_HEAD ? size : INPUT_HEAD)) &&
        unpack_open(&unpack, in, &why) == FAULT_NONE)
        for (size_t steps = 0;; steps++) {
            enum unpack_step step = unpack_next(unpack, &member, &name, &why);
            FUZZ_EXPECT(steps <= 64 + size);
            if (step == UNPACK_END || step == UNPACK_FAILED)
                break;
            if (step == UNPACK_MEMBER) {
                drain(member, size);
                input_close(member);
            }
        }
    unpack_close(unpack);
    input_close(in);
    return 0;
}
