#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Breaks a check of the module on purpose, once in each way below, and expects
# a story to notice.  tests/unit/mutants.sh and tests/sweep/mutants.sh do that
# for the core and for the way to the flash; here are the checks that only a
# kernel can show: who may ask, what is copied, who signed, what is protected.
#
#   mutants.sh             all of them
#   mutants.sh NAME...     these
#   mutants.sh --few       a handful: run-tests.sh mutants without FWSLOT_LONG
#
# They are built in two copies of the tree and played in User Mode Linux, two at
# a time.  Prints TAP; "ok" is a mutant that the test which names it has caught.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}
kernel=uml
few=(write-any-credentials signature-off table-unchecked)
export here top build kernel

# name @ file of kmod @ sed expression @ story, and what of it if that is enough @
# words of the test that fails, or of what it says
mutants() {
	cat <<-'END'
	write-any-credentials@chardev@s/if (filp->f_cred != current_cred())/if (0)/@abi cred@inherited: write(2)
	begin-without-capability@chardev@/^static int ioctl_begin/,/^}/s/if (!capable(CAP_SYS_ADMIN))/if (0)/@abi cred@root without CAP_SYS_ADMIN: BEGIN
	commit-without-capability@chardev@/^static int ioctl_progress/,/^}/s/if (!capable(CAP_SYS_ADMIN))/if (0)/@abi cred@root without CAP_SYS_ADMIN: COMMIT
	verify-without-capability@chardev@/^static int ioctl_verify/,/^}/s/if (!capable(CAP_SYS_ADMIN))/if (0)/@abi cred@root without CAP_SYS_ADMIN: VERIFY
	seal-without-capability@chardev@s/return capable(CAP_SYS_ADMIN) ? fwslot_seal() : -EPERM;/return fwslot_seal();/@abi cred@root without CAP_SYS_ADMIN: SEAL
	device-for-all@chardev@s/\.mode = 0600,/.mode = 0666,/@abi cred@mode 0600
	argument-too-small@chardev@s/size < ksize ||/size + 1 < ksize ||/@abi args@INFO: a byte too small
	argument-too-large@chardev@s/size < ksize || size > PAGE_SIZE/size < ksize/@abi args@INFO: larger than a page
	other-magic@chardev@s/_IOC_TYPE(cmd) != FWSLOT_IOC_MAGIC ||/0 ||/@abi args@ioctl: another magic
	flag-unknown@chardev@s/arg->flags & ~FWSLOT_BEGIN_FLAGS || //@abi begin@BEGIN: lowest unknown flag
	reserved-taken@chardev@s/ || arg->reserved ||$/ ||/@abi begin@BEGIN: reserved 1
	slot-unknown@chardev@s/ || arg->slots & ~FWSLOT_SLOTS_ALL)/)/@abi begin@BEGIN: lowest unknown slot
	adopt-with-force@chardev@s/arg->flags == FWSLOT_BEGIN_ADOPT;/true;/@abi begin@BEGIN: ADOPT and FORCE
	map-size-ignored@chardev@s/if (arg->map_size < .*)/if (0)/@abi begin@map: a byte too small
	unit-unknown@chardev@s/arg.unit >= FWSLOT_UNITS || arg.flags/arg.flags/@abi protocol@VERIFY of the unit behind the last
	verify-flag@chardev@s/arg.unit >= FWSLOT_UNITS || arg.flags/arg.unit >= FWSLOT_UNITS/@abi protocol@VERIFY with a flag
	finish-reserved@chardev@s/!file->session || arg.reserved/!file->session/@abi protocol@FINISH with a reserved field
	manifest-over-cap@package@s/arg->manifest_size > FWSLOT_MANIFEST_MAX/0/@abi begin@BEGIN: manifest over the cap
	manifest-under-head@package@s/arg->manifest_size < sizeof(struct fwslot_disk_manifest) ||/0 ||/@abi begin@BEGIN: manifest smaller than its head
	signature-over-cap@package@s/ || arg->signature_size > FWSLOT_SIGNATURE_MAX//@abi begin@BEGIN: signature of 4 GiB - 1
	table-size-unchecked@package@s/arg->tables_size != fwslot_tables_size(m)/0/@abi begin@BEGIN: tables a digest long
	table-unchecked@package@s/if (memcmp(digest, img->table_digest, sizeof(digest)))/if (0)/@abi begin@BEGIN: bit of the first table flipped
	force-always@package@s/ && !fwslot_config.force)/ \&\& 0)/@abi begin@BEGIN: FORCE, not allowed
	signature-off@sign@s/err = verify_pkcs7_signature(/err = 0; if (0) verify_pkcs7_signature(/@signatures@foreign-key: refused
	signature-form-off@sign@s/ || fwslot_cms_check(sig, sig_len))/)/@signatures@certificate-inside: refused
	any-signer@sign@s/reason = reason_of(err);/return FWSLOT_REASON_NONE;/@signatures@of-something-else: refused
	unknown-key-admitted@package@s/reason == FWSLOT_REASON_UNKNOWN_KEY \&\&$/reason == FWSLOT_REASON_UNKNOWN_KEY)/;s/^	    (flags & FWSLOT_BEGIN_FORCE)) {/	{/@signatures@foreign-key: refused
	partition-open@bind@s/if (mtd_is_partition(mtd) || sealed || /if (sealed || /@protect@half: 
	second-of-a-name@bind@s/(ambiguous & BIT(dev->id)) || (area->mtd && enumerating)/0/@devices ambiguous@two of one name: 
	offset-ignored@bind@s/if (place->has_offset && /if (0 \&\& /@devices ambiguous@offset=0x180000 tells them apart
	size-ignored@bind@s/return !place->has_size || /return 1 || /@devices ambiguous@size=1M tells them apart
	overlap-taken@bind@s/if (overlaps_others(area, mtd, offset, size))/if (0)/@devices collisions@overlap is refused
	unaligned-taken@area@s/if ((start | size) & (mtd->erasesize - 1) || /if (/@devices unaligned@begins inside a block: 
	bad-floor-is-none@params@s/fwslot_config.floor = highest;//@devices bad_parameters@min_version=5.x: upgrade
	tables-over-cap@package@s/arg->tables_size > FWSLOT_IMAGES_MAX \* FWSLOT_TABLE_MAX/0/@abi begin@BEGIN: tables of 4 GiB - 1
	too-much-data@input@s/fwslot_session_fail(s, FWSLOT_REASON_TOO_MUCH_DATA, -EFBIG);//@abi chunks@too much data: COMMIT
	nand-without-layout@area@s/return FWSLOT_REASON_NO_LAYOUT;/return FWSLOT_REASON_NONE;/@devices nand@NAND without a layout is not bound
	chunk-sizes-mixed@wanted@s/fwslot_found_image(old)->chunk_size == size/1/@changed@chunks as they were: erases
	master-ignored@bind@s/if (place->master\[0\] && /if (0 \&\& /@devices ambiguous@another chip is not taken
	END
}

# copy TREE: what is built besides the module is shared
copy() {
	rm -rf "$1"
	mkdir -p "$1/build/vm"
	cp -a "$top"/{Kbuild,Makefile,include,kmod,userspace,tests} "$1/"
	cp -a "$build"/{devkey,fwslot,fwslot-mkpkg,tool,host} "$1/build/"
}

# break_it TREE FILE EDIT: fails if that changes nothing
break_it() {
	sed -e "$3" "$top/kmod/$2.c" >"$1/kmod/$2.c"
	! cmp -s "$1/kmod/$2.c" "$top/kmod/$2.c"
}

# play TREE STORY [ONLY]
play() {
	BUILD=$1/build timeout 600 "$1/tests/vm/fwslot.sh" --kernel "$kernel" \
		--story "$1/tests/vm/stories/$2.sh" ${3:+--set "ONLY=$3"}
}

# try NAME FILE EDIT STORY WORDS: in the tree of this slot of xargs
try() {
	local tree=$build/vm/mutants/$SLOT log=$build/log/mutant-$1.log

	[[ -d $tree ]] || copy "$tree"
	if ! break_it "$tree" "$2" "$3"; then
		echo "not ok - mutant $1: the edit changes nothing"
		return
	fi
	# shellcheck disable=SC2086 # words are wanted
	play "$tree" $4 >"$log" 2>&1
	cp "$top/kmod/$2.c" "$tree/kmod/$2.c"
	if grep -A 1 '^not ok' "$log" | grep -q -F -e "$5"; then
		echo "ok - mutant $1: $(grep -c '^not ok' "$log") of $4 notice it"
	else
		echo "not ok - mutant $1: \"$5\" of $4 does not notice it"
	fi
}

# chosen NAME...: these lines, all without a name
chosen() {
	local line

	mutants | while read -r line; do
		[[ $# -gt 0 && " $* " != *" ${line%%@*} "* ]] || echo "$line"
	done
}

[[ ${1-} != --few ]] || set -- "${few[@]}"
for name; do
	mutants | grep -q "^$name@" && continue
	echo "mutants.sh: there is no mutant $name" >&2
	exit 2
done
mkdir -p "$build/log"
rm -rf "$build/vm/mutants"
BUILD=$build "$here/fwslot.sh" --kernel "$kernel" --build >&2 || exit
export -f copy break_it play try
chosen "$@" | tr '@\n' '\0\0' |
	xargs -0 -n 5 -P 2 --process-slot-var=SLOT bash -c 'try "$@"' try |
	tee "$build/vm/mutants.tap"
rm -rf "$build/vm/mutants"
echo "1..$(chosen "$@" | wc -l)"
! grep -q '^not ok' "$build/vm/mutants.tap"
