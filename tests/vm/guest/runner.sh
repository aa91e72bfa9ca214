# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091
#
# Run one boot_N of the story; a story that dies takes only this shell with it
. /vm/lib.sh
"boot_$1"
touch /run/returned
