#!/usr/bin/env bash
# Reports to read, pseudonyms and the support ticket: what they tell, and what they must not.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
hidden() { ! grep -qiE 'tanaka|sato|2819c223' "$1"; }
known='iij-username-taken'

small_har >"$WORK/a.har"
small_xml >"$WORK/a.xml"
run import "$WORK/a.har" "$WORK/a.xml"
run export --format markdown is:failure
expect "a report in Markdown" exit_is 0
expect "it names the class" out_has "$known"
expect "it names the filter" out_has 'Filter: `is:failure`'
expect "it names who fails" out_has '| `tanaka@example.jp` |'
expect "it tells the cause" out_has "Why: "
expect "it numbers the remedy" grep -q '^1\. ' "$out"
expect "it shows evidence" grep -qE '^- (shown|consistent|not-captured): `' "$out"
expect "it shows what was imported" out_has "What was imported, and what it does not show"
expect "it holds no secret" test "$(grep -c s3cr3t "$out")" -eq 0
cp "$out" "$WORK/one.md"
run export --format markdown is:failure
expect "it is the same every time" cmp -s "$out" "$WORK/one.md"
run export --format html -o "$WORK/one.html"
expect "the same in HTML" grep -q "<code>tanaka@example.jp</code>" "$WORK/one.html"
expect "it may load nothing" grep -q "content=\"default-src 'none'" "$WORK/one.html"
run export --format html class:success
expect "a report of successes says that nothing failed" out_has "Nothing of what is selected failed."

# --- pseudonyms -----------------------------------------------------------------------------------
for format in csv json ndjson markdown html; do
    run export --format "$format" --pseudonymize
    expect "export --pseudonymize $format ends with 0" exit_is 0
    expect "it names nobody ($format)" hidden "$out"
    expect "the class stays ($format)" out_has "$known"
done
run export --format ndjson --pseudonymize class:$known
expect "equal users stay equal, and their records are JSON" same "$(grep -oE 'user-[0-9a-f]{12}@domain-[0-9a-f]{12}\.invalid' "$out" | sort -u | wc -l)" \
    "$("$SCIMSCOPE" --db "$db" count --by user class:$known | wc -l)"
cp "$out" "$WORK/hidden.ndjson"
SCIMSCOPE_DB='' "$SCIMSCOPE" --db "$WORK/again.db" import "$WORK/hidden.ndjson" >"$out" 2>"$err"
expect "what was pseudonymised can be imported" same "$(SCIMSCOPE_DB='' "$SCIMSCOPE" --db "$WORK/again.db" count class:$known)" \
    "$(count_of class:$known)"

# --- the ticket -----------------------------------------------------------------------------------
run ticket -o "$WORK/ticket.md" is:failure
expect "a ticket" exit_is 0
expect "it is readable by its owner only" same "$(stat -c %a "$WORK/ticket.md")" 600
expect "it names nobody" hidden "$WORK/ticket.md"
expect "it has the class and the redacted record" grep -q '"detail\|"text": ' "$WORK/ticket.md"
expect "secrets are tags" grep -q '\[redacted:token len=16-63 #[0-9a-f]\{12\}\]' "$WORK/ticket.md"
run ticket is:failure
expect "the same on stdout" cmp -s "$out" "$WORK/ticket.md"
# A token that stands bare where no rule can know it, but was taken out elsewhere.
har "$(har_entry 10 POST "$users_url" 400 "$(scim_user kato@example.jp)" "$(scim_error 400 invalidValue 'upstream said s3cr3t-token-0123456789abcdef?')")" |
    sed 's/s3cr3t-token-0123456789abcdef"/other-token-9876543210fedcba"/' >"$WORK/leak.har"
run import "$WORK/leak.har"
run ticket -o "$WORK/leak.md" is:failure
expect "a ticket that would hold a secret ends with 1" exit_is 1
expect "it says why" err_has "nothing was written"
expect "it does not say the secret" test "$(grep -c s3cr3t "$err")" -eq 0
expect "nothing is written" test ! -e "$WORK/leak.md"
expect "not even half of it" test -z "$(find "$WORK" -maxdepth 1 -name '.scimscope-*')"
run ticket is:failure
expect "nothing on stdout either" test ! -s "$out"
run forget "$WORK/leak.har"
run ticket -o "$WORK/ticket.md" is:failure
expect "without that entry it can be written" exit_is 0
mv "$db.key" "$WORK/key"
run ticket
expect "a ticket without the index's key ends with 5" exit_is 5
run export --pseudonymize
expect "so do pseudonyms" exit_is 5
run export
expect "an export needs no key" exit_is 0
mv "$WORK/key" "$db.key"

# --- hostile text ---------------------------------------------------------------------------------
db=$WORK/hostile.db
esc=$(printf '\\u001b')
har "$(har_entry 1 POST "$users_url" 409 "$(scim_user 'x</code></td><script>alert(1)</script>@example.jp')" \
    "$(scim_error 409 uniqueness "userName has already been taken ${esc}]52;c;eA== <img src=x onerror=y> \`\`\` | a | [l](javascript:x)")")" >"$WORK/hostile.har"
run import "$WORK/hostile.har"
for pseudonyms in '' --pseudonymize; do
    # shellcheck disable=SC2086
    run export --format html $pseudonyms
    expect "no markup of a log is markup of the report $pseudonyms" test "$(grep -cE '<script|<img|onerror=y>' "$out")" -eq 0
    expect "no control character $pseudonyms" test "$(LC_ALL=C grep -c $'\x1b' "$out")" -eq 0
    # shellcheck disable=SC2086
    run export --format markdown $pseudonyms
    expect "in Markdown it stands in code spans longer than its backticks $pseudonyms" grep -qF '````' "$out"
    expect "a bar does not end a cell $pseudonyms" test "$(grep -E '^\| ' "$out" | sed 's/\\|//g' | awk -F'|' '{print NF}' | sort -u | wc -l)" -le 2
done
run ticket
expect "a ticket of it names nobody" test "$(grep -c 'alert' "$out")" -eq 0

# --- real captures --------------------------------------------------------------------------------
if [ -d "$SHARED/data/captures" ] && command -v python3 >/dev/null; then
    db=$WORK/captures.db
    run import "$SHARED"/data/captures/*.har "$SHARED/data/captures/client.saz" "$SHARED/data/events/sync60.xml"
    run ticket -o "$WORK/captures.md"
    expect "a ticket of real captures" exit_is 0
    for format in csv ndjson markdown html; do
        run export --format "$format" --pseudonymize -o "$WORK/captures.$format"
    done
    "$SCIMSCOPE" --db "$db" count --by user | cut -f2 | grep -E '^.{6,}$' >"$WORK/people"
    python3 - "$SHARED"/data/captures/*.truth.ndjson >"$WORK/planted" <<'E2'
import json, sys
for path in sys.argv[1:]:
    for line in open(path):
        for value in json.loads(line).get("secrets", []):
            print(value)
E2
    expect "there are people to look for" test "$(wc -l <"$WORK/people")" -gt 100
    python3 "$TOP/tests/find_secrets.py" "$WORK/people" "$WORK"/captures.{md,csv,ndjson,markdown,html} >"$out" 2>&1
    code=$?
    expect "none of them is named, in no encoding" exit_is 0
    expect "there are secrets to look for" test "$(wc -l <"$WORK/planted")" -gt 10
    python3 "$TOP/tests/find_secrets.py" "$WORK/planted" "$WORK"/captures.{md,csv,ndjson,markdown,html} >"$out" 2>&1
    code=$?
    expect "no planted secret is there, in no encoding" exit_is 0
else
    skip "reports of real captures" "no $SHARED/data/captures, or no python3"
fi
finish
