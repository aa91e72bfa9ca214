# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# From 5.20.0 to 5.23.0 and back, one command each: the init script goes on after
# every reboot, also after a cut in the middle; what fails twice is given up.  The
# way back is over a catalogue on a server

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="erase_us=20000"
STORY_TIMEOUT=420

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	weos_factory 5.20.0
	weos_damaged
	cp "$top"/userspace/boot/* "$FILES/"
	(cd "$FILES" && ls -- *.pkg >catalogue)
	add_programs /usr/bin/curl
}

# boots RELEASE SLOT FORMAT: that is what runs; the scripts are installed, and
# the target is kept where it outlives the reboot
boots() {
	is "boots $1 from $2" "$(cat /run/boot)" \
		"boot=$2 bootloader=0 format=$3 version=$1"
	mkdir -p /usr/lib/fwslot
	cp /files/boot-check /usr/lib/fwslot/
	echo "target=/scratch/target" >/etc/fwslot.conf
}

# told KEY WANT: a member of the target in status --json
told() {
	kept_count=$((${kept_count:-0} + 1))
	keep_json "status.$PHASE.$kept_count" fwslot status --json
	is "status: $1 is $2" "$(<"/scratch/json/status.$PHASE.$kept_count" \
		sed -n "s/.*\"target\":{[^}]*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p")" "$2"
}

# network: a server in the machine itself
network() {
	ifconfig lo 127.0.0.1 up
	httpd -p 127.0.0.1:80 -h /files
}

# reboots: what goes on in the background ends in a reboot
reboots() {
	wait_for 300 false
	report "not ok" "it went on"
}

# goes_on: what the boot does by itself
goes_on() {
	sh /files/fwslot.init start
	reboots
}

# logged TEXT: it is in the kernel's log by and by
logged() {
	wait_for 60 sh -c "dmesg | grep -q '$1'"
}

boot_1() {
	boots 5.20.0 primary 1
	expect_exit 6 "nothing to go on with" fwslot upgrade --continue
	expect_exit 6 "nothing to cancel" fwslot upgrade --cancel
	expect_exit 3 "a release that is not there" \
		fwslot upgrade --to=6.0.0 --catalogue=/files
	out_has "it is named" "missing in the catalogue: 6.0.0"
	expect_exit 9 "a folder that is not there" \
		fwslot upgrade --to=5.23.0 --catalogue=/none
	mkdir /run/manifests
	for pkg in /files/*.pkg; do
		name=$(basename "$pkg" .pkg)
		tar xOf "$pkg" manifest >"/run/manifests/$name.manifest"
	done
	expect_exit 3 "manifests do for a plan, not for an upgrade" \
		fwslot upgrade --to=5.23.0 --catalogue=/run/manifests
	out_has "it says so" "the package is needed, not only its manifest"
	ok "dry run: only the plan" \
		fwslot upgrade --to=5.23.0 --catalogue=/files --dry-run
	out_has "dry run: three steps" "3 steps"
	fails "no target is kept for these" test -e /scratch/target
	is "status: no target" "$(fwslot status --json | grep -c '"target":null')" 1
	fwslot upgrade --to=5.23.0 --catalogue=/files
	report "not ok" "step 1 up"
}

boot_2() {
	boots 5.21.2 primary 1
	told to 5.23.0
	told step "upgrade primary 5.21.2"
	goes_on
}

boot_3() {
	boots 5.22.2 primary 2
	told step "upgrade all 5.22.2"
	ok "a plan from here" keep_json plan \
		fwslot upgrade --continue --dry-run --json
	goes_on
}

boot_4() {
	boots 5.23.0 primary 2
	ok "the boot script" sh /files/fwslot.init start
	ok "it is said" logged "5.23.0: reached, it is in all slots"
	fails "the target is gone" test -e /scratch/target
	ok "all is right" fwslot verify
	expect_exit 6 "once more" fwslot upgrade --to=5.23.0 --catalogue=/files
	network
	fwslot upgrade --to=5.20.0 --catalogue=http://user:secret@127.0.0.1/
	report "not ok" "step 1 down"
}

writing() {
	fwslot status --json >/run/status 2>/dev/null &&
		tr '}' '\n' </run/status |
		grep -q "\"unit\": *\"$1\".*\"state\": *\"writing\""
}

# The flash is slow, so that it is seen on a busy machine what is being written.
boot_5() {
	boots 5.22.2 primary 2
	told catalogue http://127.0.0.1/
	ok "the boot script, without a network" sh /files/fwslot.init start
	ok "it is said what goes on" \
		logged "to go on to 5.20.0: fwslot upgrade --continue"
	told tries 1
	told step "upgrade primary 5.22.2"
	echo 100000 >/sys/module/flashsim/parameters/erase_us
	{ wait_for 120 writing secondary && cut_power; } &
	network
	reboots
}

boot_6() {
	boots 5.22.2 primary 2
	told step "upgrade all 5.21.2"
	told tries 1
	network
	goes_on
}

boot_7() {
	boots 5.21.2 primary 1
	network
	goes_on
}

boot_8() {
	boots 5.20.0 primary 1
	network
	ok "the boot script" sh /files/fwslot.init start
	ok "the target is gone" wait_for 60 test ! -e /scratch/target
	ok "all is right" fwslot verify

	# A package that is damaged where only the kernel finds it.
	mkdir /run/bad
	cp /files/weos-5.21.2.pkg /run/bad/
	cp /files/bad/flipped.pkg /run/bad/weos-5.22.2.pkg
	size=$(stat -c %s /run/bad/weos-5.21.2.pkg)
	dd if=/dev/urandom of=/run/bad/weos-5.21.2.pkg bs=1 count=64 \
		seek=$((size - 9000)) conv=notrunc 2>/dev/null
	counters_mark
	expect_exit 4 "fails" fwslot upgrade --to=5.21.2 --catalogue=/run/bad
	out_has "says how it goes on" "fwslot upgrade --continue"
	told tries 1
	expect_exit 4 "fails again" fwslot upgrade --continue
	expect_exit 3 "is given up" fwslot upgrade --continue
	out_has "says what failed" "\"upgrade all 5.21.2\" has failed 2 times: "
	out_has "says the way out" "fwslot upgrade --cancel"
	expect_exit 3 "stays given up" keep_json given-up \
		fwslot upgrade --continue --json
	told given_up true
	ok "status" fwslot status
	out_has "status says it" "given up   upgrade all 5.21.2"
	is "nothing was erased for it" "$(counter_delta erases)" 0
	expect_exit 4 "asked for again it is tried again" \
		fwslot upgrade --to=5.21.2 --catalogue=/run/bad
	told tries 1

	chmod 666 /scratch/target
	expect_exit 2 "a file that others can write" fwslot upgrade --continue
	ok "cancel removes it" fwslot upgrade --cancel
	ln -s /files/weos-5.21.2.pkg /scratch/target
	expect_exit 2 "a link" fwslot upgrade --continue
	rm /scratch/target
	printf 'to=5.23.0\ncatalogue=/files\nreboot=yes\n' >/scratch/target
	expect_exit 2 "a line too many" fwslot upgrade --continue
	printf 'to=5.23.0\ncatalogue=files\n' >/scratch/target
	expect_exit 2 "a folder that depends on the shell" fwslot upgrade --continue
	ok "status does not mind" fwslot status --json
	ok "cancelled" keep_json cancelled fwslot upgrade --cancel --json
	expect_exit 6 "nothing is left" keep_json nothing \
		fwslot upgrade --continue --json
	ok "all is as it was" fwslot verify

	# What waits for a reboot is not the release to begin with.
	ok "a release that waits" \
		fwslot upgrade primary /files/weos-5.21.2.pkg --no-reboot
	ok "plan" fwslot plan /files/weos-5.22.2.pkg
	out_has "plan: reboot first" "reboot first"
	out_has "plan: then from there" "1. upgrade all 5.22.2"
}
