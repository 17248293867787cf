#!/usr/bin/env bash
# The sample logs show every documented failure, and a second import adds nothing.
. "$(dirname "$0")/../lib.sh"
seeds="iij-domain-not-registered iij-issuer-required iij-externalid-taken iij-username-taken
    iij-email-format iij-user-not-hard-deleted iij-token-not-available iij-phone-format
    entra-api-401-invalid-token entra-api-403-forbidden entra-api-404-resource-not-found
    entra-api-400-bad-request entra-api-400-feature-not-enabled entra-api-400-accept-missing
    entra-api-500-internal entra-api-504-gateway-timeout"
cd "$TOP" || exit 1
run samples/*
expect "the samples are imported and summed up" exit_is 0
for class in $seeds; do
    expect "the summary names $class" grep -qE $'^[0-9]+\t[0-9]+\t[^\t]+\t[^\t]+\t'"$class"$'\t.' "$out"
done
expect "the summary has a line per sample" same \
    "$(grep -cE '^samples/[^	]+	[a-z-]+	[0-9]+ entries' "$out")" "$(find samples -type f | wc -l)"
expect "there is ordinary traffic among them" test "$(count_of is:success)" -gt 20
before=$(count_of)
run import samples/*
expect "a second import ends with 0" exit_is 0
expect "a second import adds nothing" same "$(count_of)" "$before"
expect "a second import finds duplicates only" same "$(awk -F'\t' 'NR > 1 && $4 != 0' "$out")" ""
run import samples
expect "the folder is imported file by file" same "$(count_of)" "$before"
run verify
expect "the index is sound" exit_is 0
"$SCIMSCOPE" demo >"$out" 2>"$err" </dev/null
code=$?
expect "demo prints the summary without a terminal" exit_is 0
expect "demo names the failures" out_has iij-username-taken
expect "demo leaves no folder" same "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'scimscope-demo-*' -newer "$db" | wc -l)" 0
finish
