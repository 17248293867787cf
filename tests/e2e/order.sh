#!/usr/bin/env bash
# The same files give the same entries, problems and patterns, whatever their order and whether they
# came in one run or one by one. Ids and what names them count in the order of import: left out.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
ann='{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann@example.com","active":true}'
url=https://scim.example.com/scim/v2/Users
taken=$(scim_error 409 uniqueness 'userName already exists')
har "$(har_entry 1 DELETE $url/7 204 '' '')" "$(har_entry 3 PATCH $url/7 404 '{}' "$(scim_error 404 '' 'Resource 7 not found')")" >"$WORK/a.har"
har "$(har_entry 0 GET $url/7 200 '' '{"id":"7","userName":"ann@example.com"}')" "$(har_entry 2 POST $url 409 "$ann" "$taken")" >"$WORK/b.har"
har "$(har_entry 4 POST $url 201 "$ann" '{"id":"8","userName":"ann@example.com"}')" >"$WORK/c.har"
# at the time of another file's call: which of the two was first, nothing tells
har "$(har_entry 2 GET "$url?filter=userName%20eq%20%22ann@example.com%22" 200 '' '{"totalResults":0,"Resources":[]}')" >"$WORK/d.har"
files=("$TOP/samples/directory-sync.evtx" "$TOP/samples/entra-scim-api.har" "$WORK/a.har" "$WORK/b.har" "$WORK/c.har" "$WORK/d.har")

# told NAME: what the index says, numbers of entries left out
told() {
    local what
    for what in "list --format ndjson" "problems --format ndjson" "patterns --format ndjson"; do
        # shellcheck disable=SC2086
        run $what
        sed -E 's/"(id|entry|resolved_by)":[0-9]+,?//g; s/"entries":\[[0-9,]*\]//' "$out" | LC_ALL=C sort
    done >"$WORK/$1.told"
    run list --format ndjson
    cp "$out" "$WORK/list"
    run patterns --format ndjson
    python3 -c '
import json, sys
known = {}
for row in map(json.loads, open(sys.argv[1])):
    known[row["id"]] = [row[k] for k in ("time", "source", "position")]
for row in map(json.loads, open(sys.argv[2])):
    print(row["class"], row["subject"], [known[i] for i in row["entries"]])
' "$WORK/list" "$out" >>"$WORK/$1.told"
}
import_one_by_one() { # INDEX...
    local i
    for i in "$@"; do
        run import "${files[i]}"
    done
}
db=$WORK/together.db
run import "${files[@]}"
told together
expect "there are entries, problems and patterns to compare" \
    test "$(grep -c . "$WORK/together.told")" -gt 100 -a "$(grep -c '"class":"pattern-' "$WORK/together.told")" -gt 2
expect "a later success resolves what an earlier file left failing" \
    grep -q '"user":"ann@example.com".*"state":"resolved"' "$WORK/together.told"
number=0
for order in "0 1 2 3 4 5" "5 4 3 2 1 0" "2 4 0 5 3 1" "3 0 4 1 5 2"; do
    number=$((number + 1)) db=$WORK/order$number.db
    # shellcheck disable=SC2086
    import_one_by_one $order
    told "order$number"
    expect "the order $order, one by one, gives the same" cmp -s "$WORK/together.told" "$WORK/order$number.told"
done
finish
