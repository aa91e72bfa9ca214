# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091,SC2153
#
# The ABI from its user's side, without the tool: tests/vm/prog/abi
#
# Everything that a program could do wrong, by mistake or on purpose, with
# /dev/fwslot and the netlink family.  After each of it the flash is read
# through mtdchar and the counters of the simulator are asked: what was not
# allowed must not have happened.  The host makes three releases in loose files
# and a folder of manifests that are wrong but rightly signed.

FLASH_SIZE=0x280000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=420
STORY_CPUS=2

# The groups of the program to run; empty: all
ONLY=""

[ ! -e /files/claims.sh ] || . /files/claims.sh

# poke FILE OFFSET HEX: replace bytes
poke() {
	echo "$3" | xxd -r -p | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# sign_head DIR: sign its manifest with the module's key
sign_head() {
	openssl cms -sign -binary -noattr -nocerts -md sha256 \
		-in "$1/manifest" -signer "$FWSLOT_KEYS/cert.pem" \
		-inkey "$FWSLOT_KEYS/key.pem" -outform DER \
		-out "$1/manifest.p7s"
}

# bad_head REASON NAME [OFFSET HEX]...: a manifest with other bytes, signed
bad_head() {
	local dir=$FILES/heads/$2 reason=$1

	mkdir -p "$dir"
	cp "${base:-$FILES/a/manifest}" "$dir/manifest"
	shift 2
	while [ $# -gt 0 ]; do
		poke "$dir/manifest" "$1" "$2"
		shift 2
	done
	sign_head "$dir"
	echo "$reason" >"$dir/reason"
}

# Offsets are those of include/fwslot/format.h: head 0, one product 160,
# system image 192, bootloader 248, 304 bytes in all.
bad_heads() {
	local base bytes31

	bytes31=$(printf '%062d' 0)
	bad_head bad-manifest magic 31 54
	bad_head manifest-version version-0 32 00
	bad_head manifest-version version-2 32 02
	bad_head manifest-version version-2-to-24 35 01
	bad_head bad-manifest size-less 36 2f
	bad_head bad-manifest size-more 36 31
	bad_head bad-manifest flag 40 01
	bad_head bad-manifest highest-flag 43 80
	bad_head bad-manifest format-0 44 00
	bad_head bad-manifest release-reserved 54 01
	bad_head bad-manifest label-control 56 1b
	bad_head bad-manifest label-slash 56 2f
	bad_head bad-manifest label-utf-8 56 c3a4
	bad_head bad-manifest label-behind-its-end 57 61
	bad_head bad-manifest products-0 80 00
	bad_head bad-manifest products-17 80 11
	bad_head bad-manifest products-2-to-31 83 80
	bad_head bad-manifest bridges-17 84 11
	bad_head bad-manifest bridges-all-ones 84 ffffffff
	bad_head bad-manifest images-0 88 00
	bad_head bad-manifest images-1 88 01
	bad_head bad-manifest images-3 88 03
	bad_head bad-manifest notes-too-long 92 01000400
	bad_head bad-manifest notes-digest-without-notes 92 00000000
	bad_head bad-manifest reserved-first 128 01
	bad_head bad-manifest reserved-last 159 80
	bad_head bad-manifest product-empty 160 "00$bytes31"
	bad_head bad-manifest product-path 160 2f
	bad_head bad-manifest system-kind-0 192 00
	bad_head bad-manifest system-kind-3 192 03
	bad_head bad-manifest system-twice 248 01 252 03
	bad_head bad-manifest system-no-slot 196 00
	bad_head bad-manifest system-for-bootloader 196 07
	bad_head bad-manifest system-for-slot-3 196 0b
	bad_head bad-manifest system-of-0-bytes 200 0000000000000000
	bad_head bad-manifest system-of-2-to-63-bytes 207 80
	bad_head bad-manifest system-too-many-chunks 200 0100004000000000
	bad_head bad-manifest chunk-0 208 00000000
	bad_head bad-manifest chunk-32-k 208 00800000
	bad_head bad-manifest chunk-512-k 208 00000800
	bad_head bad-manifest chunk-odd 208 01000100
	bad_head bad-manifest image-reserved 212 01
	bad_head bad-manifest bootloader-for-primary 252 05
	bad_head bad-manifest bootloader-only-for-primary 252 01
	bad_head bad-manifest bootloader-over-16-m 256 0100000100000000
	bad_head bad-digest-table other-table-digest 216 0000
	bad_head wrong-product other-product 160 78
	base=$FILES/long
	{ cat "$FILES/a/manifest" && printf '\0'; } >"$base"
	bad_head bad-manifest a-byte-behind
	bad_head bad-manifest a-byte-behind-counted 36 31
	head -c 303 "$FILES/a/manifest" >"$base"
	bad_head bad-manifest a-byte-short
	bad_head bad-manifest a-byte-short-counted 36 2f
	{
		head -c 192 "$FILES/a/manifest"
		tail -c +161 "$FILES/a/manifest"
	} >"$base"
	bad_head bad-manifest product-twice 36 50 80 02
	rm "$base"
}

host_setup() {
	. "$vm_dir/lib/weos.sh"
	. "$vm_dir/lib/abi.sh"
	abi_releases 400000 230000
	abi_build "$FILES/abi"
	bad_heads
}

# claims GROUP: run a group of the program; what it claims are tests
claims() {
	case " $ONLY " in
	"  " | *" $1 "*) claims_of /run/abi "$1" "$1" ;;
	esac
}

# not_in_uml GROUP: the same, but User Mode Linux has neither 32-bit callers nor
# user namespaces, so there only if it is asked for
not_in_uml() {
	if [ -z "${UML_WORK-}" ] || [ -n "$ONLY" ]; then
		claims "$1"
	fi
}

# reload OPTION...: the module anew, with other options
reload() {
	modprobe -r fwslot
	ok "module with $*" modprobe fwslot "$@"
}

boot_1() {
	cp /files/abi /run/abi
	chmod 755 /run/abi
	ok "modprobe" modprobe fwslot
	claims netlink
	not_in_uml args
	claims begin
	claims heads
	claims protocol
	claims chunks
	claims stream
	not_in_uml cred
	claims events
	claims life
	reload idle_timeout=1
	claims idle
	reload idle_timeout=3
	claims slow
	ok "the module can be removed" modprobe -r fwslot
}
