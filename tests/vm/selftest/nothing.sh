# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: nothing was tested
BOOT_ROM=none
boot_1() {
	say "no test here"
}
