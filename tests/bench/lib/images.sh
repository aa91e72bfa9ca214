# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# Images and packages of the benchmark, for the story's host_setup
#
# Sizes are in MiB.  NAME.img is an image, NAME.pkg, NAME.raucb and NAME.swu the
# signed packages of it.  a-N and b-N have nothing in common and cannot be
# compressed; a-N-P is a-N with P % of its blocks changed; soft-N can be compressed
# to half its size.

BENCH_ERASE=65536

# bench_programs: what the guest needs besides fwslot
bench_programs() {
	local name

	for name in measure khash; do
		gcc -O2 -Wall -Wextra -o "$work/$name" \
			"$top/tests/bench/prog/$name.c"
		programs+=("$work/$name")
	done
	programs+=(/usr/bin/openssl)
	! bench_wants http || bench_server
}

# bench_server: what serves and fetches packages
bench_server() {
	. "$top/tests/cli/lib/servers.sh"
	servers_get || die "cannot get the servers"
	programs+=(/usr/bin/curl "$server_cache/usr/sbin/nginx")
}

# bench_wants CASE...: is one of them to be run
bench_wants() {
	local one

	for one; do
		[[ " $BENCH_CASES " != *" $one "* ]] || return 0
	done
	return 1
}

# random_image OUT MIB SEED: the same bytes for the same seed
random_image() {
	head -c "$(($2 << 20))" /dev/zero | openssl enc -aes-128-ctr -nosalt \
		-K "$(printf %032x "$3")" -iv 0 2>/dev/null >"$1"
}

# soft_image OUT MIB SEED: each page of 4 KiB is half random, half empty
soft_image() {
	random_image "$1.hard" "$2" "$3"
	perl -e 'while (read STDIN, $b, 4096) { print substr($b, 2048), "\0" x 2048 }' \
		<"$1.hard" >"$1"
	rm "$1.hard"
}

# changed_image OUT FROM PERCENT: blocks spread evenly, not the first one
changed_image() {
	local blocks n i

	blocks=$(($(stat -c %s "$2") / BENCH_ERASE))
	n=$(changed_blocks "$blocks" "$3")
	cp "$2" "$1"
	random_image "$1.new" "$(((n * BENCH_ERASE >> 20) + 1))" "$3"
	for ((i = 0; i < n; i++)); do
		dd if="$1.new" of="$1" bs=$BENCH_ERASE count=1 conv=notrunc \
			status=none skip=$i \
			seek=$((i * blocks / n + (blocks + n) / (2 * n)))
	done
	rm "$1.new"
}

# changed_blocks BLOCKS PERCENT: print how many that are
changed_blocks() {
	local n=$(($1 * $2 / 100))

	echo $((n ? n : 1))
}

# fwslot_package NAME VERSION [MKPKG OPTION...]: of NAME.img
fwslot_package() {
	local name=$1 version=$2

	shift 2
	"$FWSLOT_MKPKG" build --version "$version" --format 1 \
		--product viper-3000 --system "$FILES/$name.img" \
		--bootloader "$FILES/boot-$version" \
		--sign-key "$FWSLOT_KEYS/key.pem" \
		--sign-cert "$FWSLOT_KEYS/cert.pem" \
		-o "$FILES/$name.pkg" "$@" >/dev/null
}

# release NAME VERSION: packages of all tools
release() {
	fwslot_package "$1" "$2" --compress none
	peers_release "$1"
}

# factory MIB SLOT: primary and bootloader with a release of that size
factory() {
	local one size

	random_image "$FILES/base.img" "$1" 1
	fwslot_package base 5.20.0 --compress none
	for one in primary bootloader; do
		size=$(($2 << 20))
		[[ $one == primary ]] || size=$((1 << 20))
		"$FWSLOT_MKPKG" factory --slot $one --slot-size $size \
			--erase-size $BENCH_ERASE --write-unit 256 \
			--cert "$FWSLOT_KEYS/cert.pem" \
			-o "$FILES/$one-$1-$2" "$FILES/base.pkg" >/dev/null
	done
	rm "$FILES/base.img" "$FILES/base.pkg"
}

# pair MIB: two releases of that size
pair() {
	[[ ! -e $FILES/a-$1.pkg ]] || return 0
	random_image "$FILES/a-$1.img" "$1" 2
	random_image "$FILES/b-$1.img" "$1" 3
	release "a-$1" 5.21.0
	release "b-$1" 5.21.1
}

grow_images() {
	local mib slot least

	for mib in $BENCH_IMAGES; do
		factory "$mib" $((mib + 1))
		pair "$mib"
	done
	least=${BENCH_IMAGES%% *}
	for slot in $BENCH_SLOTS; do
		factory "$least" "$slot"
	done
}

changed_images() {
	local percent

	for percent in 1 10 50; do
		changed_image "$FILES/a-$BENCH_MIB-$percent.img" \
			"$FILES/a-$BENCH_MIB.img" $percent
		release "a-$BENCH_MIB-$percent" 5.21.2
	done
}

soft_images() {
	soft_image "$FILES/soft-$BENCH_MIB.img" "$BENCH_MIB" 4
	fwslot_package "soft-$BENCH_MIB" 5.21.3
	peers_release "soft-$BENCH_MIB" compressed
}

# bench_images: what the cases need
bench_images() {
	local version

	for version in 5.20.0 5.21.0 5.21.1 5.21.2 5.21.3; do
		head -c 200000 /dev/urandom >"$FILES/boot-$version"
	done
	factory "$BENCH_MIB" $((BENCH_MIB + 1))
	pair "$BENCH_MIB"
	! bench_wants changed || changed_images
	! bench_wants http || soft_images
	! bench_wants grow || grow_images
}
