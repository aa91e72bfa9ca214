# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# The releases of the story: WeOS 5 around the change of image format
#
# For a story's host_setup().  Each release is a system image and a bootloader
# that carry the header of testimage.h, packed and signed with the development
# key that the module was built with.  $FWSLOT_MKPKG is the builder, $FWSLOT_KEYS
# the folder of that key; tests/vm/fwslot.sh sets both.

WEOS_PRODUCT=viper-3000
WEOS_SYSTEM_SIZE=1234567
WEOS_BOOT_SIZE=201234
WEOS_DIFFER=	# offsets at which system images are not what their seed makes them

# weos_pkg VERSION: file name of a release
weos_pkg() {
	echo "$FILES/weos-$1.pkg"
}

# weos_release VERSION FORMAT SEED [MKPKG OPTION...]: make one release
weos_release() {
	local version=$1 format=$2 seed=$3 dir=$FILES/images ofs differ=()
	shift 3

	mkdir -p "$dir"
	for ofs in $WEOS_DIFFER; do
		differ+=(--differ "$ofs")
	done
	make_image "$dir/system-$version" system "$format" "$version" \
		"$WEOS_SYSTEM_SIZE" "$seed" "${differ[@]}"
	make_image "$dir/boot-$version" bootloader "$format" "$version" \
		"$WEOS_BOOT_SIZE" "$((seed + 1))"
	echo "WeOS $version (test image)" >"$dir/notes-$version"
	"$FWSLOT_MKPKG" build --version "$version" --format "$format" \
		--product "$WEOS_PRODUCT" --system "$dir/system-$version" \
		--bootloader "$dir/boot-$version" --notes "$dir/notes-$version" \
		--sign-key "$FWSLOT_KEYS/key.pem" \
		--sign-cert "$FWSLOT_KEYS/cert.pem" \
		-o "$(weos_pkg "$version")" "$@" >/dev/null
}

# weos_releases: all releases of the story
weos_releases() {
	weos_release 5.20.0 1 10
	weos_release 5.21.2 1 20 --bridge 2:5.22.2
	weos_release 5.22.2 2 30 --bridge 1:5.21.2
	weos_release 5.23.0 2 40 --compress none
}

# weos_factory VERSION: all slots as they leave the production line
weos_factory() {
	local part slot ofs size

	for part in primary secondary $(boot_partitions); do
		slot=${part%%[0-9]*}
		read -r ofs size < <(flash_part "$part")
		"$FWSLOT_MKPKG" factory --slot "$slot" --slot-size "$((size))" \
			--erase-size 65536 --write-unit 256 \
			--cert "$FWSLOT_KEYS/cert.pem" \
			-o "$FILES/slot" "$(weos_pkg "$1")" >/dev/null
		flash_put "$part" "$FILES/slot"
		rm "$FILES/slot"
	done
	: "$ofs"
}

# weos_raw VERSION: all slots as raw images, without records
weos_raw() {
	local part

	flash_put primary "$FILES/images/system-$1"
	flash_put secondary "$FILES/images/system-$1"
	for part in $(boot_partitions); do
		flash_put "$part" "$FILES/images/boot-$1"
	done
}

boot_partitions() {
	tr ';' '\n' <<<"$FLASH_PARTS" | sed -n 's/^\(bootloader[^@]*\)@.*/\1/p'
}

# weos_damaged: packages that nobody may install
weos_damaged() {
	local dir=$FILES/images bad=$FILES/bad/flipped.pkg size

	mkdir -p "$FILES/bad"

	# One bit of the last chunk of the system image; the tar stays right.
	weos_release 5.22.2 2 30 --bridge 1:5.21.2 --compress none
	mv "$(weos_pkg 5.22.2)" "$bad"
	weos_release 5.22.2 2 30 --bridge 1:5.21.2
	size=$(stat -c %s "$bad")
	flip_byte "$bad" "$((size - 2048))"

	openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 30 \
		-subj "/CN=somebody else" -addext basicConstraints=CA:FALSE \
		-addext keyUsage=digitalSignature \
		-keyout "$dir/foreign.key" -out "$dir/foreign.pem" 2>/dev/null
	mkdir -p "$dir/foreign"
	cp "$dir/foreign.key" "$dir/foreign/key.pem"
	cp "$dir/foreign.pem" "$dir/foreign/cert.pem"
	mv "$(weos_pkg 5.22.2)" "$dir/keep.pkg"
	FWSLOT_KEYS=$dir/foreign weos_release 5.22.2 2 30 --bridge 1:5.21.2
	mv "$(weos_pkg 5.22.2)" "$FILES/bad/foreign.pkg"
	mv "$dir/keep.pkg" "$(weos_pkg 5.22.2)"
	head -c "$((size / 2))" "$(weos_pkg 5.22.2)" >"$FILES/bad/truncated.pkg"
}

# flip_byte FILE OFFSET: change one bit of a byte
flip_byte() {
	local old

	old=$(od -An -tu1 -j "$2" -N 1 "$1")
	# shellcheck disable=SC2059 # an octal escape is wanted
	printf "\\$(printf %o "$((old ^ 1))")" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
