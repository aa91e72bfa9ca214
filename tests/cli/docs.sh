#!/bin/bash
# SPDX-License-Identifier: MIT
#
# docs.sh - runs what the documentation tells to run on a host, in a copy of the
# tree, block by block; SoftHSM is the HSM.  What is for a device runs in
# tests/vm/stories/docs.sh.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
doc=$src/Documentation
extract=$src/tests/doc-blocks.sh
unset BUILD

# A tree to work in, with images, a token with a PIN, and a kernel to build for.
mkdir tree
cp -r "$src"/{Kbuild,Makefile,COPYING,include,kmod,userspace,Documentation} tree/
KDIR=$(find /usr/src -maxdepth 1 -name 'linux-headers-6.1.*-amd64' | sort -V | tail -n 1)
export KDIR PIN=0001password SOFTHSM2_CONF=$cli_work/softhsm.conf
export PKCS11_MODULE_PATH=/usr/lib/softhsm/libsofthsm2.so
mkdir tokens
echo "directories.tokendir = $cli_work/tokens" >"$SOFTHSM2_CONF"
check "a token" softhsm2-util --init-token --free --label release \
	--pin "$PIN" --so-pin "$PIN"
mkdir tree/5.21.2
noise tree/5.21.2/system.img 290000 1
noise tree/5.21.2/boot.img 69000 2
noise tree/system.img 300000 3
noise tree/boot.img 70000 4
echo "What is new" >tree/NEWS
need_key signer
cp "$(key signer)" tree/key.pem
cp "$(cert signer)" tree/cert.pem

# Every shell block says where it is run, and is; on a device: the story docs.
equal "what is for a device is in the story" "quickstart.rst" \
	"$(for file in "$doc"/*.rst; do
		! "$extract" "$file" | grep -q ' \(device\|raw\)$' || basename "$file"
	done | paste -sd ' ')"
for file in "$doc"/*.rst; do
	"$extract" "$file" | grep -v ' \(host\|device\|raw\|uboot\|dts\|modprobe\|cmdline\|host fails [0-9]*\)$' >err
	[ ! -s err ]
	report $? "$(basename "$file"): every block has a test"
done

# run_blocks FILE SCRIPT: a shell runs SCRIPT, one result for each block
run_blocks()
{
	local name line last=''

	name=$(basename "$1")
	grep -q '^#@' "$2"
	report $? "$name: there are commands"
	{
		# A failure inside "if" or "&&" is meant so; any other one ends it.
		echo 'set -eu'
		sed 's/^#@ \(.*\)/echo "#@ \1" >\&3/' "$2"
		echo 'echo "#@ end" >&3'
	} >script
	(cd tree && PATH=$PWD/build:$PATH bash ../script 3>../reached >../out 2>../err)
	tail -n 20 out >>err
	while read -r _ line; do
		[ -z "$last" ] || report 0 "$name:$last"
		last=$line
	done <reached
	[ "$last" = end ] && return
	report 1 "$name:${last:-could not begin}"
}

# In this order: they use what those before have made.
hosts="quickstart.rst for-vendors.rst for-boards.rst package-format.rst"
equal "these are all with commands for a host" \
	"$(tr ' ' '\n' <<<"$hosts" | sort | paste -sd ' ')" \
	"$(for file in "$doc"/*.rst; do
		! "$extract" "$file" | grep -q ' host' || basename "$file"
	done | sort | paste -sd ' ')"
for file in $hosts; do
	# A vendor may read this one first.
	[ "$file" != for-vendors.rst ] || rm tree/build/fwslot-mkpkg
	"$extract" "$doc/$file" host >lines
	run_blocks "$doc/$file" lines
	cp out "$file.out"
done

# What these steps were for.
find tree/root/lib/modules -name 'fwslot.ko*' | grep -q .
report $? "quickstart: the module is installed"
[ -L tree/root/etc/systemd/system/multi-user.target.wants/fwslot-verify.service ]
report $? "quickstart: the unit is enabled"
equal "for-boards: the window that the text speaks of" "window: 26 s" \
	"$(cat for-boards.rst.out)"
for slot in primary secondary bootloader; do
	equal "for-vendors: factory image of $slot" $((2 << 20)) \
		"$(size tree/$slot.img)"
done
grep -qa "Viper releases 2026" tree/build/fwslot.ko
report $? "for-vendors: the retired key is in the module"

"$extract" "$doc/fwslot-mkpkg.1" >lines
run_blocks "$doc/fwslot-mkpkg.1" lines

# The device tree compiles, and its partitions are those of slots= and mtdparts=.
{
	echo '/dts-v1/;'
	"$extract" "$doc/for-boards.rst" dts
} | sed 's/^#@.*//' >board.dts
check "device tree: compiles" dtc -W no-unit_address_vs_reg \
	-W no-avoid_default_addr_size -W no-reg_format -I dts -O dtb -o board.dtb board.dts
labels=$(sed -n 's/.*label = "\(.*\)";/\1/p' board.dts | paste -sd ' ')
[ -n "$labels" ]
report $? "device tree: it has partitions"
"$extract" "$doc/for-boards.rst" cmdline >mtdparts
equal "mtdparts=: the same names" "$labels" \
	"$(grep -o '([a-z0-9]*)' mtdparts | tr -d '()' | paste -sd ' ')"
equal "mtdparts=: the same sizes" \
	"$(sed -n 's/.*reg = <0x[0-9a-f]* \(0x[0-9a-f]*\)>;/\1/p' board.dts |
		while read -r n; do echo "$((n >> 10))k"; done | paste -sd ' ')" \
	"$(grep -o '[0-9]*k(' mtdparts | tr -d '(' | paste -sd ' ')"
named=$("$extract" "$doc/for-boards.rst" modprobe |
	grep -o '=[a-z0-9]*[;"]' | tr -d '=;"')
equal "slots=: four of them" 4 "$(wc -w <<<"$named")"
for name in $named; do
	grep -qw "$name" <<<"$labels"
	report $? "slots=: $name is a partition"
done

# U-Boot's shell, as far as these lines go: its commands as functions.
"$extract" "$doc/for-boards.rst" uboot >bootcmd
cat >shell <<'END'
setenv() { local name=$1; shift; printf -v "$name" %s "$*"; }
run() { eval "${!1}"; }
mtd() { [ "$1 $3" = "read $loadaddr" ] && read=$2; }
bootm() { case " $good " in *" $read "*) echo "$read: $bootargs"; exit 0 ;; esac; return 1; }
reset() { echo reset; exit 0; }
loadaddr=0x1000000 good=$1
. ./bootcmd
eval "$bootcmd"
END
uboot()
{
	equal "U-Boot: $1" "$3" "$(bash shell "$2" 2>&1)"
}
uboot "both are right" "kernel kernel2" \
	"kernel: console=ttyS0,115200 fwslot.booted=primary"
uboot "the primary is not" kernel2 \
	"kernel2: console=ttyS0,115200 fwslot.booted=secondary"
uboot "none is" "" reset

# Buildroot: its variables and the one macro, then the recipe's commands.
cat >buildroot.mk <<'END'
qstrip = $(strip $(subst ",,$(1)))
INSTALL = install
LINUX_DIR = $(KDIR)
KERNEL_ARCH = x86
TARGET_CFLAGS = -O2
TARGET_DIR = $(CURDIR)/target
BR2_PACKAGE_FWSLOT_CERTS = "$(CURDIR)/tree/release.pem"
include tree/Documentation/examples/buildroot/fwslot.mk
tree/.stamp_built:
	$(FWSLOT_BUILD_CMDS)
tree/.stamp_installed:
	$(FWSLOT_INSTALL_TARGET_CMDS)
	$(FWSLOT_INSTALL_INIT_SYSV)
	$(FWSLOT_INSTALL_INIT_SYSTEMD)
END
# built NAME: by that recipe, not by what was run before it
built()
{
	[ -x tree/build/fwslot ] && [ -e tree/build/fwslot.ko ]
	report $? "$1: tool and module are built"
}

rm tree/build/fwslot*
check "Buildroot: builds" make -f buildroot.mk tree/.stamp_built
built Buildroot
check "Buildroot: installs" make -f buildroot.mk tree/.stamp_installed
for file in usr/sbin/fwslot etc/init.d/S10fwslot usr/lib/fwslot/boot-check \
	usr/lib/systemd/system/fwslot-{verify,continue}.service; do
	[ -e "target/$file" ]
	report $? "Buildroot: $file"
done
find target/lib/modules -name 'fwslot.ko*' | grep -q .
report $? "Buildroot: the module"

# Yocto: the functions of the recipe, with oe_runmake as it is there.
recipe=tree/Documentation/examples/yocto/fwslot_git.bb
equal "Yocto: checksum of the licence" "$(md5sum <"$src/COPYING" | cut -d ' ' -f 1)" \
	"$(sed -n 's/^LIC_FILES_CHKSUM.*md5=\(.*\)"/\1/p' "$recipe")"
cat >yocto.sh <<END
CC=gcc CFLAGS=-O2 LDFLAGS= ARCH=x86 TARGET_PREFIX= D=$cli_work/yocto S=$cli_work/tree
STAGING_KERNEL_BUILDDIR=$KDIR FWSLOT_CERTS=$cli_work/tree/release.pem
systemd_system_unitdir=/usr/lib/systemd/system nonarch_base_libdir=/lib
$(sed -n '/^EXTRA_OEMAKE/,/^"/p' "$recipe" | sed 's/ = /=/')
oe_runmake() { eval make "\$EXTRA_OEMAKE" '"\$@"'; }
$(sed -n '/^do_[a-z]*()/,/^}/p' "$recipe")
set -e
cd "\$S"
do_compile
do_install
END
rm tree/build/fwslot*
check "Yocto: builds and installs" sh yocto.sh
built Yocto
units=$(sed -n 's/^SYSTEMD_SERVICE:.* = "\(.*\)"/\1/p' "$recipe")
equal "Yocto: the units are enabled" "fwslot-verify.service fwslot-continue.service" \
	"$units"
for file in usr/sbin/fwslot ${units//fwslot-/usr/lib/systemd/system/fwslot-}; do
	[ -e "yocto/$file" ]
	report $? "Yocto: $file"
done

# Every file is in a package: by the recipe, by default, or by a class.
# shellcheck disable=SC2034 # used by eval
prefix=/usr datadir=/usr/share nonarch_base_libdir=/lib
eval "packed=\"/usr/sbin /usr/share/doc /usr/share/man /usr/lib/systemd $(sed -n \
	's/^FILES:[^=]*= "\(.*\)"/\1/p' "$recipe" | paste -sd ' ')\""
(cd yocto && find . ! -type d) | sed 's/^\.//' >left
# shellcheck disable=SC2154 # set by eval
for place in $packed; do
	grep -v "^$place/" left >rest
	mv rest left
done
cp left err
[ ! -s left ]
report $? "Yocto: every file is in a package"
for lib in libcurl libmnl zstd; do
	grep -q "^FWSLOT_DEPENDENCIES.* $lib" "$doc/examples/buildroot/fwslot.mk" &&
		grep -q "^DEPENDS.*\b${lib#lib}\|^DEPENDS.*\b$lib" "$recipe"
	report $? "recipes: $lib"
done
finish
