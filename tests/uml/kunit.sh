#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The KUnit suites in a kernel: User Mode Linux with all sanitizers
#
#   kunit.sh [KERNEL]      uml (default) or uml-6.12
#
# Builds tests/kunit as a module, loads it, and prints the KTAP that came out of
# it, then a result for each suite: it has to have run, with as many cases as its
# source has.  Any complaint of the kernel is a failure, too.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
. tests/tap.sh
. tests/vm/lib/kernel.sh
build=$(realpath -m "${BUILD:-build}")
kernel=${1:-uml}
work=$build/vm/kunit-$kernel

# ktap LOG: what the kernel said from the first suite on, without the time of the
# log; what is not KTAP becomes a comment
ktap() {
	sed -n 's/^\[ *[0-9.]*\] //p' "$1" | sed -n '/^ *KTAP version/,$p' |
		sed -E '/^( {4}|#|(not )?ok )/!s/^/# /'
}

# cases_run SUITE: how many cases of it have a result
cases_run() {
	awk -v suite="$1" '
	/^ +# Subtest: / { here = $0 ~ "# Subtest: " suite "$"; next }
	/^(not )?ok / { here = 0 }
	here && /^ +(not )?ok / { n++ }
	END { print n + 0 }' "$work/ktap"
}

# suite_ran FILE: SUITE of this source ran with all its cases, and ended well
suite_ran() {
	local name cases

	name=$(sed -n 's/^\t\.name = "\(.*\)",$/\1/p' "$1")
	cases=$(grep -c '^	KUNIT_CASE' "$1")
	echo "$1 has $cases cases, $(cases_run "$name") of suite $name have a result"
	[[ $(cases_run "$name") == "$cases" ]] &&
		grep -q -E "^ok [0-9]+ (- )?$name$" "$work/ktap"
}

abi=$(kernel_abi "$kernel")
module=$(tests/vm/kbuild.sh --kernel "$kernel" --out "$build/vm/$abi/kunit" \
	tests/kunit KCFLAGS=-Werror)
rm -rf "$work"	# what it said the last time does not count
status=0
tests/vm/run.sh --kernel "$kernel" --story tests/uml/kunit_story.sh \
	--module "$module" --work "$work" >"$work.log" || status=$?
ktap "$work/scratch/dmesg.1" >"$work/ktap" || :
cat "$work/ktap"
for file in tests/kunit/*_test.c; do
	check "$kernel: $(basename "$file" _test.c) ran" suite_ran "$file"
done
cat "$work.log"
check "$kernel: the machine ends well, and its kernel has no complaint" test $status -eq 0
finish
