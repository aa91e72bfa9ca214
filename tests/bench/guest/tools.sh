# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# How each tool writes an image, for the guest

# kind_of TOOL: the kind of file that it takes
kind_of() {
	case $1 in
	fwslot*) echo pkg ;;
	flashcp*) echo img ;;
	rauc) echo raucb ;;
	swupdate) echo swu ;;
	esac
}

# writes TOOL FILE: put into $command what writes FILE
writes() {
	case $1 in
	fwslot)
		command="fwslot upgrade secondary --no-reboot --progress=none $2"
		;;
	fwslot-pipe) command="by_pipe $2" ;;
	flashcp) command="flashcp $2 $other" ;;
	flashcp-p) command="flashcp -p $2 $other" ;;
	rauc) command="rauc install $2" ;;
	swupdate) command="swupdate $SWUPDATE -i $2" ;;
	esac
}

# next_of TOOL: put into $name the image that its place does not hold
next_of() {
	case $1 in
	fwslot*)
		fwslot_next=$([ "${fwslot_next-}" = a ] && echo b || echo a)
		name=$fwslot_next
		;;
	*)
		other_next=$([ "${other_next-}" = a ] && echo b || echo a)
		name=$other_next
		;;
	esac
}

# holds_in PARTITION IMAGE: it begins with that image
holds_in() {
	size=$(stat -c %s "/files/$2.img")
	head -c "$size" "$(mtd_of "$1")" | cmp -s - "/files/$2.img"
}

# holds TOOL IMAGE: its place holds that image
holds() {
	case $1 in
	fwslot*) holds_in secondary "$2" ;;
	*) holds_in other "$2" ;;
	esac
}

# put_back TOOL NAME: the image NAME, not measured, whatever it takes
put_back() {
	if [ "${1#fwslot}" != "$1" ]; then
		have "$2.pkg"
		writes fwslot "/run/img/$2.pkg"
	else
		have "$2.img"
		writes flashcp "/run/img/$2.img"
	fi
	# shellcheck disable=SC2086 # words are wanted
	ok "$bench_case $1: back to $2" $command
}
