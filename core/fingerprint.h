/* What makes a record the same record again: a keyed hash of what identifies it at its origin,
 * taken of the redacted record, so that an export imported again meets its entries: tags are keyed
 * hashes of what they stand for (DESIGN.md section 3, "No duplicates"). */
#ifndef CORE_FINGERPRINT_H
#define CORE_FINGERPRINT_H

#include "core/base/hash.h"
#include "core/record.h"

/* The fingerprint of a redacted record. `print` is left empty for the next one. */
uint64_t fingerprint_of(struct hash_print *print, const struct record *record);

/* That of the n-th failed operation (from 1) of a bulk exchange with this fingerprint. */
uint64_t fingerprint_of_bulk(struct hash_print *print, uint64_t exchange, int bulk);

/* The second under which it is filed: 0 when the record's time was assumed or is not there, so that
 * another --tz finds it again. */
int64_t fingerprint_second(const struct record *record);

#endif
