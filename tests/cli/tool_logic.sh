#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_logic.sh - what the tool concludes from states of slots, what it advises
# for a refusal, which exit status goes with a failure: cases in tool_logic.c
# and tool_parts.c.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
check "build the driver" tool_driver driver \
	"$src"/tests/cli/tool_{logic,parts}.c
: >err
check "the driver ends well" ./driver
cp out cases
while IFS= read -r line; do
	case $line in
	"ok "*)
		report 0 "${line#ok }"
		;;
	"not ok "*)
		echo "${line#not ok }" >err
		name=${line#not ok }
		report 1 "${name%%: *}"
		;;
	*)
		echo "# $line"
		;;
	esac
done <cases

# Packages in the same folder are named in the advice.
need_key signer
noise image 66000
make()
{
	local out=$1

	shift
	mkpkg build --product switch-b --system image --bootloader image \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o "$out" "$@"
}

mkdir dir
check "a bridge" make dir/bridge.pkg --version 5.22.2 --format 2 \
	--bridge 1:5.21.2
check "its other end" make dir/end.pkg --version 5.21.2 --format 1 \
	--bridge 2:5.22.2
echo "no package" >dir/junk.pkg
mkfifo dir/pipe.pkg
ln -s bridge.pkg dir/a-link.pkg
check "the driver with packages" timeout 20 ./driver
grep -q 'install 5.22.2 first: fwslot upgrade all dir/bridge.pkg' out
report $? "the bridge is named"
grep -q 'install 5.21.2 first: fwslot upgrade primary dir/end.pkg' out
report $? "its other end is named"

# Names that a shell or a terminal would take for more than a name are not.
mv dir good
mkdir dir
# shellcheck disable=SC2016 # not to be expanded is the point
for name in 'a$(touch owned)' 'a`touch owned`' 'a;touch owned' "a'b" 'a b' \
	$'a\033[31m' $'a\nfwslot: b' $'a\302\2330m' -a; do
	cp good/bridge.pkg "dir/$name.pkg"
done
check "the driver with packages of odd names" timeout 20 ./driver
! grep -aq 'install 5.22.2 first: fwslot upgrade all' out
report $? "none of them is named"
cp good/bridge.pkg dir/A-z_0.9+b.pkg
check "the driver with one more" timeout 20 ./driver
grep -q 'install 5.22.2 first: fwslot upgrade all dir/A-z_0.9+b.pkg' out
report $? "a name without such characters is"
finish
