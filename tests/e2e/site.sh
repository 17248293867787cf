#!/usr/bin/env bash
# The site's own config.yml: what remedies say of it, and that secret.yml is never opened.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/fixtures.sh"
cat >"$WORK/config.yml" <<'YAML'
# the agent's settings
iid:
  scim:
    token: never-print-this
    attribute:
      user:
        ad_bind:
          emails.value: mail
          phoneNumbers:
            value: "telephone number"
YAML
phone=$(scim_error 400 invalidValue 'Phone numbers Value is invalid format')
mail=$(scim_error 400 invalidValue 'Emails Value is not an iid email format.')
run --site-config "$WORK/config.yml" explain "$mail"
expect "a bound attribute is shown with its line" \
    out_has 'config.yml:8: iid.scim.attribute.user.ad_bind.emails.value is bound to the AD attribute "mail"'
run --site-config "$WORK/config.yml" explain "$phone"
expect "a value that can be no attribute is pointed out" out_has 'config.yml:10: '
expect "and why" out_has 'which is no name of an AD attribute'
run --site-config "$WORK/config.yml" rules show iij-issuer-required
expect "what is missing is pointed out" out_has 'config.yml does not set iid.scim.attribute.user.default.idTokenClaims'
run --site-config "$WORK/config.yml" rules show iij-access-token-invalid
expect "keys of secrets are not shown" test "$(grep -c never-print "$out")" -eq 0
printf 'iid:\n\t- x\n' >"$WORK/bad.yml"
run --site-config "$WORK/bad.yml" explain "$phone"
expect "a malformed file is pointed out with its line" grep -q 'bad.yml:2:[0-9]*: the file cannot be read' "$out"
expect "and the rest is explained all the same" exit_is 0

mkdir -p "$XDG_CONFIG_HOME/scimscope"
printf 'directory_sync:\n  config: %s\n' "$WORK/config.yml" >"$XDG_CONFIG_HOME/scimscope/config.yaml"
run explain "$mail"
expect "the settings name the file too" out_has 'config.yml:8: '
run import "$TOP/samples/directory-sync.evtx"
run list class:iij-phone-format --limit 1 --format ndjson
id=$(sed -E 's/^\{"id":([0-9]+),.*/\1/' "$out")
run show "$id" --format json
expect "show says it as evidence" out_has '{"id":"site-settings","verdict":"shown","text":"config.yml:10: '
rm "$XDG_CONFIG_HOME/scimscope/config.yaml"

printf 'iid.scim.token: s3cr3t\n' >"$WORK/secret.yml"
ln -s "$WORK/secret.yml" "$WORK/harmless.yml"
for name in secret.yml harmless.yml; do
    run --site-config "$WORK/$name" explain "$phone"
    expect "$name is refused" exit_is 8
    expect "$name: it says why" err_has 'is never opened'
done
if command -v strace >/dev/null; then
    ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=open,openat -o "$WORK/trace" "$SCIMSCOPE" --site-config "$WORK/harmless.yml" \
        explain "$phone" >/dev/null 2>&1
    expect "secret.yml is not opened" test "$(grep -cE 'secret.yml|harmless.yml' "$WORK/trace")" -eq 0
else
    mkfifo "$WORK/fifo" && mv "$WORK/fifo" "$WORK/SECRET.YML"
    run --site-config "$WORK/SECRET.YML" explain "$phone"
    expect "not even looked into" err_has 'is never opened'
fi
finish
