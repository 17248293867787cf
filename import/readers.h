/* The readers by name, one per file format; their table is in readers.c. */
#ifndef IMPORT_READERS_H
#define IMPORT_READERS_H

#include "import/reader.h"

extern const struct reader evtx_reader;
extern const struct reader event_xml_reader;
extern const struct reader har_reader;
extern const struct reader mitm_reader;
extern const struct reader burp_reader;
extern const struct reader charles_reader;
extern const struct reader saz_reader;
extern const struct reader event_csv_reader;
extern const struct reader event_json_reader;
extern const struct reader entra_json_reader;
extern const struct reader entra_csv_reader;
extern const struct reader exported_reader;
extern const struct reader text_log_reader;

/* What the table says about its formats, in its order; NULL-ended. */
extern const struct format_info *const reader_formats[];

#endif
