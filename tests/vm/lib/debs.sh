# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Programs of Debian's packages that tests need but nobody's machine should have;
# sourced.  They are downloaded once and unpacked into the cache, never installed.

# debs_dir NAME PACKAGE...: print the folder for these packages
debs_dir()
{
	local cache=${FWSLOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwslot} name=$1

	shift
	printf '%s/%s-%s\n' "$cache" "$name" \
		"$(printf '%s\n' "$@" | sha256sum | cut -c1-12)"
}

# debs_unpack DIR PACKAGE...: the folder is there when all is in it
debs_unpack()
(
	dir=$1
	shift
	rm -rf "$dir.tmp"
	mkdir -p "$dir.tmp/deb"
	cd "$dir.tmp/deb" || exit
	apt-get -qq -o APT::Sandbox::User=root download "$@" >&2 || exit
	for deb in ./*.deb; do
		dpkg-deb -x "$deb" "$dir.tmp" || exit
	done
	rm -rf "$dir.tmp/deb"
	mv -T "$dir.tmp" "$dir"
)

# debs_get DIR PACKAGE...: have them; whoever comes second waits
debs_get()
{
	mkdir -p "${1%/*}"
	(
		flock 9
		[ -d "$1" ] || debs_unpack "$@"
	) 9>"$1.lock"
}
