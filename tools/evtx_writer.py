"""Writes .evtx files: for the sample log and for test fixtures, not for production.

An event is a tree of Element, Text and Slot nodes (the template) and a list of values for its slots.
Values are (type, bytes) pairs made by the functions below, or a Fragment: a template of its own with
its own values, as Windows nests EventData. Python 3, standard library only.
"""
import struct
import uuid
import zlib
from datetime import datetime, timezone

CHUNK_SIZE = 65536
RECORDS_AT = 512
FILE_HEADER = 4096
NEVER_OMITTED = 0xFFFF

NULL, STRING, ANSI, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64 = range(0x00, 0x0B)
FLOAT, DOUBLE, BOOL, BINARY, GUID, SIZE, FILETIME, SYSTEMTIME, SID, HEX32, HEX64 = range(0x0B, 0x16)
BINXML, ARRAY = 0x21, 0x80


class Element:
    """`omit` is the slot without whose value the element is left out."""

    def __init__(self, name, *content, omit=NEVER_OMITTED, **attributes):
        self.name, self.content, self.omit, self.attributes = name, content, omit, attributes


class Text:
    def __init__(self, text):
        self.text = text


class Raw:
    """Tokens written as they are: entities, character references, what a test needs."""

    def __init__(self, tokens):
        self.tokens = tokens


class Entity:
    def __init__(self, name):
        self.name = name


class Slot:
    def __init__(self, index, kind, optional=True):
        self.index, self.kind, self.optional = index, kind, optional


class Fragment:
    """`direct`: the tree is written out in the record, without a template."""

    def __init__(self, tree, values=(), direct=False):
        self.tree, self.values, self.direct = tree, values, direct


def utf16(text):
    return text.encode("utf-16-le", "surrogatepass")


def null():
    return NULL, b""


def string(text):
    return STRING, utf16(text)


def strings(*texts):
    """One array value; stands for one repeated element per text."""
    return ARRAY | STRING, b"".join(utf16(t) + b"\0\0" for t in texts)


def number(kind, value):
    width = {INT8: 1, UINT8: 1, INT16: 2, UINT16: 2, INT32: 4, UINT32: 4, INT64: 8, UINT64: 8,
             BOOL: 4, HEX32: 4, HEX64: 8}[kind]
    return kind, (value & (1 << 8 * width) - 1).to_bytes(width, "little")


def ticks(when):
    """A datetime (or a number of 100 ns) as FILETIME."""
    if isinstance(when, int):
        return when
    seconds = when - datetime(1601, 1, 1, tzinfo=timezone.utc)
    return (seconds.days * 86400 + seconds.seconds) * 10**7 + seconds.microseconds * 10


def filetime(when):
    return FILETIME, struct.pack("<Q", ticks(when))


def sid(text):
    parts = [int(p) for p in text.split("-")[1:]]
    return SID, (struct.pack("<BB", parts[0], len(parts) - 2) + parts[1].to_bytes(6, "big")
                 + struct.pack("<%dI" % (len(parts) - 2), *parts[2:]))


def name_hash(text):
    value = 0
    for unit in struct.unpack("<%dH" % len(text), utf16(text)):
        value = (value * 65599 + unit) & 0xFFFFFFFF
    return value & 0xFFFF


class ChunkFull(Exception):
    pass


class Chunk:
    def __init__(self, first_number):
        self.bytes = bytearray(RECORDS_AT)
        self.first_number = first_number
        self.ids = []
        self.last_record = 0
        self.names, self.templates = {}, {}

    def add(self, record_id, written, event):
        saved = dict(self.names), dict(self.templates)
        start = len(self.bytes)
        out = bytearray(self.bytes)
        out += struct.pack("<4sIQQ", b"**\0\0", 0, record_id, ticks(written))
        self.fragment(out, event)
        out += b"\0" * (-(len(out) + 4) % 8)
        size = len(out) + 4 - start
        out += struct.pack("<I", size)
        struct.pack_into("<I", out, start + 4, size)
        if len(out) > CHUNK_SIZE - 8:
            self.names, self.templates = saved
            raise ChunkFull
        self.bytes, self.last_record = out, start
        self.ids.append(record_id)

    def fragment(self, out, fragment):
        out += b"\x0f\x01\x01\x00"
        if fragment.direct:
            self.node(out, fragment.tree, in_template=False)
        else:
            self.instance(out, fragment)
        out.append(0)

    def instance(self, out, fragment):
        identity = uuid.uuid5(uuid.NAMESPACE_OID, self.describe(fragment.tree)).bytes_le
        at = self.templates.get(identity)
        out += b"\x0c\x01" + identity[:4]
        if at is None:
            at = self.templates[identity] = len(out) + 4
            out += struct.pack("<II", at, 0) + identity + bytes(4) + b"\x0f\x01\x01\x00"
            self.node(out, fragment.tree, in_template=True)
            out.append(0)
            struct.pack_into("<I", out, at + 20, len(out) - at - 24)
        else:
            out += struct.pack("<I", at)
        out += struct.pack("<I", len(fragment.values))
        descriptors = len(out)
        out += bytes(4 * len(fragment.values))
        for index, value in enumerate(fragment.values):
            start = len(out)
            if isinstance(value, Fragment):
                kind = BINXML
                self.fragment(out, value)
            else:
                kind, data = value
                out += data
            struct.pack_into("<HBB", out, descriptors + 4 * index, len(out) - start, kind, 0)

    def describe(self, node):
        if isinstance(node, tuple):
            return "".join(self.describe(n) for n in node)
        if isinstance(node, Element):
            inside = "".join(self.describe(n) for n in node.content)
            attributes = "".join(k + self.describe(v) for k, v in node.attributes.items())
            return "<%s %d %s>%s</>" % (node.name, node.omit, attributes, inside)
        return repr(sorted(vars(node).items()))

    def name(self, out, text):
        at = self.names.get(text)
        if at is not None:
            out += struct.pack("<I", at)
            return
        at = self.names[text] = len(out) + 4
        out += struct.pack("<IIHH", at, 0, name_hash(text), len(text)) + utf16(text) + b"\0\0"

    def node(self, out, node, in_template):
        if isinstance(node, Text):
            out += struct.pack("<BBH", 0x05, STRING, len(utf16(node.text)) // 2) + utf16(node.text)
        elif isinstance(node, Slot):
            out += struct.pack("<BHB", 0x0E if node.optional else 0x0D, node.index, node.kind)
        elif isinstance(node, Raw):
            out += node.tokens
        elif isinstance(node, Entity):
            out.append(0x09)
            self.name(out, node.name)
        else:
            self.element(out, node, in_template)

    def element(self, out, element, in_template):
        out.append(0x41 if element.attributes else 0x01)
        if in_template:
            out += struct.pack("<H", element.omit)
        size_at = len(out)
        out += bytes(4)
        self.name(out, element.name)
        if element.attributes:
            list_at = len(out)
            out += bytes(4)
            for left, (name, value) in zip(range(len(element.attributes) - 1, -1, -1),
                                           element.attributes.items()):
                out.append(0x46 if left else 0x06)
                self.name(out, name)
                for part in value if isinstance(value, tuple) else (value,):
                    self.node(out, part, in_template)
            struct.pack_into("<I", out, list_at, len(out) - list_at - 4)
        if element.content:
            out.append(0x02)
            for inner in element.content:
                self.node(out, inner, in_template)
            out.append(0x04)
        else:
            out.append(0x03)
        struct.pack_into("<I", out, size_at, len(out) - size_at - 4)

    def finish(self):
        free = len(self.bytes)
        count = len(self.ids)
        struct.pack_into("<8sQQQQIIII", self.bytes, 0, b"ElfChnk\0", self.first_number,
                         self.first_number + count - 1, self.ids[0], self.ids[-1], 128,
                         self.last_record, free, zlib.crc32(self.bytes[RECORDS_AT:]))
        struct.pack_into("<I", self.bytes, 120, 1)
        crc = zlib.crc32(self.bytes[128:RECORDS_AT], zlib.crc32(self.bytes[:120]))
        struct.pack_into("<I", self.bytes, 124, crc)
        return bytes(self.bytes) + bytes(CHUNK_SIZE - free)


class Log:
    def __init__(self):
        self.chunks, self.records, self.next_id = [], 0, 1

    def add(self, record_id, written, event):
        if not self.chunks:
            self.new_chunk()
        try:
            self.chunks[-1].add(record_id, written, event)
        except ChunkFull:
            self.new_chunk()
            self.chunks[-1].add(record_id, written, event)
        self.records += 1
        self.next_id = record_id + 1

    def new_chunk(self):
        self.chunks.append(Chunk(self.records + 1))

    def finish(self):
        header = bytearray(FILE_HEADER)
        struct.pack_into("<8sQQQIHHHH", header, 0, b"ElfFile\0", 0, max(len(self.chunks) - 1, 0),
                         self.next_id, 128, 1, 3, FILE_HEADER, len(self.chunks))
        struct.pack_into("<I", header, 124, zlib.crc32(header[:120]))
        return bytes(header) + b"".join(c.finish() for c in self.chunks)


def classic_event(provider, channel, computer, event_id, level, when, record_id, texts,
                  user=None):
    """An event as a program writes it through the classic interface: unnamed Data."""
    data = Fragment(Element("EventData", Element("Data", Slot(0, ARRAY | STRING), omit=0)),
                    [strings(*texts) if texts else null()])
    return system_event(provider, channel, computer, event_id, level, when, record_id, data, user)


def system_event(provider, channel, computer, event_id, level, when, record_id, data, user=None):
    """The System part with its fields in slots; `data` is a Fragment or null()."""
    system = Element(
        "System",
        Element("Provider", Name=Text(provider)),
        Element("EventID", Slot(0, UINT16), omit=0, Qualifiers=Slot(1, UINT16)),
        Element("Version", Slot(2, UINT8), omit=2),
        Element("Level", Slot(3, UINT8), omit=3),
        Element("Task", Slot(4, UINT16), omit=4),
        Element("Opcode", Slot(5, UINT8), omit=5),
        Element("Keywords", Slot(6, HEX64), omit=6),
        Element("TimeCreated", SystemTime=Slot(7, FILETIME)),
        Element("EventRecordID", Slot(8, UINT64), omit=8),
        Element("Correlation", ActivityID=Slot(9, GUID)),
        Element("Execution", ProcessID=Slot(10, UINT32), ThreadID=Slot(11, UINT32)),
        Element("Channel", Text(channel)),
        Element("Computer", Text(computer)),
        Element("Security", UserID=Slot(12, SID)))
    tree = Element("Event", system, Slot(13, BINXML),
                   xmlns=Text("http://schemas.microsoft.com/win/2004/08/events/event"))
    return Fragment(tree, [
        number(UINT16, event_id), number(UINT16, 0), number(UINT8, 0), number(UINT8, level),
        number(UINT16, 0), number(UINT8, 0), number(HEX64, 0x80000000000000), filetime(when),
        number(UINT64, record_id), null(), number(UINT32, 4112), number(UINT32, 0),
        sid(user) if user else null(), data])
