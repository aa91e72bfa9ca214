# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# The flash of the guest, seen from the host: a file of FLASH_SIZE bytes
#
# For a story's host_setup(): $FLASH is that file, $FILES the folder that the
# guest sees as /files, $TOOLS the folder with mkimage and bootmodel.

# build_tools DIR: compile the host's programs
build_tools() {
	local dir=$1 src=$vm_dir flags=(-O2 -Wall -Wextra)

	mkdir -p "$dir"
	(
		flock 9
		[[ $dir/mkimage -nt $src/mkimage.c ]] ||
			gcc "${flags[@]}" -o "$dir/mkimage" "$src/mkimage.c" -lcrypto
		[[ $dir/bootmodel -nt $src/bootmodel.c &&
			$dir/bootmodel -nt $src/boot.c ]] ||
			gcc "${flags[@]}" -o "$dir/bootmodel" \
				"$src"/{bootmodel,boot,sha256}.c
	) 9>"$dir/lock"
}

# flash_create FILE SIZE: an erased flash
flash_create() {
	head -c "$(($2))" /dev/zero | tr '\0' '\377' >"$1"
}

# flash_part NAME: print offset and size of a partition
flash_part() {
	local found

	found=$(tr ';' '\n' <<<"${BOOT_PARTS:-$FLASH_PARTS}" |
		sed -n "s/^$1@\([^+]*\)+\(.*\)/\1 \2/p")
	[[ -n $found ]] || die "$1: no such partition in FLASH_PARTS"
	echo "$found"
}

# flash_put NAME FILE: put a file at the start of a partition, rest erased
flash_put() {
	local ofs size

	read -r ofs size < <(flash_part "$1")
	(($(stat -c %s "$2") <= size)) || die "$2 is larger than $1"
	flash_create "$FLASH.part" "$size"
	dd if="$2" of="$FLASH.part" conv=notrunc status=none
	dd if="$FLASH.part" of="$FLASH" conv=notrunc status=none \
		oflag=seek_bytes bs=64k seek="$((ofs))"
	rm "$FLASH.part"
}

# make_image OUT KIND FORMAT VERSION SIZE SEED [MKIMAGE OPTION...]
make_image() {
	"$TOOLS/mkimage" --kind "$2" --format "$3" --version "$4" \
		--size "$(($5))" --seed "$6" "${@:7}" "$1"
}
