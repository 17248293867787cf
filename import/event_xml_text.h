/* Event XML as bytes, before any parser: which encoding, is it event XML at all, where does the
 * next event begin. */
#ifndef IMPORT_EVENT_XML_TEXT_H
#define IMPORT_EVENT_XML_TEXT_H

#include "core/base/slice.h"

enum { EVENT_XML_MARK = 14 }; /* bytes that "<Event" and its delimiter take at most */

struct event_xml_encoding {
    const char *name; /* as expat calls it */
    unsigned unit;    /* bytes of one ASCII character */
    bool big_endian;
    size_t mark; /* bytes of the byte order mark at the start */
};

/* The encoding of a file that begins so. What the declaration says is believed only where the bytes
 * leave it open: re-saved files often declare what they were before. */
struct event_xml_encoding event_xml_encoding_of(struct slice head);

/* Offset of the next "<Event" that opens an element of that name, SIZE_MAX when there is none. */
size_t event_xml_find(struct slice bytes, const struct event_xml_encoding *encoding);

/* Windows writes control characters and lone surrogates of an event's text into its exports, as
 * bytes or as references, though XML has no way to say them. Replaces each in place by a character
 * that it can say, so that the event is not lost over them and no offset changes. Returns how many
 * of the bytes are ready for the parser: a reference or a character that may go on behind them is
 * held back unless they are the `last`. */
size_t event_xml_mend(char *bytes, size_t len, const struct event_xml_encoding *encoding,
                      bool last);

/* How surely a file that begins so is event XML, 0..100. */
/* Whether the text begins with a line `Record 17` (or ends inside of it): evtx_dump writes one
 * before every event. */
bool event_xml_is_heading(struct slice text);

int event_xml_sniff(struct slice head, const char *path);

#endif
