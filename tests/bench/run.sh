#!/usr/bin/env bash
# Prints the machine, then what the benchmarks say: seconds and rates, then the ratios and the lines
# they are held to. `make bench` calls it; with BENCH_CHECK=1 (`make bench-check`) it fails when a
# line that must hold is broken. ENTRIES and RUNS may be set.
set -u
cd "$(dirname "$0")/../.." || exit 1
programs=build/release/tests/bench
folder=build/bench
sample=samples/directory-sync.evtx
ratios=$(mktemp)
trap 'rm -f "$ratios"' EXIT
echo "$(date -u +%F), $(nproc) processors," \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)," \
    "load $(cut -d' ' -f1 /proc/loadavg)"
broken=0
"$programs/bench" build/release/scimscope "$folder" "$sample" "${ENTRIES:-50000}" "${RUNS:-3}" \
    >>"$ratios" || broken=1
"$programs/parts" "$folder" "$sample" "${ENTRIES:-50000}" "${RUNS:-3}" >>"$ratios" || broken=1
if [ -x "$programs/query" ]; then
    "$programs/query" build/release/scimscope "$folder" >>"$ratios" || broken=1
fi
printf '\n%-40s %-38s %12s %10s\n' work against 'hold to' measured
cat "$ratios"
exit $broken
