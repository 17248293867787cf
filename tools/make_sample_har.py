#!/usr/bin/env python3
"""make_sample_har.py > samples/entra-scim-api.har

Writes the bundled HTTP sample: a morning of an invented provisioning client against the Microsoft
Entra SCIM API. All names, ids, tokens and secrets are made up; the same bytes come out every time.
Among ordinary calls it shows each documented error of that API once or more.
Python 3.8+, standard library only.
"""
import base64
import datetime
import hashlib
import json
import random
import sys

BASE = "https://graph.microsoft.com/rp/scim"
TENANT = "5b1c7f0e-2d3a-4e6b-9c84-7a90d1e2f3a4"
APP = "c0ffee00-1d2e-4f3a-8b4c-5d6e7f8090a1"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ENTRA = "urn:ietf:params:scim:schemas:extension:Microsoft:Entra:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized",
           403: "Forbidden", 404: "Not Found", 500: "Internal Server Error", 504: "Gateway Timeout"}
PEOPLE = [("Aiko", "Mori", "Sales"), ("Ben", "Carter", "Finance"), ("Chiara", "Rossi", "Legal"),
          ("Daisuke", "Kondo", "Sales"), ("Elin", "Berg", "Support"), ("Farah", "Aziz", "Finance"),
          ("Goran", "Petrov", "Logistics"), ("Hana", "Ishii", "Support"),
          ("Ines", "Duarte", "Legal"), ("Jun", "Takeda", "Logistics"), ("Kenji", "Arai", "Sales")]
START = datetime.datetime(2026, 11, 2, 8, 0, 0, 120000, tzinfo=datetime.timezone.utc)

draw = random.Random(20261102)


def guid():
    h = "%032x" % draw.getrandbits(128)
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)


class Token:
    """An application token as it looks, with a signature that signs nothing."""

    def __init__(self, issued, roles):
        seconds = int(issued.timestamp())
        claims = {"aud": "https://graph.microsoft.com", "iss": f"https://sts.windows.net/{TENANT}/",
                  "iat": seconds, "nbf": seconds, "exp": seconds + 3600, "appid": APP,
                  "idtyp": "app", "roles": roles, "sub": guid(), "tid": TENANT,
                  "uti": b64url(hashlib.sha256(b"uti%d" % seconds).digest()[:16]), "ver": "1.0"}
        head = {"typ": "JWT", "alg": "RS256", "kid": "sample-key-1"}
        parts = [b64url(json.dumps(p, separators=(",", ":")).encode()) for p in (head, claims)]
        parts.append(b64url(b"".join(hashlib.sha256(b"%d/%d" % (seconds, i)).digest()
                                     for i in range(8))))
        self.text = ".".join(parts)


class Person:
    def __init__(self, number, given, family, department):
        self.name = f"{given.lower()}.{family.lower()}@example.com"
        self.given, self.family, self.department = given, family, department
        self.number = "E%05d" % (4100 + number)
        self.id = guid()

    def resource(self, now, **more):
        body = {"schemas": [USER, ENTERPRISE, ENTRA], "id": self.id, "externalId": self.number,
                "userName": self.name, "displayName": f"{self.given} {self.family}",
                "name": {"givenName": self.given, "familyName": self.family}, "active": True,
                "emails": [{"value": self.name, "type": "work", "primary": True}],
                ENTERPRISE: {"employeeNumber": self.number, "department": self.department},
                ENTRA: {"mailNickname": f"{self.given}{self.family}".lower()},
                "meta": {"resourceType": "User", "created": stamp(now), "lastModified": stamp(now),
                         "location": f"{BASE}/users/{self.id}"}}
        body.update(more)
        return body

    def new(self, **more):
        body = self.resource(START, **more)
        del body["id"], body["meta"]
        body["password"] = "Welcome-%s-%d" % (self.family, draw.randrange(1000, 9999))
        return body


class Capture:
    def __init__(self):
        self.entries, self.now, self.token = [], START, None

    def wait(self, seconds):
        self.now += datetime.timedelta(seconds=seconds)

    def add(self, method, url, status, request_headers, sent, response_headers, content, ms):
        request = {"method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
                   "headers": [{"name": n, "value": v} for n, v in request_headers],
                   "queryString": [], "headersSize": -1, "bodySize": 0}
        if sent:
            request["postData"] = {"mimeType": dict(request_headers)["Content-Type"], "text": sent}
            request["bodySize"] = len(sent.encode())
        date = self.now + datetime.timedelta(milliseconds=ms)
        response_headers.append(("Date", date.strftime("%a, %d %b %Y %H:%M:%S GMT")))
        self.entries.append({
            "startedDateTime": stamp(self.now), "time": ms, "request": request,
            "response": {"status": status, "statusText": REASONS[status], "httpVersion": "HTTP/1.1",
                         "cookies": [], "redirectURL": "", "headersSize": -1,
                         "headers": [{"name": n, "value": v} for n, v in response_headers],
                         "content": content, "bodySize": content["size"]},
            "cache": {}, "timings": {"send": 0, "wait": ms, "receive": 0}})
        self.wait(ms / 1000 + draw.uniform(0.05, 0.9))

    def scim(self, method, path, status, sent=None, answer=None, ms=None, accept=True, html=None):
        ids = guid(), guid()
        head = [("Host", "graph.microsoft.com"), ("User-Agent", "hr-sync/3.1"),
                ("client-request-id", ids[1])]
        if accept:
            head.append(("Accept", "application/json"))
        if self.token:
            head.append(("Authorization", "Bearer " + self.token.text))
        if sent is not None:
            head.append(("Content-Type", "application/scim+json"))
            sent = json.dumps(sent, ensure_ascii=False)
        if callable(answer):
            answer = answer(ids)
        text = html or ("" if answer is None else json.dumps(answer, ensure_ascii=False))
        kind = "text/html" if html else "application/scim+json; charset=utf-8"
        back = [("request-id", ids[0]), ("client-request-id", ids[1]),
                ("Cache-Control", "no-cache")]
        content = {"size": len(text.encode()), "mimeType": kind if text else ""}
        if text:
            content["text"] = text
            back.append(("Content-Type", kind))
        self.add(method, BASE + path, status, head, sent, back, content,
                 ms or draw.randrange(60, 420))

    def fail(self, method, path, status, code, message, **more):
        def body(ids):
            inner = {"date": stamp(self.now)[:19], "request-id": ids[0],
                     "client-request-id": ids[1]}
            return {"error": {"code": code, "message": message, "innerError": inner}}
        self.scim(method, path, status, answer=body, **more)

    def sign_in(self, roles):
        self.token = Token(self.now, roles)
        sent = (f"grant_type=client_credentials&client_id={APP}"
                "&client_secret=Qm7~sample-not-a-real-secret_04"
                "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default")
        text = json.dumps({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599,
                           "access_token": self.token.text})
        self.add("POST", f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token", 200,
                 [("Host", "login.microsoftonline.com"), ("Accept", "application/json"),
                  ("Content-Type", "application/x-www-form-urlencoded")], sent,
                 [("Content-Type", "application/json; charset=utf-8"),
                  ("Cache-Control", "no-store"),
                  ("Set-Cookie", "fpc=AmXsample0cookie0value; path=/; secure; HttpOnly")],
                 {"size": len(text), "mimeType": "application/json", "text": text}, 180)

    def noise(self, path, kind, text, encoding=None):
        content = {"size": len(text), "mimeType": kind, "text": text}
        if encoding:
            content["encoding"] = encoding
        self.add("GET", "https://console.example.com" + path, 200,
                 [("Host", "console.example.com"), ("Accept", "*/*"),
                  ("Cookie", "session=s%3Aconsole-session-sample-77; theme=dark")], None,
                 [("Content-Type", kind), ("Cache-Control", "max-age=3600")], content,
                 draw.randrange(8, 60))

    # --- ordinary calls -----------------------------------------------------------------------

    def look_up(self, person, found):
        path = "/users?filter=userName%20eq%20%22" + person.name.replace("@", "%40") + "%22"
        hits = [person.resource(self.now)] if found else []
        self.scim("GET", path, 200, answer={"schemas": [LIST], "totalResults": len(hits),
                                            "startIndex": 1, "itemsPerPage": len(hits),
                                            "Resources": hits})

    def create(self, person):
        self.look_up(person, False)
        self.scim("POST", "/users", 201, sent=person.new(), answer=person.resource(self.now))

    def change(self, person, path, value):
        self.scim("PATCH", f"/users/{person.id}", 204, sent=patch(path, value))


def patch(path, value):
    return {"schemas": [PATCH], "Operations": [{"op": "replace", "path": path, "value": value}]}


def morning(c):
    people = [Person(i, *p) for i, p in enumerate(PEOPLE)]
    all_roles = ["User.ReadWrite.All", "Group.ReadWrite.All"]
    c.noise("/", "text/html", "<!doctype html><title>hr-sync</title><script src=/app.js></script>")
    c.noise("/app.js", "application/javascript", "fetch('/jobs').then(r => r.json()).then(show);")
    c.noise("/logo.png", "image/png", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk"
            "YAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64")
    c.sign_in(all_roles)
    # Before the service is switched on every call fails the same way.
    for person in people[:2]:
        c.scim("GET", "/users?filter=userName%20eq%20%22" + person.name.replace("@", "%40") + "%22",
               400, answer={"schemas": [ERROR], "status": "400", "detail":
                            f"No 'scimapiconsumptions' resource found for TenantId: {TENANT}."})
        c.wait(40)
    c.wait(900)
    c.scim("GET", "/serviceproviderconfig", 200,
           answer={"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
                   "patch": {"supported": True}, "bulk": {"supported": False},
                   "filter": {"supported": True, "maxResults": 200}, "etag": {"supported": False}})
    for person in people[:4]:
        c.create(person)
    # A client that forgets a header, and one attribute too many.
    c.fail("GET", "/groups?count=20", 400, "BadRequest",
           "The HTTP Accept header for application/json is missing.", accept=False)
    c.scim("GET", "/groups?count=20", 200, answer={"schemas": [LIST], "totalResults": 0,
                                                   "startIndex": 1, "itemsPerPage": 0,
                                                   "Resources": []})
    c.change(people[0], "displayName", "Aiko Mori (Sales)")
    c.fail("PATCH", f"/users/{people[1].id}", 400, "BadRequest",
           "The attribute 'costCentreCode' is not part of the Entra SCIM schema.",
           sent=patch("costCentreCode", "FI-204"))
    c.look_up(people[4], False)
    c.fail("POST", "/users", 400, "BadRequest",
           "The value of the attribute 'emails' does not meet the constraints of the API.",
           sent=people[4].new(emails=[{"value": "elin.berg", "type": "work", "primary": True}]))
    c.noise("/jobs", "application/json", '{"running":true,"done":9}')
    c.create(people[5])
    # A user that was deleted is asked for again.
    c.scim("DELETE", f"/users/{people[3].id}", 204)
    c.fail("GET", f"/users/{people[3].id}", 404, "ResourceNotFound",
           f"The resource '{people[3].id}' does not exist in the tenant.")
    # The service answers late, then not, then again.
    for ms in (60012, 60009):
        c.fail("PATCH", f"/users/{people[2].id}", 504, "GatewayTimeout",
               "The service did not respond within the expected time.",
               sent=patch("active", False), ms=ms)
        c.wait(30)
    c.change(people[2], "active", False)
    c.fail("POST", "/users", 500, "InternalServerException",
           "The service could not process the request.", sent=people[6].new(), ms=2210)
    c.wait(15)
    c.create(people[6])
    # The token is used beyond its hour, as if nobody renewed it.
    c.wait(3600 - (c.now - START).total_seconds() + 130)
    for person in (people[7], people[8]):
        c.fail("POST", "/users", 401, "InvalidAuthenticationToken",
               "Lifetime validation failed, the token is expired.", sent=person.new())
    # The new token was issued before the permission was granted.
    c.sign_in(["User.Read.All"])
    c.look_up(people[7], False)
    c.fail("POST", "/users", 403, "InsufficientPrivileges",
           "The application lacks the permission that this operation needs.", sent=people[7].new())
    c.wait(600)
    c.sign_in(all_roles)
    for person in people[7:9]:
        c.create(person)
    c.noise("/jobs", "application/json", '{"running":false,"done":24}')
    c.look_up(people[0], True)
    c.scim("GET", "/users?startIndex=1&count=3", 200,
           answer={"schemas": [LIST], "totalResults": 9, "startIndex": 1, "itemsPerPage": 3,
                   "Resources": [p.resource(c.now) for p in people[:3]]})
    # For some minutes nothing but time-outs comes back, whoever it is about.
    c.wait(240)
    for person in people[:8]:
        c.fail("PATCH", f"/users/{person.id}", 504, "GatewayTimeout",
               "The service did not respond within the expected time.",
               sent=patch("department", "Operations"), ms=60003)
        c.wait(20)
    c.look_up(people[4], True)


def main():
    capture = Capture()
    morning(capture)
    log = {"version": "1.2", "creator": {"name": "scimscope sample", "version": "1"},
           "entries": capture.entries}
    json.dump({"log": log}, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
