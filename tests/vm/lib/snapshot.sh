# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# A machine that is up within a second, because it was up before
#
# The guest comes up as far as it can without a flash chip, says "ready" on its
# second serial line until it gets an order there.  Its memory is then saved
# once; each power-on begins with that memory, and the driver of the disk that
# holds the flash is loaded after it.  So nothing that the guest knows of the
# flash outlives a power cut, and a power cut is a SIGKILL of QEMU.  What QEMU
# had written is in the page cache of the host by then; that stays.
#
# $machine is the process of QEMU, $talk_to and $talk_from are the ends of the
# serial line.

# machine_start WORK FLASH [OPTION...]: switch it on
machine_start() {
	local work=$1 flash=$2
	shift 2

	rm -f "$work"/talk.{in,out}
	mkfifo "$work"/talk.{in,out}
	exec {talk_to}<>"$work/talk.in" {talk_from}<>"$work/talk.out"
	# shellcheck disable=SC2046 # words are wanted
	qemu-system-x86_64 \
		-nodefaults -no-user-config -display none -name fwslot-powercut \
		-machine pc $(qemu_cpu) -no-reboot -smp 1 -m 256 \
		-kernel "$work/../vmlinux" -initrd "$work/../initramfs.cpio" \
		-append "console=ttyS0 $kernel_options" \
		-chardev "file,id=console,append=on,path=$work/console.log" \
		-serial chardev:console \
		-chardev "pipe,id=talk,path=$work/talk" -serial chardev:talk \
		-drive "if=none,id=flash,format=raw,file=$flash" \
		-device virtio-blk-pci,drive=flash "$@" \
		</dev/null >>"$work/qemu.log" 2>&1 &
	machine=$!
}

# machine_kill: the power goes
machine_kill() {
	[[ -n ${machine-} ]] || return 0
	{ kill -KILL "$machine" && wait "$machine"; } 2>/dev/null || :
	machine=''
	exec {talk_to}>&- {talk_from}>&-
}

# machine_says SECONDS WORD: wait for a line that begins with WORD; put what
# follows into $said.  Fails when the time is over.
machine_says() {
	local word

	said=''
	while [[ ${word-} != "$2" ]]; do
		read -r -t "$1" -u "$talk_from" word said || return
	done
}

# machine_save WORK FLASH SAVED: start it for the first time, and save it
machine_save() {
	local work=$1 monitor=$1/monitor to status=0

	mkfifo "$monitor.in" "$monitor.out"
	exec {to}<>"$monitor.in"
	machine_start "$work" "$2" -chardev "pipe,id=monitor,path=$monitor" \
		-mon chardev=monitor,mode=readline
	if machine_says 60 ready; then
		printf '%s\n' 'migrate_set_parameter max-bandwidth 10G' \
			"migrate \"exec:cat >$3\"" quit >&"$to"
		wait "$machine" || status=$?
	else
		status=1
	fi
	exec {to}>&-
	machine_kill
	return $status
}

# machine_restore WORK FLASH SAVED: a power-on; fails when it does not come up
machine_restore() {
	machine_start "$1" "$2" -incoming "exec:cat $3"
	machine_says 60 ready
}
