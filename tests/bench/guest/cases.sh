# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# The cases of the benchmark that write one slot, for the guest
#
# Each runs the tools in turn, and all that as often as there are rounds.

# rounds FUNCTION ARGUMENT...: call it for each tool in each round
rounds() {
	round=0
	while [ $round -lt "$BENCH_ROUNDS" ]; do
		round=$((round + 1))
		for one in $BENCH_TOOLS; do
			"$@" "$one"
		done
	done
}

# write_next CASE MIB TOOL: over an image that has no block in common with it
write_next() {
	next_of "$3"
	take_write "$1" "$3" "$name-$2" "$2"
}

# fill MIB: put an image everywhere, so that there is something to erase
fill() {
	fwslot_next=''
	other_next=''
	for one in fwslot flashcp; do
		next_of $one
		put_back $one "$name-$1"
	done
}

hash_passes() {
	have "a-$BENCH_MIB.img"
	for round in $(seq "$BENCH_ROUNDS"); do
		take_kernel_hash hash kernel "/run/img/a-$BENCH_MIB.img"
		take hash openssl openssl dgst -sha256 "/run/img/a-$BENCH_MIB.img"
		take hash read cat "/run/img/a-$BENCH_MIB.img"
	done
}

# A chip that takes no time: what the processor does
case_write() {
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	fill "$BENCH_MIB"
	rounds write_next write "$BENCH_MIB"
	hash_passes
}

# A chip with the times of NOR
case_nor() {
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	fill "$BENCH_MIB"
	nor_chip
	rounds write_next nor "$BENCH_MIB"
	fast_chip
}

# write_changed PERCENT TOOL
write_changed() {
	put_back "$2" "a-$BENCH_MIB"
	take_write "changed-$1" "$2" "a-$BENCH_MIB-$1" "$BENCH_MIB"
}

# Some of the blocks changed; the counts say who writes only those
case_changed() {
	drop_all
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	for percent in 1 10 50; do
		for one in $BENCH_TOOLS; do
			write_changed $percent "$one"
		done
	done
}

# grow CASE MIB SLOT
grow() {
	drop_all
	new_flash "$2" "$3"
	fill "$2"
	rounds write_next "$1" "$2"
}

# Larger images in slots that fit, then larger slots for the same image
case_grow() {
	for mib in $BENCH_IMAGES; do
		grow "image-$mib" "$mib" $((mib + 1))
	done
	mib=${BENCH_IMAGES%% *}
	for slots in $BENCH_SLOTS; do
		grow "slot-$slots" "$mib" "$slots"
	done
	drop_all
}
