#!/bin/bash
# SPDX-License-Identifier: MIT
#
# cover.sh - how much of the core the suites and the fuzz targets go through
#
# Called by make, which gives OUT, ROOT and BUILD: in OUT/cover/ the suites and
# the targets built with clang's coverage.  The suites run whole, the targets
# over their seeds, regressions and what the fuzzer has learned.  Prints the
# figure for each file, what is left out, and TAP: the core as a whole has a
# goal for lines; who may write, in which order, and what is put back, one for
# branches.
set -uo pipefail

: "${OUT:?}" "${ROOT:?}" "${BUILD:?}" "${TARGETS:?}"
. "$ROOT/tests/tap.sh"
cover="$OUT/cover"
lines=95
whole=(cms manifest record table release policy guard doubt plan wanted flash keep)

# profile NAME COMMAND...: run it, keep what it went through in NAME.profraw
profile() {
	LLVM_PROFILE_FILE="$cover/$1.profraw" "${@:2}" >"$cover/$1.log" 2>&1 ||
		tail -n 20 "$cover/$1.log"
	[[ -s $cover/$1.profraw ]]
}

# inputs TARGET: the folders with its inputs
inputs() {
	find "$OUT/seeds/$1" "$OUT/corpus/$1" "$ROOT/tests/fuzz/regressions/$1" \
		-maxdepth 0 2>/dev/null
}

run_all() {
	local target

	rm -f "$cover"/*.prof*
	profile suites "$cover/unit/run" || return
	for target in $TARGETS; do
		# shellcheck disable=SC2046 # folders without blanks
		profile "$target" "$cover/fuzz/$target" -runs=0 \
			$(inputs "$target") || return
	done
	llvm-profdata merge -o "$cover/all.profdata" "$cover"/*.profraw
}

# report COMMAND ARGS...: of llvm-cov, for the core's sources
report() {
	local target objects=()

	for target in $TARGETS; do
		objects+=(-object "$cover/fuzz/$target")
	done
	llvm-cov "$1" "$cover/unit/run" "${objects[@]}" \
		-instr-profile="$cover/all.profdata" "${@:2}" \
		"$ROOT"/kmod/core/*.c 2>/dev/null
}

# figures: FILE LINES MISSED BRANCHES MISSED, the last line is TOTAL
figures() {
	report report --show-branch-summary |
		awk '$1 ~ /\.c$|^TOTAL$/ { print $1, $8, $9, $11, $12 }'
}

# missing FILE: branches that were never taken, as llvm-cov shows them
missing() {
	report show --show-branches=count |
		awk -v file="/$1.c:" '
		/^\/.*:$/ { here = index($0, file) }
		/^ *[0-9]+\|/ { line = $0 }
		here && /Branch \(.*(True: 0,|False: 0\])/ {
			print line
			print
		}'
}

# few_lines: are less lines of the core run than the goal wants
few_lines() {
	local name all missed rest

	read -r name all missed rest < <(tail -n 1 "$cover/figures")
	[[ $name == TOTAL && $all -gt 0 ]] || return 0
	echo "# core: $((10000 * (all - missed) / all)) of 10000 lines"
	[[ $((100 * (all - missed))) -lt $((lines * all)) ]]
}

# all_branches FILE: every branch was taken
all_branches() {
	local name rest missed

	read -r name rest rest rest missed < <(grep "\b$1\.c " "$cover/figures")
	[[ $missed == 0 ]] && return
	missing "$1"
	return 1
}

enough_lines() {
	! few_lines
}

check "suites and seeds run" run_all
figures >"$cover/figures"
awk '{ printf "# %-12s %4d lines, %3d not run; %4d branches, %3d not taken\n",
	$1, $2, $3, $4, $5 }' "$cover/figures"
check "core: $lines % of all lines" enough_lines
for file in "${whole[@]}"; do
	check "$file.c: all branches" all_branches "$file"
done
finish
