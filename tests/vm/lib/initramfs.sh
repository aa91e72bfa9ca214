# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# Put a root file system for the guest together and pack it
#
# Everything comes from the machine that runs the tests: Debian's static
# busybox, dash, kmod and mtd-utils with the libraries that ldd names, and the
# few kernel modules that the guest needs.  A real tool always wins over the
# busybox applet of the same name: nothing here may test busybox's modprobe or
# flashcp.  That is also why the shell is dash: Debian's busybox sh prefers its
# own applets to the PATH.  The layout is merged (/bin is /usr/bin).

guest_programs=(
	/usr/bin/kmod /usr/sbin/mtdinfo /usr/sbin/mtdpart /usr/sbin/mtd_debug
	/usr/sbin/flashcp /usr/sbin/flash_erase /usr/sbin/flash_lock
	/usr/sbin/flash_unlock /usr/sbin/nandwrite /usr/sbin/nanddump
	/usr/sbin/ubiattach /usr/sbin/ubidetach /usr/sbin/ubiformat
	/usr/sbin/ubimkvol
)

guest_modules=(
	virtio_pci virtio_blk virtio_console 9p 9pnet_virtio
	mtd mtdblock mtdram block2mtd nandsim ubi
)

# stage_tree ROOT: make the directories
stage_tree() {
	local dir

	mkdir -p "$1"/{dev,etc,files,proc,root,run,scratch,sys,tmp,vm} \
		"$1"/usr/{bin,sbin,lib,lib64}
	for dir in bin sbin lib lib64; do
		ln -sfn "usr/$dir" "$1/$dir"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
	echo 'root:x:0:' >"$1/etc/group"
}

# stage_program ROOT FILE [DIR]: copy a program and its libraries
stage_program() {
	local root=$1 file=$2 dir=${3:-/usr/sbin} lib

	[[ -x $file ]] || die "$file: no such program"
	install -D "$file" "$root$dir/${file##*/}"
	while read -r lib; do
		[[ -e $root$lib ]] || install -D "$lib" "$root$lib"
	done < <(ldd "$file" 2>/dev/null | grep -o '/[^ ]*')
}

# stage_busybox ROOT: add an applet for each name that is still free
stage_busybox() {
	local root=$1 name

	install /usr/bin/busybox "$root/usr/bin/busybox" 2>/dev/null ||
		install /bin/busybox "$root/usr/bin/busybox" ||
		die "busybox-static is not installed"
	while read -r name; do
		[[ -e $root/usr/bin/$name || -e $root/usr/sbin/$name ]] ||
			ln -s busybox "$root/usr/bin/$name"
	done < <("$root/usr/bin/busybox" --list)
}

# stage_tools ROOT: kmod under its names, mtd-utils, busybox
stage_tools() {
	local root=$1 file name

	for file in "${guest_programs[@]}"; do
		stage_program "$root" "$file"
	done
	for name in modprobe insmod rmmod lsmod modinfo depmod; do
		ln -sf kmod "$root/usr/sbin/$name"
	done
	stage_program "$root" /bin/dash /usr/bin
	ln -sf dash "$root/usr/bin/sh"
	stage_busybox "$root"
}

# module_files KDIR ABI NAME...: print the files of modules and what they need
module_files() {
	local kdir=$1 abi=$2

	shift 2
	printf '%s\n' "$@" |
		xargs -n 1 modprobe -d "$kdir" -S "$abi" -C /dev/null --show-depends |
		sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u
}

# stage_modules ROOT KDIR ABI NAMES KO...: kernel modules and our own
stage_modules() {
	local root=$1 kdir=$2 abi=$3 names=$4 file to
	local dir="$root/usr/lib/modules/$abi"

	shift 4
	mkdir -p "$dir/extra"
	# shellcheck disable=SC2086 # NAMES is a list of words
	for file in $(module_files "$kdir" "$abi" $names); do
		to="$root/usr${file#"$kdir"}"
		install -D -m 644 "$file" "$to"
		[[ $to != *.xz ]] || xz -d -f "$to"
	done
	cp "$kdir/lib/modules/$abi"/modules.{builtin,builtin.modinfo,order} "$dir/"
	for file; do
		install -m 644 "$file" "$dir/extra/"
	done
	depmod -b "$root" "$abi"
}

# stage_guest ROOT: the scripts that run the story
stage_guest() {
	local root=$1 guest="$vm_dir/guest"

	install "$guest/init" "$root/init"
	install "$guest/reboot" "$root/usr/sbin/reboot"
	install "$guest/poweroff" "$root/usr/sbin/poweroff"
	install -m 644 "$guest"/*.sh "$root/vm/"
}

# initramfs_pack ROOT OUT: uncompressed, which boots fastest
initramfs_pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) >"$2"
}
