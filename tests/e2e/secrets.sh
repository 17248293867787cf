#!/usr/bin/env bash
# Values planted in every place that a rule knows come through nowhere; what an operator needs does.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/secrets.sh"
if ! command -v python3 >"$out"; then
    skip "planted secrets" "no python3"
    finish
    exit
fi
python3 - "$WORK" <<'E2'
import base64, json, sys
count = 0
def mark(kept=False):
    global count
    count += 1
    text = ("Kept" if kept else "Plant") + f"7xQ{count:03}zR9w"
    (keeps if kept else plants).append(text)
    return text
plants, keeps = [], []
def call(url, headers, body, kind, answer):
    return {"startedDateTime": f"2026-05-01T10:{count // 60 % 60:02}:{count % 60:02}Z", "time": 1,
        "request": {"method": "POST", "url": url, "httpVersion": "HTTP/2", "cookies": [{"name": "sid", "value": mark()}],
            "headers": [{"name": n, "value": v} for n, v in headers], "queryString": [{"name": "access_token", "value": mark()}],
            "headersSize": -1, "bodySize": -1, "postData": {"mimeType": kind, "text": body}},
        "response": {"status": 400, "statusText": "", "httpVersion": "HTTP/2", "cookies": [], "redirectURL": "",
            "headers": [{"name": "Set-Cookie", "value": f"session={mark()}; Path=/"}, {"name": "x-request-id", "value": mark(True)}],
            "content": {"size": 1, "mimeType": "application/scim+json", "text": answer}, "headersSize": -1, "bodySize": -1},
        "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0}}
users = "https://api.example.com/scim/v2/Users"
def answer(detail):
    return json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "detail": detail})
user = lambda **more: json.dumps({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": mark(True), **more})
secret = mark()
entries = [
    call(users, [("authorization", "Bearer " + mark())], user(password=mark()), "application/scim+json", answer("no " + mark(True))),
    call(users + "?sig=" + mark() + "&filter=" + mark(True), [("X-Api-Key", mark()), ("Cookie", "a=" + mark())],
         user(**{"urn:x": {"clientSecret": mark()}}), "application/scim+json", answer("Authorization: Bearer " + mark())),
    call(users, [("Authorization", "Basic " + base64.b64encode(("svc:" + mark()).encode()).decode())],
         user(nested=json.dumps({"a": json.dumps({"refresh_token": mark()})})), "application/scim+json", answer("password is " + mark())),
    call(users, [("Authorization", "Bearer " + secret)], user(password=secret), "application/scim+json", answer(f"the value {secret} is too short")),
    call("https://api.example.com/scim/v2/Bulk", [], json.dumps({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
         "Operations": [{"method": "POST", "path": "/Users", "bulkId": mark(True), "data": {"userName": "u", "password": mark()}},
                        {"method": "PATCH", "path": "/Users/1", "data": {"Operations": [{"op": "replace", "path": "password", "value": mark()}]}}]}),
         "application/scim+json", answer("x")),
    call(users, [("Content-Type", "application/x-www-form-urlencoded")], f"grant_type=client_credentials&client_secret={mark()}&code={mark()}",
         "application/x-www-form-urlencoded", answer("x")),
    call("https://svc:" + mark() + "@api.example.com/scim/v2/Users", [("Referer", "https://x.example/#id_token=" + mark())],
         '{"userName":"u","password":"' + mark() + '", broken', "application/scim+json", answer("x")),
]
json.dump({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": entries}}, open(sys.argv[1] + "/planted.har", "w"))
texts = [f"SCIM request. iid.scim.token: {mark()}", f"connect Password={mark()};Server={mark(True)}", f"token {mark()} sent by {mark(True)}",
         f"curl -u admin:{mark()} https://h.example/", f'{{"secrets":[{{"key":"SecretToken","value":"{mark()}"}}]}}', "Access token is not available",
         "-----BEGIN PRIVATE KEY-----\n" + mark() * 3 + "\n-----END PRIVATE KEY-----"]
with open(sys.argv[1] + "/planted.xml", "w") as f:
    f.write('<?xml version="1.0" encoding="utf-8"?><Events>')
    for n, text in enumerate(texts):
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        f.write('<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="IIJ Directory Sync"/>'
                f'<EventID>12808</EventID><Level>2</Level><TimeCreated SystemTime="2026-05-01T10:00:{n:02}.000Z"/><EventRecordID>{n + 1}</EventRecordID>'
                f'<Channel>Application</Channel><Computer>ad01</Computer></System><EventData><Data>{text}</Data><Data Name="ClientSecret">{mark()}</Data></EventData></Event>')
    f.write("</Events>")
keeps.append("Access token is not available")
for name, values in (("plants", plants), ("keeps", keeps)):
    open(f"{sys.argv[1]}/{name}", "w").write("\n".join(values) + "\n")
E2
expect "the values are found where they were planted" bash -c \
    "! python3 '$TOP/tests/find_secrets.py' '$WORK/plants' '$WORK/planted.har' '$WORK/planted.xml' >'$out'"
look_at_all "$WORK/planted.har" "$WORK/planted.xml"
expect "none of $(wc -l <"$WORK/plants") planted values comes through" found_nowhere "$WORK/plants"
while read -r word; do
    expect "kept for the operator: $word" kept "$word"
done <"$WORK/keeps"
run audit-secrets
expect "the rules find none either" exit_is 0
finish
