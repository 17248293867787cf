# shellcheck shell=bash
# Small inputs made on the spot, so that a test shows what it feeds. Source it after lib.sh.

# har_entry N METHOD URL STATUS REQUEST-BODY RESPONSE-BODY: one entry, N seconds after 09:00
har_entry() {
    local request='' when
    when=$(printf '2026-11-03T09:%02d:%02d.000Z' $(($1 / 60)) $(($1 % 60)))
    [ -z "$5" ] || request=",\"postData\":{\"mimeType\":\"application/scim+json\",\"text\":$(json "$5")}"
    printf '{"startedDateTime":"%s","time":12.5,"request":{"method":"%s","url":"%s",' "$when" "$2" "$3"
    printf '"httpVersion":"HTTP/1.1","cookies":[],"queryString":[],"headersSize":-1,"bodySize":-1,'
    printf '"headers":[{"name":"Authorization","value":"Bearer s3cr3t-token-0123456789abcdef"},'
    printf '{"name":"Content-Type","value":"application/scim+json"}]%s},' "$request"
    printf '"response":{"status":%s,"statusText":"","httpVersion":"HTTP/1.1","cookies":[],' "$4"
    printf '"headers":[{"name":"Content-Type","value":"application/scim+json"}],"redirectURL":"",'
    printf '"headersSize":-1,"bodySize":-1,"content":{"size":%d,"mimeType":"application/scim+json",' ${#6}
    printf '"text":%s}},"cache":{},"timings":{"send":1,"wait":10,"receive":1}}' "$(json "$6")"
}

# A JSON string of a text of printable characters.
json() { printf '"%s"' "$(sed 's/\\/\\\\/g; s/"/\\"/g' <<<"$1")"; }

har() { # har ENTRY...: a whole file of entries
    printf '{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"entries":['
    local IFS=,
    printf '%s]}}\n' "$*"
}

scim_error() { # scim_error STATUS SCIMTYPE DETAIL
    printf '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"%s"' "$1"
    [ -z "$2" ] || printf ',"scimType":"%s"' "$2"
    printf ',"detail":"%s"}' "$3"
}

users_url=https://www.auth.iij.jp/scim/v2/Users
scim_user() { printf '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s"}' "$1"; }

# Four calls: tanaka twice 409, sato created, one list without an answer.
small_har() {
    har "$(har_entry 1 POST "$users_url" 409 "$(scim_user tanaka@example.jp)" \
            "$(scim_error 409 uniqueness 'userName has already been taken')")" \
        "$(har_entry 2 POST "$users_url" 201 "$(scim_user sato@example.jp)" \
            '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"42","userName":"sato@example.jp"}')" \
        "$(har_entry 3 POST "$users_url" 409 "$(scim_user tanaka@example.jp)" \
            "$(scim_error 409 uniqueness 'userName has already been taken')")" \
        "$(har_entry 64 GET "$users_url?startIndex=1" 0 '' '')"
}

# event_xml RECORD SECOND LEVEL TEXT: one event of the directory agent
event_xml() {
    printf "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    printf "<Provider Name='IIJ Directory Sync'/><EventID Qualifiers='0'>12808</EventID>"
    printf "<Level>%s</Level><Task>0</Task><Keywords>0x80000000000000</Keywords>" "$3"
    printf "<TimeCreated SystemTime='2026-11-03T08:00:%02d.0000000Z'/>" "$2"
    printf "<EventRecordID>%s</EventRecordID><Channel>Application</Channel>" "$1"
    printf "<Computer>sync01.example.jp</Computer><Security/></System><EventData><Data>%s</Data>" \
        "$(sed 's/&/\&amp;/g; s/</\&lt;/g' <<<"$4")"
    printf "</EventData></Event>"
}

small_xml() {
    printf '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>'
    event_xml 7 1 3 "[Overview] SCIM response error. [Detail] $(scim_error 404 '' 'Organization is not found.')"
    event_xml 8 2 4 "[Overview] Synchronization finished."
    printf '</Events>\n'
}
