# SPDX-License-Identifier: MIT
# shellcheck shell=dash
#
# What init does only in QEMU

mount_host() {
	modprobe -a virtio_pci virtio_blk virtio_console 9pnet_virtio 9p
	mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 scratch /scratch
	mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,ro files /files
}

# open_port NAME: print the device of a virtio port
open_port() {
	for port in /sys/class/virtio-ports/*; do
		[ "$(cat "$port/name")" != "$1" ] || echo "/dev/${port##*/}"
	done
}

# end_machine CODE: end QEMU with exit status 2 * CODE + 1
end_machine() {
	sync
	# shellcheck disable=SC2059 # an octal escape is wanted
	printf "\\$(printf %o "$1")" |
		dd of=/dev/port bs=1 seek=244 conv=notrunc 2>/dev/null
}
