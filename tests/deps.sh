#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Look for the packages that tests and demo need, on Debian 12
#
#   deps.sh          install what is missing (as root), else say how
#   deps.sh --list   print all of them
#
# With FWSLOT_LONG, also those of the long variant.
#
# To build just module and tool, gcc, make, the headers of your kernel, kmod,
# openssl, libmnl-dev, libzstd-dev and libcurl4-openssl-dev (or CURL=0) are enough;
# the builder needs libssl-dev.
set -euo pipefail

packages=(
	# compilers and libraries
	gcc g++ make libc6-dev libmnl-dev libzstd-dev libssl-dev
	libcurl4-openssl-dev
	clang lld llvm libclang-rt-14-dev
	# other machines: 32 bits, and the big end first
	lib32gcc-12-dev libc6-dev-i386
	gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static
	# the kernels that the module is built for and tested on
	linux-headers-amd64 linux-headers-6.12-amd64
	# checkpatch.pl, static analysis, manual pages
	linux-source-6.1 perl sparse shellcheck groff-base
	# a kernel of User Mode Linux
	bc bison flex
	# drawings of the documentation
	libxml2-utils
	# packages and keys
	openssl zstd xz-utils xxd jq softhsm2 opensc libengine-pkcs11-openssl
	device-tree-compiler
	# other shells, the initramfs of a device
	zsh initramfs-tools-core
	# servers of packages, which are themselves only unpacked; curl for its
	# libraries
	curl libwrap0 libpcre2-8-0 libpam0g libcap2
	# JSON
	python3-minimal python3-jsonschema
	# virtual machines
	qemu-system-x86 busybox-static kmod cpio mtd-utils util-linux
)
# kernels that only the long variant builds
[[ -z ${FWSLOT_LONG-} ]] || packages+=(linux-source-6.12 libelf-dev)

if [[ ${1-} == --list ]]; then
	printf '%s\n' "${packages[@]}"
	exit 0
fi
if ! command -v dpkg-query >/dev/null; then
	echo "deps.sh: not Debian; make sure that all of deps.sh --list is there" >&2
	exit 0
fi

missing=()
for package in "${packages[@]}"; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || :
	[[ $state == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

install=(apt-get -y -qq --no-install-recommends install "${missing[@]}")
if [[ $EUID -ne 0 ]]; then
	echo "These packages are missing; as root, run:" >&2
	echo "apt-get update && ${install[*]}" >&2
	exit 1
fi
echo "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get -qq update && "${install[@]}"; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	echo "deps.sh: cannot install ${missing[*]}" >&2
	exit 1
fi
