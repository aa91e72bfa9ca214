# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: there were failures
BOOT_ROM=none
boot_1() {
	ok "this fails" false
	ok "this does not" true
}
