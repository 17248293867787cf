#!/usr/bin/env bash
# explain and rules: no index needed.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
explain() {
    "$SCIMSCOPE" explain "$@" >"$out" 2>"$err" </dev/null
    code=$?
}
error=$(scim_error 409 uniqueness 'userName has already been taken')
explain "$error"
expect "a pasted error is explained" exit_is 0
expect "it names the class" out_has iij-username-taken
expect "it numbers the remedy" out_has "Do     1 "
printf '%s' "$error" | "$SCIMSCOPE" explain --format json - >"$out" 2>"$err"
code=$?
expect "standard input is explained" exit_is 0
expect "json has its keys in order" grep -qE \
    '^\{"class":"iij-username-taken","title":.*,"vendor":"iij","category":"conflict","cause":.*,"remedy":\[.*\],"retry":.*,"specificity":[0-9]+,"runners_up":\[.*\],"status":409,"scim_type":"uniqueness","detail":"userName has already been taken","code":null\}$' "$out"
explain --format json "just some words"
expect "what nobody knows is unclassified" out_has '"class":"unclassified"'
expect "what nobody knows ends with 0" exit_is 0
explain --format json 'HTTP/1.1 401 Unauthorized
Authorization: Bearer s3cr3t-token-0123456789abcdef'
expect "an HTTP response is explained" out_has '"status":401'
expect "a secret in it is not printed" test "$(grep -c s3cr3t "$out")" -eq 0
explain ""
expect "an empty text is refused" exit_is 4
head -c 5000000 /dev/zero | tr '\0' x | "$SCIMSCOPE" explain - >"$out" 2>"$err"
code=$?
expect "a text over the limit is refused" exit_is 4
explain "$(printf '{"detail":"evil \033[2J text","status":"400"}')"
expect "a terminal's control codes are escaped" test "$(grep -c "$(printf '\033')" "$out")" -eq 0

run rules
expect "rules lists the catalogue" grep -q $'^iij-username-taken\tiij\tconflict\t' "$out"
run rules show iij-username-taken
expect "rules show prints one class" out_has "userName"
run rules show iij-usrname-taken
expect "an unknown class is usage" exit_is 2
expect "the nearest class is suggested" err_has "iij-username-taken"
run rules test
expect "every sample of the packs is classified to its class" exit_is 0
expect "there are samples" test "$(sed -nE 's/^([0-9]+) passed.*/\1/p' "$out")" -gt 16

cat >"$WORK/own.yaml" <<'PACK'
rules:
  - id: own-quota
    category: conflict
    title: The tenant is full
    vendor: generic
    severity: error
    match:
      - specificity: 96
        status: [409]
        detail_re: ["tenant is full"]
    cause: The tenant holds no more users.
    remedy:
      - Ask for more.
    retry:
      policy: after-fix
    samples:
      - text: '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","detail":"tenant is full"}'
PACK
run rules check "$WORK/own.yaml"
expect "a pack of one's own is checked" exit_is 0
run rules test "$WORK/own.yaml"
expect "a pack of one's own is tested" exit_is 0
run --rules "$WORK/own.yaml" explain --format json "$(scim_error 409 '' 'The tenant is full')"
expect "a pack of one's own is used" out_has '"class":"own-quota"'
sed 's/tenant is full"}/something else"}/' "$WORK/own.yaml" >"$WORK/failing.yaml"
run rules test "$WORK/failing.yaml"
expect "a sample that is not classified to its class ends with 1" exit_is 1
sed 's/^    title:/    tilte:/' "$WORK/own.yaml" >"$WORK/wrong.yaml"
run rules check "$WORK/wrong.yaml"
expect "a wrong pack ends with 8" exit_is 8
expect "a wrong pack is named with its place" err_has "wrong.yaml:4:"
run --rules "$WORK/wrong.yaml" explain "$error"
expect "a wrong pack is refused by every command" exit_is 8

explain --why "$error"
expect "--why names rule, pack and alternative" grep -qE '^  rule iij-username-taken, from core/rules/iij.yaml:[0-9]+, alternative 1 of ' "$out"
expect "--why names the condition and what met it" grep -q 'met by userName has already been taken' "$out"

# --- messages that nobody knows ---
unknown='{"detail":"user bob@example.com (id 123e4567-e89b-12d3-a456-426614174000) exceeded 5 frobs","status":"418"}'
explain --suggest "$unknown"
cp "$out" "$WORK/draft.yaml"
expect "a draft is masked" out_has "exceeded {n} frobs"
run rules check "$WORK/draft.yaml"
expect "the draft is a sound pack" exit_is 0
run rules test "$WORK/draft.yaml"
expect "its sample is classified to it" out_is "1 passed, 0 failed"
run --rules "$WORK/draft.yaml" explain --format json "${unknown//bob/eve}"
expect "so is the same message about somebody else" out_has '"class":"own-user-mail-id-id-exceeded-n-frobs"'
explain --suggest '{"detail":"token secret_0123456789abcdefABCDEF0123456789 is no","password":"hunter2hunter2","status":"418"}'
expect "no secret stands in a draft" test "$(grep -c hunter2 "$out")" -eq 0
explain '{"detail":"the organization is never found","status":"418"}'
expect "the nearest class is named" out_has 'Nearest iij-domain-not-registered'
expect "with the words that differ" out_has 'only here:  the never'
{
    echo '{"log":{"entries":['
    for i in 1 2 3; do
        [ $i -gt 1 ] && echo ,
        printf '{"startedDateTime":"2026-01-01T00:00:0%sZ","time":1,"request":{"method":"GET","url":"https://h.test/scim/v2/Users/%s","headers":[]},"response":{"status":418,"headers":[],"content":{"mimeType":"application/scim+json","text":"{\\"detail\\":\\"frob %s is odd\\",\\"status\\":\\"418\\"}"}}}' $i $i $i
    done
    echo ']}}'
} >"$WORK/odd.har"
run import "$WORK/odd.har"
run explain --unknown
expect "unknown messages are grouped by their masked text" out_has $'3\tfrob {n} is odd\t-'
sed 's/frob [0-9] is odd/userName has already been seized/; s/418/499/g' "$WORK/odd.har" >"$WORK/near.har"
run import "$WORK/near.har"
run explain --unknown
expect "with the nearest class and the words that differ" \
    grep -qE $'^3\tuserName has already been seized\t[a-z-]*taken\tseized\ttaken$' "$out"
run explain --unknown --format json
expect "as JSON it is one list, most frequent first, with what differs" python3 -c '
import json, sys
rows = json.load(open(sys.argv[1]))
assert [(r["count"], r["masked"]) for r in rows] == [(3, "frob {n} is odd"), (3, "userName has already been seized")]
near = rows[1]["nearest"]
assert rows[0]["nearest"] is None and near["class"].endswith("taken"), rows
assert near["likeness"] >= 50 and near["more"] == "seized" and near["less"] == "taken", near
' "$out"
run explain --unknown --format json user:nobody
expect "of no message it is the empty list" out_is '[]'
run explain x
expect "one word is near to nothing" test "$(grep -c '^Nearest' "$out")" -eq 0
env LC_ALL=ja_JP.UTF-8 "$SCIMSCOPE" explain "$error" >"$out" 2>"$err"
expect "a Japanese locale gets Japanese texts" out_has 'ユーザー'
env LC_ALL=ja_JP.UTF-8 "$SCIMSCOPE" explain --lang en "$error" >"$out" 2>"$err"
expect "--lang wins over the locale" out_has 'another IIJ ID user'
finish
