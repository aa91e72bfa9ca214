# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091,SC2016,SC2059
#
# What the tool asks before it writes, and where it tells: slots that are in use,
# the command of --before, the system log; and an upgrade at a real terminal
#
# Last, force, with a module that was built for it.
#
# The terminal is that of script(1); what somebody types comes through a pipe.

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="lockable=1 erase_us=200000"
STORY_MODULES="ext4 loop"
STORY_TIMEOUT=600

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	gcc -O1 -o "$work/relay" "$top/tests/cli/tool_relay.c"
	add_programs /usr/bin/script /usr/bin/curl "$work/relay"
	weos_releases
	weos_damaged
	FWSLOT_KEYS=$FILES/images/foreign weos_release 5.23.1 2 60
	weos_factory 5.21.2
	make -s -C "$top" modules BUILD="$build/force" DEVKEY=1 \
		DEVKEY_DIR="$FWSLOT_KEYS" FWSLOT_ALLOW_FORCE=1 \
		KDIR="/usr/src/linux-headers-$abi" >&2
	cp "$build/force/kmod-$abi/fwslot.ko" "$FILES/force.ko"
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

block_of() {
	mtd_of "$1" | sed 's/mtd/mtdblock/'
}

in_use() {
	unchanged "$1" expect_exit 5 "$1" fwslot upgrade "$2" "$(pkg 5.22.2)"
	out_has "$1: which" "in-use: a slot to be written is mounted or attached [secondary]"
	out_has "$1: the way out" "unmount or detach it"
}

# logged TEXT: syslogd, which is a process of its own, has written it
logged() {
	ok "log: $1" wait_for 10 grep -q "authpriv\.$1" /run/log
}

boot_1() {
	syslogd -O /run/log
	modprobe -a mtdblock ext4
	ok "a file system in the secondary" mke2fs -F "$(block_of secondary)"
	ok "mounted" mount -o ro "$(block_of secondary)" /tmp
	modprobe fwslot
	in_use "mounted" all
	unchanged "only others" expect_exit 0 "the others are free" \
		fwslot upgrade --dry-run bootloader "$(pkg 5.20.0)"
	logged 'warn fwslot\[[0-9]*\]: upgrade all to 5.22.2 failed: in-use, nothing was written'
	umount /tmp
	# The module may have been told of another content: see it anew.
	ok "not mounted" fwslot repair secondary
	logged 'notice fwslot\[[0-9]*\]: repair secondary: done'

	modprobe loop
	ok "a loop device" losetup -r /dev/loop0 "$(block_of secondary)"
	in_use "a loop device" all
	unchanged "in use, but right" expect_exit 6 "nothing to write there" \
		fwslot upgrade secondary "$(pkg 5.21.2)"
	ok "no loop device" losetup -d /dev/loop0

	unchanged "before" expect_exit 3 "before says no" fwslot upgrade secondary \
		--before='echo no power >&2; exit 4' "$(pkg 5.20.0)"
	out_has "before says no: its words" "no power"
	out_has "before says no: why" "said no (exit status 4)"
	out_has "before says no: says so" "nothing was written"
	logged 'warn fwslot\[[0-9]*\]: upgrade secondary to 5.20.0 failed: before-refused'
	unchanged "before" expect_exit 3 "no such command" fwslot upgrade \
		secondary --before=/nowhere "$(pkg 5.20.0)"
	echo 'before=exit 5' >/etc/fwslot.conf
	unchanged "before" expect_exit 3 "before, by the configuration" \
		fwslot upgrade secondary --json "$(pkg 5.20.0)"
	out_has "before: json" '"exit":3,'
	out_has "before: json" '"reason":"before-refused"'
	unchanged "dry run" ok "a dry run does not ask" \
		fwslot upgrade secondary --dry-run "$(pkg 5.20.0)"
	ok "before says yes" fwslot upgrade secondary "$(pkg 5.20.0)" \
		--before='test "$FWSLOT_SLOTS" = secondary && ! read -r x && echo yes'
	out_has "before says yes: its words" "yes"
	logged 'notice fwslot\[[0-9]*\]: upgrade secondary begins'
	logged 'notice fwslot\[[0-9]*\]: upgrade secondary to 5.20.0: done'
	reboot
}

boot_2() {
	ok "UBI in the secondary" ubiformat -q -y "$(mtd_of secondary)"
	modprobe ubi
	ok "attached" ubiattach -p "$(mtd_of secondary)"
	modprobe fwslot
	in_use "attached" all
	ok "detached" ubidetach -p "$(mtd_of secondary)"
	ok "free again" fwslot repair secondary
	reboot
}

terminals() {
	mkdir -p /dev/pts
	mount -t devpts devpts /dev/pts
	trap '' PIPE
	export TERM=linux
}

# typed CMD...: at a terminal, with what comes through fd 7 as its keyboard;
# STATUS of it goes to /run/status, what it shows to /run/shown
typed() {
	rm -f /run/keys /run/status /run/shown
	mkfifo /run/keys
	(
		script -q -e -f -c "stty cols ${COLUMNS:-80}; $*" /run/shown \
			</run/keys >/dev/null 2>&1
		echo $? >/run/status
	) &
	exec 7>/run/keys
}

key() {
	printf "$1" >&7
}

ended() {
	wait_for 60 test -s /run/status
	exec 7>&-
	is "$1: exit status" "$(cat /run/status)" "$2"
}

# answered KEYS NAME STATUS: with these keys it comes to this end
answered() {
	key "$1"
	ended "$2" "$3"
}

shown() {
	tr -d '\r' </run/shown >"$OUT"
	out_has "$@"
}

boot_3() {
	ifconfig lo 127.0.0.1 up
	httpd -p 127.0.0.1:80 -h /files
	terminals
	echo 'timeout=100' >/etc/fwslot.conf
	relay /run/requests 80 stall:100000 >/run/port &
	wait_for 10 test -s /run/port
	modprobe fwslot

	ok "a dry run" fwslot upgrade all --dry-run "$(pkg 5.22.2)"
	out_has "a dry run: blocks" "45 blocks to erase at most, about 41 s"
	out_has "a dry run: the window" \
		"about 5 s of it for the bootloader: there is no other copy"
	ok "a dry run of a downgrade" fwslot upgrade primary --dry-run "$(pkg 5.20.0)"
	out_has "a downgrade: says so" "this is a downgrade from 5.21.2 to 5.20.0:"
	out_has "a downgrade: the notes" "  WeOS 5.20.0 (test image)"
	ok "a dry run of a downgrade" \
		fwslot upgrade primary --dry-run --json "$(pkg 5.20.0)"
	out_has "json: a downgrade" '"downgrade":true,"note":"WeOS 5.20.0 (test image)"'
	out_has "json: the window" '"window_ms":0,"single_copy":false'

	typed fwslot upgrade all "http://127.0.0.1:$(cat /run/port)/weos-5.22.2.pkg"
	ok "the package is being read" wait_for 20 grep -q GET /run/requests
	unchanged "^C before the first erase" \
		answered '\003' "^C before the first erase" 9
	shown "^C before the first erase: says so" "stopped by a signal"
	shown "^C before the first erase: says so" "nothing was written"

	COLUMNS=50 typed fwslot upgrade all --no-reboot "$(pkg 5.22.2)"
	ok "the secondary is being written" wait_for 60 writing secondary
	ok "a bar: time left" wait_for 60 grep -q " left" /run/shown
	key '\003'
	ended "^C while an image is written" 7
	shown "^C while an image is written: says so" "written to before: secondary"
	shown "^C while an image is written: the way" \
		"run the same command again: fwslot upgrade all"
	shown "a bar" "[#"
	is "the bar fits" "$(tr '\r' '\n' </run/shown | tr -d '\033' |
		sed 's/\^C//' | grep '%' | awk 'length > 49 + 2' | head -n 3)" ""

	typed fwslot upgrade all --no-reboot "$(pkg 5.22.2)"
	ok "the bootloader is being written" wait_for 60 writing bootloader
	key '\003'
	ended "^C while the bootloader is written" 7
	shown "^C while the bootloader is written: waits" \
		"the bootloader is being written, this cannot be stopped: waiting for its end"
	is "the bootloader is whole" "$(unit_is bootloader state)" verified

	mkdir -p /scratch/json
	fwslot monitor --json >/scratch/json/events &
	monitor=$!
	ok "json progress" sh -c "fwslot upgrade all --no-reboot --json \\
		--progress=json $(pkg 5.22.2) >/scratch/json/upgrade 2>/scratch/json/progress"
	cp /scratch/json/progress "$OUT"
	out_has "json progress: time left" '"seconds_left":'
	kill "$monitor"
	wait "$monitor"
	ok "events" grep -q '"event":"progress"' /scratch/json/events
	ok "a status" keep_json status fwslot status --json

	typed fwslot upgrade all --no-reboot "$(pkg 5.22.2)"
	ended "the same command again" 6
	shown "the same command again: done" "5.22.2 is installed already"
	reboot
}

boot_4() {
	terminals
	ln -s /usr/sbin/fwslot /run/upgrade
	insmod /files/force.ko product=viper-3000 "booted=$BOOTED" allow_force=1
	foreign=$(pkg 5.23.1)
	unchanged "no force" expect_exit 4 "a key that nobody knows" \
		fwslot upgrade secondary "$foreign"
	unchanged "nobody to ask" expect_exit 2 "force, and nobody to ask" \
		sh -c "fwslot upgrade secondary --force $foreign </dev/null"
	out_has "force, and nobody to ask: the way out" "add --yes"
	out_has "force, and nobody to ask: a warning" "the device may not start"
	unchanged "dry run" ok "a dry run of force" \
		fwslot upgrade secondary --force --dry-run "$foreign"
	typed fwslot upgrade secondary --force "$foreign"
	ok "asked" wait_for 60 grep -q "Type yes" /run/shown
	unchanged "no" answered 'no\n' "not confirmed" 9
	shown "not confirmed: says so" "force was not confirmed"
	shown "not confirmed: says so" "nothing was written"
	typed fwslot upgrade secondary --force "$foreign"
	ok "asked" wait_for 60 grep -q "Type yes" /run/shown
	unchanged "^C" answered '\003' "^C" 9

	typed fwslot upgrade secondary --force "$foreign"
	ok "asked" wait_for 60 grep -q "Type yes" /run/shown
	key 'yes\n'
	ended "confirmed" 0
	is "confirmed: it is there" "$(unit_is secondary state)" untrusted
	ok "repaired" fwslot repair secondary
	ok "force by --yes, as WeOS writes it" \
		/run/upgrade --yes force no-reboot sec "$foreign"
	is "force by --yes: it is there" "$(unit_is secondary state)" untrusted
}
