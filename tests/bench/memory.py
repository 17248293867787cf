"""Makes the inputs of memory.sh: FOLDER HAR_MB EVTX_MB."""
import json, struct, sys, zlib

folder, har_mb, evtx_mb = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
USERS, BODY, CHUNK, HEADER = 300000, 60 << 20, 65536, 4096


def entry(n, text, pad):
    answer = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409",
                         "scimType": "uniqueness", "detail": f"user{n:06}@example.com is taken {pad}"})
    s = n // 5
    return json.dumps({"startedDateTime": f"2026-05-{1 + s // 86400:02}T{s // 3600 % 24:02}:{s // 60 % 60:02}:{s % 60:02}.{n % 5}00Z", "time": 5,
        "request": {"method": "POST", "url": "https://api.example.com/scim/v2/Users", "httpVersion": "HTTP/1.1", "cookies": [],
                    "headers": [{"name": "Authorization", "value": f"Bearer q7RtY2pLx81mZw{n}"}], "queryString": [],
                    "headersSize": -1, "bodySize": len(text), "postData": {"mimeType": "application/scim+json", "text": text}},
        "response": {"status": 409, "statusText": "Conflict", "httpVersion": "HTTP/1.1", "cookies": [],
                     "headers": [{"name": "x-request-id", "value": f"{n:032x}"}],
                     "content": {"size": len(answer), "mimeType": "application/scim+json", "text": answer},
                     "redirectURL": "", "headersSize": -1, "bodySize": len(answer)},
        "cache": {}, "timings": {"send": 1, "wait": 3, "receive": 1}}, separators=(",", ":"))


def body(n, size=0):
    return json.dumps({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": f"user{n:06}@example.com",
                       "externalId": f"ext-{n}", **({"note": "x" * size} if size else {})})


def make_har(path):
    users = min(USERS, max(1, har_mb * USERS // 1000))
    big = min(BODY, har_mb * 60000)
    pad = "p" * max(0, (har_mb * 1000000 - big) // users - 1150)
    with open(path, "w") as f:
        f.write('{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[')
        for n in range(users):
            f.write(("," if n else "") + entry(n, body(n, big if n == users // 2 else 0), pad))
        f.write("]}}")


def make_evtx(path):
    """The chunks of a sample again and again, each with record ids of its own."""
    data = open("samples/directory-sync.evtx", "rb").read()
    chunks = [data[at:at + CHUNK] for at in range(HEADER, len(data), CHUNK) if data[at:at + 7] == b"ElfChnk"]
    count, next_id = evtx_mb * 1000000 // CHUNK, 1
    with open(path, "wb") as f:
        head = bytearray(data[:HEADER])
        struct.pack_into("<H", head, 42, count & 0xFFFF)
        struct.pack_into("<I", head, 124, zlib.crc32(head[:120]))
        f.write(head)
        for n in range(count):
            chunk = bytearray(chunks[n % len(chunks)])
            at, free, first = 512, struct.unpack_from("<I", chunk, 48)[0], next_id
            while at + 28 <= free and chunk[at:at + 4] == b"\x2a\x2a\0\0":
                size, old = struct.unpack_from("<IQ", chunk, at + 4)
                was, now = struct.pack("<Q", old), struct.pack("<Q", next_id)
                record = bytes(chunk[at:at + size]).replace(was, now)
                chunk[at:at + size] = record
                at, next_id = at + size, next_id + 1
            for place in (8, 24):
                struct.pack_into("<QQ", chunk, place, first, next_id - 1)
            struct.pack_into("<I", chunk, 52, zlib.crc32(chunk[512:free]))
            struct.pack_into("<I", chunk, 124, zlib.crc32(bytes(chunk[:120]) + bytes(chunk[128:512])))
            f.write(chunk)


make_har(f"{folder}/one_line.har")
make_evtx(f"{folder}/large.evtx")
