#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The story of the README in a virtual machine, shown as a user would see it
#
#   demo.sh [KERNEL]      6.1 (default) or 6.12
#
# The main part runs live; two small machines run beside it, for chips without
# a partition table and for a device without slot records, and are shown after
# it.  Exit status 0: every step did what it says.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
kernel=${1:-6.1}
log=$top/build/vm/demo
mkdir -p "$log"

# play STORY: run one, showing its screen
play() {
	"$here/fwslot.sh" --kernel "$kernel" --story "$here/stories/$1.sh" \
		--work "$log/$1.run" --echo 2>"$log/$1.err"
}

# beside: the small machines, one after the other
beside() {
	local status=0

	play masters >"$log/masters.out" || status=1
	play raw >"$log/raw.out" || status=1
	return $status
}

echo "fwslot: from WeOS 5.21.2 to 5.22.2 and back, on Debian's Linux $kernel in QEMU"
echo "(building module, tool and packages; unpacking the kernel)"
"$here/fwslot.sh" --kernel "$kernel" --build 2>"$log/build.err" || {
	cat "$log/build.err" >&2
	exit 1
}

start=$SECONDS
beside &
job=$!
failed=''
play weos || failed+=" weos"
wait "$job" || failed+=" masters/raw"
cat "$log/masters.out" "$log/raw.out"
echo
if [[ -n $failed ]]; then
	echo "demo: FAILED:$failed; logs in build/vm/demo" >&2
	exit 1
fi
echo "demo: every step did what it says ($((SECONDS - start)) s)"
