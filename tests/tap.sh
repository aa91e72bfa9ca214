# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# tap.sh - TAP for the scripts of tests/; sourced
#
# check NAME COMMAND...   one test: passes if COMMAND succeeds.  What COMMAND
#                         printed is shown as comment when it fails.
# skip NAME WHY           a test that cannot be made here
# silent NAME COMMAND...  the same, but COMMAND must print nothing either.
# finish                  the plan; its status is that of the whole script.

tap_count=0
tap_failed=0

# tap_result STATUS NAME: one line, and stdin as comment if it is not good
tap_result() {
	tap_count=$((tap_count + 1))
	if [[ $1 == 0 ]]; then
		echo "ok $tap_count - $2"
		return
	fi
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $2"
	head -n 60 | sed 's/^/# /'
}

check() {
	local name=$1 out status=0

	shift
	out=$("$@" 2>&1) || status=$?
	tap_result "$status" "$name" <<<"$(tail -n 60 <<<"$out")"
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

silent() {
	local name=$1 out status=0

	shift
	out=$("$@" 2>&1) || status=$?
	[[ -z $out ]] || status=1
	tap_result "$status" "$name" <<<"$out"
}

finish() {
	echo "1..$tap_count"
	[[ $tap_failed -eq 0 ]]
}
