/* The import wing's side of core/importer.h: what tui/main.c hands to the front ends. */
#ifndef IMPORT_IMPORTER_H
#define IMPORT_IMPORTER_H

#include "core/importer.h"

extern const struct importer importer_door;

#endif
