"""Drives tests/faults/fail.c; see run.sh. Inputs are made here or are the project's own fixtures."""
import base64, gzip, json, os, shutil, subprocess, sys, tempfile, time, zipfile

PROGRAM = os.path.abspath(os.environ.get("SCIMSCOPE", "build/release/scimscope"))
POINTS = int(os.environ["POINTS"])
TIMEOUT = 60
WORK = tempfile.mkdtemp(prefix="scimscope-faults-")
SHIM = os.path.join(WORK, "fail.so")
LATE = 1500
ENOSPC, EIO = 28, 5
FATAL = 6  # memory, disk or write error
passed = failed = skipped = 0


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


def saz(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for n in (1, 2):
            request, answer = raw(n)
            z.writestr(f"raw/{n}_c.txt", request)
            z.writestr(f"raw/{n}_s.txt", answer)
            z.writestr(f"raw/{n}_m.xml", f'<?xml version="1.0"?><Session SID="{n}"><SessionTimers ClientBeginRequest='
                       f'"2026-05-01T10:00:0{n}.0000000+00:00"/></Session>')


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


def inputs():
    def put(name, data):
        path = os.path.join(WORK, name)
        with open(path, "wb") as f:
            f.write(data)
        return path
    yield "har", put("a.har", har())
    yield "har in gzip", put("a.har.gz", gzip.compress(har()))
    zipped = os.path.join(WORK, "a.zip")
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a.har", har())
    yield "har in zip", zipped
    yield "evtx", "tests/fixtures/events/sync.evtx"
    yield "event-xml", "tests/fixtures/events/sync.xml"
    yield "event-csv", put("a.csv", CSV)
    yield "event-json", put("a.json", EVENTS_JSON)
    yield "mitmproxy", put("a.mitm", mitm())
    yield "burp", put("a.xml", burp())
    yield "charles", put("a.chlsj", charles())
    fiddler = os.path.join(WORK, "a.saz")
    saz(fiddler)
    yield "fiddler", fiddler


def scimscope(db, *words, **env):
    everything = dict(PATH=os.environ["PATH"], HOME=WORK, XDG_CONFIG_HOME=WORK, LC_ALL="C.UTF-8", TZ="UTC", **env)
    try:
        done = subprocess.run([PROGRAM, "--db", db, *words], env=everything, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return None, b"", b"hangs"
    return done.returncode, done.stdout, done.stderr


def points(total):
    first = range(1, min(total, POINTS) + 1)
    rest = total - POINTS
    spread = (POINTS + max(1, rest * (i + 1) // POINTS) for i in range(POINTS if rest > 0 else 0))
    # Reading the rule packs takes most allocations; the file at hand is read in the last ones.
    late = range(max(1, total - LATE), total + 1, max(1, LATE // POINTS))
    return sorted({*first, *spread, *(late if total > LATE else ())})


def one(name, path, entries, env):
    """One import with one fault; complaints."""
    folder = tempfile.mkdtemp(dir=WORK)
    db = os.path.join(folder, "i.db")
    try:
        code, _, err = scimscope(db, "import", path, LD_PRELOAD=SHIM, **env)
        if code is None or code < 0 or code not in (0, 3, 4, 5, FATAL):
            return f"exit {code}: {err[-200:]!r}"
        if code in (3, 4, 5) and "FAIL_MEMORY" in env:
            return f"want of memory ends with {code}: {err[-200:]!r}"
        if os.path.exists(db):
            sound, said, err = scimscope(db, "verify")
            if sound != 0:
                return f"verify ends with {sound}: {said[:200]!r} {err[-200:]!r}"
        if code == 0 and scimscope(db, "count")[1].strip() != entries:
            return "exit 0, yet entries are missing"
        code, _, err = scimscope(db, "import", path)
        if code != 0 or scimscope(db, "count")[1].strip() != entries:
            return f"the same command again ends with {code}: {err[-200:]!r}"
        left = sorted(set(os.listdir(folder)) - {"i.db", "i.db.key", "i.db.lock"})
        return f"left behind: {left}" if left else None
    finally:
        shutil.rmtree(folder)


def sweep(name, path):
    global passed, failed
    folder = tempfile.mkdtemp(dir=WORK)
    log, db = os.path.join(folder, "log"), os.path.join(folder, "i.db")
    code, _, err = scimscope(db, "import", path, LD_PRELOAD=SHIM, FAIL_COUNT=log)
    entries = scimscope(db, "count")[1].strip()
    if code != 0 or entries in (b"", b"0"):
        failed += 1
        print(f"not ok - {name}: the undisturbed import ends with {code}, {entries!r} entries: {err[-200:]!r}")
        return
    memory, writes = map(int, open(log).read().split())
    jobs = [(f"allocation {n} of {memory}", {"FAIL_MEMORY": str(n)}) for n in points(memory)]
    for error, word in ((ENOSPC, "disk full"), (EIO, "EIO")):
        jobs += [(f"write {n} of {writes}: {word}{', and all behind it' if on else ''}",
                  {"FAIL_WRITE": str(n), "FAIL_ERRNO": str(error), "FAIL_ON": "1" if on else "0"})
                 for n in points(writes) for on in ((False, True) if error == ENOSPC else (False,))]
    bad = 0
    for what, env in jobs:
        complaint = one(name, path, entries, env)
        if complaint:
            bad += 1
            print(f"not ok - {name}: {what}: {complaint}", flush=True)
    passed, failed = passed + len(jobs) - bad, failed + bad
    print(f"{name}: {memory} allocations, {writes} writes; {len(jobs)} faults, {bad} failed", flush=True)


def main():
    global skipped
    until = time.monotonic() + float(os.environ.get("FAULTS_SECONDS", "1e9"))
    built = subprocess.run([os.environ.get("CC", "gcc").split()[-1], "-shared", "-fPIC", "-O1", "-D_GNU_SOURCE", "-o", SHIM,
                            "tests/faults/fail.c", "-ldl"], capture_output=True)
    if built.returncode:
        print(f"skip - fault injection: {built.stderr[:300]!r}")
        skipped += 1
    else:
        wanted = sys.argv[1:]
        for name, path in inputs():
            if wanted and name not in wanted:
                continue
            if time.monotonic() > until:
                skipped += 1
                print(f"skip - {name}: the time is up")
                continue
            sweep(name, path)
    shutil.rmtree(WORK)
    print(f"faults: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)


main()
