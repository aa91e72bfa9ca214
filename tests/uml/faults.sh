# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Allocations and user copies that fail, one after the other: prog/abi_faults.c
#
# The flash is in the memory of the simulator, without a file behind it, so that
# all that fails on the way of a call is the module's own or the kernel's.

FLASH_SIZE=0
BOOT_PARTS="bootloader@0x0+0x40000;primary@0x40000+0x40000;secondary@0x80000+0x40000"
BOOT_ROM=none
STORY_TIMEOUT=1500

[ ! -e /files/claims.sh ] || . /files/claims.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	. "$vm_dir/lib/abi.sh"
	FLASH_PARTS=$BOOT_PARTS
	flash_create "$FLASH" $((0xc0000))
	abi_releases 100000 70000
	abi_build "$FILES/abi"
	cp "$FLASH" "$FILES/flash"
	add_module tests/kmod/failinit
}

# fill_flash: the chip, with what came from the factory
fill_flash() {
	modprobe flashsim size=0xc0000 "parts=$BOOT_PARTS" lockable=1
	for part in bootloader primary secondary; do
		ofs=$(echo "$BOOT_PARTS" | tr ';' '\n' |
			sed -n "s/^$part@\([^+]*\)+.*/\1/p")
		dd if=/files/flash bs=64k skip=$((ofs / 65536)) count=4 \
			of="$(mtd_of $part)" 2>/dev/null || return
	done
}

# claims GROUP: run a group of the program; what it claims are tests
claims() {
	claims_of /run/abi "$1" "$1"
}

boot_1() {
	cp /files/abi /run/abi
	chmod 755 /run/abi
	ok "the flash is filled" fill_flash
	ok "modprobe" modprobe fwslot booted=primary
	claims faults
	claims worker-faults
	ok "init can be made to fail" modprobe failinit
	claims load-faults
	claims end-faults
}
