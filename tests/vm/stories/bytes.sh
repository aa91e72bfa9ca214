# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Every byte, every chunk, every size of a word: tests/vm/prog/abi_sweep.c
#
# Each byte of manifest, signature and digest tables gets four other values, and
# the signature is cut at every length, a few thousand attempts through the
# ioctl: none is accepted, the simulator counts no flash operation.  A bit of
# each chunk is flipped: that chunk is not programmed.  Then the groups of the
# story abi once more by a 32-bit program, because structures and pointers must
# not differ.

FLASH_SIZE=0x280000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=420
STORY_CPUS=2

[ ! -e /files/claims.sh ] || . /files/claims.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	. "$vm_dir/lib/abi.sh"
	abi_releases 400000 230000
	abi_build "$FILES/abi"
	# The headers of the kernel are the same, but not found for 32 bits.
	abi_build "$FILES/abi32" -m32 -idirafter /usr/include/x86_64-linux-gnu
}

boot_1() {
	for program in abi abi32; do
		cp "/files/$program" "/run/$program"
		chmod 755 "/run/$program"
	done
	ok "modprobe" modprobe fwslot
	claims_of /run/abi bytes sweep
	claims_of /run/abi bytes each-chunk
	for group in args begin protocol stream netlink; do
		claims_of /run/abi32 "32 bits, $group" "$group"
	done
	ok "the module can be removed" modprobe -r fwslot
}
