#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Are the sanitizers of these kernels awake, and does the harness hear them?
#
#   selftest.sh [KERNEL...]      uml (default), uml-6.12, kcsan
#
# tests/kmod/faulty does one thing wrong at a time; each must be found, by the
# one whose business it is.  Without a fault the same story must pass.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top"
. tests/tap.sh
build=$(realpath -m "${BUILD:-build}")

# work_of FAULT: print the work folder
work_of() {
	echo "$build/vm/faulty-$kernel-$1"
}

# story FAULT
story() {
	tests/vm/run.sh --kernel "$kernel" --story tests/uml/faulty_story.sh \
		--module "$module" --set "FAULT=$1" --work "$(work_of "$1")"
}

# found FAULT TEXT: the story fails, since the kernel has said that
found() {
	local out

	! out=$(story "$1" 2>&1) || return
	echo "$out"
	grep -q "^# FAILED.*the kernel complained" <<<"$out" &&
		grep -q "$2" "$(work_of "$1")"/{console.log,scratch/dmesg.1}
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

check_memory_folders() {
	export -f memory_folders
	if unshare -rm true 2>/dev/null; then
		check "a folder for the memory" unshare -rm bash -c memory_folders
	else
		skip "a folder for the memory" "no namespace to mount in"
	fi
}

# kcsan_filter: of two reports the one that names a module of ours is left
kcsan_filter() {
	. tests/vm/lib/kcsan.sh
	local line='[    1.000000] ==================' log

	log=$(printf '%s\n' before "$line" "[ 1.0] BUG: KCSAN: data-race in a / b" \
		"[ 1.0]  a+0x1/0x2" "$line" between \
		"$line" "[ 1.0] BUG: KCSAN: data-race in c / d" \
		"[ 1.0]  fwslot_x+0x1/0x2 [fwslot]" "$line" \
		"$line" "[ 1.0] BUG: KASAN: use-after-free in e" "$line" \
		"$line" "[ 1.0] BUG: KCSAN: cut off" | kcsan_log_filter -)
	echo "$log"
	[[ $(grep -o 'in [ace]\b\|before\|between\|cut off' <<<"$log" | tr '\n' ' ') == \
		"before between in c in e cut off " ]]
}

# sanitizers_of_uml: all that both versions have
sanitizers_of_uml() {
	check "$kernel: no fault, no complaint" story nothing
	check "$kernel: KASAN finds use after free" \
		found freed "KASAN: .*use-after-free"
	check "$kernel: KASAN finds what is behind the end" \
		found behind "KASAN: .*out-of-bounds"
	check "$kernel: UBSAN finds a shift" found shift "UBSAN: shift-out-of-bounds"
	check "$kernel: lockdep finds two orders" \
		found order "possible circular locking"
	check "$kernel: kmemleak finds a leak" found leak "unreferenced object"
	check "$kernel: WARN is heard" found warn "WARNING: "
}

for kernel in "${@:-uml}"; do
	module=$(tests/vm/kbuild.sh --kernel "$kernel" tests/kmod/faulty)
	case $kernel in
	uml)
		check_memory_folders
		sanitizers_of_uml
		;;
	uml-6.12)
		sanitizers_of_uml
		check "$kernel: sleeping in atomic context is found" \
			found atomic "sleeping function called from invalid context"
		;;
	kcsan)
		check "races of the kernel with itself are left out, no others" kcsan_filter
		check "$kernel: no fault, no complaint" story nothing
		check "$kernel: a data race is found" \
			found race "KCSAN: data-race in count"
		;;
	esac
done
finish
