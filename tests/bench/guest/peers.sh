# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# RAUC and SWUpdate in the guest
#
# RAUC installs through its service on a system bus, as on a device; which slot
# booted, it is told.  SWUpdate runs once for each package.

SWUPDATE="-k /run/peers.pem -H bench:1.0 -M -m"

bus_begin() {
	modprobe -a loop dm_verity squashfs
	mkdir -p /run/dbus /etc/rauc
	cat >/run/dbus.conf <<-END
		<busconfig>
		<type>system</type>
		<listen>unix:path=/run/dbus/system_bus_socket</listen>
		<auth>EXTERNAL</auth>
		<policy context="default">
		<allow user="*"/><allow own="*"/>
		<allow send_destination="*"/><allow receive_sender="*"/>
		</policy>
		</busconfig>
	END
	export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/dbus/system_bus_socket
	dbus-daemon --config-file=/run/dbus.conf --nofork >/run/dbus.log 2>&1 &
	ok "a bus" wait_for 30 test -S /run/dbus/system_bus_socket
}

# rauc_config: the slot "system" is what everybody else writes, too
rauc_config() {
	cat >/etc/rauc/system.conf <<-END
		[system]
		compatible=bench
		bootloader=noop
		statusfile=/run/rauc.status
		mountprefix=/run/rauc
		[keyring]
		path=/run/peers.pem
		[slot.system.0]
		device=$(mtd_of primary)
		type=nor
		bootname=A
		[slot.system.1]
		device=$(mtd_of other)
		type=nor
		bootname=B
	END
}

# peers_begin: after the chip is there; sets $rauc_pid
peers_begin() {
	case " $BENCH_TOOLS " in
	*" rauc "*) ;;
	*) return 0 ;;
	esac
	[ -e /run/dbus/system_bus_socket ] || bus_begin
	[ -z "${rauc_pid-}" ] || { kill "$rauc_pid" && wait "$rauc_pid"; }
	rauc_config
	rm -f /run/rauc.status
	rauc service --override-boot-slot=A >>/run/rauc.log 2>&1 &
	rauc_pid=$!
	ok "RAUC's service" wait_for 15 rauc status
}
