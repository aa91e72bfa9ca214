# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# Damaged packages, for the host_setup of stories/packages.sh
#
# All are made from good ones of lib/weos.sh with tar, head and dd.  Which must
# be refused, and how, goes to $FILES/list, a line for each: exit status, reason,
# name without .pkg, slots.

SYSTEM_SIZE=400000
BOOT_SIZE=150000
MEMBERS="manifest manifest.p7s notes bootloader.digests system.digests"
PLAIN="bootloader.img system.img"

# bad EXIT REASON NAME [SLOT]: $FILES/NAME.pkg must be refused
bad() {
	echo "$1 $2 $3 ${4:-all}" >>"$FILES/list"
}

# pack NAME MEMBER...: $FILES/NAME.pkg with these members, from $dir
pack() {
	local name=$1

	shift
	tar --format=ustar --hard-dereference -C "$dir" \
		-cf "$FILES/$name.pkg" "$@"
}

# members NAME MEMBER...: the same, and it must be refused
members() {
	pack "$@"
	bad 4 bad-package "$1"
}

# poke FILE OFFSET: flip a bit
poke() {
	local byte

	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	printf '%b' "\\0$(printf %o $((byte ^ 4)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# flipped REASON NAME MEMBER OFFSET MEMBER...: a bit of a member flipped
flipped() {
	local reason=$1 name=$2 member=$3 offset=$4

	shift 4
	cp "$dir/$member" "$FILES/kept"
	poke "$dir/$member" "$offset"
	# shellcheck disable=SC2086 # words are wanted
	pack "$name" $MEMBERS "$@"
	bad 4 "$reason" "$name"
	mv "$FILES/kept" "$dir/$member"
}

truncated() {
	local pkg=$1 size n

	shift
	size=$(stat -c %s "$(weos_pkg "$pkg")")
	for n in "$@" $((size / 2)) $((size - 1025)) $((size - 1024)) \
		$((size - 1)); do
		head -c "$n" "$(weos_pkg "$pkg")" >"$FILES/cut-$pkg-at-$n.pkg"
		bad 4 truncated "cut-$pkg-at-$n"
	done
}

# signed NAME REASON OFFSET HEX: other bytes in the manifest, rightly signed
signed() {
	cp "$dir/manifest" "$FILES/manifest.kept"
	cp "$dir/manifest.p7s" "$FILES/p7s.kept"
	printf '%b' "$4" | dd of="$dir/manifest" bs=1 seek="$3" conv=notrunc \
		status=none
	openssl cms -sign -binary -noattr -nocerts -md sha256 \
		-in "$dir/manifest" -signer "$FWSLOT_KEYS/cert.pem" \
		-inkey "$FWSLOT_KEYS/key.pem" -outform DER \
		-out "$dir/manifest.p7s"
	# shellcheck disable=SC2086 # words are wanted
	pack "$1" $MEMBERS $PLAIN
	bad 4 "$2" "$1"
	mv "$FILES/manifest.kept" "$dir/manifest"
	mv "$FILES/p7s.kept" "$dir/manifest.p7s"
}

# The members: each missing, twice, elsewhere, with another name or kind.
wrong_members() {
	local dir=$FILES/plain all="$MEMBERS $PLAIN" member

	# shellcheck disable=SC2086 # words are wanted
	for member in $all; do
		members "without-$member" ${all%%"$member"*} \
			${all#*"$member" }
		members "twice-$member" ${all%%"$member"*} "$member" "$member" \
			${all#*"$member" }
	done
	echo text >"$dir/unknown"
	# shellcheck disable=SC2086 # words are wanted
	{
		members unknown-first unknown $all
		members unknown-between $MEMBERS unknown $PLAIN
		members unknown-last $all unknown
		members signature-first manifest.p7s manifest \
			${all#manifest manifest.p7s }
		members tables-swapped manifest manifest.p7s notes \
			system.digests bootloader.digests $PLAIN
		members images-swapped $MEMBERS system.img bootloader.img
		members images-first $PLAIN $MEMBERS
		members dots ./manifest ./manifest.p7s ./notes \
			./bootloader.digests ./system.digests ./bootloader.img \
			./system.img
		members none-but-unknown unknown
		# Other kinds of tar, other kinds of members.
		tar --format=gnu -C "$dir" -cf "$FILES/gnu.pkg" $all
		tar --format=v7 -C "$dir" -cf "$FILES/v7.pkg" $all
		tar --format=pax --pax-option=comment=x -C "$dir" \
			-cf "$FILES/pax.pkg" $all
		mv "$dir/system.img" "$dir/real"
		ln -s real "$dir/system.img"
		members symbolic-link $all
		ln -f "$dir/real" "$dir/hard"
		rm "$dir/system.img"
		mkdir "$dir/system.img"
		members folder $all
		rmdir "$dir/system.img"
		mv "$dir/real" "$dir/system.img"
		rm "$dir/hard"
	}
	bad 4 bad-package gnu
	bad 4 bad-package v7
	bad 4 bad-package pax
	head -c 10240 /dev/zero >"$FILES/only-zeros.pkg"
	bad 4 bad-package only-zeros
	head -c 100000 /dev/urandom >"$FILES/noise.pkg"
	bad 4 bad-package noise
	gzip -c "$(weos_pkg 5.20.0)" >"$FILES/gzipped.pkg"
	bad 4 bad-package gzipped
}

# Bytes behind the end, in the padding, and in the headers.
wrong_bytes() {
	local good name

	good=$(weos_pkg 5.20.0)
	{ cat "$good" && echo; } >"$FILES/byte-behind.pkg"
	bad 4 bad-package byte-behind
	cat "$good" "$good" >"$FILES/package-behind.pkg"
	bad 4 bad-package package-behind
	{ cat "$good" && head -c 1200000 /dev/zero; } >"$FILES/zeros-behind.pkg"
	bad 4 bad-package zeros-behind
	for name in "name 3" "mode 102" "size 130" "checksum 150" "type 156" \
		"link 160" "magic 258" "prefix 400" "pad 505" "padding 900"; do
		cp "$good" "$FILES/header-${name% *}.pkg"
		poke "$FILES/header-${name% *}.pkg" "${name#* }"
		bad 4 bad-package "header-${name% *}"
	done
}

# Content that is not what was signed, plain and compressed.
wrong_content() {
	local dir=$FILES/plain zst="bootloader.index bootloader.zst system.index system.zst"

	# shellcheck disable=SC2086 # words are wanted
	{
		flipped bad-chunk boot-first bootloader.img 0 $PLAIN
		flipped bad-chunk boot-last bootloader.img \
			$((BOOT_SIZE - 1)) $PLAIN
		flipped bad-chunk system-first system.img 0 $PLAIN
		flipped bad-chunk system-middle system.img 200000 $PLAIN
		flipped bad-chunk system-last system.img \
			$((SYSTEM_SIZE - 1)) $PLAIN
		flipped bad-digest-table boot-table bootloader.digests 0 $PLAIN
		flipped bad-digest-table system-table system.digests 100 $PLAIN
		flipped bad-signature version-bit manifest 50 $PLAIN
	}
	signed manifest-version-2 manifest-version 32 '\0002'
	signed manifest-flag bad-manifest 40 '\0001'
	signed manifest-chunk-size bad-manifest 210 '\0003'
	cp "$dir/system.img" "$FILES/kept"
	head -c "$SYSTEM_SIZE" /dev/urandom >"$dir/system.img"
	# shellcheck disable=SC2086 # words are wanted
	pack garbage $MEMBERS $PLAIN
	bad 4 bad-chunk garbage
	head -c "$((SYSTEM_SIZE - 1))" "$FILES/kept" >"$dir/system.img"
	# shellcheck disable=SC2086 # words are wanted
	members image-a-byte-short $MEMBERS $PLAIN
	mv "$FILES/kept" "$dir/system.img"

	dir=$FILES/zstd
	# shellcheck disable=SC2086 # words are wanted
	{
		flipped bad-chunk zstd-boot bootloader.zst 70000 $zst
		flipped bad-chunk zstd-system system.zst 200000 $zst
		flipped bad-package zstd-magic system.zst 0 $zst
		flipped bad-package zstd-index system.index 0 $zst
		flipped bad-package zstd-index-high system.index 7 $zst
		members zstd-without-index $MEMBERS ${zst#bootloader.index }
		members zstd-and-plain $MEMBERS bootloader.img $zst
	}
}

# Signed as it should be, but not for this device or this slot.
wrong_purpose() {
	WEOS_PRODUCT=other weos_release 5.20.1 1 50
	bad 3 wrong-product weos-5.20.1
	# A slot has 16 blocks of 64 KiB, one of them for the record.
	WEOS_SYSTEM_SIZE=$((15 * 65536)) weos_release 5.20.2 1 60
	WEOS_SYSTEM_SIZE=$((15 * 65536 + 1)) weos_release 5.20.3 1 70
	bad 3 image-too-large weos-5.20.3
	bad 3 image-too-large weos-5.20.3 secondary
	WEOS_SYSTEM_SIZE=$((16 * 65536 + 1)) weos_release 5.20.4 1 80
	bad 3 image-too-large weos-5.20.4
	WEOS_BOOT_SIZE=$((8 * 65536)) weos_release 5.20.5 1 90
	bad 3 image-too-large weos-5.20.5 bootloader
	one_image 5.20.6 --system "$FILES/images/system-5.20.0"
	bad 4 no-image weos-5.20.6
	bad 4 no-image weos-5.20.6 bootloader
	one_image 5.20.7 --bootloader "$FILES/images/boot-5.20.0"
	bad 4 no-image weos-5.20.7
	bad 4 no-image weos-5.20.7 primary
	one_image 5.20.8 --system "$FILES/images/system-5.20.0" \
		--system-slots primary
	bad 4 no-image weos-5.20.8 secondary
	bad 3 needs-all weos-5.22.2 primary
	bad 3 no-bridge weos-5.23.0
}

# one_image VERSION OPTION...: a release with one image only
one_image() {
	local version=$1

	shift
	"$FWSLOT_MKPKG" build --version "$version" --format 1 \
		--product "$WEOS_PRODUCT" --sign-key "$FWSLOT_KEYS/key.pem" \
		--sign-cert "$FWSLOT_KEYS/cert.pem" -o "$(weos_pkg "$version")" \
		"$@"
}

# Release notes that would like to be a terminal's master.
hostile_notes() {
	printf '\033[2J\033]0;x\007"\\\t\302\233\342\200\256\377\001</x>\n' \
		>"$FILES/notes"
	one_image 5.20.9 --system "$FILES/images/system-5.20.0" \
		--notes "$FILES/notes"
}

unpack() {
	mkdir "$FILES/$1"
	tar xf "$(weos_pkg "$2")" -C "$FILES/$1"
}

# damage_all: all packages of the story, and the list of those to be refused
damage_all() {
	WEOS_SYSTEM_SIZE=$SYSTEM_SIZE
	WEOS_BOOT_SIZE=$BOOT_SIZE
	weos_release 5.20.0 1 10
	unpack zstd 5.20.0
	weos_release 5.20.0 1 10 --compress none
	unpack plain 5.20.0
	cp "$FILES/plain/bootloader.img" "$FILES/zstd/"
	weos_release 5.21.2 1 20
	weos_release 5.22.2 2 30 --bridge 1:5.21.2
	weos_release 5.23.0 2 40
	truncated 5.20.0 0 1 511 512 700 1024 2000 5000
	truncated 5.21.2 4500
	wrong_members
	wrong_bytes
	wrong_content
	wrong_purpose
	hostile_notes
	rm -r "$FILES/zstd" "$FILES/plain"
}
