#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Breaks a check of the module on purpose, once in each way below, and expects
# a story to notice.  tests/unit/mutants.sh and tests/sweep/mutants.sh do that
# for the core and for the order of writes; here are the checks that only a
# kernel can show: who may ask, what is copied, who signed, what is protected.
#
#   mutants.sh             all of them
#   mutants.sh NAME...     these
#   mutants.sh --few       a handful: run-tests.sh mutants without FWSLOT_LONG
#
# Each is built in a copy of the tree and played on the first kernel, two at a
# time.  Prints TAP; "ok" is a mutant that the test which names it has caught.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}
kernel=6.1
few=(write-any-credentials signature-off table-unchecked)
export here top build kernel

# name @ file of kmod @ sed expression @ story @ words of the test that fails
mutants() {
	cat <<-'END'
	write-any-credentials@chardev@s/if (filp->f_cred != current_cred())/if (0)/@abi@cred: 
	signature-off@sign@s/err = verify_pkcs7_signature(/err = 0; if (0) verify_pkcs7_signature(/@signatures@foreign-key: refused
	table-unchecked@package@s/if (memcmp(digest, img->table_digest, sizeof(digest)))/if (0)/@bytes@bytes: tables
	force-always@package@s/ && !fwslot_config.force)/ \&\& 0)/@keys@no force without
	END
}

# copy NAME FILE EDIT: a tree with the mutant; what is built besides the module is
# shared
copy() {
	local dir=$build/vm/mutants/$1

	rm -rf "$dir"
	mkdir -p "$dir/build/vm"
	cp -r "$top"/{Kbuild,Makefile,include,kmod,userspace,tests} "$dir/"
	cp -r "$build"/{devkey,fwslot,fwslot-mkpkg,tool,host} "$dir/build/"
	sed -i -e "$3" "$dir/kmod/$2.c"
	! cmp -s "$dir/kmod/$2.c" "$top/kmod/$2.c"
}

# try NAME FILE EDIT STORY WORDS
try() {
	local dir=$build/vm/mutants/$1 log=$build/log/mutant-$1.log

	mkdir -p "$build/log"
	if ! copy "$1" "$2" "$3"; then
		echo "not ok - mutant $1: the edit changes nothing"
		return
	fi
	BUILD=$dir/build "$dir/tests/vm/fwslot.sh" --kernel "$kernel" \
		--story "$dir/tests/vm/stories/$4.sh" >"$log" 2>&1
	if grep -q "^not ok.*$5" "$log"; then
		echo "ok - mutant $1: $(grep -c '^not ok' "$log") of $4 notice it"
	else
		echo "not ok - mutant $1: \"$5\" of $4 does not notice it"
	fi
	rm -rf "$dir"
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
BUILD=$build "$here/fwslot.sh" --kernel "$kernel" --build >&2 || exit
export -f copy try
chosen "$@" | tr '@\n' '\0\0' | xargs -0 -n 5 -P 2 bash -c 'try "$@"' try |
	tee "$build/vm/mutants.tap"
echo "1..$(chosen "$@" | wc -l)"
! grep -q '^not ok' "$build/vm/mutants.tap"
