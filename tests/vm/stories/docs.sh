# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# What the documentation tells to type on a device, line by line
#
# First the examples of fwslot.8, from 5.20.0 on; then quickstart.rst, on a
# device with raw images of 5.21.2.  A line that reboots goes on with the next
# one after it.  Last, the options of the module that the documentation shows.

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="erase_us=20000"
STORY_TIMEOUT=420

# commands KIND FILE: the lines of a document, without continuation
commands() {
	"$top/tests/doc-blocks.sh" "$top/Documentation/$2" ${1:+"$1"} |
		sed -e :a -e '/\\$/N; s/ *\\\n */ /; ta' | grep -v '^#@\|^$'
}

# One file for each block of options
modprobe_blocks() {
	for doc in quickstart for-vendors for-boards; do
		"$top/tests/doc-blocks.sh" "$top/Documentation/$doc.rst" modprobe
	done | awk -v file="$FILES/modprobe" '
		/^#@/ { n++ }
		/^options / { print >(file "." n) }'
}

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	weos_factory 5.20.0
	cp "$top"/userspace/boot/* "$FILES/"
	# From a server: that is shown by the story network.
	commands '' fwslot.8 | grep -v :// >"$FILES/fwslot.8"
	{
		commands raw quickstart.rst
		commands device quickstart.rst
	} >"$FILES/quickstart"
	modprobe_blocks
}

# begin: what the documents take for granted
begin() {
	mkdir -p /var/lib/weos
	cp /files/*.pkg /var/lib/weos/
	echo "target=/scratch/target" >/etc/fwslot.conf
}

# type_lines FILE: type the lines of a file, from where the last boot ended
type_lines() {
	n=$(cat "/scratch/line.$1" 2>/dev/null || echo 0)
	while [ "$n" -lt "$(wc -l <"/files/$1")" ]; do
		n=$((n + 1))
		echo "$n" >"/scratch/line.$1"
		line=$(sed -n "${n}p" "/files/$1")
		ok "$1: $line" sh -c "cd /var/lib/weos && $line"
	done
}

boots() {
	is "boots $1" "$(sed 's/.*version=//' /run/boot)" "$1"
	begin
}

# typed FILE N: all lines were typed, and there were as many at least
typed() {
	is "$1: all lines" "$(cat "/scratch/line.$1")" "$(wc -l <"/files/$1")"
	ok "$1: enough of them" test "$(cat "/scratch/line.$1")" -ge "$2"
}

boot_1() {
	boots 5.20.0
	type_lines fwslot.8
}

boot_2() {
	boots 5.21.2
	type_lines fwslot.8
}

boot_3() {
	boots 5.22.2
	modprobe fwslot
	type_lines fwslot.8
	typed fwslot.8 4
	modprobe -r fwslot
	reboot
}

# Raw images, as a device has them that never saw fwslot.
boot_4() {
	boots 5.22.2
	for slot in primary secondary; do
		ok "raw $slot" flashcp /files/images/system-5.21.2 "$(mtd_of $slot)"
	done
	ok "raw bootloader" flashcp /files/images/boot-5.21.2 "$(mtd_of bootloader)"
	for slot in primary secondary bootloader; do
		ok "no record of $slot" flash_erase -q "$(mtd_of $slot)" \
			$(($(part_size $slot) - 0x10000)) 1
	done
	reboot
}

# part_size NAME: bytes of a partition
part_size() {
	echo "$((0x$(sed -n "s/^mtd[0-9]*: \([0-9a-f]*\) .* \"$1\"\$/\1/p" /proc/mtd)))"
}

boot_5() {
	boots 5.21.2
	type_lines quickstart
}

boot_6() {
	boots 5.22.2
	type_lines quickstart
}

boot_7() {
	boots 5.23.0
	options=/run/modprobe.d
	mkdir $options
	for file in /files/modprobe.*; do
		cp "$file" $options/fwslot.conf
		ok "options: ${file#/files/}" modprobe -C $options fwslot
		while read -r _ _ option; do
			is "$option" "$(cat "/sys/module/fwslot/parameters/${option%%=*}")" \
				"$(echo "${option#*=}" | tr -d '"')"
		done <"$file"
		modprobe -r fwslot
	done
	ok "there were some" test -e /files/modprobe.3
	type_lines quickstart
	typed quickstart 10
	ok "it runs in all slots" fwslot verify
}
