"""A small import of every format, made on the spot: what fault injection and the fuzz targets begin with."""
import base64, gzip, io, json, lzma, zipfile


def exchange(n):
    body = json.dumps({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": f"user{n}@example.com"})
    answer = json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409",
                         "scimType": "uniqueness", "detail": "userName is taken"})
    return body, answer


def har():
    entries = []
    for n in range(3):
        body, answer = exchange(n)
        entries.append({"startedDateTime": f"2026-05-01T10:00:0{n}.000Z", "time": 5,
            "request": {"method": "POST", "url": "https://api.example.com/scim/v2/Users", "httpVersion": "HTTP/1.1", "cookies": [],
                        "headers": [{"name": "Authorization", "value": "Bearer q7RtY2pLx81mZw4N"}], "queryString": [],
                        "headersSize": -1, "bodySize": -1, "postData": {"mimeType": "application/scim+json", "text": body}},
            "response": {"status": 409, "statusText": "Conflict", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
                         "content": {"size": len(answer), "mimeType": "application/scim+json", "text": answer},
                         "redirectURL": "", "headersSize": -1, "bodySize": -1},
            "cache": {}, "timings": {"send": 1, "wait": 1, "receive": 1}})
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": entries}}).encode()


def raw(n):
    body, answer = exchange(n)
    return (f"POST /scim/v2/Users HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: application/scim+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}",
            f"HTTP/1.1 409 Conflict\r\nContent-Type: application/scim+json\r\nContent-Length: {len(answer)}\r\n\r\n{answer}")


def burp():
    items = ""
    for n in range(2):
        request, answer = (base64.b64encode(part.encode()).decode() for part in raw(n))
        items += (f"<item><time>Fri May 01 10:00:0{n} UTC 2026</time><url><![CDATA[https://api.example.com/scim/v2/Users]]></url>"
                  f"<host ip=\"192.0.2.1\">api.example.com</host><port>443</port><protocol>https</protocol><method><![CDATA[POST]]></method>"
                  f"<path><![CDATA[/scim/v2/Users]]></path><request base64=\"true\"><![CDATA[{request}]]></request><status>409</status>"
                  f"<response base64=\"true\"><![CDATA[{answer}]]></response></item>")
    return f'<?xml version="1.0"?><items burpVersion="2024.1" exportTime="Fri May 01 10:00:00 UTC 2026">{items}</items>'.encode()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in files.items():
            z.writestr(zipfile.ZipInfo(name, (2026, 5, 1, 10, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def saz():
    files = {}
    for n in (1, 2):
        request, answer = raw(n)
        files[f"raw/{n}_c.txt"] = request
        files[f"raw/{n}_s.txt"] = answer
        files[f"raw/{n}_m.xml"] = (f'<?xml version="1.0"?><Session SID="{n}"><SessionTimers ClientBeginRequest='
                                   f'"2026-05-01T10:00:0{n}.0000000+00:00"/></Session>')
    return zipped(files)


def tnet(value):
    if isinstance(value, bool):
        text, mark = (b"true" if value else b"false"), b"!"
    elif isinstance(value, int):
        text, mark = str(value).encode(), b"#"
    elif isinstance(value, float):
        text, mark = repr(value).encode(), b"^"
    elif value is None:
        text, mark = b"", b"~"
    elif isinstance(value, bytes):
        text, mark = value, b","
    elif isinstance(value, str):
        text, mark = value.encode(), b";"
    elif isinstance(value, list):
        text, mark = b"".join(map(tnet, value)), b"]"
    else:
        text, mark = b"".join(tnet(k) + tnet(v) for k, v in value.items()), b"}"
    return str(len(text)).encode() + b":" + text + mark


def mitm():
    flows = b""
    for n in range(2):
        body, answer = exchange(n)
        flows += tnet({"version": 20, "type": "http", "request": {"method": b"POST", "scheme": b"https", "host": "api.example.com",
            "port": 443, "path": b"/scim/v2/Users", "http_version": b"HTTP/1.1", "authority": b"",
            "headers": [[b"Content-Type", b"application/scim+json"]], "content": body.encode(), "trailers": None,
            "timestamp_start": 1777629600.0 + n, "timestamp_end": 1777629600.5 + n},
            "response": {"http_version": b"HTTP/1.1", "status_code": 409, "reason": b"Conflict",
            "headers": [[b"Content-Type", b"application/scim+json"]], "content": answer.encode(), "trailers": None,
            "timestamp_start": 1777629601.0 + n, "timestamp_end": 1777629601.5 + n},
            "error": None, "id": f"{n}", "websocket": None, "intercepted": False})
    return flows


def charles():
    items = []
    for n in range(2):
        body, answer = exchange(n)
        items.append({"status": "COMPLETE", "method": "POST", "protocolVersion": "HTTP/1.1", "scheme": "https", "host": "api.example.com",
            "port": 443, "path": "/scim/v2/Users", "times": {"start": f"2026-05-01T10:00:0{n}.000Z", "end": f"2026-05-01T10:00:0{n}.500Z"},
            "durations": {"total": 5}, "request": {"header": {"headers": []}, "mimeType": "application/scim+json", "body": {"text": body}},
            "response": {"status": 409, "header": {"headers": []}, "mimeType": "application/scim+json", "body": {"text": answer}}})
    return json.dumps(items).encode()


CSV = ("Level,Date and Time,Source,Event ID,Task Category,Message\r\n" + "".join(
    f'Error,5/1/2026 10:00:0{n} AM,IIJ Directory Sync,12808,None,"SCIM response error. userName is taken {n}"\r\n'
    for n in range(3))).encode()
EVENTS_JSON = json.dumps([{"Id": 12808, "ProviderName": "IIJ Directory Sync", "LogName": "Application", "MachineName": "ad01",
    "RecordId": n, "Level": 2, "LevelDisplayName": "Error", "TimeCreated": f"2026-05-01T10:00:0{n}.0000000+00:00",
    "Message": "SCIM response error."} for n in range(3)]).encode()
ENTRA_JSON = json.dumps({"value": [{"id": f"i-{n}", "activityDateTime": f"2026-05-01T10:00:0{n}Z", "changeId": f"c-{n}",
    "provisioningAction": "create", "durationInMilliseconds": 1500, "sourceSystem": {"displayName": "Directory"},
    "targetSystem": {"displayName": "Contoso"}, "sourceIdentity": {"displayName": "Taro", "identityType": "User",
    "details": {"UserPrincipalName": "taro@example.com"}}, "targetIdentity": {"displayName": "", "details": {}},
    "provisioningSteps": [], "modifiedProperties": [{"displayName": "mail", "newValue": "x"}],
    "provisioningStatusInfo": {"status": "failure", "errorInformation": {"errorCode": "ContosoEntryConflict",
    "reason": "userName is taken", "additionalDetails": "more"}}} for n in range(3)]}).encode()
ENTRA_CSV = ("Id,Date (UTC),Action,Status,Error code,Status reason,Source identity,Target system\r\n" + "".join(
    f'i-{n},2026-05-01T10:00:0{n}Z,Create,Failure,ContosoEntryConflict,"userName is taken, again",taro@example.com,Contoso\r\n'
    for n in range(3))).encode()
TEXT_LOG = "".join(f"2026-05-01 10:00:0{n}.250 [ERROR] SCIM response error. Status: 409\n  userName is taken\n" for n in range(3)).encode()


def all_inputs(fixtures="tests/fixtures/events"):
    """(format and container, file name, bytes)"""
    def kept(name):
        with open(f"{fixtures}/{name}", "rb") as f:
            return f.read()
    yield "har", "a.har", har()
    yield "har in gzip", "a.har.gz", gzip.compress(har(), mtime=0)
    yield "har in xz", "a.har.xz", lzma.compress(har())
    yield "har in zip", "a.zip", zipped({"a.har": har()})
    yield "evtx", "sync.evtx", kept("sync.evtx")
    yield "event-xml", "sync.xml", kept("sync.xml")
    yield "event-csv", "a.csv", CSV
    yield "event-json", "a.json", EVENTS_JSON
    yield "mitmproxy", "a.mitm", mitm()
    yield "burp", "a.xml", burp()
    yield "charles", "a.chlsj", charles()
    yield "fiddler", "a.saz", saz()
    yield "entra-json", "entra.json", ENTRA_JSON
    yield "entra-csv", "entra.csv", ENTRA_CSV
    yield "text-log", "a.log", TEXT_LOG
