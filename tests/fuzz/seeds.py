"""Writes seeds for the fuzz targets that no fixture fits: seeds.py FOLDER makes FOLDER/NAME/..."""
import base64, gzip, json, os, struct, sys, zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import small_inputs as small

FOLDER = sys.argv[1]
CHUNK, CHUNK_HEADER, FILE_HEADER = 65536, 512, 4096


def put(target, name, data):
    os.makedirs(f"{FOLDER}/{target}", exist_ok=True)
    with open(f"{FOLDER}/{target}/{name}", "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def records(path):
    """What stands behind the header of every record of an event log's first chunk."""
    with open(path, "rb") as f:
        chunk = f.read()[FILE_HEADER:FILE_HEADER + CHUNK]
    at = CHUNK_HEADER
    while chunk[at:at + 4] == b"**\0\0":
        size = struct.unpack_from("<I", chunk, at + 4)[0]
        yield chunk[at + 24:at + size - 4]
        at += size


READERS = {"har": "har", "evtx": "evtx_file", "event-xml": "xml_events", "event-csv": "event_csv", "event-json": "event_json",
           "mitmproxy": "mitm", "text-log": "text_log", "burp": "burp", "charles": "charles", "fiddler": "saz"}
# in the order of fuzz_reader.c
OTHERS = {"entra-json": 0, "entra-csv": 1, "text-log": 2, "scimscope": 3}
for name, file, data in small.all_inputs():
    if name in READERS:
        put(READERS[name], file, data)
    if name in OTHERS:
        put("reader", file, bytes([OTHERS[name]]) + data)
    if " in " in name or name == "fiddler":
        put("unpack", file, data)
    if file.endswith("csv"):
        put("csv", file, data)
put("text_log", "zeros", b"2026-03-02 00:00:01 INFO cut he" + bytes(40) + b"2026-03-02 00:00:03 INFO b\r\nof b\n" + bytes(4) + b"st of a line\n")
put("text_log", "utf16", "\ufeff[2026-03-02 00:00:01] [error] x\r\n2026-03-02 00:00:02|WARN|y".encode("utf-16-le"))
put("tnetstring", "flows", small.mitm())
for n, record in enumerate(records("tests/fixtures/events/sync.evtx")):
    put("binxml", f"record{n}", record)
for n, record in enumerate(records("tests/fixtures/events/values.evtx")):
    put("binxml", f"values{n}", record)

exported = {"id": 1, "time": "2026-05-01T10:00:00.000000Z", "kind": "http", "source": "a.har", "position": 0, "method": "POST",
            "url": "https://api.example.com/scim/v2/Users", "status": 409, "class": "unclassified", "mark": None, "note": None,
            "raw": {"method": "POST", "url": "https://api.example.com/scim/v2/Users", "status": 409}}
put("reader", "export", b"\3" + json.dumps(exported).encode() + b"\n")

request, answer = small.raw(0)
body = request.split("\r\n\r\n")[1].encode()
put("http_message", "request", b"\0" + request.encode())
put("http_message", "answer", b"\1" + answer.encode())
put("http_message", "gzip", b"\1" + gzip.compress(body, mtime=0))
put("http_message", "deflate", b"\3" + zlib.compress(body))
chunks = "".join(f"{len(part):x}\r\n{part}\r\n" for part in (answer[:20], answer[20:])) + "0\r\n\r\n"
put("http_message", "chunked", "\1HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/scim+json; charset=utf-8\r\n\r\n" + chunks)

for n, text in enumerate(["is:failure class:iij-username-taken since:7d@end", "user:tanaka -status:409,5xx,400-499,>=500",
                          'body:"user name" time:2025-11-01..2025-11-03T09', "has:remedy,note is:resolved label:none", "vendor:iij,entra category:conflict 田中",
                          'detail:"a \\" b" -source:*.har record:5', "time:..2025 until:2025-11-03T08:53:25Z", "id:1,2,3 kind:event level:error event:12800-12802"]):
    put("query", f"q{n}", text)
for n, text in enumerate(["2026-11-03T09:12:44.123456Z", "2026-11-03 09:12:44,5 +0900", "Fri May 01 10:00:00 UTC 2026", "5/1/2026 10:00:00 AM", "/Date(1762160000000)/",
                          "2026/11/03 9:12:44", "03 Nov 2026 09:12:44 GMT", "20261103T091244Z", "2026-02-29T24:00:60-12:00"]):
    put("time", f"t{n}", text)
for n, text in enumerate(["https://user:p%40ss@api.example.com:8443/scim/v2/Users/1?filter=userName%20eq%20%22a%22&count=5#top", "//h/x;a=b?c=d", "/Users?filter=a+b",
                          "http://[::1]:80/", "urn:ietf:params:scim:schemas:core:2.0:User", "h.test:443"]):
    put("url", f"u{n}", text)


def jwt(header, payload):
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in (header, payload)) + ".c2lnbmF0dXJl"


token = jwt({"alg": "RS256", "kid": "k1"}, {"iss": "https://sts.test/", "aud": ["a", "b"], "exp": 1762160000, "iat": 1.5, "scp": "a b", "roles": ["r"], "sub": "u"})
put("jwt", "token", token)
put("jwt", "bearer", "Authorization: Bearer " + token)
put("jwt", "tag", "[redacted:jwt alg=RS256 iss=https://sts.test/ exp=1762160000 len=64-511 #0123456789ab]")
for n in range(6):
    put("redact", f"form{n}", bytes([n, n, 9]) + b"Bearer " + token.encode() + b" password=a&b=" + body)
error = json.loads(answer.split("\r\n\r\n")[1])
resource = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "id": "42", "userName": "a@example.com", "externalId": "e", "emails": [{"value": "a@example.com"}]}
operations = [{"method": "POST", "path": "/Users", "bulkId": "q", "data": resource, "status": "409", "response": error, "location": "/Users/42"}]
for name, value in (("error", error), ("user", resource), ("list", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 1, "Resources": [resource]}),
                    ("bulk", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": operations}),
                    ("patch", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "x"}]}),
                    ("graph", {"error": {"code": "Request_ResourceNotFound", "message": "no", "innerError": {"request-id": "r", "date": "2026-05-01T10:00:00"}}}),
                    ("oauth", {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret", "trace_id": "t"})):
    put("scim", name, json.dumps(value))
    put("json_body", name, json.dumps(value))
    put("json_body", name + "_in_text", "SCIM response error. Status: 409 Body: " + json.dumps(value) + " ...")
for n, text in enumerate([body.decode(), answer, json.dumps({"message": json.dumps({"body": json.dumps(resource)})}), "GET /scim/v2/Users/2819c223?filter=userName%20eq%20%22a%40example.com%22",
                          "CN=Taro Tanaka,OU=People user: tanaka.taro externalId=e-1", "user-0123456789ab@domain-0123456789ab.invalid name-0123456789ab"]):
    put("pseudonym", f"p{n}", bytes([n, 9]) + text.encode())
    put("pseudonym", f"l{n}", bytes([128 + n, 0]) + text.encode())
for n, (pattern, text) in enumerate([("(?i)user ?name .{0,40}taken", "the userName x is taken"), (r"^status: (\d{3})$", "status: 409"), ("(a|b)*c+?[^d-f]", "ababcx"),
                                     (r"\p{Han}+", "田中"), ("(?=x)(?<!y)z", "xz")]):
    put("regex_rule", f"p{n}", pattern + "\n" + text)
put("db_open", "patched", b"\1" + struct.pack(">HB", 100, 7) + struct.pack(">HB", 4096, 1))
put("db_open", "header", b"\0SQLite format 3\0" + bytes(84))
