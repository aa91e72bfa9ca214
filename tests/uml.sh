#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A User Mode Linux tree of Debian's linux-source-6.1 to build modules against
#
#   uml.sh            print the folder of the prepared tree
#
# The tree is unpacked and prepared once and kept in the cache, keyed by the
# version of the sources and by the configuration.  It is prepared for modules,
# the kernel itself is not built; modpost therefore knows no symbols of it.
set -euo pipefail

cache=${FWSLOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwslot}
version=$(dpkg-query -W -f '${Version}' linux-source-6.1)

# CRYPTO and MODULE_SIG come before what depends on them.
config="
CONFIG_MODULES=y
CONFIG_CRYPTO=y
CONFIG_KEYS=y
CONFIG_ASYMMETRIC_KEY_TYPE=y
CONFIG_ASYMMETRIC_PUBLIC_KEY_SUBTYPE=y
CONFIG_X509_CERTIFICATE_PARSER=y
CONFIG_PKCS7_MESSAGE_PARSER=y
CONFIG_CRYPTO_RSA=y
CONFIG_CRYPTO_SHA256=y
CONFIG_MODULE_SIG=y
CONFIG_MODULE_SIG_KEY=\"\"
CONFIG_SYSTEM_TRUSTED_KEYRING=y
CONFIG_NET=y
CONFIG_MTD=y
CONFIG_MTD_BLOCK=y
CONFIG_MTD_PARTITIONED_MASTER=y
"
key=$(sha256sum <<<"$config" | cut -c1-12)
tree=$cache/uml-$version-$key

prepare() {
	rm -rf "$tree.new"
	mkdir -p "$tree.new/build"
	tar xJf /usr/src/linux-source-6.1.tar.xz -C "$tree.new"
	mv "$tree.new"/linux-source-6.1 "$tree.new/source"
	cd "$tree.new/source"
	make -s ARCH=um O=../build defconfig
	echo "$config" >>../build/.config
	make -s ARCH=um O=../build olddefconfig
	make -s -j"$(nproc)" ARCH=um O=../build modules_prepare
	: >../build/Module.symvers
	mv "$tree.new" "$tree"
	# The build folder holds its own path.
	make -s -C "$tree/source" ARCH=um O=../build -j"$(nproc)" modules_prepare
}

mkdir -p "$cache"
(
	flock 9
	[[ -d $tree ]] || prepare >&2
) 9>"$cache/uml.lock"
echo "$tree/build"
