/* The index as evidence asks it (core/explain/evidence.h). */
#ifndef CORE_INDEX_LOOKUP_H
#define CORE_INDEX_LOOKUP_H

#include "core/explain/evidence.h"
#include "core/index/store.h"

/* The questions of evidence, answered by `store` (borrowed, outlives it; its thread only). A
 * question that store_cancel_when gives up is answered with false. */
struct evidence_lookup store_evidence_lookup(struct store *store);

#endif
