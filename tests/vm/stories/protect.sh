# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# Part 2 of the story: nobody but the module writes a slot
#
# Boot 1: a chip with partitions and locks, mtdblock and open files were there
# before the module; unload, seal, the flash driver unbound under it.  Boot 2: a
# bare chip whose partitions come through BLKPG, mtdblock comes after the
# module; partitions deleted and added over slots, seal, the chip as a whole.
# Boot 3: a sealed module is forced out.
# Each refusal must leave every byte of the chip as it was.  What is refused on
# the slots is also done to the partition "data", where it must work.

FLASH_SIZE=0x400000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000;data@0x280000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=400

SPARE=0x380000
SPARE_SIZE=0x80000
SLOTS="primary secondary bootloader"
DRIVER=/sys/bus/platform/drivers/flashsim

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=600123
	weos_release 5.20.0 1 10
	weos_release 5.21.2 1 20
	weos_factory 5.21.2
	cp "$vm_dir/prog/slots.sh" "$FILES/"
	gcc -O2 -static -o "$FILES/holdfd" "$vm_dir/prog/holdfd.c"
	gcc -O2 -static -o "$FILES/blkpg" "$vm_dir/prog/blkpg.c"
}

number_of() {
	sed -n "s/^mtd\([0-9]*\): .* \"$1\"\$/\1/p" /proc/mtd | tail -n 1
}

block_of() {
	echo "/dev/mtdblock$(number_of "$1")"
}

# hold NAME: open it for reading and writing, in a process that waits
hold() {
	mkfifo "/run/hold.$1"
	/files/holdfd "$(mtd_of "$1")" <>"/run/hold.$1" >"/run/held.$1" 2>&1 &
	holders="$holders $!"
	ok "$1 is open for writing" wait_for 10 grep -q open "/run/held.$1"
}

holders_end() {
	# shellcheck disable=SC2086 # words are wanted
	kill $holders
	# shellcheck disable=SC2086
	wait $holders
	holders=
}

answered() {
	[ "$(wc -l <"/run/held.$1")" -gt "$2" ]
}

# held_tries NAME: the process tries, and can do nothing but open the lock
held_tries() {
	answers=$(wc -l <"/run/held.$1")
	echo try >"/run/hold.$1"
	wait_for 20 answered "$1" "$answers"
	is "$1: the file that was open before" \
		"$(tail -n 1 "/run/held.$1" | sed 's/unlock=[^ ]* //')" \
		"write=EROFS erase=EROFS erase64=EROFS memwrite=EOPNOTSUPP raw=EROFS "
}

# by_hand NAME blocked|ok: each way to write that mtd-utils and dd have
by_hand() {
	char=$(mtd_of "$1")
	block=$(block_of "$1")
	$2 "$1: flashcp" flashcp /run/junk "$char"
	$2 "$1: dd" dd if=/run/junk of="$char" bs=4k
	$2 "$1: flash_erase" flash_erase -q "$char" 0 1
	$2 "$1: dd conv=fsync to mtdblock" dd if=/run/junk of="$block" \
		bs=64k conv=notrunc,fsync
	$2 "$1: dd conv=fsync of one sector" dd if=/run/junk of="$block" \
		bs=512 count=1 conv=notrunc,fsync
	$2 "$1: dd with O_DIRECT and fsync" dd if=/run/junk of="$block" \
		bs=64k oflag=direct conv=notrunc,fsync
	$2 "$1: dd with O_DIRECT and fsync of one page" dd if=/run/junk \
		of="$block" bs=4k count=1 oflag=direct conv=notrunc,fsync
}

# quick_tries NAME blocked|ok: two of them
quick_tries() {
	$2 "$1: flash_erase" flash_erase -q "$(mtd_of "$1")" 0 1
	$2 "$1: dd conv=fsync to mtdblock" dd if=/run/junk of="$(block_of "$1")" \
		bs=64k conv=notrunc,fsync
}

# slots_refuse HOW TRIES: TRIES on each slot, and every byte of the chip stays
slots_refuse() {
	chip=$(flash_hash)
	for slot in $SLOTS; do
		$2 "$slot" blocked
	done
	is "$1: every byte of the chip is as it was" "$(flash_hash)" "$chip"
}

# slots_held HOW: the same with the files that were open before
slots_held() {
	chip=$(flash_hash)
	for slot in $SLOTS; do
		unchanged "$1, $slot" held_tries "$slot"
	done
	is "$1: every byte of the chip is as it was" "$(flash_hash)" "$chip"
}

believes() {
	cat "/sys/block/mtdblock$(number_of "$1")/ro"
}

before_seal() {
	ok "rmmod before seal" rmmod fwslot
	slots_refuse "module gone" quick_tries
	slots_held "held, module gone"
	ok "load it again" modprobe fwslot
	all_locked "loaded again"
}

# taken_away NAME: what must be seen once a sealed slot is gone
taken_away() {
	is "$1: tampered" "$(device_is tampered)" true
	ok "$1: status in words" fwslot status
	out_has "$1: a warning" "a sealed slot was taken away"
}

after_seal() {
	ok "seal" fwslot seal
	is "status says so" "$(device_is sealed)" true
	is "not tampered with" "$(device_is tampered)" false
	fails "rmmod after seal" rmmod fwslot
	holders_end
	echo flashsim >$DRIVER/unbind
	is "driver unbound: all slots are absent" "$(units_are state)" \
		"primary:absent secondary:absent bootloader:absent"
	is "the reason" "$(units_are reason)" \
		"primary:slot-gone secondary:slot-gone bootloader:slot-gone"
	taken_away "driver unbound"
	is "a critical line for each slot" \
		"$(dmesg -r | grep -c '^<2>.*fwslot: tampered .*slot-gone')" 3
	expect_exit 8 "no upgrade without flash" \
		fwslot upgrade secondary "$(pkg 5.21.2)"
	echo flashsim >$DRIVER/bind
	all_locked "bound again"
	taken_away "bound again"
	slots_refuse "bound again" quick_tries
	installs "a good package, after all that" \
		fwslot upgrade secondary "$(pkg 5.21.2)" --no-reboot
	ok "the device is complete" fwslot verify
}

boot_1() {
	head -c 65536 /dev/urandom >/run/junk
	modprobe mtdblock
	for slot in $SLOTS; do
		hold "$slot"
	done
	ok "status loads the module" fwslot status
	all_locked "bound"
	is "mtdblock was first and believes that it may write" \
		"$(believes primary) $(believes bootloader)" "0 0"
	slots_refuse "mtdblock before the module" by_hand
	by_hand data ok
	slots_held "held"
	is "status shows which chip locks the open files have opened" \
		"$(units_are lock)" "primary:open secondary:open bootloader:open"
	slots_refuse "chip locks open" quick_tries
	installs "a good package" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
	all_locked "after the session"
	before_seal
	after_seal
	reboot
}

# bare_board: one device, partitions through BLKPG
bare_board() {
	rmmod flashsim
	modprobe flashsim backing=/dev/vda "size=$FLASH_SIZE"
	master=$(mtd_of flashsim)
	echo "$FLASH_PARTS" | tr ';@+' '\n  ' >/run/parts
	while read -r part ofs size; do
		mtdpart add "$master" "$part" "$((ofs))" "$((size))"
		wait_for 5 test -c "$(mtd_of "$part")"
	done </run/parts
}

add_part() {
	/files/blkpg "${master}ro" add "$@"
}

# delete NAME: the youngest of that name
delete() {
	/files/blkpg "${master}ro" del "$(number_of "$1")"
}

ubi_attach() {
	ubiattach -p "$(mtd_of "$1")"
}

ubi() {
	modprobe ubi
	blocked "UBI on an erased slot, which it would format" \
		ubi_attach secondary
	flash_erase -q "$(mtd_of data)" 0 0
	ok "UBI on data" ubi_attach data
	ok "and off again" ubidetach -p "$(mtd_of data)"
}

# part_refuses NAME: a partition that is no slot, but lies over one
part_refuses() {
	quick_tries "$1" blocked
	blocked "$1: dd" dd if=/run/junk of="$(mtd_of "$1")" bs=4k
}

# master_tries blocked|ok: write where no slot is, but through the whole chip
master_tries() {
	$1 "chip: flash_erase" flash_erase -q "$master" "$SPARE" 1
	$1 "chip: dd" dd if=/run/junk of="$master" bs=64k \
		seek=$((SPARE / 65536)) conv=notrunc
	$1 "chip: dd conv=fsync to mtdblock" dd if=/run/junk \
		of="$(block_of flashsim)" bs=64k seek=$((SPARE / 65536 + 1)) \
		conv=notrunc,fsync
	$1 "chip: dd with O_DIRECT" dd if=/run/junk of="$(block_of flashsim)" \
		bs=64k seek=$((SPARE / 65536 + 2)) oflag=direct \
		conv=notrunc,fsync
}

# primary_is STATE REASON OFFSET
primary_is() {
	is "primary is $1, $2, at $3" \
		"$(unit_is primary state) $(unit_is primary reason) $(unit_is primary offset)" \
		"$1 $2 $(($3))"
}

other_partitions() {
	logged "a second primary elsewhere" "fwslot: state primary slot-moved" \
		add_part primary $SPARE $SPARE_SIZE
	primary_is recorded ok 0x80000
	ok "delete the second primary" delete primary
	primary_is recorded ok 0x80000
	ok "add a partition that overlaps primary" \
		add_part half 0x100000 0x100000
	part_refuses half
	ok "delete it" delete half
}

slot_deleted() {
	logged "delete the partition of primary" "fwslot: gone primary slot-gone" \
		delete primary
	is "primary is absent" "$(unit_is primary state)" absent
	is "the reason" "$(unit_is primary reason)" slot-gone
	ok "add another over it" add_part over 0x80000 0x100000
	part_refuses over
	blocked "over: flashcp" flashcp /run/junk "$(mtd_of over)"
	logged "add a primary elsewhere" "fwslot: state primary slot-moved" \
		add_part primary $SPARE $SPARE_SIZE
	is "it is not taken" "$(unit_is primary state)" absent
	is "the reason" "$(unit_is primary reason)" slot-moved
	denied 8 "no upgrade into it" fwslot upgrade primary "$(pkg 5.20.0)"
	out_has "the tool's reason" slot-absent
	delete primary
	logged "add the identical one again" "fwslot: bound primary" \
		add_part primary 0x80000 0x100000
	primary_is recorded ok 0x80000
	all_protected "bound again"
	quick_tries primary blocked
	delete over
}

sealed_chip() {
	hold flashsim
	ok "seal" fwslot seal
	master_tries blocked
	unchanged "held chip" held_tries flashsim
	fails "the chip cannot be opened for writing" sh -c ": >>$master"
	ok "add a new partition" add_part new $SPARE $SPARE_SIZE
	part_refuses new
	ok "data can still be written" flash_erase -q "$(mtd_of data)" 0 1
	logged "delete a sealed slot" "fwslot: tampered bootloader slot-gone" \
		delete bootloader
	is "a critical line" \
		"$(dmesg -r | grep -c '^<2>.*fwslot: tampered bootloader')" 1
	taken_away "slot deleted"
	ok "add it again" add_part bootloader 0x0 0x80000
	all_protected "sealed and bound again"
	quick_tries bootloader blocked
	holders_end
}

boot_2() {
	head -c 65536 /dev/urandom >/run/junk
	bare_board
	flash_erase -q "$(mtd_of secondary)" 0 0
	ok "status loads the module" fwslot status
	all_protected "bare chip"
	is "this chip has no locks" "$(units_are lock)" \
		"primary:none secondary:none bootloader:none"
	modprobe mtdblock
	is "mtdblock comes later and knows" \
		"$(believes primary) $(believes bootloader) $(believes data)" "1 1 0"
	slots_refuse "mtdblock after the module" by_hand
	by_hand data ok
	ubi
	master_tries ok
	other_partitions
	slot_deleted
	installs "a good package" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
	sealed_chip
	installs "a good package on the sealed chip" \
		fwslot upgrade secondary "$(pkg 5.21.2)" --no-reboot
	ok "the device is complete" fwslot verify
	reboot
}

boot_3() {
	head -c 65536 /dev/urandom >/run/junk
	modprobe mtdblock
	ok "status loads the module" fwslot status
	ok "seal" fwslot seal
	fails "rmmod" rmmod fwslot
	ok "rmmod -f" rmmod -f fwslot
	fails "the module is gone" test -e /sys/module/fwslot
	slots_refuse "forced out" by_hand
	ok "load it again" modprobe fwslot
	all_locked "loaded again"
	slots_refuse "loaded again" quick_tries
}
