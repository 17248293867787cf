#!/usr/bin/env python3
"""Files full of entries of equal time, none of them twice, and what an index says of them with numbers of entries
replaced by where the entries come from: for order.sh.

order.py make FOLDER        writes the files, prints their paths
order.py tell PROGRAM INDEX prints everything that is said"""
import json
import os
import random
import re
import subprocess
import sys

HOST = "https://scim.example.com/scim/v2"
INSTANTS = 4          # of all calls together: over 64 of each file set share one
CALLS, FILES, USERS = 72, 4, 12


def error(status, kind, detail):
    body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status),
            "detail": detail}
    if kind:
        body["scimType"] = kind
    return json.dumps(body)


def call(pick):
    user = f"user{pick.randrange(USERS)}@example.com"
    if pick.random() < 0.2:
        user = user.capitalize()
    number = pick.randrange(USERS)
    body = json.dumps({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                       "userName": user, "externalId": f"x{number}",
                       "phoneNumbers": [{"value": f"03-{number}"}], "active": True})
    known = json.dumps({"id": str(number), "userName": user})
    one = f"{HOST}/Users/{number}"
    look = f"{HOST}/Users?filter=userName%20eq%20%22{user}%22"
    return pick.choice([
        ("POST", f"{HOST}/Users", 201, body, known),
        ("POST", f"{HOST}/Users", 409, body, error(409, "uniqueness", f"{user} already exists")),
        ("POST", f"{HOST}/Users", 400, body,
         error(400, "invalidValue", "Phone numbers Value is invalid format")),
        ("POST", f"{HOST}/Users", 504, body, ""),
        ("GET", look, 200, "", '{"totalResults":0,"Resources":[]}'),
        ("GET", look, 200, "", '{"totalResults":1,"Resources":[%s]}' % known),
        ("GET", one, 200, "", known),
        ("GET", one, 404, "", error(404, "", f"Resource {number} not found")),
        ("PATCH", one, 404, '{"Operations":[{"op":"replace","value":{"active":"False"}}]}',
         error(404, "", f"Resource {number} not found")),
        ("PATCH", one, 200, '{"Operations":[{"op":"replace","value":{"active":false}}]}', known),
        ("DELETE", one, 204, "", ""),
        ("GET", one, 401, "", error(401, "", "The token is expired")),
        ("PATCH", f"{HOST}/Groups/7", 400,
         json.dumps({"Operations": [{"op": "add", "path": "members",
                                     "value": [{"value": str(number)}]}]}),
         error(400, "invalidValue", f"Member {number} is unknown")),
    ])


def entry(pick, name):
    method, url, status, sent, got = call(pick)
    request = {"method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
               "queryString": [], "headersSize": -1, "bodySize": -1,
               "headers": [{"name": "Authorization", "value": "Bearer t0ken-0123456789abcdef-xyz"},
                           {"name": "Content-Type", "value": "application/scim+json"},
                           {"name": "X-Call", "value": name}]}
    if sent:
        request["postData"] = {"mimeType": "application/scim+json", "text": sent}
    when = pick.randrange(INSTANTS) * 7
    return {"startedDateTime": f"2026-11-03T09:00:{when:02d}.000Z", "time": 12.5,
            "request": request, "cache": {}, "timings": {"send": 1, "wait": 10, "receive": 1},
            "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1",
                         "cookies": [], "headers": [{"name": "Content-Type",
                                                     "value": "application/scim+json"}],
                         "redirectURL": "", "headersSize": -1, "bodySize": -1,
                         "content": {"size": len(got), "mimeType": "application/scim+json",
                                     "text": got}}}


def events(pick, number):
    rows = ["Level,Date and Time,Source,Event ID,Task Category"]
    for i in range(CALLS):
        user = f"user{pick.randrange(USERS)}@example.com"
        text = pick.choice([
            f"User create started. userName={user}", f"User created. userName={user}",
            f"User update started. userName={user}", "Directory Sync started. mode=full",
            "[Overview] SCIM response error. [Detail] " +
            error(409, "uniqueness", "userName has already been taken"),
            "[Overview] SCIM response error. [Detail] " +
            error(404, "", "organization is not found.")])
        when = pick.randrange(INSTANTS) * 7
        text = f"{text} ({number}.{i})".replace('"', '""')
        rows.append(f'Error,11/3/2026 9:10:{when:02d} AM,IIJ Directory Sync,12808,None,"{text}"')
    return "\r\n".join(rows) + "\r\n"


def make(folder):
    pick = random.Random(7)
    for number in range(FILES):
        path = os.path.join(folder, f"calls{number}.har")
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"},
                               "entries": [entry(pick, f"{number}.{i}")
                                           for i in range(CALLS)]}}, out)
        print(path)
    for number in range(2):
        path = os.path.join(folder, f"events{number}.csv")
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(events(pick, number))
        print(path)


NUMBERS = {"id", "entry", "entries", "resolved_by", "related", "last_entry", "repaired_by"}


def main():
    if sys.argv[1] == "make":
        return make(sys.argv[2])
    program, index = sys.argv[2:]

    def run(*words):
        done = subprocess.run([program, "--db", index, *words], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
        return re.sub(r"#[0-9a-f]{12}\b", "#tag", done.stdout.decode())

    rows = [json.loads(line) for line in run("list", "--format", "ndjson").splitlines()]
    places = {row["id"]: f'{os.path.basename(row["source"])}:{row["position"]}' for row in rows}

    def placed(value, inside=False):
        if isinstance(value, dict):
            return {k: placed(v, k in NUMBERS) for k, v in value.items() if k != "offset"}
        if isinstance(value, list):
            return [placed(v, inside) for v in value]
        return places.get(value, value) if inside and isinstance(value, int) else value

    def tell(what, rows):
        for row in rows:
            print(what, json.dumps(placed(row), sort_keys=True))

    tell("list", rows)
    for words in (["problems"], ["patterns"], ["export"], ["diff", "..2026-11-03T09:00:07Z", ".."],
                  ["diff", "..2026-11-03T09:00:14Z", "2026-11-03T09:00:14Z.."]):
        tell(" ".join(words), map(json.loads, run(*words, "--format", "ndjson").splitlines()))
    print(run("problems", "--format", "csv"))
    for row in [row for row in rows if row["class"] not in (None, "success")][::4]:
        tell("show", [json.loads(run("show", str(row["id"]), "--format", "json"))])
    for words in (["markdown"], ["csv"]):
        text = run("export", "--format", *words)
        print(re.sub(r'(\bentry |"entry"":|^")(\d+)\b', lambda m: m[1] + places[int(m[2])], text,
                     flags=re.M))
    return 0


sys.exit(main())
