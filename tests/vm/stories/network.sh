# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Packages from servers: HTTP and TFTP, up and down, also with a connection that
# breaks and one that cannot be taken up again
#
# The servers run in the machine itself: busybox's httpd, tftpd-hpa, and the
# relay of the command line tests between httpd and the tool.

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="lockable=1 erase_us=20000"
STORY_TIMEOUT=500

host_setup() {
	. "$vm_dir/lib/weos.sh"
	. "$top/tests/cli/lib/servers.sh"
	servers_get || die "cannot get the servers"
	gcc -O1 -o "$work/relay" "$top/tests/cli/tool_relay.c"
	add_programs /usr/bin/curl "$server_cache/usr/sbin/in.tftpd" \
		"$work/relay"
	weos_releases
	weos_factory 5.21.2
}

network() {
	ifconfig lo 127.0.0.1 up
	# in.tftpd wants to see an address that is not of the loopback net.
	ip addr add 192.0.2.1/24 dev lo
	httpd -p 127.0.0.1:80 -h /files
	in.tftpd --listen --address 127.0.0.1:69 --user root --secure /files
	ln -s /usr/sbin/fwslot /run/upgrade
	printf 'timeout=5\n' >/etc/fwslot.conf
}

boots() {
	is "boots $1 from $2" "$(cat /run/boot)" \
		"boot=$2 bootloader=0 format=$3 version=$1"
}

# between BEHAVIOUR...: the relay before httpd; sets $web
between() {
	[ -z "${relay_pid:-}" ] || kill "$relay_pid"
	rm -f /run/port /run/requests
	/usr/sbin/relay /run/requests 80 "$@" >/run/port &
	relay_pid=$!
	ok "relay: $*" wait_for 10 test -s /run/port
	web=http://127.0.0.1:$(cat /run/port)
}

# User and password of a URI: not in stdout, stderr, or the system log.
secrets() {
	local uri=http://u:secret@127.0.0.1/weos-5.23.0.pkg

	syslogd -O /run/log
	expect_exit 3 "a URI with a password" fwslot upgrade all "$uri"
	out_has "a URI with a password: the way out" \
		"fwslot upgrade all http://127.0.0.1/weos-5.23.0.pkg"
	is "a URI with a password: not shown" "$(grep -c secret "$OUT")" 0
	expect_exit 3 "a URI with a password, --json" \
		fwslot upgrade all --json --progress=json "$uri"
	out_has "a URI with a password, --json: the way out" \
		"fwslot upgrade all http://127.0.0.1/weos-5.23.0.pkg"
	is "a URI with a password, --json: not shown" \
		"$(grep -c secret "$OUT")" 0
	ok "the log has the refusal" \
		wait_for 10 grep -q "upgrade all to 5.23.0 failed: no-bridge" /run/log
	is "the log has no password" "$(grep -c secret /run/log)" 0
}

boot_1() {
	boots 5.21.2 primary 1
	network
	modprobe fwslot
	ok "info by http" fwslot info http://127.0.0.1/weos-5.22.2.pkg
	out_has "info by http: release" "5.22.2"
	counters_mark
	expect_exit 0 "dry run by http" \
		fwslot upgrade all --dry-run http://127.0.0.1/weos-5.22.2.pkg
	expect_exit 9 "http: no such file" \
		fwslot upgrade all http://127.0.0.1/nowhere.pkg
	out_has "http: no such file" "404"
	out_has "http: nothing was written" "nothing was written"
	expect_exit 9 "neither ftp nor tftp" \
		/run/upgrade no-reboot all 127.0.0.1 nowhere.pkg
	out_has "neither ftp nor tftp: says so" "tftp://127.0.0.1/nowhere.pkg: TFTP: File Not Found"
	between stall:10
	expect_exit 9 "a server that stalls" \
		fwslot upgrade all "$web/weos-5.22.2.pkg"
	out_has "a server that stalls: says so" "the server sent 0 bytes in 5 seconds"
	expect_exit 3 "policy holds for http, too" \
		fwslot upgrade all http://127.0.0.1/weos-5.23.0.pkg
	secrets
	expect_exit 3 "policy holds after ftp has failed, too" \
		/run/upgrade no-reboot all 127.0.0.1 weos-5.23.0.pkg
	out_has "the way out names what answered" \
		"fwslot upgrade all tftp://127.0.0.1/weos-5.23.0.pkg"
	is "no erase so far" "$(counter_delta erases)" 0

	# What is not stored is what a broken connection has to fetch again.
	between end:1350000 reply:/dev/null
	touch /run/mark
	expect_exit 1 "a connection that breaks for good" \
		fwslot upgrade all --no-reboot --json "$web/weos-5.22.2.pkg"
	out_has "breaks for good: what was written" '"written":["secondary"]'
	out_has "breaks for good: the way out" "run the same command again"
	run fwslot status
	is "nothing is stored on the device" \
		"$(find / -xdev -newer /run/mark -size +100k -type f)" ""
	between cut:100000 end:1300000 end:100 pass
	run fwslot upgrade all "$web/weos-5.22.2.pkg"
}

boot_2() {
	boots 5.22.2 primary 2
	network
	ok "verify" fwslot verify
	# Nobody serves FTP here.
	run /run/upgrade pri 127.0.0.1 weos-5.23.0.pkg
}

boot_3() {
	boots 5.23.0 primary 2
	network
	ok "back, by tftp" fwslot upgrade primary --no-reboot \
		tftp://127.0.0.1/weos-5.22.2.pkg
	reboot
}

boot_4() {
	boots 5.22.2 primary 2
	network
	run /run/upgrade all 127.0.0.1/weos-5.21.2.pkg
}

boot_5() {
	boots 5.21.2 primary 1
	ok "verify" fwslot verify
}
