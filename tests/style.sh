#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Style of the sources: checkpatch, kernel-doc, shellcheck, manual pages
#
# Compilers and sparse are in build.sh.
set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 2
. tests/tap.sh
BUILD=$(realpath -m "${BUILD:-build}")
work="$BUILD/style"
cache="${FWSLOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwslot}"

# kernel_scripts: unpack checkpatch.pl once, print its folder
kernel_scripts() {
	local source=linux-source-6.1 version dir

	version=$(dpkg-query -W -f '${Version}' "$source") || return
	dir="$cache/scripts-$version"
	if [[ ! -e $dir ]]; then
		mkdir -p "$dir.$$"
		tar -C "$dir.$$" -xJf "/usr/src/$source.tar.xz" --occurrence=1 \
			--strip-components=2 \
			"$source"/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch} ||
			return
		mv -T "$dir.$$" "$dir" 2>/dev/null || rm -rf "$dir.$$"
	fi
	echo "$dir"
}

# What C sources outside the kernel need: C's own types, volatile sig_atomic_t,
# no <linux/compiler.h>, no BIT(), and libraries whose names are in CamelCase.
user=PREFER_KERNEL_TYPES,VOLATILE,PREFER_DEFINED_ATTRIBUTE_MACRO,BIT_MACRO,CAMELCASE

# ignored FILE: what checkpatch need not say of this file
ignored() {
	case $1 in
	kmod/core/env_user.h)
		# It makes the kernel's types and macros out of C's.
		echo "$user,MACRO_ARG_REUSE"
		;;
	include/fwslot/reason.h)
		# The X-list.
		echo COMPLEX_MACRO,MACRO_ARG_REUSE
		;;
	include/fwslot/* | kmod/core/*)
		# Shared with userspace, which has no BIT().
		echo BIT_MACRO
		;;
	tests/unit/*)
		# The shim for KUnit: macros as in the original, symbols of the linker.
		echo "$user,MACRO_ARG_REUSE,AVOID_EXTERNS"
		;;
	tests/sweep/shim/*)
		# The kernel's names made out of C's; what the kernel uses is its own.
		echo "$user,MACRO_ARG_REUSE,NEW_TYPEDEFS,TRAILING_STATEMENTS,MACRO_ARG_PRECEDENCE"
		;;
	tests/sweep/machine.c)
		# Symbols of the linker.
		echo "$user,AVOID_EXTERNS"
		;;
	tests/cli/tool_shim.c)
		# It stands for libcurl.
		echo CAMELCASE
		;;
	userspace/* | tests/vm/* | tests/bench/* | tests/kunit/* | tests/sweep/* | tests/fuzz/*)
		echo "$user"
		;;
	*)
		# Nothing more than .checkpatch.conf says.
		echo FILE_PATH_CHANGES
		;;
	esac
}

# checkpatch FILE...: run in a folder of links, because it leaves files behind
checkpatch() {
	local file

	for file; do
		printf '%s\0%s\0' "$(ignored "$file")" "$file"
	done | (
		cd "$work" &&
		xargs -0 -n 2 -P "$(nproc)" "$scripts/checkpatch.pl" \
			--root=. --quiet --terse --no-summary --file --ignore
	)
}

# c_files FOLDER...: all C sources
c_files() {
	find "$@" -name '*.[ch]' -type f | LC_ALL=C sort
}

check_folder() {
	local files

	mapfile -t files < <(c_files "$@")
	[[ ${#files[@]} -eq 0 ]] || silent "checkpatch $1" checkpatch "${files[@]}"
}

kernel_doc() {
	local doc

	doc=$(find -L /usr/lib/linux-kbuild-*/scripts -name kernel-doc | head -n 1)
	c_files kmod include | xargs "$doc" -none -Werror
}

shell_files() {
	{
		find kmod tests userspace .ci -type f -name '*.*sh'
		grep -rlIE '^#!/bin/(ba)?sh' kmod tests userspace .ci
	} | LC_ALL=C sort -u
}

shell_check() {
	shell_files | xargs -P "$(nproc)" -n 8 shellcheck -x --source-path=SCRIPTDIR
}

manual_pages() {
	local page

	for page in Documentation/*.[1-8]; do
		[[ ! -e $page ]] || groff -man -Tutf8 -K utf8 -ww -z "$page"
	done
}

# Two lines of C that checkpatch must complain of: is it awake?
canary() {
	printf '%s\n' '// SPDX-License-Identifier: MIT' 'int  a=1;' >"$work/canary.c"
	! checkpatch canary.c
}

rm -rf "$work/checkpatch"
mkdir -p "$work"
work="$work/checkpatch"
mkdir "$work"
ln -s "$top"/{kmod,include,userspace,tests,.checkpatch.conf} "$work/"
scripts=$(kernel_scripts) || { echo "not ok - checkpatch.pl is not there"; exit 1; }

check "checkpatch finds faults" canary
check_folder kmod
check_folder include
check_folder userspace
check_folder tests
silent "kernel-doc" kernel_doc
silent "shellcheck" shell_check
silent "manual pages" manual_pages
finish
