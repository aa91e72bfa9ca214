# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# More than one key: two that are trusted, one retired, one expired, and force
#
# A module of its own with four certificates, built for force.  Status names the
# signer of each slot.  A retired key identifies what is on flash, and installs
# nothing.  An expired one is a key like any other: the kernel does not look at
# the clock, and the device may not have one.  A sibling from the same CA and the
# CA itself are strangers.  Force takes a stranger's package and nothing else.

FLASH_SIZE=0x280000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=240

[ ! -e /files/slots.sh ] || . /files/slots.sh

# key NAME: a key with a certificate of its own, in $keys/NAME
key() {
	mkdir -p "$keys/$1"
	openssl req -x509 -newkey rsa:3072 -nodes -sha256 -subj "/CN=$1" \
		-days 30 -addext keyUsage=digitalSignature \
		-addext basicConstraints=CA:FALSE \
		-keyout "$keys/$1/key.pem" -out "$keys/$1/cert.pem" 2>/dev/null
}

# leaf NAME DAYS: a key with a certificate from the CA
leaf() {
	mkdir -p "$keys/$1"
	openssl req -new -newkey rsa:3072 -nodes -subj "/CN=$1" \
		-keyout "$keys/$1/key.pem" -out "$keys/csr" 2>/dev/null
	openssl x509 -req -in "$keys/csr" -sha256 -CA "$keys/ca/cert.pem" \
		-CAkey "$keys/ca/key.pem" -CAcreateserial \
		-days "$2" -out "$keys/$1/cert.pem" 2>/dev/null
}

# signed KEY VERSION SEED: a release that this key signed
signed() {
	FWSLOT_KEYS=$keys/$1 weos_release "$2" 1 "$3" --compress none
}

build_module() {
	local out=$build/vm/$abi/keys

	# shellcheck disable=SC2046 # words are wanted
	make -s -C "$top" modules BUILD="$out" DEVKEY= FWSLOT_ALLOW_FORCE=1 \
		KDIR="$(kernel_headers "$abi")" $(kernel_args "$abi") \
		FWSLOT_CERTS="$keys/first/cert.pem $keys/second/cert.pem \
			$keys/retired/cert.pem:retired $keys/expired/cert.pem" \
		>"$keys/log" 2>&1 || { cat "$keys/log" >&2; return 1; }
	cp "$out/kmod-$abi/fwslot.ko" "$FILES/"
}

# flipped NAME FROM: a bit of the last chunk is another one
flipped() {
	local pkg=$FILES/$1.pkg

	cp "$(weos_pkg "$2")" "$pkg"
	flip_byte "$pkg" "$(($(stat -c %s "$pkg") - 2048))"
}

host_setup() {
	local keys=$FILES/keys

	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=300000
	WEOS_BOOT_SIZE=100000
	mkdir "$keys"
	openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 30 \
		-subj "/CN=our CA" -keyout "$keys/cakey" -out "$keys/cacert" \
		2>/dev/null
	mkdir "$keys/ca"
	mv "$keys/cakey" "$keys/ca/key.pem"
	mv "$keys/cacert" "$keys/ca/cert.pem"
	leaf first 30
	leaf sibling 30
	leaf expired -1
	key second
	key retired
	build_module
	signed retired 5.21.2 20
	FWSLOT_KEYS=$keys/retired weos_factory 5.21.2
	signed retired 5.20.9 22
	signed first 5.20.1 30
	signed second 5.20.2 32
	signed expired 5.20.3 34
	signed sibling 5.20.4 36
	signed ca 5.20.5 38
	WEOS_PRODUCT=other signed sibling 5.20.6 40
	flipped flipped 5.20.4
	head -c 300000 "$(weos_pkg 5.20.4)" >"$FILES/cut.pkg"
	rm -r "$keys"
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

signer_of() {
	unit_is "$1" signer
}

# stranger NAME REASON PKG [OPTION...]: refused, and nothing is written
stranger() {
	name=$1
	reason=$2
	shift 2
	denied 4 "$name: refused" fwslot upgrade secondary "$@" --no-reboot
	out_has "$name: $reason" "$reason"
}

trusted() {
	is "what the retired key signed is known" "$(signer_of primary) $(
		unit_is primary state)" "retired recorded"
	stranger "the retired key" retired-key "$(pkg 5.20.9)"
	installs "the first key" \
		fwslot upgrade secondary "$(pkg 5.20.1)" --no-reboot
	is "status names it" "$(signer_of secondary)" first
	installs "the second key" \
		fwslot upgrade secondary "$(pkg 5.20.2)" --no-reboot
	is "status names it, too" "$(signer_of secondary)" second
	installs "the expired key" \
		fwslot upgrade secondary "$(pkg 5.20.3)" --no-reboot
	is "and that one" "$(signer_of secondary)" expired
	stranger "a sibling from the same CA" unknown-key "$(pkg 5.20.4)"
	stranger "the CA itself" unknown-key "$(pkg 5.20.5)"
}

# without: a module built for force, but loaded without allow_force=1
without() {
	denied 3 "no force without allow_force=1" \
		fwslot upgrade secondary "$(pkg 5.20.4)" --force --yes --no-reboot
	out_has "it says so" force-not-allowed
}

forced() {
	modprobe -r fwslot
	ok "the module, with allow_force=1" modprobe fwslot allow_force=1
	is "status says so" "$(device_is force_allowed)" true
	stranger "without --force it is as before" unknown-key "$(pkg 5.20.4)"
	denied 3 "force: another product" \
		fwslot upgrade secondary "$(pkg 5.20.6)" --force --yes --no-reboot
	out_has "force: it says so" wrong-product
	stranger "force: a flipped bit" bad-chunk /files/flipped.pkg --force --yes
	stranger "force: half a package" truncated /files/cut.pkg --force --yes
	stranger "force: the retired key" retired-key "$(pkg 5.20.9)" --force --yes
	installs "force: a stranger's package" \
		fwslot upgrade secondary "$(pkg 5.20.4)" --force --yes --no-reboot
	fwslot verify secondary >/dev/null 2>&1
	is "it is not trusted" "$(unit_is secondary state)" untrusted
	denied 3 "and nothing that the device could start from" \
		fwslot upgrade primary "$(pkg 5.20.1)" --no-reboot
	out_has "it says so" nothing-bootable
	denied 3 "not with force either" \
		fwslot upgrade primary "$(pkg 5.20.5)" --force --yes --no-reboot
	out_has "it says so, too" nothing-bootable
	all_locked "after force"
}

boot_1() {
	cp /files/fwslot.ko "$(find /lib/modules -name fwslot.ko)"
	ok "status" fwslot status
	trusted
	without
	forced
}
