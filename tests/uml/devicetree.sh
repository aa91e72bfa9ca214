# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Slots, product and booted slot from a device tree, and parameters that win

FLASH_SIZE=0x280000
FLASH_PARTS="u-boot@0x0+0x80000;kernel@0x80000+0x100000;kernel2@0x180000+0x100000"
BOOT_ROM=none

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	cp "$vm_dir/prog/slots.sh" "$FILES/"
	cat >"$work/board.dts" <<-END
	/dts-v1/;
	/ {
		chosen {
			fwslot,slots = "primary=kernel;secondary=kernel2;bootloader=u-boot";
			fwslot,product = "from-the-tree";
			fwslot,booted = "secondary";
		};
	};
	END
	"$kdir/build/scripts/dtc/dtc" -O dtb -o "$work/board.dtb" "$work/board.dts"
	UML_OPTIONS="dtb=$work/board.dtb"
}

# reload OPTION...: the module anew
reload() {
	modprobe -r fwslot
	ok "module with: ${*:-nothing}" modprobe fwslot "$@"
}

# bound NAME: units are bound by the names of the device tree
bound() {
	is "$1" "$(units_are mtd_name)" \
		"primary:kernel secondary:kernel2 bootloader:u-boot"
}

boot_1() {
	rm /etc/modprobe.d/fwslot.conf
	reload
	bound "slots from the device tree"
	all_protected "slots from the device tree"
	is "product from the device tree" "$(device_is product)" from-the-tree
	is "booted from the device tree" "$(device_is booted)" secondary

	reload product=from-modprobe
	is "a parameter wins: product" "$(device_is product)" from-modprobe
	is "the others stay: booted" "$(device_is booted)" secondary
	bound "the others stay: slots"

	reload booted=primary "slots=primary=kernel2;secondary=kernel;bootloader=u-boot"
	is "a parameter wins: booted" "$(device_is booted)" primary
	is "a parameter wins: slots" "$(units_are mtd_name)" \
		"primary:kernel2 secondary:kernel bootloader:u-boot"
	is "the others stay: product" "$(device_is product)" from-the-tree

	modprobe -r fwslot
	fails "slots= that cannot be used" modprobe fwslot slots=primary
}
