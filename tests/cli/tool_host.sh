#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_host.sh - what the tool concludes from /proc, /sys and /etc: doctor.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
check "build the driver" "${CC:-cc}" -g -O1 -fsanitize=address,undefined \
	-fno-sanitize-recover=all -std=gnu11 -D_GNU_SOURCE -Wall -Wextra \
	-Werror -I"$src/userspace" -I"$src/kmod/core" -I"$src/include" \
	-I"$src/include/uapi" -Wl,--wrap={fopen,opendir,stat,statvfs} \
	-o driver "$src"/tests/cli/tool_host.c \
	"$src"/userspace/{doctor,text}.c "$src"/kmod/core/*.c

# says NAME LINE: doctor does; hushed NAME PATTERN: it says nothing like it
says()
{
	./driver root >out 2>err
	grep -qxF -- "$2" out || cp out err
	grep -qxF -- "$2" out
	report $? "doctor: $1"
}

hushed()
{
	./driver root >out 2>err
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
finish
