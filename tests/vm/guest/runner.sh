# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091
#
# Run one boot_N of the story; a story that dies takes only this shell with it
. /vm/lib.sh
if grep -q "^boot_$1()" /vm/story; then
	"boot_$1"
else
	boot_more
fi
touch /run/returned
