#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Are the sanitizers of User Mode Linux awake, and does the harness hear them?
#
# tests/kmod/faulty does one thing wrong at a time; each must be found, by the
# one whose business it is.  Without a fault the same story must pass.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
. tests/tap.sh
build=$(realpath -m "${BUILD:-build}")

# story FAULT
story() {
	tests/vm/run.sh --kernel uml --story tests/uml/faulty_story.sh \
		--module "$module" --set "FAULT=$1" --work "$build/vm/faulty-$1"
}

# found FAULT TEXT: the story fails, since the kernel has said that
found() {
	local out

	! out=$(story "$1" 2>&1) || return
	echo "$out"
	grep -q "^# FAILED.*the kernel complained" <<<"$out" &&
		grep -q "$2" "$build/vm/faulty-$1"/{console.log,scratch/dmesg.1}
}

# memory_folders: what is mounted noexec and what is small is passed over, and
# without a good one it says so
memory_folders() {
	. tests/vm/lib/kernel.sh
	. tests/vm/lib/uml.sh
	mount -t tmpfs none /mnt && cd /mnt || return
	mkdir noexec small good
	mount -t tmpfs -o size=2g,noexec none noexec &&
		mount -t tmpfs -o size=1m none small &&
		mount -t tmpfs -o size=2g none good || return
	[[ $(uml_memory missing noexec small good) == good ]] || return
	(uml_memory missing noexec small) 2>&1 | grep '1 GB free.*noexec small$'
}

export -f memory_folders
if unshare -rm true 2>/dev/null; then
	check "a folder for the memory" unshare -rm bash -c memory_folders
else
	skip "a folder for the memory" "no namespace to mount in"
fi
module=$(tests/vm/kbuild.sh --kernel uml tests/kmod/faulty)
check "no fault, no complaint" story nothing
check "KASAN finds use after free" found freed "KASAN: .*use-after-free"
check "KASAN finds what is behind the end" found behind "KASAN: .*out-of-bounds"
check "UBSAN finds a shift" found shift "UBSAN: shift-out-of-bounds"
check "lockdep finds two orders" found order "possible circular locking"
check "kmemleak finds a leak" found leak "unreferenced object"
check "WARN is heard" found warn "WARNING: "
finish
