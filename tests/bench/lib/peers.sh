# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# RAUC and SWUpdate as Debian packs them, for the story's host_setup
#
# Key and certificate are made for each run.

. "$top/tests/vm/lib/debs.sh"

peer_packages=(rauc swupdate squashfs-tools dbus-daemon libswupdate0.1 libconfig9
	libgpiod2 liblua5.3-0 libb2-1 librsync2 liburiparser1 libwebsockets17
	libzck1 libjson-glib-1.0-0 liblzo2-2)
peer_cache=$(debs_dir peers "${peer_packages[@]}")
peer_lib=/usr/lib/x86_64-linux-gnu
peer_bin=$peer_cache/usr/bin

# peers_get: have the programs
peers_get() {
	debs_get "$peer_cache" "${peer_packages[@]}"
}

# peer PROGRAM ARGUMENT...: run one here
peer() {
	LD_LIBRARY_PATH=$peer_cache$peer_lib "$peer_bin/$1" "${@:2}"
}

# peer_add PROGRAM: put it and its libraries into the guest
peer_add() {
	local lib

	adds+=("$peer_bin/$1:/usr/bin/$1")
	while read -r lib; do
		adds+=("$lib:${lib#"$peer_cache"}")
	done < <(LD_LIBRARY_PATH=$peer_cache$peer_lib ldd "$peer_bin/$1" |
		grep -o '/[^ ]*')
}

# peers_key: RAUC and SWUpdate want CMS by a certificate of such a purpose
peers_key() {
	openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days 30 \
		-subj /CN=bench -addext keyUsage=digitalSignature \
		-addext extendedKeyUsage=emailProtection,codeSigning \
		-addext basicConstraints=critical,CA:FALSE \
		-keyout "$work/peers.key" -out "$FILES/peers.pem" 2>/dev/null
}

# peers_stage: put them into the guest; which there are is in peers_used
peers_stage() {
	local name

	peers_used=''
	for name in rauc swupdate; do
		[[ " $BENCH_TOOLS " != *" $name "* ]] || peers_used+=" $name"
	done
	[[ -n $peers_used ]] || return 0
	peers_key
	for name in rauc swupdate dbus-daemon; do
		peer_add "$name"
	done
}

# rauc_release NAME [compressed]: a bundle in verity format
rauc_release() {
	local dir=$work/rauc args="-noI -noD -noF -no-progress -quiet"

	[[ -z ${2-} ]] || args="-comp zstd -no-progress -quiet"
	rm -rf "$dir"
	mkdir "$dir"
	ln "$FILES/$1.img" "$dir/system.img"
	cat >"$dir/manifest.raucm" <<-END
		[update]
		compatible=bench
		version=$1
		[bundle]
		format=verity
		[image.system]
		filename=system.img
	END
	PATH=$peer_bin:$PATH peer rauc --cert "$FILES/peers.pem" \
		--key "$work/peers.key" bundle "--mksquashfs-args=$args" \
		"$dir" "$FILES/$1.raucb" >"$work/rauc.log" 2>&1 ||
		die "rauc cannot make a bundle, see $work/rauc.log"
	rm -rf "$dir"
}

# swupdate_release NAME: signed, streamed to the chip.  Never compressed: before it
# writes, this version erases only as much as the compressed image is long.
swupdate_release() {
	local dir=$work/swu

	rm -rf "$dir"
	mkdir "$dir"
	ln "$FILES/$1.img" "$dir/system.img"
	cat >"$dir/sw-description" <<-END
		software = {
			version = "1.0";
			hardware-compatibility: [ "1.0" ];
			images: ( {
				filename = "system.img";
				type = "flash";
				mtdname = "other";
				installed-directly = true;
				sha256 = "$(sha256sum "$dir/system.img" | cut -d' ' -f1)";
			} );
		}
	END
	openssl cms -sign -binary -nosmimecap -md sha256 -outform DER \
		-in "$dir/sw-description" -out "$dir/sw-description.sig" \
		-signer "$FILES/peers.pem" -inkey "$work/peers.key"
	(
		cd "$dir" &&
		printf '%s\n' sw-description sw-description.sig system.img |
			cpio -o -H crc --quiet
	) >"$FILES/$1.swu"
	rm -rf "$dir"
}

# peers_release NAME [compressed]: their packages of NAME.img
peers_release() {
	local name

	for name in $peers_used; do
		"${name}_release" "$@"
	done
}
