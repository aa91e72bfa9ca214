#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Cut the power at random moments of "upgrade all", again and again
#
#   powercut.sh --kernel 6.1|6.12 [--seconds S | --kills N] [--seed S] [--work DIR]
#
# Two machines are switched on and killed (SIGKILL of QEMU) beside each other,
# each with its flash in a file.  What the boot model picks is started and runs
# "fwslot upgrade all" to 5.22.2 or back to 5.21.2; the same command again and
# again until it comes to its end, then the other direction.  After each cut the
# boot model says on this side what would start.  Three of four upgrades are on
# a board with two bootloader copies: something must start always.  With one
# copy nothing may start when the cut came while that copy was written; then it
# gets the flash as it left the factory.
#
# The moments come from the seed, but a clock is never the same twice: a run can
# be repeated only as a kind, tests/sweep does it by the operation.  The chip is
# slow, so that the cuts land all over.  FWSLOT_LONG=1: 1000 kills.
#
# Prints TAP with the states that were hit: secondary, bootloaders in the order
# of the ROM, primary; O or o is 5.21.2, N or n 5.22.2, X or x neither.
set -euo pipefail

vm_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$vm_dir/../.." && pwd)
build=${BUILD:-$top/build}
. "$vm_dir/lib/kernel.sh"
. "$vm_dir/lib/flash.sh"
. "$vm_dir/lib/initramfs.sh"
. "$vm_dir/lib/qemu.sh"
. "$vm_dir/lib/snapshot.sh"
. "$vm_dir/lib/weos.sh"
. "$vm_dir/guest/defaults.sh"
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

FLASH_SIZE=0x600000
images="primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
declare -A parts=(
	[one]="bootloader@0x0+0x80000;env@0x80000+0x80000;$images"
	[two]="bootloader1@0x0+0x80000;bootloader2@0x80000+0x80000;$images"
)
declare -A slots=(
	[one]="primary=primary;secondary=secondary;bootloader=bootloader"
	[two]="primary=primary;secondary=secondary;bootloader=bootloader1;bootloader=bootloader2"
)
times="20000 20"	# microseconds: to erase a block, to program a page
releases=(5.21.2 5.22.2)
# What is loaded before the memory is saved, and what the upgrade needs.
guest_programs=(/usr/bin/kmod)
guest_modules=(virtio_pci virtio_blk mtd)
too_long=60	# seconds for an upgrade, and for coming up
least_states=8

parse_arguments() {
	while (($#)); do
		case $1 in
		--kernel) kernel=${2:?} ;;
		--seconds) seconds=${2:?} kills=1000000 ;;
		--kills) kills=${2:?} seconds=1000000 ;;
		--seed) seed=${2:?} ;;
		--work) work=${2:?} ;;
		*) sed -n '3,6s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
		esac
		shift 2
	done
	[[ -n $kernel ]] || parse_arguments --help
}

# build_root: the initramfs with tool, module and packages
build_root() {
	local root=$work/root flashsim

	flashsim=$("$vm_dir/kbuild.sh" --kernel "$kernel" tests/kmod/flashsim W=1)
	stage_tree "$root"
	install "$vm_dir/guest/powercut" "$root/init"
	stage_program "$root" "$build/fwslot"
	stage_tools "$root"
	stage_modules "$root" "$kdir" "$abi" "${guest_modules[*]}" "$flashsim" \
		"$build/kmod-$abi/fwslot.ko"
	install -m 644 "$work"/files/*.pkg "$root/files/"
	initramfs_pack "$root" "$work/initramfs.cpio"
	rm -rf "$root"
}

# factory BOARD RELEASE: print the file of that flash
factory() {
	echo "$work/factory-$1-$2"
}

make_factories() {
	local board release

	for board in one two; do
		for release in "${releases[@]}"; do
			FLASH=$(factory "$board" "$release")
			flash_create "$FLASH" "$FLASH_SIZE"
			FLASH_PARTS=${parts[$board]} weos_factory "$release"
		done
	done
}

prepare() {
	abi=$(kernel_abi "$kernel")
	kdir=$(kernel_dir "$abi")
	work=$(realpath -m "${work:-$build/vm/$abi/run/powercut}")
	"$vm_dir/fwslot.sh" --kernel "$kernel" --build
	FWSLOT_MKPKG=$build/fwslot-mkpkg
	FWSLOT_KEYS=$build/devkey
	rm -rf "$work"
	mkdir -p "$work"/{root,files,save,1,2}
	FILES=$work/files
	TOOLS=$build/vm/tools
	build_tools "$TOOLS"
	weos_release 5.21.2 1 20 --bridge 2:5.22.2
	weos_release 5.22.2 2 30 --bridge 1:5.21.2
	make_factories
	build_root
	cp "$kdir/boot/vmlinux-$abi" "$work/vmlinux"
	machine_save "$work/save" "$(factory two 5.21.2)" "$work/saved" ||
		die "the machine cannot be saved, see $work/save"
}

. "$vm_dir/lib/powercut.sh"

# run_machines: both, until kills or seconds are used up
run_machines() {
	local n status pids=()

	for n in 1 2; do
		machine_life "$n" >"$work/$n/out" 2>&1 &
		pids+=($!)
	done
	for n in 1 2; do
		status=0
		wait "${pids[n - 1]}" || status=$?
		tap_result $status "machine $n" <"$work/$n/out"
	done
}

# lines WORD: the lines of all kills and ends that begin with it
lines() {
	cat "$work"/[12]/log | grep "^$1 " || :
}

# distribution: each state that was hit, what starts from it, how often
distribution() {
	lines cut | cut -d' ' -f2- | sort | uniq -c | sort -rn |
		awk '{ n = $1; $1 = ""; printf "#%s: %d\n", $0, n }'
}

results() {
	local cuts bricks unfinished window states

	cuts=$(lines cut | wc -l)
	bricks=$(lines brick | wc -l)
	unfinished=$(lines unfinished | wc -l)
	window=$(lines window | wc -l)
	states=$(distribution | wc -l)
	distribution
	check "the power was cut $cuts times, in $states states" \
		test "$cuts" -gt 0 -a "$states" -ge "$least_states"
	check "something can be started after each cut" lines_none brick
	check "the same command finishes, each time" lines_none unfinished
	check "no kernel complained" none_complained
	echo "# seed $seed: kills $cuts, upgrades $(lines finished | wc -l)," \
		"retries $(lines again | wc -l), bricks $bricks," \
		"unfinished $unfinished, in the window of a single copy $window," \
		"$((SECONDS - begun)) s"
}

lines_none() {
	! lines "$1" | grep .
}

none_complained() {
	! grep -h -E "$complaints" "$work"/[12]/console.log
}

kernel='' work='' seed=$RANDOM seconds=360 kills=1000000
[[ -z ${FWSLOT_LONG-} ]] || kills=1000 seconds=1000000
parse_arguments "$@"
prepare
begun=$SECONDS
run_machines
results
finish
