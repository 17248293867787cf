#!/usr/bin/env bash
# Peak memory of two imports that tempt a program to hold everything: a 1 GB capture on a single
# line, with one body of 60 MiB and 300,000 distinct users, and an event log of 200 MB. Generates
# both; fails over 128 MiB. SIZE_MB and EVTX_MB make it smaller.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
PROGRAM=${SCIMSCOPE:-build/release/scimscope}
limit=$((128 * 1024)) broken=0

python3 tests/bench/memory.py "$work" "${SIZE_MB:-1000}" "${EVTX_MB:-200}" || exit 1
for file in "$work"/*.har "$work"/*.evtx; do
    read -r peak seconds < <(python3 - "$PROGRAM" "$work/i.db" "$file" <<'PYTHON'
import os, resource, subprocess, sys, time
begun = time.monotonic()
done = subprocess.run([sys.argv[1], "--db", sys.argv[2], "import", "--quiet", sys.argv[3]], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if done.returncode in (0, 3) else 1 << 30, round(time.monotonic() - begun, 1))
PYTHON
    )
    size=$(($(stat -c %s "$file") / 1000000))
    entries=$("$PROGRAM" --db "$work/i.db" count "source:$file")
    verdict=held
    if [ "$peak" -gt "$limit" ]; then verdict=BROKEN broken=1; fi
    printf '%-22s %5d MB %8s entries %7s s  peak %6.1f MiB (at most 128): %s\n' \
        "${file##*/}" "$size" "$entries" "$seconds" "$((peak / 1024)).$((peak % 1024 * 10 / 1024))" "$verdict"
    rm -f "$work"/i.db*
done
exit $broken
