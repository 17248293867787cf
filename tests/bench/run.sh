#!/usr/bin/env bash
# Prints the machine, then the table of bench.c; `make bench` calls it. ENTRIES and RUNS may be set.
set -eu
cd "$(dirname "$0")/../.."
echo "$(nproc) processors, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)," \
    "load $(cut -d' ' -f1 /proc/loadavg)"
exec build/release/tests/bench/bench build/release/scimscope build/bench "${ENTRIES:-50000}" "${RUNS:-3}"
