# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# Boards and module parameters: slots that are missing, doubled, crooked, on
# NAND or on top of each other are refused with a reason; a record area and two
# bootloader copies work; what is not configured is refused
#
# One boot; between the boards module and flash driver are loaded anew.

FLASH_SIZE=0x400000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000;data@0x280000+0x100000"
STORY_TIMEOUT=400

# The bootloader fills its partition; its record is in the second block of another.
TIGHT="bootloader@0x0+0x40000;records@0x40000+0x20000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
TWO="bootloader1@0x0+0x80000;bootloader2@0x280000+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"

# What is tried, in this order
ONLY="absent ambiguous unaligned comes_later nand bad_parameters collisions
record_area two_copies not_configured idle sealed_at_load"

IMAGES="primary=primary;secondary=secondary"
CONF=/etc/modprobe.d/fwslot.conf

[ ! -e /files/slots.sh ] || . /files/slots.sh

# board_image NAME PARTS: all slots with 5.21.2, as file for the guest
board_image() {
	flash_create "$FILES/$1.img" "$FLASH_SIZE"
	FLASH=$FILES/$1.img FLASH_PARTS=$2 "$3" 5.21.2
}

host_setup() {
	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=600123
	weos_release 5.20.0 1 10
	weos_release 5.21.2 1 20
	weos_release 5.22.2 2 30 --bridge 1:5.21.2
	weos_factory 5.21.2
	cp "$FLASH" "$FILES/factory.img"
	board_image tight "$TIGHT" weos_tight
	board_image two "$TWO" weos_factory
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

# weos_tight VERSION: image slots as from the factory, the bootloader raw
weos_tight() {
	weos_raw "$1"
	FLASH_PARTS=${TIGHT#*;} weos_factory "$1"
}

unload() {
	! grep -q '^fwslot ' /proc/modules || rmmod fwslot
	! grep -q '^flashsim ' /proc/modules || rmmod flashsim
}

plug() {
	modprobe flashsim backing=/dev/vda "size=$FLASH_SIZE" "parts=$1" lockable=1
}

# board IMAGE PARTS [PARAMETER...]: this flash, and the module loaded
board() {
	unload
	dd if="/files/$1.img" of=/dev/vda bs=1M conv=notrunc 2>/dev/null
	plug "$2"
	shift 2
	modprobe fwslot "$@"
}

factory() {
	board factory "$FLASH_PARTS" "$@"
}

# secondary_refused NAME REASON: it is not bound, and nothing is installed
secondary_refused() {
	is "$1: states" "$(units_are state)" \
		"primary:recorded secondary:absent bootloader:recorded"
	is "$1: reason" "$(unit_is secondary reason)" "$2"
	is "$1: one line in the log" "$(log_since "state secondary $2")" "$3"
	denied 8 "$1: upgrade all" fwslot upgrade all "$(pkg 5.20.0)"
	out_has "$1: the tool names the slot" "slot-absent: a slot is not present [secondary]"
	is "$1: the others are protected and locked" \
		"$(units_are protected) $(units_are lock)" \
		"primary:true secondary:false bootloader:true primary:locked secondary:none bootloader:locked"
}

# log_since TEXT: lines with it since the module was loaded last
log_since() {
	dmesg | awk -v text="fwslot: $1" '/fwslot: built with/ { n = 0 }
		index($0, text) { n++ } END { print n + 0 }'
}

absent() {
	board factory "$(echo "$FLASH_PARTS" | sed 's/secondary@/other@/')"
	secondary_refused "missing" slot-absent 0
	denied 3 "missing: upgrade primary" fwslot upgrade primary "$(pkg 5.20.0)"
	out_has "there would be nothing to start" nothing-bootable
	ok "missing: upgrade bootloader works" \
		fwslot upgrade bootloader "$(pkg 5.20.0)" --no-reboot
}

ambiguous() {
	double="$FLASH_PARTS;secondary@0x380000+0x80000"
	board factory "$double"
	secondary_refused "two of one name" slot-ambiguous 1
	grep '"secondary"' /proc/mtd | cut -d: -f1 >/run/doubles
	while read -r dev; do
		blocked "two of one name: erase $dev" flash_erase -q "/dev/$dev" 0 1
	done </run/doubles
	for key in offset=0x180000 size=1M; do
		board factory "$double" \
			"slots=primary=primary;secondary=secondary,master=flashsim,$key;bootloader=bootloader"
		is "$key tells them apart" "$(unit_is secondary offset)" \
			$((0x180000))
	done
	installs "and that works" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
	board factory "$FLASH_PARTS" \
		"slots=primary=primary;secondary=secondary,master=other;bootloader=bootloader"
	is "another chip is not taken" "$(units_are state)" \
		"primary:recorded secondary:absent bootloader:recorded"
}

unaligned() {
	board factory "$(echo "$FLASH_PARTS" |
		sed 's/secondary@0x180000+0x100000/secondary@0x188000+0xf0000/')"
	secondary_refused "begins inside a block" slot-unaligned 1
	board factory "$(echo "$FLASH_PARTS" |
		sed 's/secondary@0x180000+0x100000/secondary@0x180000+0xf8000/')"
	secondary_refused "ends inside a block" slot-unaligned 1
	factory
	installs "the good board again" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
}

comes_later() {
	factory
	rmmod fwslot
	rmmod flashsim
	modprobe fwslot
	is "no flash yet" "$(units_are reason)" \
		"primary:slot-absent secondary:slot-absent bootloader:slot-absent"
	expect_exit 8 "no flash yet: upgrade" fwslot upgrade all "$(pkg 5.20.0)"
	plug "$FLASH_PARTS"
	is "the flash comes" "$(units_are state)" \
		"primary:recorded secondary:recorded bootloader:recorded"
	all_locked "the flash comes"
	fails "its driver cannot be unloaded" rmmod flashsim
}

nand() {
	factory
	rmmod fwslot
	modprobe nandsim parts=8,8
	cp $CONF /run/fwslot.conf
	echo 'options fwslot slots="primary=NAND simulator partition 0;secondary=secondary;bootloader=NAND simulator partition 1"' \
		>>$CONF
	modprobe fwslot
	is "NAND without a layout is not bound" "$(units_are state)" \
		"primary:absent secondary:recorded bootloader:absent"
	is "the reason" "$(units_are reason)" \
		"primary:no-layout secondary:ok bootloader:no-layout"
	denied 8 "nothing is installed" fwslot upgrade all "$(pkg 5.20.0)"
	out_has "the tool names the slots" "[primary, bootloader]"
	for n in 0 1; do
		fails "NAND $n is read-only all the same" \
			flash_erase -q "$(mtd_of "NAND simulator partition $n")" 0 1
	done
	rmmod fwslot
	rmmod nandsim
	cp /run/fwslot.conf $CONF
}

# not_loaded PARAMETER: the module refuses it, in one line that names it
not_loaded() {
	lines=$(log_lines fwslot)
	named=$(log_lines "fwslot: parameter ${1%%=*}: ")
	fails "$1" modprobe fwslot "$1"
	is "$1: it is not loaded" "$(grep -c '^fwslot ' /proc/modules)" 0
	is "$1: one line, that names the parameter" \
		"$(log_lines fwslot) $(log_lines "fwslot: parameter ${1%%=*}: ")" \
		"$((lines + 1)) $((named + 1))"
}

# reported PARAMETER: the module says that it cannot use it, and guards the slots
reported() {
	rmmod fwslot
	lines=$(log_lines "fwslot: parameter ${1%%=*}: ")
	ok "$1: loaded all the same" modprobe fwslot "$1"
	is "$1: one line" "$(log_lines "fwslot: parameter ${1%%=*}: ")" \
		$((lines + 1))
	all_locked "$1"
}

# guards_only PARAMETER REASON: and installs nothing
guards_only() {
	reported "$1"
	denied 3 "$1: upgrade" fwslot upgrade secondary "$(pkg 5.20.0)"
	out_has "$1: it says why" "$2"
}

bad_parameters() {
	factory
	rmmod fwslot
	long=$(head -c 70 /dev/zero | tr '\0' a)
	for value in "" "primary" "$IMAGES" "$IMAGES;bootloader" \
		"$IMAGES;bootloader=" "kernel=a;$IMAGES;bootloader=b" \
		"primary=a;$IMAGES;bootloader=b" \
		"bootloader=a;bootloader=b;bootloader=c" \
		"bootloader=$long" "bootloader=b,master" \
		"bootloader=b,colour=red" "bootloader=b,offset=" \
		"bootloader=b,offset=x" "bootloader=b,size=64Q" \
		"bootloader=b,offset=-1" "bootloader=b,record=r" \
		"bootloader=b,record=r@" "bootloader=b,record=@0" \
		"bootloader=b,record=r@0,record=r@0" \
		"bootloader=b,record=r@0:x"; do
		not_loaded "slots=$value"
	done
	factory
	guards_only "booted=third" booted-unknown
	guards_only "min_version=5.x" below-minimum
	guards_only "product=$long" no-product
	reported "idle_timeout=0"
	installs "idle_timeout=0: the default counts" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
}

# one_refused NAME: not all slots that share a place are taken
one_refused() {
	ok "$1 is refused" sh -c "! grep -q '^fwslot ' /proc/modules ||
		fwslot status --json | grep -q '\"state\": *\"absent\"'"
}

collisions() {
	board factory "$FLASH_PARTS" \
		"slots=primary=primary;secondary=primary;bootloader=bootloader"
	one_refused "one partition for two slots"
	board factory "$(echo "$FLASH_PARTS" |
		sed 's/secondary@0x180000/secondary@0x100000/')"
	one_refused "two slots that overlap"
	board factory "$FLASH_PARTS" \
		"slots=$IMAGES;bootloader=bootloader,record=primary@0"
	one_refused "a record area in another slot"
	board factory "$FLASH_PARTS" \
		"slots=$IMAGES;bootloader=bootloader,record=bootloader@0"
	one_refused "a record area in its own slot"
	board two "$TWO;records@0x380000+0x20000" \
		"slots=$IMAGES;bootloader=bootloader1,record=records@0;bootloader=bootloader2,record=records@0"
	one_refused "one record area for two slots"
}

record_area() {
	board tight "$TIGHT"
	denied 3 "no room for the record" fwslot upgrade all "$(pkg 5.22.2)"
	out_has "it says so" image-too-large
	set -- "slots=$IMAGES;bootloader=bootloader,record=records@0x10000"
	board tight "$TIGHT" "$@"
	all_locked "record area"
	is "status knows of the area" "$(units_are own_record)" \
		"primary:false secondary:false bootloader:true"
	blocked "the area: flash_erase" flash_erase -q "$(mtd_of records)" 0x10000 1
	ok "it was empty" area_erased 2
	installs "upgrade all" fwslot upgrade all "$(pkg 5.22.2)" --no-reboot
	fails "the record is there" area_erased 2
	ok "the block before it was not touched" area_erased 1
	blocked "the area: flash_erase, afterwards" \
		flash_erase -q "$(mtd_of records)" 0x10000 1
	rmmod fwslot
	modprobe fwslot "$@"
	is "found again" "$(units_are version)" \
		"primary:5.22.2 secondary:5.22.2 bootloader:5.22.2"
	ok "the device is complete" fwslot verify
}

# area_erased BLOCKS: the first ones of the partition with the records
area_erased() {
	[ "$(head -c $(($1 * 65536)) "$(mtd_of records)" | tr -d '\377' | wc -c)" = 0 ]
}

heard() {
	fwslot verify secondary >/dev/null
	grep -q verified /run/events
}

two_copies() {
	board two "$TWO" \
		"slots=$IMAGES;bootloader=bootloader1;bootloader=bootloader2"
	is "two copies" "$(units_are state)" \
		"primary:recorded secondary:recorded bootloader:recorded bootloader-2:recorded"
	fwslot monitor --json >/run/events &
	monitor=$!
	ok "somebody listens" wait_for 20 heard
	ok "upgrade all" fwslot upgrade all "$(pkg 5.22.2)" --no-reboot
	ok "the last event" wait_for 10 grep -q '"commit"' /run/events
	kill $monitor
	wait $monitor
	is "idle copy before the active one, what boots last" \
		"$(sed -n 's/.*"event": *"step".*"unit": *"\([^"]*\)".*/\1/p' \
			/run/events | xargs echo)" \
		"secondary bootloader-2 bootloader primary"
	is "both are written" "$(units_are version)" \
		"primary:5.22.2 secondary:5.22.2 bootloader:5.22.2 bootloader-2:5.22.2"
	is "all are protected and locked" "$(units_are protected) $(units_are lock)" \
		"primary:true secondary:true bootloader:true bootloader-2:true primary:locked secondary:locked bootloader:locked bootloader-2:locked"
	ok "the device is complete" fwslot verify
}

not_configured() {
	mv $CONF /run/fwslot.conf
	factory
	denied 3 "no product" fwslot upgrade all "$(pkg 5.20.0)"
	out_has "it says so" no-product
	all_locked "no product"
	factory product=other
	denied 3 "another product" fwslot upgrade all "$(pkg 5.20.0)"
	out_has "it says so" wrong-product
	mv /run/fwslot.conf $CONF

	umount /proc/cmdline
	factory
	denied 3 "nobody says what booted" fwslot upgrade all "$(pkg 5.20.0)"
	out_has "it says so" booted-unknown
	ok "verify works all the same" fwslot verify
	mount --bind /run/cmdline /proc/cmdline

	factory min_version=5.21.0
	is "status shows the floor" "$(device_is min_version)" 5.21.0
	denied 3 "below the floor" fwslot upgrade primary "$(pkg 5.20.0)"
	out_has "it says so" below-minimum
	installs "above the floor" \
		fwslot upgrade all "$(pkg 5.22.2)" --no-reboot
}

# head_bytes PKG: what comes before the first image
head_bytes() {
	tar tvf "$1" | awk '$NF ~ /^(manifest|manifest.p7s|notes|.*\.digests)$/ {
		n += 512 + int(($3 + 511) / 512) * 512 } END { print n }'
}

# stalled PKG: a package whose images come when something comes on /run/go
stalled() {
	head -c "$(head_bytes "$1")" "$1"
	read -r go </run/go
	tail -c +"$(($(head_bytes "$1") + 1))" "$1"
}

idle() {
	factory idle_timeout=2
	mkfifo /run/go
	work=$(flash_work)
	{
		stalled "$(pkg 5.22.2)" | {
			fwslot upgrade all - >/run/out.idle 2>&1
			echo $? >/run/status.idle
		}
	} &
	ok "a session that sends nothing" wait_for 20 session_open
	ok "is ended" wait_for 30 session_over
	is "one line" "$(log_since "failed idle-timeout")" 1
	is "nothing was written" "$(flash_work)" "$work"
	all_locked "idle"
	installs "the next session" \
		fwslot upgrade all "$(pkg 5.22.2)" --no-reboot
	echo go >/run/go
	wait
	is "the first tool's exit status" "$(cat /run/status.idle)" 9
	ok "its message" grep -q "idle-timeout: no data came for too long" /run/out.idle
	ok "it knows" grep -q "nothing was written" /run/out.idle
}

sealed_at_load() {
	factory seal=1
	is "seal=1" "$(device_is sealed)" true
	fails "seal=1: rmmod" rmmod fwslot
	installs "seal=1: a good package" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
}

boot_1() {
	for part in $ONLY; do
		"$part"
	done
}
