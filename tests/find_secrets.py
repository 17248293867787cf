"""Looks for values in files: find_secrets.py VALUES FILE... . VALUES holds one value a line. Each is
looked for as it is, in base64 (at each place in a group), hex, UTF-16 and percent-encoded; zlib
streams inside are opened. Prints `FILE: VALUE (form)` for each find; exits 1 when there is one."""
import base64, re, sys, urllib.parse, zlib


def forms(value):
    raw = value.encode()
    yield "plain", raw
    yield "upper", raw.upper()
    for at in range(3):
        text = base64.b64encode(b"x" * at + raw)
        cut = text[(at * 8 + 5) // 6:len(text) // 4 * 4 - 4]
        yield f"base64 at {at}", cut
        yield f"base64url at {at}", cut.translate(bytes.maketrans(b"+/", b"-_"))
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    yield "UTF-16LE", value.encode("utf-16-le")
    yield "UTF-16BE", value.encode("utf-16-be")
    yield "percent", urllib.parse.quote(value, safe="").encode()
    yield "reversed", raw[::-1]


def inside(data):
    yield data
    for m in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        try:
            yield zlib.decompressobj(47).decompress(data[m.start():], 1 << 24)
        except zlib.error:
            pass


values = sorted({line.strip() for line in open(sys.argv[1]) if len(line.strip()) >= 8})
if not values:
    sys.exit("no values to look for")
wanted = {needle: (value, form) for value in values for form, needle in forms(value) if len(needle) >= 8}
found = 0
for path in sys.argv[2:]:
    with open(path, "rb") as f:
        data = f.read()
    for part in inside(data):
        for needle, (value, form) in wanted.items():
            if needle in part:
                found += 1
                print(f"{path}: {value} ({form})")
print(f"{len(values)} values, {len(sys.argv) - 2} files, {found} finds")
sys.exit(found > 0)
