# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: boot_1 rebooted, but it is the last
BOOT_ROM=none
boot_1() {
	ok "fine so far" true
	touch /scratch/reset-wanted
}
