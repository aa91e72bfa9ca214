# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Part 2 of the story, on a board whose chip has no partition table
#
# The master is an MTD device of its own there, and root may delete and add
# partitions over it (BLKPG).  The slots stay what they are; after seal the
# master is read-only, too.  The chip has locks and one-time programmable areas:
# what root can do to those changes no byte of a slot.

FLASH_SIZE=0x600000
FLASH_PARTS=""
BOOT_ROM=none
FLASH_PARAMS="lockable=1 otp=1"

BOARD="bootloader@0x0+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000"

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	FLASH_PARTS=$BOARD
	weos_factory 5.21.2
	FLASH_PARTS=""
	gcc -O2 -static -o "$FILES/otpfd" "$vm_dir/prog/otpfd.c"
}

chip() {
	mtd_of flashsim
}

# number NAME: N of its /dev/mtdN
number() {
	mtd_of "$1" | sed 's/.*mtd//'
}

# unchanged NAME: nothing was erased or programmed since counters_mark
unchanged() {
	is "$1: no erase" "$(counter_delta erases)" 0
	is "$1: no program" "$(counter_delta programs)" 0
}

attack() {
	part=$2
	counters_mark
	step fails "$1: flashcp" flashcp /run/junk "$(mtd_of "$part")"
	step fails "$1: flash_erase" flash_erase "$(mtd_of "$part")" 0 1
	step fails "$1: dd" dd if=/run/junk "of=$(mtd_of "$part")"
	step fails "$1: mtdblock" dd if=/run/junk \
		"of=/dev/mtdblock$(number "$part")" conv=fsync
	unchanged "$1"
}

# hold PART: open it for reading and writing, in a process that waits
hold() {
	mkfifo "/run/hold.$1"
	/files/otpfd "$(mtd_of "$1")" <>"/run/hold.$1" >"/run/held.$1" 2>&1 &
	ok "$1 is open for writing" wait_for 10 grep -q open "/run/held.$1"
}

answered() {
	[ "$(wc -l <"/run/held.$1")" -gt "$2" ]
}

# held PART: what its process can do now
held() {
	answers=$(wc -l <"/run/held.$1")
	echo "$region" >"/run/hold.$1"
	wait_for 20 answered "$1" "$answers"
	tail -n 1 "/run/held.$1"
}

# now PART [ro]: what a process can do that opens it now
now() {
	# shellcheck disable=SC2086 # words are wanted
	echo $region | /files/otpfd "$(mtd_of "$1")" $2 | tail -n 1
}

slots_hash() {
	for part in bootloader primary secondary; do
		slot_hash $part
	done
}

# attempt NAME CHANGES EXPECTED CMD...: locks and OTP, in a region of its own; so
# many changes of OTP come of it, and none of the flash
attempt() {
	claim=$1
	changes=$2
	expected=$3
	shift 3
	counters_mark
	is "$claim: what is seen" "$("$@")" "$expected"
	unchanged "$claim"
	is "$claim: changes of OTP" "$(counter_delta otp_changes)" "$changes"
	region=$((region + 1))
}

# What a file may do that was opened for writing, and one that may only read.
WRITER="unlock=0 lock=0 islocked=1 \
user=0 count=16 info=0 read=32 write=32 erase=0 lock=0 rewrite=EROFS \
factory=0 count=1 info=0 read=32 write=EROFS erase=EINVAL lock=EINVAL off=0 "
READER="unlock=EPERM lock=EPERM islocked=1 \
user=0 count=16 info=0 read=32 write=EBADF erase=EPERM lock=EPERM rewrite=EBADF \
factory=0 count=1 info=0 read=32 write=EBADF erase=EPERM lock=EPERM off=0 "

boot_1() {
	title "2. on a chip without a partition table"
	head -c 65536 /dev/urandom >/run/junk
	mtdpart add "$(chip)" bootloader 0 0x80000
	mtdpart add "$(chip)" primary 0x100000 0x200000
	mtdpart add "$(chip)" secondary 0x300000 0x200000
	mtdpart add "$(chip)" data 0x580000 0x80000
	modprobe mtdblock
	region=0
	hold secondary
	hold flashsim
	step 0 "status" fwslot status
	attack "slot" primary

	title "   locks of the chip, and what is programmed once"
	was=$(slots_hash)
	attempt "held slot" 3 "$WRITER" held secondary
	attempt "held master" 3 "$WRITER" held flashsim
	attempt "slot" 0 "$READER" now primary ro
	attempt "master" 3 "$WRITER" now flashsim

	title "   root deletes the slot's partition and adds another over it"
	step 0 "delete" mtdpart del "$(chip)" "$(number primary)"
	step 0 "add" mtdpart add "$(chip)" mine 0x100000 0x200000
	attack "partition over the slot" mine
	step 0 "delete that" mtdpart del "$(chip)" "$(number mine)"
	step 0 "the name at another place" \
		mtdpart add "$(chip)" primary 0x500000 0x80000
	step 0 "status" fwslot status
	out_has "it is not taken for the slot" absent
	step 0 "delete that, too" mtdpart del "$(chip)" "$(number primary)"
	step 0 "the slot comes back" \
		mtdpart add "$(chip)" primary 0x100000 0x200000
	step 0 "verify" fwslot verify

	title "   the master itself, after seal"
	step 0 "seal" fwslot seal
	attack "master" flashsim
	attempt "held slot, sealed" 3 "$WRITER" held secondary
	attempt "held master, sealed" 3 "$WRITER" held flashsim
	attempt "slot, sealed" 0 "$READER" now primary ro
	attempt "master, sealed" 0 "$READER" now flashsim ro
	attempt "other partition, sealed" 3 "$WRITER" now data
	is "every byte of the slots is as it was" "$(slots_hash)" "$was"
	step fails "the module stays" rmmod fwslot
	step 0 "status" fwslot status
}
