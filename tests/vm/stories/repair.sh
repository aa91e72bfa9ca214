# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# fwslot repair: a broken slot gets what its twin holds, or the package is named
#
# Slots are damaged before the module is loaded, since nobody can do it later.

FLASH_SIZE=0x700000
FLASH_PARTS="bootloader1@0x0+0x80000;bootloader2@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;records@0x500000+0x20000;data@0x520000+0x1e0000"
FLASH_PARAMS="lockable=1 erase_us=1000"
STORY_TIMEOUT=500

IMAGES="primary=primary;secondary=secondary"
COPIES="$IMAGES;bootloader=bootloader1;bootloader=bootloader2"
RECORDS="$IMAGES;bootloader=bootloader1,record=records@0;bootloader=bootloader2,record=records@64K:0x10000"

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	weos_factory 5.22.2
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

# damage PARTITION OFFSET [BLOCKS]: erase some of it
damage() {
	ok "damage $1" flash_erase -q "$(mtd_of "$1")" "$2" "${3:-1}"
}

system_hash() {
	slot_hash "$1" 1234567
}

boot_1() {
	damage secondary 0x40000
	modprobe fwslot "slots=$COPIES"
	expect_exit 14 "the secondary is corrupt" fwslot verify
	out_has "verify names the way" "next: fwslot repair secondary"
	unchanged "right already" \
		expect_exit 6 "primary is right" fwslot repair primary
	unchanged "right already" \
		expect_exit 6 "both bootloaders are right" fwslot repair bootloader
	expect_exit 2 "no slot" fwslot repair all
	ok "repair secondary" keep_json repair fwslot repair secondary --json
	cp /scratch/json/repair "$OUT"
	out_has "repair: what was done" \
		'"result":"repaired","exit":0,"slot":"secondary","from":"primary","release":"5.22.2","done":["secondary"]'
	ok "all are right" fwslot verify
	is "the same content" "$(system_hash secondary)" "$(system_hash primary)"
	is "all is locked again" "$(units_are lock)" \
		"primary:locked secondary:locked bootloader:locked bootloader-2:locked"
	reboot
}

boot_2() {
	damage bootloader2 0 0
	modprobe fwslot "slots=$COPIES"
	expect_exit 13 "the second copy is not known" fwslot verify
	ok "repair bootloader" fwslot repair bootloader
	out_has "repair: what was done" "it is 5.22.2"
	ok "all are right" fwslot verify
	is "the same content" "$(slot_hash bootloader2 201234)" \
		"$(slot_hash bootloader1 201234)"
	reboot
}

boot_3() {
	damage bootloader1 0x10000
	modprobe fwslot "slots=$COPIES"
	ok "repair the first copy" fwslot repair bootloader
	ok "all are right" fwslot verify
	modprobe -r fwslot
	reboot
}

boot_4() {
	is "boots from the first copy" "$(cat /run/boot)" \
		"boot=primary bootloader=0 format=2 version=5.22.2"
	damage secondary 0 4
	modprobe fwslot "slots=$RECORDS"
	unchanged "no digests of the bootloader" \
		expect_exit 3 "a bootloader without record" fwslot repair secondary
	out_has "a bootloader without record: the way" \
		"fwslot upgrade secondary <package of 5.22.2>"
	ok "adopt the bootloader" keep_json adopt \
		fwslot adopt bootloader --json "$(pkg 5.22.2)"
	ok "records in an area of their own" fwslot repair secondary
	ok "all are right" fwslot verify
	reboot
}

boot_5() {
	modprobe fwslot "slots=$RECORDS"
	ok "another release" fwslot upgrade primary --no-reboot "$(pkg 5.23.0)"
	reboot
}

boot_6() {
	is "boots 5.23.0" "$(cat /run/boot)" \
		"boot=primary bootloader=0 format=2 version=5.23.0"
	damage secondary 0x50000
	modprobe fwslot "slots=$RECORDS"
	unchanged "another release" expect_exit 3 "needs its package" \
		fwslot repair secondary
	out_has "needs its package: why" "the other slots are of another release"
	out_has "needs its package: the way" \
		"fwslot upgrade secondary <package of 5.23.0>"
	out_has "needs its package: says so" "nothing was written"
	reboot
}

boot_7() {
	damage primary 0x50000
	modprobe fwslot "slots=$RECORDS"
	unchanged "no twin" expect_exit 3 "neither is right" \
		fwslot repair secondary
	out_has "neither is right: why" "the other image slot is not good either"
	expect_exit 3 "neither is right: json" keep_json refused \
		fwslot repair secondary --json
	ok "seal" keep_json seal fwslot seal --json
	ok "doctor" keep_json doctor fwslot doctor --json
	cp /scratch/json/doctor "$OUT"
	out_has "doctor: sealed" '"check":"seal","level":"good"'
	out_has "doctor: the development key" '"check":"keys","level":"warning"'
	out_has "doctor: modprobe.d" "/etc/modprobe.d/fwslot.conf sets options"
	out_has "doctor: the command line" \
		'"check":"cmdline","level":"note","text":"fwslot.booted=primary"'
	out_has "doctor: the floor" '"check":"floor","level":"note"'
}
