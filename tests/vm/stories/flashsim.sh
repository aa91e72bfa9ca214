# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
#
# The flash simulator itself: NOR rules, locks, counters, contents that survive
# a reboot and a power cut, partitions added at run time, unplug and plug, and
# power that is lost in the middle of an erase or a program.

FLASH_SIZE=0x200000
FLASH_PARTS="bootloader@0x0+0x40000;primary@0x40000+0xc0000;\
secondary@0x100000+0x100000"
FLASH_PARAMS="lockable=1"
BOOT_ROM=none

DRIVER=/sys/bus/platform/drivers/flashsim
PARAMETERS=/sys/module/flashsim/parameters

# program NAME OFFSET: program what comes on stdin
program() {
	dd of="$(mtd_of "$1")" oflag=seek_bytes seek="$(($2))" bs=64k \
		iflag=fullblock conv=notrunc 2>/run/dd
}

bytes() {
	head -c "$2" /dev/zero | tr '\0' "$1"
}

# hex_at DEVICE OFFSET LENGTH
hex_at() {
	dd if="$1" iflag=skip_bytes,count_bytes skip="$(($2))" count="$3" 2>/dev/null |
		hexdump -v -e '1/1 "%02x"'
}

# erased NAME: nothing but 0xff
erased() {
	[ "$(tr -d '\377' <"$(mtd_of "$1")" | wc -c)" = 0 ]
}

# refused ERROR CMD...: CMD fails and says ERROR, and the flash is as it was
refused() {
	error=$1
	shift
	before=$(cat /dev/mtd[0-9] | sha256sum)
	"$@" >/run/refused 2>&1 && return 1
	cat /run/dd >>/run/refused 2>/dev/null
	grep -q "$error" /run/refused || cat /run/refused
	grep -q "$error" /run/refused &&
		[ "$before" = "$(cat /dev/mtd[0-9] | sha256sum)" ]
}

program_ff_over_0() {
	bytes '\377' 256 | program primary 0
}

program_locked() {
	bytes '\0' 16 | program primary 0x90000
}

program_half_unit() {
	bytes '\0' 4 | program primary 0
}

geometry() {
	is "three partitions, and no master" "$(grep -c ^mtd /proc/mtd)" 3
	is "size of primary" "$(sed -n 's/.*: \([^ ]*\) .*primary.*/\1/p' /proc/mtd)" 000c0000
	ok "mtdinfo knows it" mtdinfo "$(mtd_of primary)"
	out_has "it is NOR" "nor"
	ok "a new chip is erased" erased primary
}

erase_and_program() {
	head -c 200000 /dev/urandom >/run/data
	counters_mark
	ok "flash_erase of two blocks" flash_erase -q "$(mtd_of primary)" 0 2
	is "counter: two erases" "$(counter_delta erases)" 2
	ok "flashcp" flashcp /run/data "$(mtd_of primary)"
	is "contents" "$(slot_hash primary 200000)" "$(sha256sum </run/data | cut -d' ' -f1)"
	is "counter: bytes programmed" "$(counter_delta bytes_programmed)" 200000
	is "counter: pages programmed" "$(counter_delta programs)" $((200000 / 256 + 1))
	is "counter: nothing was refused" "$(counter_delta refused)" 0
}

nor_rules() {
	dev=$(mtd_of primary)
	bytes '\252' 256 | program primary 0xa0000
	bytes '\200' 256 | program primary 0xa0000
	is "programming may clear more bits" "$(hex_at "$dev" 0xa0000 1)" 80
	bytes '\0' 256 | program primary 0
	counters_mark
	ok "programming cannot set a bit" refused "I/O error\|Input/output" program_ff_over_0
	is "counter: refused" "$(counter_delta refused)" 1
	ok "erase must be aligned" refused "Invalid argument" mtd_debug erase "$dev" 4096 65536
	ok "erase must be of whole blocks" refused "Invalid argument" mtd_debug erase "$dev" 0 4096
	is "counter: nothing was erased or programmed" \
		"$(counter_delta erases) $(counter_delta programs)" "0 0"
}

locks() {
	dev=$(mtd_of primary)
	ok "flash_lock" flash_lock "$dev" 0x90000 1
	ok "erasing a locked block" refused "Read-only" mtd_debug erase "$dev" 0x90000 65536
	ok "programming a locked block" refused "Read-only" program_locked
	ok "flash_erase next to it" flash_erase -q "$dev" 0x80000 1
	ok "flash_unlock" flash_unlock "$dev" 0x90000 1
	ok "flash_erase after that" flash_erase -q "$dev" 0x90000 1
}

simulated_times() {
	echo 20000 >$PARAMETERS/erase_us
	echo 100 >$PARAMETERS/program_us
	echo 1000 >$PARAMETERS/read_kbps
	counters_mark
	flash_erase -q "$(mtd_of secondary)" 0 2
	is "counter: time of erasing" "$(counter_delta busy_us)" 40000
	bytes '\0' 1024 | program secondary 0
	is "counter: time of programming" "$(counter_delta busy_us)" 40400
	dd if="$(mtd_of secondary)" bs=64000 count=1 of=/dev/null 2>/dev/null
	is "counter: time of reading" "$(counter_delta busy_us)" 102900
	for time in erase_us program_us read_kbps; do
		echo 0 >$PARAMETERS/$time
	done
}

# arm_cut N DAMAGE: power is lost in the Nth step from now
arm_cut() {
	echo "$2" >$PARAMETERS/cut_damage
	echo 7 >$PARAMETERS/cut_seed
	echo $(($(counter steps) + $1)) >$PARAMETERS/cut_at
}

set_damage() {
	echo "$1" >$PARAMETERS/cut_damage
}

# is_off STEPS: the chip is dead since that step
is_off() {
	is "debugfs says off" "$(counter off)" Y
	is "steps until then" "$(counter steps)" "$1"
	fails "no read any more" head -c 1 "$(mtd_of primary)"
	fails "no erase any more" mtd_debug erase "$(mtd_of secondary)" 0 65536
	fails "no lock any more" flash_lock "$(mtd_of primary)" 0 1
	is "and no more steps" "$(counter steps)" "$1"
}

# The block is all U.  Its erase is stopped while it is filled with zeroes.
cut_in_erase() {
	bytes U 65536 | program primary 0xb0000
	fails "no such damage" set_damage erase
	arm_cut 2 erase-zero
	is "the damage that is set" "$(cat $PARAMETERS/cut_damage)" erase-zero
	is "power is on" "$(counter off)" N
	last=$(cat $PARAMETERS/cut_at)
	ok "the step before the cut" flash_erase -q "$(mtd_of primary)" 0 1
	fails "the erase that is cut" mtd_debug erase "$(mtd_of primary)" 0xb0000 65536
	is_off "$last"
}

# zero_tail: the block is U up to somewhere, and zeroes from there on
zero_tail() {
	dd if="$(mtd_of primary)" bs=64k skip=11 count=1 of=/run/block 2>/dev/null
	old=$(tr -d '\0' </run/block | wc -c)
	echo "$old of 65536 bytes are old"
	{
		bytes U "$old"
		head -c $((65536 - old)) /dev/zero
	} | cmp - /run/block && [ "$old" -gt 0 ] && [ "$old" -lt 65536 ]
}

program_4_pages() {
	bytes U 1024 | program primary 0
}

# Of four pages one is whole, one is torn, and two are as they were.
torn_program() {
	head -c 1024 "$(mtd_of primary)" >/run/pages
	new=$(tr -d '\377' </run/pages | wc -c)
	echo "$new bytes are new"
	{
		bytes U "$new"
		bytes '\377' $((1024 - new))
	} | cmp - /run/pages && [ "$new" -gt 256 ] && [ "$new" -lt 512 ]
}

cut_in_program() {
	arm_cut 2 torn-erased
	last=$(cat $PARAMETERS/cut_at)
	fails "the program that is cut" program_4_pages
	is_off "$last"
	echo 0 >$PARAMETERS/cut_at
	echo flashsim >$DRIVER/unbind
	echo flashsim >$DRIVER/bind
	is "unbind and bind: power is on" "$(counter off)" N
	ok "what the cut left of the program" torn_program
	ok "and the chip works" flash_erase -q "$(mtd_of primary)" 0 1
}

boot_1() {
	geometry
	erase_and_program
	nor_rules
	locks
	simulated_times
	slot_hash primary >/scratch/primary
	ok "locked before the reboot" flash_lock "$(mtd_of primary)" 0 1
	reboot
}

boot_2() {
	is "contents survive a reboot" "$(slot_hash primary)" "$(cat /scratch/primary)"
	ok "locks do not" flash_erase -q "$(mtd_of primary)" 0 1
	is "counters start at 0 again" "$(counter erases)" 1
	bytes U 300 | program secondary 0x80001
	slot_hash secondary >/scratch/secondary
	cut_in_erase
	cut_power
}

unplug_and_plug() {
	exec 7<"$(mtd_of secondary)"
	echo flashsim >$DRIVER/unbind
	ok "unbind takes the counters away" test ! -e "$COUNTERS"
	fails "an open file gives errors" head -c 1 <&7
	exec 7<&-
	is "no partition stays once it is closed" "$(grep -c ^mtd /proc/mtd)" 0
	echo flashsim >$DRIVER/bind
	is "bind brings them back" "$(slot_hash secondary)" "$(cat /scratch/secondary)"
	exec 7<"$(mtd_of secondary)"
	fails "rmmod is refused while in use" rmmod flashsim
	exec 7<&-
	ok "rmmod" rmmod flashsim
}

bad_parameters() {
	fails "no size" modprobe flashsim size=0
	fails "size is no multiple of the erase size" modprobe flashsim size=100000
	fails "a partition beyond the chip" modprobe flashsim parts=a@0+32M
	fails "a partition without a size" modprobe flashsim parts=a@0
	fails "no such backing file" modprobe flashsim backing=/nowhere
	truncate -s 100000 /run/small
	fails "a backing file that is too small" modprobe flashsim backing=/run/small
	ok "and nothing stays behind" test ! -e $DRIVER
}

bare_master() {
	ok "bare master, 8-byte write unit" modprobe flashsim name=chip \
		backing=/dev/vda size=$FLASH_SIZE writesize=8
	is "one device" "$(grep -c ^mtd /proc/mtd)" 1
	fails "no locks: flash_lock fails" flash_lock "$(mtd_of chip)" 0 1
	ok "BLKPG adds a partition" mtdpart add "$(mtd_of chip)" primary 0x40000 0xc0000
	ok "its node appears" wait_for 5 test -c "$(mtd_of primary)"
	ok "half a write unit" refused "Invalid argument" program_half_unit
	bytes '\0' 8 | program primary 8
	is "a whole one" "$(hex_at "$(mtd_of chip)" 0x40008 8)" 0000000000000000
	ok "BLKPG deletes it" mtdpart del "$(mtd_of chip)" 1
	is "one device again" "$(grep -c ^mtd /proc/mtd)" 1
	ok "rmmod of the bare master" rmmod flashsim
}

boot_3() {
	is "contents survive a power cut" "$(slot_hash secondary)" "$(cat /scratch/secondary)"
	ok "what the cut left of the erase" zero_tail
	cut_in_program
	unplug_and_plug
	bad_parameters
	bare_master
	ok "without a backing file" modprobe flashsim size=0x100000
	ok "the chip is erased" erased flashsim
}
