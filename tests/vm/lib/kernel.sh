# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The kernels: stock ones of Debian, and those that find faults
#
# A target is "6.1", "6.12", "uml", "uml-6.12" or "kcsan".  The headers of the first
# two must be installed (the metapackage named below); the kernel image of the same
# ABI is downloaded once into $FWSLOT_CACHE and unpacked there, never installed.
# The others are built by tests/kernels/build.sh; the ABI of User Mode Linux ends
# in -fwslot, that of the one with KCSAN in -kcsan.

kernel_lib=$(dirname "${BASH_SOURCE[0]}")

cache_dir="${FWSLOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwslot}"

die() {
	echo "${0##*/}: $*" >&2
	exit 2
}

# kernel_abi TARGET: print the ABI, for example 6.1.0-56-amd64
kernel_abi() {
	local meta abi

	case $1 in
	6.1) meta=linux-headers-amd64 ;;
	6.12) meta=linux-headers-6.12-amd64 ;;
	uml | uml-6.12 | kcsan) cat "$(built_dir "$1")/abi" && return ;;
	*) die "no such kernel target: $1 (6.1, 6.12, uml, uml-6.12 or kcsan)" ;;
	esac
	abi=$(dpkg-query -W -f '${Depends}' "$meta" 2>/dev/null |
		sed -n 's/.*linux-headers-\([^ ,]*\).*/\1/p')
	[[ -n $abi ]] || die "package $meta is not installed"
	echo "$abi"
}

# built_dir TARGET: print the folder of a kernel that is built here
built_dir() {
	"$kernel_lib/../../kernels/build.sh" "$1" || die "the kernel $1 cannot be built"
}

# kernel_built ABI: print the target of a kernel that is built here; fails for others
kernel_built() {
	case $1 in
	6.1.*-fwslot) echo uml ;;
	*-fwslot) echo uml-6.12 ;;
	*-kcsan) echo kcsan ;;
	*) return 1 ;;
	esac
}

# kernel_is_uml ABI
kernel_is_uml() {
	[[ $1 == *-fwslot ]]
}

# kernel_is_kcsan ABI
kernel_is_kcsan() {
	[[ $1 == *-kcsan ]]
}

# kernel_headers ABI: print the tree that modules are built against
kernel_headers() {
	local target

	if target=$(kernel_built "$1"); then
		echo "$(built_dir "$target")/build"
	else
		echo "/lib/modules/$1/build"
	fi
}

# kernel_args ABI: print the variables that building a module takes
kernel_args() {
	if kernel_is_uml "$1"; then
		echo ARCH=um UBSAN_SANITIZE=y
	elif ! kernel_is_kcsan "$1"; then
		echo CONFIG_DEBUG_INFO_BTF_MODULES=
	fi
}

# kernel_vmlinux VMLINUZ OUT: the kernel without its wrapper
#
# The guest would need seconds to decompress it at each boot; QEMU starts the
# same code from the ELF file (PVH).
kernel_vmlinux() {
	local magic tool ofs

	for tool in xz zstd; do
		magic='\xfd7zXZ\x00'
		[[ $tool == xz ]] || magic='\x28\xb5\x2f\xfd'
		ofs=$(LC_ALL=C grep -abo -P "$magic" "$1" | head -n 1 | cut -d: -f1)
		[[ -n $ofs ]] || continue
		# what follows the kernel in the file is not for the tool
		tail -c +$((ofs + 1)) "$1" | "$tool" -dc >"$2" 2>/dev/null || :
		[[ $(head -c 4 "$2") != $'\x7fELF' ]] || return 0
	done
	die "$1: cannot find the kernel in it"
}

# kernel_unpack ABI DIR: download the image of ABI and unpack it into DIR; older
# ones of its series go
kernel_unpack() (
	abi=$1
	dir=$2
	rm -rf "$dir.tmp"
	mkdir -p "$dir.tmp/deb"
	cd "$dir.tmp/deb" || exit
	apt-get -qq -o APT::Sandbox::User=root download "linux-image-$abi" >&2
	dpkg-deb -x ./*.deb "$dir.tmp"
	rm -rf "$dir.tmp/deb" "$dir.tmp/usr"
	depmod -b "$dir.tmp" "$abi"
	kernel_vmlinux "$dir.tmp/boot/vmlinuz-$abi" "$dir.tmp/boot/vmlinux-$abi"
	series=$(cut -d. -f1-2 <<<"$abi")
	find "${dir%/*}" -mindepth 1 -maxdepth 1 -name "$series.*" \
		! -name "$abi" ! -name "$abi.*" -exec rm -rf {} +
	mv "$dir.tmp" "$dir"
)

# kernel_dir ABI: print the directory with boot/ and lib/modules/ of ABI
kernel_dir() {
	local dir="$cache_dir/kernel/$1" target

	! target=$(kernel_built "$1") || { built_dir "$target" && return; }
	mkdir -p "$cache_dir/kernel"
	(
		flock 9
		[[ -d $dir ]] || kernel_unpack "$1" "$dir"
	) 9>"$cache_dir/kernel/$1.lock" ||
		die "cannot get linux-image-$1; are the installed headers those of the archive?"
	echo "$dir"
}
