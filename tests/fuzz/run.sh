#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh - run the fuzz targets, two at a time, and print TAP
#
# Called by make, which gives OUT, ROOT, TARGETS and SECONDS_EACH.  First what
# was found before (tests/fuzz/regressions/TARGET/), then for so many seconds
# what the fuzzer comes up with.  What it learns is kept in OUT/corpus/TARGET,
# an input that fails in OUT/found/: shorten it with OUT/TARGET
# -minimize_crash=1, mend the fault, and put the input to the regressions.
set -uo pipefail

: "${OUT:?}" "${ROOT:?}" "${TARGETS:?}" "${SECONDS_EACH:?}"
export OUT ROOT SECONDS_EACH
export ASAN_OPTIONS=allocator_may_return_null=1

# longest TARGET: no input that is longer can be of interest
longest() {
	case $1 in
	manifest) echo 4160 ;;
	record) echo 24576 ;;
	cms) echo 8200 ;;
	netlink) echo 16384 ;;
	package) echo 131072 ;;
	esac
}

# fuzz TARGET: all its output goes to OUT/TARGET.log
fuzz() {
	local target=$1 log="$OUT/$1.log" corpus="$OUT/corpus/$1" old

	old=$(find "$ROOT/tests/fuzz/regressions" -path "*/$target/*" -type f)
	mkdir -p "$corpus" "$OUT/found"
	: >"$log"
	# shellcheck disable=SC2086 # file names without blanks
	[[ -z $old ]] || "$OUT/$target" -timeout=10 $old >>"$log" 2>&1 || return
	"$OUT/$target" -max_total_time="$SECONDS_EACH" -timeout=10 \
		-rss_limit_mb=1024 -max_len="$(longest "$target")" \
		-print_final_stats=1 -artifact_prefix="$OUT/found/$target-" \
		"$corpus" "$OUT/seeds/$target" >>"$log" 2>&1
}

# result TARGET: fuzz it and print one line of TAP
result() {
	local log="$OUT/$1.log" status=0 runs edges

	fuzz "$1" || status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
	if [[ $status -eq 0 && ${runs:-0} -ge 1000 ]]; then
		echo "ok - fuzz $1: $runs inputs, $edges edges"
		return
	fi
	echo "not ok - fuzz $1: status $status, ${runs:-no} inputs"
	grep -E -A 25 'wrong:|ERROR:|runtime error|SUMMARY' "$log" | head -n 60 |
		sed 's/^/# /'
	sed -n 's/.*written to /# input: /p' "$log"
}

export -f longest fuzz result
# shellcheck disable=SC2086 # words
printf '%s\n' $TARGETS | xargs -P 2 -I {} bash -c 'result {}'
