#!/bin/bash
# SPDX-License-Identifier: MIT
#
# run.sh - all command line tests, one row of TAP
#
# usage: run.sh BUILD_DIR [SCRIPT...]
#
# Every script of this folder but this one and common.sh is a test.  It prints
# TAP of its own; here its lines are numbered through.  A script that dies is
# one more failed test.  The exit status is 0 if no test failed.

set -u
set -o pipefail

build=${1:?usage: run.sh BUILD_DIR [SCRIPT...]}
folder=$(cd "$(dirname "$0")" && pwd) || exit 1
shift
count=0
failed=0
CLI_KEYS=$(mktemp -d) || exit 1
export CLI_KEYS
trap 'rm -rf "$CLI_KEYS"' EXIT

scripts()
{
	find "$folder" -maxdepth 1 -name '*.sh' ! -name run.sh \
		! -name common.sh | sort
}

# one SCRIPT: run it and number its lines.
one()
{
	local name line planned=0

	name=$(basename "$1" .sh)
	while IFS= read -r line; do
		case $line in
		"ok "*|"not ok "*)
			count=$((count + 1))
			[ "${line#not}" = "$line" ] || failed=$((failed + 1))
			echo "${line%%ok *}ok $count - $name: ${line#* - }"
			;;
		1..*)
			planned=1
			;;
		*)
			echo "$line"
			;;
		esac
	done < <(bash "$1" "$build" </dev/null)
	[ "$planned" -eq 1 ] && return
	count=$((count + 1))
	failed=$((failed + 1))
	echo "not ok $count - $name: ended before its plan"
}

echo "TAP version 13"
if [ $# -eq 0 ]; then
	mapfile -t list < <(scripts)
	set -- "${list[@]}"
fi
for script in "$@"; do
	one "$script"
done
echo "1..$count"
echo "# $((count - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
