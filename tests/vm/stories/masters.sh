# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Part 2 of the story, on a board whose chip has no partition table
#
# The master is an MTD device of its own there, and root may delete and add
# partitions over it (BLKPG).  The slots stay what they are; after seal the
# master is read-only, too.

FLASH_SIZE=0x600000
FLASH_PARTS=""
BOOT_ROM=none
FLASH_PARAMS="lockable=1"

BOARD="bootloader@0x0+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000"

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	FLASH_PARTS=$BOARD
	weos_factory 5.21.2
	FLASH_PARTS=""
}

chip() {
	mtd_of flashsim
}

# number NAME: N of its /dev/mtdN
number() {
	mtd_of "$1" | sed 's/.*mtd//'
}

# unchanged NAME: nothing was erased or programmed since counters_mark
unchanged() {
	is "$1: no erase" "$(counter_delta erases)" 0
	is "$1: no program" "$(counter_delta programs)" 0
}

attack() {
	part=$2
	counters_mark
	step fails "$1: flashcp" flashcp /run/junk "$(mtd_of "$part")"
	step fails "$1: flash_erase" flash_erase "$(mtd_of "$part")" 0 1
	step fails "$1: dd" dd if=/run/junk "of=$(mtd_of "$part")"
	step fails "$1: mtdblock" dd if=/run/junk \
		"of=/dev/mtdblock$(number "$part")" conv=fsync
	unchanged "$1"
}

boot_1() {
	title "2. on a chip without a partition table"
	head -c 65536 /dev/urandom >/run/junk
	mtdpart add "$(chip)" bootloader 0 0x80000
	mtdpart add "$(chip)" primary 0x100000 0x200000
	mtdpart add "$(chip)" secondary 0x300000 0x200000
	modprobe mtdblock
	step 0 "status" fwslot status
	attack "slot" primary

	title "   root deletes the slot's partition and adds another over it"
	step 0 "delete" mtdpart del "$(chip)" "$(number primary)"
	step 0 "add" mtdpart add "$(chip)" mine 0x100000 0x200000
	attack "partition over the slot" mine
	step 0 "delete that" mtdpart del "$(chip)" "$(number mine)"
	step 0 "the name at another place" \
		mtdpart add "$(chip)" primary 0x500000 0x80000
	step 0 "status" fwslot status
	out_has "it is not taken for the slot" absent
	step 0 "delete that, too" mtdpart del "$(chip)" "$(number primary)"
	step 0 "the slot comes back" \
		mtdpart add "$(chip)" primary 0x100000 0x200000
	step 0 "verify" fwslot verify

	title "   the master itself, after seal"
	step 0 "seal" fwslot seal
	attack "master" flashsim
	step fails "the module stays" rmmod fwslot
	step 0 "status" fwslot status
}
