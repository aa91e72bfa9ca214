#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Test the test tools: boot model, flash simulator, and the harness itself
#
#   selftest.sh [--kernel 6.1|6.12]
#
# The stories flashsim and boot must pass on both kernels (or on the one named).
# Each story in selftest/ must fail, for the reason in its "wants:" line: a
# harness that cannot fail proves nothing.  Two machines run at a time.
set -euo pipefail

vm_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$vm_dir/../.." && pwd)

# must_pass KERNEL STORY
must_pass() {
	local out

	if out=$("$vm_dir/run.sh" --kernel "$1" --story "$2" 2>&1); then
		echo "ok - $1 ${2##*/}: $(grep -c '^ok ' <<<"$out") tests"
	else
		grep -v '^ok ' <<<"$out"
		echo "not ok - $1 ${2##*/}"
	fi
}

# must_fail KERNEL STORY
must_fail() {
	local out want

	want=$(sed -n 's/^# wants: //p' "$2")
	if out=$("$vm_dir/run.sh" --kernel "$1" --story "$2" 2>&1); then
		echo "not ok - $1 ${2##*/} passed"
	elif grep -q "^# FAILED.*$want" <<<"$out"; then
		echo "ok - $1 ${2##*/} fails: $want"
	else
		echo "$out"
		echo "not ok - $1 ${2##*/} fails, but not for: $want"
	fi
}

# must_refuse SCRIPT ARGUMENT...: they are not understood, and nothing is run
must_refuse() {
	local status=0

	"$vm_dir/$1" "${@:2}" >/dev/null 2>&1 || status=$?
	if [[ $status == 2 ]]; then
		echo "ok - $* is refused"
	else
		echo "not ok - $* ended with status $status"
	fi
}

# jobs_of KERNEL...: one line for each machine to run
jobs_of() {
	local kernel story

	for kernel; do
		for story in "$vm_dir"/stories/{flashsim,boot}.sh; do
			echo "must_pass $kernel $story"
		done
	done
	for story in "$vm_dir"/selftest/*.sh; do
		echo "must_fail $1 $story"
	done
}

kernels=(6.1 6.12)
[[ ${1:-} != --kernel ]] || kernels=("${2:?}")
export vm_dir
export -f must_pass must_fail

log=${BUILD:-$top/build}/vm/selftest.log
mkdir -p "${log%/*}"
{
	"$vm_dir/bootmodel-test.sh"
	must_refuse mutants.sh no-such-mutant
	jobs_of "${kernels[@]}" | xargs -P 2 -I JOB bash -c JOB
} | tee "$log"
echo "$(grep -c '^ok' "$log") passed, $(grep -c '^not ok' "$log") failed"
! grep -q '^not ok' "$log"
