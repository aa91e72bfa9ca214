# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# The machine of the benchmark: one boot, all cases (tests/bench/run.sh)
#
# QEMU counts instructions here and derives the guest's clock from them, 2 ns for
# each; when the guest waits for a timer, the clock jumps there.  So a figure does
# not depend on what else runs on the host, and flash that takes minutes costs
# none.  The chip has the slots of fwslot, and a partition "other" of the same
# size for everybody else, because fwslot lets nobody write to its slots.

FLASH_SIZE=0
BOOT_ROM=none
STORY_MODULES="algif_hash dm_verity loop squashfs"
STORY_TIMEOUT=5400
STORY_MEMORY=2048
STORY_QEMU="-accel tcg,tb-size=256 -cpu qemu64 -icount shift=1,sleep=off"

# What run.sh sets: size of the image in MiB, rounds, cases, tools, sizes of images
# and of slots to grow through.
BENCH_MIB=1
BENCH_ROUNDS=1
BENCH_CASES="write"
BENCH_TOOLS="fwslot flashcp flashcp-p"
BENCH_IMAGES="1 2"
BENCH_SLOTS="3 4"

if [ -e /files/guest/cases.sh ]; then
	. /files/guest/flash.sh
	. /files/guest/peers.sh
	. /files/guest/tools.sh
	. /files/guest/take.sh
	. /files/guest/cases.sh
	. /files/guest/more.sh
fi

host_setup() {
	. "$top/tests/bench/lib/images.sh"
	. "$top/tests/bench/lib/peers.sh"
	mkdir -p "$FILES/guest"
	cp "$top"/tests/bench/guest/*.sh "$FILES/guest/"
	bench_programs
	peers_stage
	bench_images
}

boot_1() {
	bench_begin
	for bench_case in $BENCH_CASES; do
		"case_$bench_case"
		cp /run/raw /scratch/raw
	done
}
