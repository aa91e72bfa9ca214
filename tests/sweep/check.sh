#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The sweep as TAP.  Called by make, which gives OUT and ROOT.
#
#   FWSLOT_LONG=1     two and three cuts in one history, too
set -uo pipefail

: "${OUT:?}" "${ROOT:?}"
. "$ROOT/tests/tap.sh"

# sweep WORDS...: its tables go to a file, what went wrong and the end to stdout
sweep() {
	local log="$OUT/sweep$1.log" status=0

	"$OUT/sweep-cuts" "$@" --refused "$ROOT/tests/sweep/refused.txt" \
		>"$log" 2>"$log.err" || status=$?
	grep -aE '^(UNBOOTABLE|UNFINISHED)' "$log" | head -n 40
	tail -n 5 "$log.err" | tr '\r' '\n' | tail -n 2
	tail -n 1 "$log"
	return "$status"
}

# told NAME WORDS...: a test; the last line of the sweep is shown also if it passes
told() {
	local name=$1

	shift
	check "$name" sweep "$@"
	echo "# $(tail -n 1 "$OUT/sweep$1.log")"
}

# histories: cuts that were bad once; a new one is another line in the file
histories() {
	local id status=0

	while read -r id; do
		"$OUT/sweep-cuts" --replay "$id" >"$OUT/history.log" || status=1
		grep -aE '^(UNBOOTABLE|UNFINISHED)' "$OUT/history.log"
	done <"$ROOT/tests/sweep/histories.txt"
	return "$status"
}

check "histories that were bad once" histories
told "power cut at every flash step" --check
if [[ -n ${FWSLOT_LONG-} ]]; then
	told "two cuts in one history" --two
	told "three cuts at random" --three 100000
fi
check "every rule that is broken on purpose is noticed" make -s \
	-C "$ROOT/tests/sweep" mutants
grep -h '^ok' "$OUT"/mutants/result.* | sed 's/^ok - /# /'
finish
