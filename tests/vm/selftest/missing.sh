# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: there were failures
BOOT_ROM=none
boot_1() {
	fails "a missing program is no failure" no-such-program
}
