# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# User Mode Linux instead of QEMU
#
# The guest sees the work folder itself through hostfs: the verdict is a file
# there, and so is the status that the machine is to end with, since UML has
# none but 0.  A reset ends the process, as it does with QEMU.  UML has one
# processor, whatever the story wants.

# uml_memory DIR...: print the first of them that can hold the memory of two
# machines, a file that the kernel maps and runs code from
uml_memory() {
	local dir

	for dir; do
		[[ -w $dir ]] || continue
		[[ ,$(findmnt -n -o OPTIONS -T "$dir"), != *,noexec,* ]] || continue
		(($(df --output=avail -B1M "$dir" | tail -n 1) >= 1024)) || continue
		echo "$dir"
		return
	done
	die "User Mode Linux wants a folder with 1 GB free and without noexec; none of: $*"
}

# uml_use: let machine_run() and judge() use it
uml_use() {
	uml_tmp=$(uml_memory ${TMPDIR:+"$TMPDIR"} /dev/shm /tmp) || exit
	machine_boot=uml_boot
	kernel_log_filter=uml_log_filter
	guest_modules=(mtd mtdblock mtdram block2mtd nandsim ubi)
	# Lockdep, leaks, and what debugging of lists and objects says.
	complaints+='|kmemleak: [0-9]+ new|unreferenced object|ODEBUG:'
	complaints+='|INFO: lockdep is turned off|trying to register non-static key'
	# Everything takes longer with sanitizers; a story that waits for a moment of
	# a write needs a longer one.
	STORY_TIMEOUT=$((STORY_TIMEOUT * 3))
	if [[ $FLASH_PARAMS =~ ^(.*erase_us=)([0-9]+)(.*)$ ]]; then
		settings+=("FLASH_PARAMS=${BASH_REMATCH[1]}$((BASH_REMATCH[2] * 4))${BASH_REMATCH[3]}")
	fi
}

# uml_boot WORK KERNEL SECONDS: one boot; the exit status as that of QEMU
uml_boot() {
	local work=$1 status=0

	rm -f "$work/exit"
	# Its memory is a file in TMPDIR, which has no name any more.
	# shellcheck disable=SC2086 # UML_OPTIONS are words
	TMPDIR=$uml_tmp timeout --foreground -k 5 "$3" "$2" \
		mem=512M noreboot con=null con0=null,fd:1 \
		"initrd=$work/initramfs.cpio" "ubda=$work/flash.img" \
		"uml_dir=$work/uml/" "UML_WORK=$work" \
		quiet loglevel=5 panic=-1 oops=panic "FWSLOT_LONG=${FWSLOT_LONG-}" \
		$UML_OPTIONS </dev/null >>"$work/console.log" 2>>"$work/qemu.log" ||
		status=$?
	# One that crashed leaves processes behind.
	kill -KILL -- -"$(cat "$work"/uml/*/pid 2>/dev/null)" 2>/dev/null || :
	rm -rf "$work/uml"
	[[ $status != 0 || ! -e $work/exit ]] || status=$(<"$work/exit")
	return "$status"
}

# uml_log_filter FILE...: kernel logs without what UML 6.1 itself is to blame for
#
# At an exec early in a boot lib/maple_tree.c is entered without its lock, and
# lockdep says so.  Such a report is left out up to its stack, no other.
uml_log_filter() {
	awk '
	/WARNING: suspicious RCU usage/ {
		printf "%s", held
		held = ""
		lines = 12
	}
	lines {
		held = held $0 "\n"
		own = own || /lib\/maple_tree\.c:[0-9]+ suspicious rcu_dereference_check/
		lines = own || --lines ? lines : 0
		if (own ? /Call Trace:/ : !lines) {
			if (!own)
				printf "%s", held
			held = ""
			lines = own = 0
		}
		next
	}
	{ print }
	END { printf "%s", held }' "$@"
}
