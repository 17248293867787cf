#!/usr/bin/env bash
# Captures and logs inside archives and compressed files: names, formats given by hand, damage.
. "$(dirname "$0")/../lib.sh"
python3 - "$TOP/samples" "$WORK" <<'PY'
import gzip, sys, zipfile
samples, work = sys.argv[1:]
with zipfile.ZipFile(work + '/two.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.write(samples + '/entra-scim-api.har', 'in/calls.har')
    z.write(samples + '/directory-sync.evtx', 'log.evtx')
with zipfile.ZipFile(work + '/outer.zip', 'w') as z:
    z.write(work + '/two.zip', 'two.zip')
with zipfile.ZipFile(work + '/deep.zip', 'w') as z:
    z.write(work + '/outer.zip', 'outer.zip')
with zipfile.ZipFile(work + '/locked.zip', 'w') as z:
    z.writestr('secret.har', '{}')
data = bytearray(open(work + '/locked.zip', 'rb').read())
for mark, flags in ((b'PK\x03\x04', 6), (b'PK\x01\x02', 8)):
    data[data.index(mark) + flags] |= 1 # "this member is encrypted"
open(work + '/locked.zip', 'wb').write(data)
packed = gzip.compress(open(samples + '/entra-scim-api.har', 'rb').read())
open(work + '/calls.har.gz', 'wb').write(packed)
open(work + '/cut.har.gz', 'wb').write(packed[:len(packed) * 3 // 4])
PY

# fresh ARG...: runs the program with an empty index
fresh() {
    rm -f "$WORK"/index.db*
    run "$@"
}
fresh import "$TOP/samples/entra-scim-api.har" "$TOP/samples/directory-sync.evtx"
whole=$(count_of)
fresh import "$TOP/samples/entra-scim-api.har"
calls=$(count_of)

fresh import "$WORK/two.zip"
expect "an archive is imported" exit_is 0
expect "with all that is in it" same "$(count_of)" "$whole"
expect "a member is named with its archive" out_has "two.zip!/in/calls.har"
expect "and can be asked for by that name" same "$(count_of 'source:*!/in/calls.har')" "$calls"
fresh import "$WORK/outer.zip"
expect "an archive inside an archive is read" same "$(count_of)" "$whole"
fresh import "$WORK/deep.zip"
expect "one deeper is refused" exit_is 4
expect "by its name" err_has "packed more than 2 times"
fresh import "$WORK/locked.zip"
expect "a locked archive is refused" exit_is 4
expect "and called so, not damaged" err_has "password-protected"
fresh import --format har "$WORK/calls.har.gz"
expect "a format given by hand is that of what is packed" same "$(count_of)" "$calls"
fresh import --format evtx "$WORK/calls.har.gz"
expect "and refused where it is wrong" exit_is 4
rm -f "$WORK"/index.db*
"$SCIMSCOPE" --db "$db" import - <"$WORK/calls.har.gz" >"$out" 2>"$err"
expect "compressed bytes on standard input are read" same "$(count_of)" "$calls"
fresh import "$WORK/cut.har.gz"
expect "a cut file is imported in part" exit_is 3
expect "what was whole is kept" test "$(count_of)" -gt 0 -a "$(count_of)" -lt "$calls"
expect "and the place is named" err_has "(offset "
finish
