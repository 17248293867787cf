#!/usr/bin/env bash
# Fault injection: a small import of every format with each allocation and each write failing once.
# The exit code must be a documented one, no crash, the index sound, and the same command must then
# finish the job.
#
#   tests/faults/run.sh [POINTS]   of each kind and format: the first POINTS, then POINTS spread
#                                  evenly (500 by default; `make test` takes a few)
cd "$(dirname "$0")/../.." || exit 1
POINTS=${1:-500} exec python3 tests/faults/run.py
