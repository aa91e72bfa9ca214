#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_host.sh - what the tool concludes from /proc, /sys and /etc: doctor,
# which slots are in use, how long a server may be silent.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
check "build the driver" tool_driver driver \
	-Wl,--wrap={fopen,opendir,access,stat,statvfs,open,ioctl} \
	"$src"/tests/cli/tool_host.c "$src"/userspace/doctor.c

# says NAME LINE: doctor does; hushed NAME PATTERN: it says nothing like it
says()
{
	./driver root doctor >out 2>err
	grep -qxF -- "$2" out || cp out err
	grep -qxF -- "$2" out
	report $? "doctor: $1"
}

hushed()
{
	./driver root doctor >out 2>err
	cp out err
	! grep -q -- "$2" out
	report $? "doctor: $1"
}

# put FILE [TEXT]: in the folder
put()
{
	mkdir -p "root/${1%/*}"
	printf '%s' "${2-}" >"root/$1"
}

umask 022
mkdir root
hushed "no modprobe.d" modprobe
put etc/modprobe.d/a.conf $'options fwslot product=x\n'
says "a folder" "WARNING modprobe.d: root may write to /etc/modprobe.d"
says "options" \
	"WARNING modprobe.d: /etc/modprobe.d/a.conf sets options, and root may change them"
mv root/etc/modprobe.d/a.conf root/etc/modprobe.d/a.conf.old
hushed "a file that modprobe does not read" a.conf
put etc/modprobe.d/.a.conf $'options fwslot product=x\n'
hushed "a hidden file" a.conf
put etc/modprobe.d/other.conf $'options other fwslot=1\n# fwslot\n'
hushed "another module's options" other.conf
chmod 646 root/etc/modprobe.d/other.conf
says "a file that others may write to" \
	"WARNING modprobe.d: others than root may write to /etc/modprobe.d/other.conf"
for folder in run usr/local/lib usr/lib lib; do
	put $folder/modprobe.d/b.conf $'install fwslot true\n'
	says "/$folder" "WARNING modprobe.d: root may write to /$folder/modprobe.d"
	says "/$folder: options" \
		"WARNING modprobe.d: /$folder/modprobe.d/b.conf sets options, and root may change them"
done
chmod 777 root/run/modprobe.d
says "a folder that others may write to" \
	"WARNING modprobe.d: others than root may write to /run/modprobe.d"
rm -r root/lib
ln -s usr/lib root/lib
hushed "/lib is a link" " /lib/"
put proc/cmdline $'quiet fwslot.booted=primary fwslot.min_version=1.2.3\n'
says "what boots" "note cmdline: fwslot.booted=primary"
says "more in the command line" "WARNING cmdline: fwslot.min_version=1.2.3"
says "no lockdown" "WARNING lockdown: not there: root may write to kernel memory"
put sys/kernel/security/lockdown $'none [integrity] confidentiality\n'
says "lockdown" "good lockdown: integrity"
put sys/class/mtd/mtd3/name $'u-boot-env\n'
put sys/class/mtd/mtd3/flags $'0xc00\n'
says "an environment" \
	'WARNING bootargs: mtd3 ("u-boot-env") can be written: what the bootloader tells the kernel may be changed there'
put sys/class/mtd/mtd3/flags $'0x800\n'
says "a read-only one" 'good bootargs: mtd3 ("u-boot-env") is read-only'

# used NAME LINE...: the slots in use, or why that cannot be told
used()
{
	local name=$1

	shift
	./driver root inuse >came 2>err
	equal "in use: $name" "$*" "$(tr '\n' ' ' <came | sed 's/ $//')"
}

rm -r root
mkdir root
put sys/class/mtd/mtd0/name
put sys/class/mtd/mtd2/name
used "no /proc" "looking whether primary is mounted"
put proc/self/mountinfo $'21 1 8:1 / / rw - ext4 /dev/sda1 rw\n'
used "no /sys for one of them" "looking whether secondary is mounted"
put sys/class/mtd/mtd12/name
used "nothing"
put proc/self/mountinfo $'21 1 8:12 / / rw - ext4 /dev/sda1 rw\n22 1 31:1 / /a rw\n'
used "others are mounted"
put proc/self/mountinfo $'21 1 8:1 / / rw\n22 1 31:12 / /a ro - squashfs x ro\n'
used "mounted" secondary
put sys/class/block/mtdblock0/holders/dm-0
put sys/class/block/mtdblock2/holders/x
rm root/sys/class/block/mtdblock2/holders/x
used "held" secondary bootloader
put proc/self/mountinfo
rm -r root/sys/class/block/mtdblock0
put sys/class/ubi/version 1
put sys/class/ubi/ubi0/mtd_num $'12\n'
put sys/class/ubi/ubi0_0/name
used "attached" secondary
put sys/class/ubi/ubi0/mtd_num $'1\n'
used "another one is attached"
rm -r root/sys/class/ubi
put sys/class/ubi
used "something else at UBI's place" "looking whether primary is mounted"
rm root/sys/class/ubi
put sys/class/ubi/ubi0/mtd_num $'x\n'
used "UBI says nothing that can be understood" "looking whether primary is mounted"
rm root/sys/class/ubi/ubi0/mtd_num
mkdir root/sys/class/ubi/ubi0/mtd_num
used "UBI cannot be read" "looking whether primary is mounted"
rm -r root/sys/class/ubi

# loop N BACKING_FILE ON: a loop device, whatever its name says
loop()
{
	put "sys/class/block/loop$1/loop/backing_file" "$2"$'\n'
	put "dev/loop$1" "$3"
}

put sys/class/block/loop0/size
loop 1 /dev/mtdblock20 20
loop 2 /dev/image x
loop 3 "/image (deleted)" x
put sys/class/block/loop4/loop/backing_file
loop 5 /dev/mtdblock2 ""
used "other loop devices"
loop 10 /dev/mtdblock2 2
used "a loop device" primary
loop 10 "/dev/mtdblock12 (deleted)" 12
used "a loop device whose node is gone" secondary
loop 10 /mtdblock0 0
used "a loop device whose name is of another root directory" bootloader
rm root/dev/loop10
used "a loop device that cannot be asked" "looking whether primary is mounted"
rm -r root/sys/class/block/loop10/loop/backing_file
mkdir root/sys/class/block/loop10/loop/backing_file
used "a loop device that cannot be read" "looking whether primary is mounted"

# timeout NAME SECONDS
timeout()
{
	equal "timeout: $1" "$2" "$(./driver root timeout 2>err)"
}

idle=sys/module/fwslot/parameters/idle_timeout
timeout "no module" 100
put $idle $'300\n'
timeout "the module's default" 50
put $idle $'86400\n'
timeout "the module waits long" 100
put $idle $'2\n'
timeout "the module hardly waits" 1
finish
