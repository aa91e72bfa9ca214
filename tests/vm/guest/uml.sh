# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154
#
# What init does only in User Mode Linux; $UML_WORK is the host's work folder

mount_host() {
	mkdir /host
	mount -t hostfs -o "$UML_WORK" none /host
	mount --bind /host/scratch /scratch
	mount --bind /host/files /files
	mount -o remount,bind,ro /files
	ln -s ubda /dev/vda
}

# open_port NAME: print the file that takes its place
open_port() {
	touch "/host/$1"
	echo "/host/$1"
}

# leaks: what kmemleak knows, but not what the kernel lost while it came up
leaks() {
	awk '
	/^unreferenced object/ { head = $0; next }
	head != "" { own = /comm "swapper", pid 1,/ }
	!own && head != "" { print head }
	{ head = "" }
	!own { print }' /sys/kernel/debug/kmemleak
}

# end_machine CODE: the status that QEMU would have had
#
# Leaks are looked for at the end.  The kernel believes of no object that it has
# leaked before it is five seconds old and was found so twice.
end_machine() {
	if [ -e /sys/kernel/debug/kmemleak ]; then
		sleep 6
		echo scan >/sys/kernel/debug/kmemleak
		echo scan >/sys/kernel/debug/kmemleak
		leaks >>"/scratch/dmesg.$phase"
	fi
	echo $(($1 * 2 + 1)) >/host/exit
	sync
	busybox poweroff -f
}
