# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# The life of one of the machines of powercut.sh: on, off, on again
#
# What happened goes to the machine's log, a line each:
#
#   cut BOARD STATE BOOT      the power was cut, and this would start
#   window BOARD STATE        nothing would, but the single copy was being written
#   brick BOARD STATE BOOT    nothing would
#   again BOARD               the same command once more
#   finished BOARD RELEASE    it came to its end
#   unfinished BOARD TEXT     it did not

# slot_state PART OLD NEW BROKEN FILE...: which of two images is in a slot
slot_state() {
	local ofs size letters=("$2" "$3") kind=$5 i file

	read -r ofs size < <(flash_part "$1")
	for i in 0 1; do
		file=$work/files/images/$kind-${releases[i]}
		cmp -s -i "$((ofs)):0" -n "$(stat -c %s "$file")" "$flash" "$file" ||
			continue
		printf %s "${letters[i]}"
		return
	done
	printf %s "$4"
	: "$size"
}

# flash_state: print the state of all slots
flash_state() {
	local part

	slot_state secondary O N X system
	printf ,
	for part in $(boot_partitions); do
		slot_state "$part" o n x boot
	done
	printf ,
	slot_state primary O N X system
}

# would_boot: print what the boot model says; fails when nothing starts
would_boot() {
	# shellcheck disable=SC2046 # words are wanted
	"$TOOLS/bootmodel" $(boot_args) "$flash"
}

note() {
	echo "$*" >>"$dir/log"
}

# random BELOW: put a number into $random
random() {
	random=$(((RANDOM << 15 | RANDOM) % $1))
}

# power_on MS RELEASE: upgrade to RELEASE, for MS milliseconds; puts into
# $outcome: cut, finished, or what went wrong; into $took: milliseconds
power_on() {
	local patience begun boot

	boot=$(would_boot)
	boot=${boot#boot=}
	printf -v patience '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
	machine_restore "$dir" "$flash" "$work/saved" &&
		echo "${boot%% *} $FLASH_SIZE $FLASH_PARTS $times" \
			"${slots[$board]} $2" >&"$talk_to"
	if ! machine_says "$too_long" begin; then
		outcome="does not come up"
	elif begun=${EPOCHREALTIME/./} && machine_says "$patience" end; then
		outcome=finished
		[[ $said == [06]\ 0\ * ]] || outcome="ended with $said"
	elif [[ $1 == "${too_long}000" ]]; then
		outcome="does not end"
	else
		outcome="cut"
	fi
	took=$(((${EPOCHREALTIME/./} - ${begun-0}) / 1000))
	machine_kill
}

# judge_cut FROM: what would start now; fails when the board had to be restored.
# The single copy is written when the secondary slot is, and once more, after
# the primary slot, when a cut left it without its record.
judge_cut() {
	local state boot

	state=$(flash_state)
	if boot=$(would_boot); then
		note cut "$board" "$state" "${boot%% *} ${boot##* }"
		return
	fi
	note cut "$board" "$state" "nothing"
	case $board$1$state in
	one5.21.2N,x,[ON] | one5.22.2O,x,[ON]) note window "$board" "$state" ;;
	*) note brick "$board" "$state" "$boot" ;;
	esac
	cp "$(factory "$board" "$1")" "$flash"
	return 1
}

# complete RELEASE: is every slot what it has to be
complete() {
	local want='^O,o+,O$'

	[[ $1 == "${releases[0]}" ]] || want='^N,n+,N$'
	[[ $(would_boot) == "boot=primary "*" version=$1" &&
		$(flash_state) =~ $want ]]
}

# upgrade FROM TO: the same command until it has come to its end
upgrade() {
	while :; do
		random "$longest"
		((EPOCHSECONDS < last && cuts < kills / 2)) || random=${too_long}000
		power_on "$random" "$2"
		[[ $outcome == "cut" ]] || break
		cuts=$((cuts + 1))
		! judge_cut "$1" || note again "$board"
	done
	if [[ $outcome == finished ]] && complete "$2"; then
		note finished "$board" "$2"
		return
	fi
	note unfinished "$board" "$(flash_state)" "$outcome"
	cp "$(factory "$board" "$2")" "$flash"
}

# how_long: milliseconds of an upgrade that nobody disturbs
how_long() {
	power_on "${too_long}000" "${releases[1]}"
	[[ $outcome == finished ]] || die "an upgrade without a cut $outcome"
	longest=$took
	note long "$longest"
}

# use_board BOARD: put its flash, FLASH_PARTS and release into place
use_board() {
	board=$1
	FLASH_PARTS=${parts[$board]}
	flash=$dir/flash-$board
}

# machine_life N: upgrades up and down, until kills or seconds are used up
machine_life() {
	local dir=$work/$1 board flash cuts=0 last=$((EPOCHSECONDS + seconds))
	local longest n=$1 outcome random said='' took

	RANDOM=$((seed + $1))
	trap machine_kill EXIT
	for board in one two; do
		cp "$(factory "$board" 5.21.2)" "$dir/flash-$board"
	done
	use_board two
	how_long
	cp "$(factory two 5.21.2)" "$flash"
	while ((EPOCHSECONDS < last && cuts < kills / 2)); do
		use_board two
		((n++ % 4)) || use_board one
		upgrade 5.21.2 5.22.2
		upgrade 5.22.2 5.21.2
	done
}
