/* Fuzz target: the evtx reader, whole files. After a mutation the checksums are put right, so that
 * what stands behind them is reached; some inputs keep wrong ones. */
#include "import/evtx_chunk.h"
#include "tests/fuzz/fuzz.h"

#include <zlib.h>

enum { FILE_HEADER = 4096, HEADER_SUMMED = 120, SUM_AT = 124, DATA_SUM_AT = 52, FREE_AT = 48 };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void repair_chunk(uint8_t *chunk, size_t size)
{
    if (size < EVTX_CHUNK_HEADER)
        return;
    uint32_t end = get32(chunk + FREE_AT);
    if (end < EVTX_CHUNK_HEADER || end > size)
        end = (uint32_t)size;
    put32(chunk + DATA_SUM_AT,
          (uint32_t)crc32(0, chunk + EVTX_CHUNK_HEADER, end - EVTX_CHUNK_HEADER));
    uLong sum = crc32(0, chunk, HEADER_SUMMED);
    put32(chunk + SUM_AT, (uint32_t)crc32(sum, chunk + 128, EVTX_CHUNK_HEADER - 128));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, most);
    if (seed % 8 == 0 || size < FILE_HEADER)
        return size;
    put32(data + SUM_AT, (uint32_t)crc32(0, data, HEADER_SUMMED));
    for (size_t at = FILE_HEADER; at < size; at += EVTX_CHUNK_SIZE)
        repair_chunk(data + at, size - at < EVTX_CHUNK_SIZE ? size - at : EVTX_CHUNK_SIZE);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader(&evtx_reader, data, size);
}
