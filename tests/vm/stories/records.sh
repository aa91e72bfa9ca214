# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# Records that lie, put on flash behind the module's back
#
# Whoever can write the chip with other means puts another device's, another
# slot's, another product's record there.  Nobody believes such a slot: status
# says so and why, verify does not call it good, it is no reason to erase the
# other slot, and it is written anew like any other.  What is in these slots is
# of a release that nobody has at hand, so that nothing else can name it.

FLASH_SIZE=0x280000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=300

SLOT=0x100000
BLOCK=65536

[ ! -e /files/slots.sh ] || . /files/slots.sh

# slot NAME PKG SLOT [OPTION...]: a whole slot of this size from a package
slot() {
	local name=$1 pkg=$2 slot=$3

	shift 3
	"$FWSLOT_MKPKG" factory --slot "$slot" --slot-size "$((SLOT))" \
		--erase-size "$BLOCK" --write-unit 256 "$@" \
		-o "$FILES/$name.slot" "$(weos_pkg "$pkg")" >/dev/null
	cp "$FILES/$name.slot" "$FILES/cut"
	flash_create "$FILES/$name.slot" "$SLOT"
	dd if="$FILES/cut" of="$FILES/$name.slot" conv=notrunc status=none
	rm "$FILES/cut"
}

# poke NAME OFFSET HEX: bytes of a slot's last block
poke() {
	echo "$3" | xxd -r -p | dd of="$FILES/$1.slot" bs=1 conv=notrunc \
		status=none seek=$((SLOT - BLOCK + $2))
}

# foreign_key: a key that the module does not know
foreign_key() {
	mkdir -p "$FILES/foreign"
	openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 30 \
		-subj "/CN=somebody else" -addext keyUsage=digitalSignature \
		-keyout "$FILES/foreign/key.pem" \
		-out "$FILES/foreign/cert.pem" 2>/dev/null
}

host_setup() {
	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=300000
	WEOS_BOOT_SIZE=100000
	weos_release 5.20.0 1 10
	weos_release 5.21.2 1 20
	weos_factory 5.21.2
	cp "$vm_dir/prog/slots.sh" "$FILES/"

	# Good: a slot of another device of the same product
	weos_release 5.18.0 1 70
	slot copied-device 5.18.0 primary
	slot wrong-image-index 5.18.0 secondary
	poke wrong-image-index 32 01
	slot wild-image-index 5.18.0 secondary
	poke wild-image-index 32 ffffffff
	slot manifest-bit 5.18.0 secondary
	poke manifest-bit 564 13
	slot signature-bit 5.18.0 secondary
	poke signature-bit 1300 ff
	slot table-bit 5.18.0 secondary
	poke table-bit 44 01
	slot bootloader-record 5.18.0 bootloader
	weos_release 5.17.0 1 72 --system-slots primary
	# The record alone, over the content of a release that is not its own
	cp "$FILES/copied-device.slot" "$FILES/copied-record.slot"
	dd if="$FILES/images/system-5.17.0" of="$FILES/copied-record.slot" \
		conv=notrunc status=none
	slot other-slot 5.17.0 primary
	WEOS_PRODUCT=other weos_release 5.16.0 1 74
	slot other-product 5.16.0 secondary
	foreign_key
	FWSLOT_KEYS=$FILES/foreign weos_release 5.15.0 1 76
	slot other-key 5.15.0 secondary
	BLOCK=32768 slot other-geometry 5.18.0 secondary
	rm -r "$FILES/foreign" "$FILES"/weos-5.1*
}

# put NAME: the secondary holds this, and the module is loaded anew
put() {
	modprobe -r fwslot
	rmmod flashsim
	dd if="/files/$1.slot" of=/dev/vda bs=64k conv=notrunc 2>/dev/null \
		seek=$((0x180000 / 65536))
	modprobe flashsim backing=/dev/vda "size=$FLASH_SIZE" \
		"parts=$FLASH_PARTS" lockable=1
	modprobe fwslot
	wait_for 10 scanned
}

scanned() {
	[ "$(unit_is primary state)" = recorded ] &&
		[ "$(unit_is bootloader state)" = recorded ] &&
		[ "$(unit_is secondary state)" != absent ]
}

# lies NAME STATE REASON [STATE]: what status says, before and after verify
lies() {
	put "$1"
	is "$1: state and reason" \
		"$(unit_is secondary state) $(unit_is secondary reason)" "$2 $3"
	unchanged "$1: verify" fails "$1: verify does not call it good" \
		fwslot verify secondary
	is "$1: state after verify" "$(unit_is secondary state)" "${4:-$2}"
	denied 3 "$1: the only good image is not written over" \
		fwslot upgrade primary "$(pkg 5.20.0)" --no-reboot
	out_has "$1: it says so" nothing-bootable
	ok "$1: its slot would be written" fwslot upgrade secondary \
		"$(pkg 5.20.0)" --dry-run
	out_has "$1: whole" "secondary     write"
	all_locked "$1"
}

boot_1() {
	ok "status" fwslot status
	put copied-device
	is "a slot of another device of this product is good" \
		"$(unit_is secondary state) $(unit_is secondary version)" \
		"recorded 5.18.0"
	ok "it proves itself" fwslot verify secondary
	ok "so the other slot may be written" \
		fwslot upgrade primary "$(pkg 5.20.0)" --dry-run
	lies copied-record recorded ok corrupt
	lies other-product incomplete wrong-product
	lies other-slot incomplete bad-record
	lies bootloader-record incomplete bad-record
	lies wrong-image-index incomplete bad-record
	lies wild-image-index incomplete bad-record
	lies manifest-bit incomplete bad-signature
	lies signature-bit incomplete bad-signature
	lies table-bit incomplete bad-record
	lies other-geometry unknown no-record
	lies other-key incomplete unknown-key untrusted
	installs "and then it is installed" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
	ok "and verified" fwslot verify secondary
}
