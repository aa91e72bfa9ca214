# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Part 7 of the story: a device whose slots were written as raw images
#
# There are no records: status says so, the change of format is refused with
# the way out, adopt gives primary and bootloader their records, and then the
# upgrade works.  An image that leaves no room for a record is refused.

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="lockable=1"

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	WEOS_BOOT_SIZE=$((0x80000)) weos_release 5.21.9 1 50
	weos_raw 5.21.2
}

pkg() {
	echo "/files/weos-$1.pkg"
}

boot_1() {
	title "7. a device that was written with raw images"
	is "boots" "$(cat /run/boot)" \
		"boot=primary bootloader=0 format=1 version=5.21.2"
	step 0 "status" fwslot status
	out_has "status says that nothing is known" unknown
	step 13 "verify" fwslot verify
	counters_mark
	step 3 "crossing is refused" fwslot upgrade all "$(pkg 5.22.2)"
	out_has "the way out is adopt" "fwslot adopt"
	step 3 "adopting another release" fwslot adopt primary "$(pkg 5.20.0)"
	step 3 "image without room for its record" \
		fwslot upgrade bootloader "$(pkg 5.21.9)"
	out_has "it says why" image-too-large
	is "nothing was erased" "$(counter_delta erases)" 0
	before=$(slot_hash primary 1234567)
	step 0 "adopt primary" fwslot adopt primary "$(pkg 5.21.2)"
	is "content is untouched" "$(slot_hash primary 1234567)" "$before"
	step 0 "adopt bootloader" fwslot adopt bootloader "$(pkg 5.21.2)"
	step 0 "status" fwslot status
	run fwslot upgrade all "$(pkg 5.22.2)"
}

boot_2() {
	is "boots 5.22.2" "$(cat /run/boot)" \
		"boot=primary bootloader=0 format=2 version=5.22.2"
	say "(boot model: $(cat /run/boot))"
	step 0 "verify" fwslot verify
}
