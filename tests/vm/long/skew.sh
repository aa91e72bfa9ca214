# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2030,SC2031,SC2034,SC2154,SC1091,SC2153
#
# Two versions of fwslot on one device: what the one began the other finishes
#
# The other one is $FWSLOT_OLD, a commit; by default the newest that is a day
# older than this tree.  It is built here, module, tool and builder, with the same
# key.  Packages and records of each are read and written by the other, up and
# down, with the power cut between them; and each tool works with the other module.

FLASH_SIZE=0x700000
FLASH_PARTS="bootloader1@0x0+0x80000;bootloader2@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x200000"
FLASH_PARAMS="lockable=1 erase_us=200000"
STORY_TIMEOUT=900

SLOTS="slots=primary=primary;secondary=secondary;bootloader=bootloader1;bootloader=bootloader2"

[ ! -e /files/slots.sh ] || . /files/slots.sh

# old_commit: print it
old_commit() {
	local day

	day=$(($(git -C "$top" show -s --format=%ct) - 86400))
	git -C "$top" rev-parse --verify -q "${FWSLOT_OLD:-$(
		git -C "$top" rev-list -1 --before="$day" HEAD)}^{commit}"
}

# old_build DIR: that commit, built there
old_build() {
	local commit

	commit=$(old_commit) || die "there is no older commit, set FWSLOT_OLD"
	mkdir -p "$1/build"
	git -C "$top" archive "$commit" | tar x -C "$1"
	cp -r "$FWSLOT_KEYS" "$1/build/devkey"
	BUILD=$1/build "$1/tests/vm/fwslot.sh" --kernel "$kernel" --build
	echo "# the other version is $(git -C "$top" show -s --format='%h %cs %s' \
		"$commit")"
}

host_setup() {
	local old=$work/old

	. "$vm_dir/lib/weos.sh"
	old_build "$old"
	weos_releases
	mkdir "$FILES/old"
	(
		FILES=$FILES/old FWSLOT_MKPKG=$old/build/fwslot-mkpkg
		weos_releases
		weos_factory 5.21.2
	)
	cp "$old/build/fwslot" "$old/build/kmod-$abi/fwslot.ko" "$FILES/old/"
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

# use MODULE TOOL: old or new, each
use() {
	cp /files/old/fwslot /run/fwslot && chmod 755 /run/fwslot
	! grep -q '^fwslot ' /proc/modules || rmmod fwslot
	if [ "$1" = old ]; then
		insmod /files/old/fwslot.ko product=viper-3000 "booted=$BOOTED" \
			"$SLOTS"
	else
		modprobe fwslot "booted=$BOOTED" "$SLOTS"
	fi
	version=$2
}

# tool ARGUMENT...: the one of that version
tool() {
	if [ "$version" = old ]; then
		/run/fwslot "$@"
	else
		fwslot "$@"
	fi
}

# package old|new VERSION: print its file name
package() {
	if [ "$1" = old ]; then
		echo "/files/old/weos-$2.pkg"
	else
		echo "/files/weos-$2.pkg"
	fi
}

bootloader_begun() {
	[ "$(unit_is bootloader state)" = writing ]
}

# stopped PACKAGE: upgrade all, until the copy that is started is being written
stopped() {
	{ wait_for 60 bootloader_begun && cut_power; } &
	tool upgrade all "$1" --no-reboot
	report "not ok" "the power was to be cut before that came to its end"
}

boot_1() {
	ok "old module, old tool" use old old
	ok "what the old builder made is complete" tool verify
	stopped "$(package new 5.22.2)"
}

boot_2() {
	ok "new module, new tool" use new new
	expect_exit 10 "what the old one began is seen" tool verify
	ok "and finished" tool upgrade all "$(package old 5.22.2)" --no-reboot
	reboot
}

boot_3() {
	is "the new release runs" "$(sed 's/.*version=//' /run/boot)" 5.22.2
	ok "old module, new tool" use old new
	ok "what the new module wrote is complete" tool verify
	ok "new module, old tool" use new old
	ok "what both wrote is complete" tool verify
	stopped "$(package old 5.21.2)"
}

boot_4() {
	ok "old module, old tool" use old old
	expect_exit 11 "what the new one began is seen" tool verify
	ok "and finished" tool upgrade all "$(package new 5.21.2)" --no-reboot
	reboot
}

boot_5() {
	is "the old release runs" "$(sed 's/.*version=//' /run/boot)" 5.21.2
	ok "new module, new tool" use new new
	ok "what the old module finished is complete" tool verify
	ok "old module, new tool" use old new
	ok "one slot" tool upgrade secondary "$(package new 5.20.0)" --no-reboot
	ok "new module, old tool" use new old
	ok "one slot back" tool upgrade secondary "$(package old 5.21.2)" \
		--no-reboot
	ok "all is complete" tool verify
}
