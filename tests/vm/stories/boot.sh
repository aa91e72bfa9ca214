# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# The boot model in the machine: primary first, then secondary, then nothing,
# and modprobe learns from the "bootloader" which one it was

FLASH_SIZE=0x200000
FLASH_PARTS="bootloader@0x0+0x40000;primary@0x40000+0xc0000;\
secondary@0x100000+0x100000"
EXPECT_BRICK=3

host_setup() {
	make_image "$FILES/boot.img" bootloader 1 2020.1 100000 1
	make_image "$FILES/new.img" system 1 5.21.2 400000 2
	make_image "$FILES/old.img" system 1 5.20.0 300001 3
	flash_put bootloader "$FILES/boot.img"
	flash_put primary "$FILES/new.img"
	flash_put secondary "$FILES/old.img"
}

boot_1() {
	is "primary boots" "$(cat /run/boot)" \
		"boot=primary bootloader=0 format=1 version=5.21.2"
	is "BOOTED" "$BOOTED" primary
	ok "modprobe sees it" sh -c "modprobe -c | grep -q '^options fwslot booted=primary'"
	is "the image is on the flash" "$(slot_hash secondary 300001)" \
		"$(sha256sum </files/old.img | cut -d' ' -f1)"
	flash_erase -q "$(mtd_of primary)" 0x50000 1
	reboot
}

boot_2() {
	is "secondary boots" "$(cat /run/boot)" \
		"boot=secondary bootloader=0 format=1 version=5.20.0"
	ok "modprobe sees it" sh -c "modprobe -c | grep -q '^options fwslot booted=secondary'"
	flash_erase -q "$(mtd_of bootloader)" 0x10000 1
	reboot
}
