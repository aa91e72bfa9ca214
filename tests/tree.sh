#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The tree itself: licences, sizes, what may stand where, and a build of a
# fresh copy, which must leave nothing behind
set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 2
. tests/tap.sh
BUILD=$(realpath -m "${BUILD:-build}")
work="$BUILD/tree"

# files: all files of the project, git's view of them where there is one
files() {
	if [[ -e .git ]]; then
		git ls-files --cached --others --exclude-standard
	else
		find . -path ./build -prune -o -type f -printf '%P\n'
	fi | LC_ALL=C sort | while read -r file; do
		[[ ! -f $file ]] || echo "$file"
	done
}

# sources: C, shell and build files
sources() {
	files | grep -E '\.([chS]|cc|sh|awk|py)$|(^|/)(Kbuild|Makefile)$'
}

# none COMMAND...: it must find nothing
none() {
	! "$@"
}

# search PATTERN FILE...: lines with PATTERN
search() {
	xargs grep -nE "$1" -- /dev/null
}

spdx() {
	{
		sources
		files | grep -E '^Documentation/.*\.(rst|[1-8])$'
	} | while read -r file; do
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' ||
			echo "$file: no SPDX line"
	done
}

# licences: what design and layout say of each folder
licences() {
	local file want

	sources | grep -E '\.[chS]$' | while read -r file; do
		case $file in
		include/uapi/*) want='GPL-2.0-only WITH Linux-syscall-note' ;;
		include/* | kmod/core/*) want='GPL-2.0-only OR MIT' ;;
		kmod/*) want='GPL-2.0-only' ;;
		userspace/*) want='MIT' ;;
		*) continue ;;
		esac
		head -n 1 "$file" | grep -qE "Identifier: $want( \*/)?$" ||
			echo "$file: not $want"
	done
}

file_size() {
	sources | xargs wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }'
}

# function_size: C functions of more than 60 lines, from brace to brace in the
# first column.  A flat switch may be longer: at most three lines a case.
function_size() {
	local long

	# shellcheck disable=SC2016 # $0 is awk's
	long='
	/^[A-Za-z_].*\(/ { name = $0 }
	/^\{/ { start = FNR; cases = 0 }
	/^\t+(case .*|default):/ { cases++ }
	/^\}/ && start {
		n = FNR - start - 1
		if (n > 60 && n > 3 * cases + 20)
			print FILENAME ":" start ": " n " lines: " name
		start = 0
	}'
	sources | grep -E '\.[ch]$' | xargs awk "$long"
}

# lonely PATTERN ALLOWED: PATTERN stands in no source but ALLOWED
lonely() {
	sources | grep -E '\.[chS]$' | grep -vxF "$2" | search "$1"
}

unfinished() {
	sources | grep -vxF tests/tree.sh |
		search '\b(TODO|FIXME|XXX)\b|^[[:space:]]*#[[:space:]]*if 0\b'
}

private_keys() {
	files | tr '\n' '\0' | xargs -0 grep -lE -e '^-----BEGIN ([A-Z]+ )*PRIVATE KEY' --
}

include_c() {
	sources | search '^[[:space:]]*#[[:space:]]*include.*\.c[">]'
}

# objects: every C file of the module is in Kbuild
objects() {
	local file

	for file in kmod/*.c kmod/core/*.c; do
		tr -s '[:space:]()' '\n' <Kbuild | grep -qxF "$(basename "$file" .c).o" ||
			echo "$file: not in Kbuild"
	done
}

copy_tree() {
	rm -rf "$work"
	mkdir -p "$work/copy"
	files | tr '\n' '\0' | xargs -0 cp --parents -t "$work/copy"
}

list_copy() {
	find "$work/copy" -path "$work/copy/build" -prune -o -print | sort
}

in_copy() {
	make -C "$work/copy" -s -j"$(nproc)" BUILD=build DEVKEY_DIR=build/devkey "$@"
}

# header_is_seen: by a build whose folder is named in another way
header_is_seen() {
	local tool=(make -C "$work/copy" -q "BUILD=$work/copy/build" userspace)

	"${tool[@]}" || return
	touch "$work/copy/userspace/fwslot.h"
	! "${tool[@]}"
}

# documented_names: one is seen to be old, and is made; also by its whole name
documented_names() {
	local names=(build/fwslot build/fwslot-mkpkg)

	! in_copy -q "${names[@]}" &&
		in_copy "${names[@]}" && in_copy -q "${names[@]}" &&
		rm "$work/copy/build/fwslot" &&
		in_copy "$work/copy/build/fwslot" && in_copy -q "${names[@]}"
}

# clean_refused FOLDER: "make clean" would take the tree with it
clean_refused() {
	! in_copy clean BUILD="$1" && [[ -e $work/copy/Makefile ]]
}

# installed: what "make install" and "make modules_install" must have put there
installed() {
	local name count

	for name in fwslot upgrade fwslot-mkpkg 'fwslot.ko*' modules.dep; do
		count=$(find "$work/root" -name "$name" | wc -l)
		[[ $count -ge 1 ]] || echo "$name: not installed"
	done
	find "$work/root" -xtype l -print
	grep -rqw family-fwslot "$work/root" --include=modules.alias ||
		echo "depmod did not see the module"
}

# drawn: the drawings are XML, with these states in them
drawn() {
	local name states

	while read -r name states; do
		xmllint --xpath "count(//*[@class='state']) = $states" \
			"$BUILD/doc/$name.svg" 2>&1 | sed "/^true$/d; s/^/$name: /"
	done <<-'END'
	upgrade-1 7
	downgrade-1 7
	upgrade-2 9
	downgrade-2 9
	END
}

# tables: the tables of the states stand in the document as they are made
tables() {
	local doc file

	doc=$(<Documentation/power-cut.rst)
	for file in "$BUILD"/doc/states-[12].txt; do
		[[ $doc != *"$(<"$file")"* ]] || continue
		echo "$file: not in the document as it is"
		diff "$file" Documentation/power-cut.rst | sed -n '/^</p'
	done
}

# fake_kernel: a kernel build tree that only says which variables it was given
fake_kernel() {
	mkdir -p "$work/kernel/include/generated"
	echo '#define UTS_RELEASE "fake"' >"$work/kernel/include/generated/utsrelease.h"
	cat >"$work/kernel/Makefile" <<-'END'
	modules: ; @echo $(ARCH)-$(CROSS_COMPILE)-$(LLVM)-$(CC)-$(FWSLOT_ALLOW_FORCE) >$(M)/fwslot.ko
	END
}

# given TEXT MAKE-ARGS...: the kernel's build got these variables
given() {
	make -s modules KDIR="$work/kernel" BUILD="$work/fake" "${@:2}" || return
	cat "$work/fake/fwslot.ko"
	grep -qxF -e "$1" "$work/fake/fwslot.ko"
}

silent "SPDX line in every source" spdx
silent "licence of each folder" licences
silent "no file over 500 lines" file_size
silent "no function over 60 lines" function_size
check "LINUX_VERSION_CODE only in compat.h" none lonely LINUX_VERSION_CODE kmod/compat.h
check "__KERNEL__ only in env.h" none lonely __KERNEL__ kmod/core/env.h
check "nothing unfinished" none unfinished
check "no private key" none private_keys
check "no C file is included" none include_c
silent "Kbuild lists all objects" objects

check "make docs" make -s docs
silent "drawings of the states" drawn
silent "tables of the states" tables

check "copy of the tree" copy_tree
list_copy >"$work/before"
check "make all in the copy" in_copy all DEVKEY=1
list_copy >"$work/after"
silent "the build stays in build/" diff "$work/before" "$work/after"
check "a header that changes is seen" header_is_seen
check "make build/fwslot build/fwslot-mkpkg" documented_names
check "make install" in_copy install DESTDIR="$work/root"
check "make modules_install" in_copy modules_install DEVKEY=1 DESTDIR="$work/root"
silent "installed files" installed
check "make help" in_copy help
for folder in . .. / "" "$work/copy" build/..; do
	check "no make clean in \"$folder\"" clean_refused "$folder"
done
check "make clean" in_copy clean
check "make clean leaves nothing" test ! -e "$work/copy/build"

fake_kernel
check "ARCH= is passed on" given um---cc- ARCH=um
check "CROSS_COMPILE= is passed on" given arm64-aarch64-linux-gnu---cc- \
	ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
check "LLVM=1 is passed on" given --1-clang- LLVM=1
check "CC= is passed on" given ---other- CC=other
check "FWSLOT_ALLOW_FORCE=1 is passed on" given ---cc-1 FWSLOT_ALLOW_FORCE=1
finish
