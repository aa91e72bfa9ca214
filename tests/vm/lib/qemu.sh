# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# Run QEMU, once for each boot, and judge what came out
#
# The guest speaks through two virtio ports, verdict and screen, and leaves
# through isa-debug-exit: 85 is a pass, 43 a failure.  Anything else is a
# machine that died.  That no kernel complained is checked besides.
#
# A reset ends QEMU, and the next boot is a new one: inside one QEMU each boot
# would be slower than the first.

machine_boot=qemu_boot
kernel_log_filter="cat"
QEMU_PASS=85
QEMU_FAIL=43
# Warnings go to the console, speed before hardening, a crash resets at once.
# The crypto self-tests of the kernel take two seconds of each boot.
kernel_options=${KERNEL_OPTIONS:-quiet loglevel=5 panic=-1 oops=panic}
kernel_options+=' mitigations=off cryptomgr.notests'
# On a busy host the kernel's test of the timer misses its ticks, and it panics.
kernel_options+=' no_timer_check'
# What the kernel does not know it hands to init as environment.
kernel_options+=" FWSLOT_LONG=${FWSLOT_LONG-}"
complaints='BUG:|WARNING:|Oops|Kernel panic|general protection|blocked for more than'
complaints+='|Call Trace|soft lockup|hard LOCKUP|rcu.*stall|UBSAN:|KASAN:|KFENCE:'
complaints+='|refcount_t:|list_(add|del) corruption|Bad page'

# qemu_cpu: KVM where the processor has it (a /dev/kvm alone proves nothing)
qemu_cpu() {
	if [[ -w /dev/kvm ]] && grep -q -w -E 'vmx|svm' /proc/cpuinfo; then
		echo -accel kvm -cpu host
	else
		echo -accel tcg -cpu qemu64
	fi
}

# qemu_boot WORK KERNEL SECONDS: one boot; the exit status is QEMU's
qemu_boot() {
	local work=$1 kernel=$2 seconds=$3

	# shellcheck disable=SC2046,SC2086 # words are wanted
	timeout --foreground -k 5 "$seconds" qemu-system-x86_64 \
		-nodefaults -no-user-config -display none -name fwslot-test \
		-machine pc ${STORY_QEMU:-$(qemu_cpu)} -no-reboot \
		-smp "$STORY_CPUS" -m "$STORY_MEMORY" \
		-kernel "$kernel" -initrd "$work/initramfs.cpio" \
		-append "console=ttyS0 $kernel_options" \
		-chardev "file,id=console,append=on,path=$work/console.log" \
		-serial chardev:console \
		-device virtio-serial-pci \
		-chardev "file,id=verdict,append=on,path=$work/verdict" \
		-device virtserialport,chardev=verdict,name=verdict \
		-chardev "file,id=screen,append=on,path=$work/screen" \
		-device virtserialport,chardev=screen,name=screen \
		-drive "if=none,id=flash,format=raw,cache=unsafe,file=$work/flash.img" \
		-device virtio-blk-pci,drive=flash \
		-virtfs "local,path=$work/scratch,mount_tag=scratch,security_model=none" \
		-virtfs "local,path=$work/files,mount_tag=files,security_model=none,readonly=on" \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		</dev/null >>"$work/qemu.log" 2>&1
}

# reset_wanted WORK BOOT: this boot came to its init and ended in a reset that a
# script asked for; the init takes the mark away and counts
reset_wanted() {
	[[ -e $1/scratch/reset-wanted && $(cat "$1/scratch/phase") == "$2" ]]
}

# machine_run WORK KERNEL: boot the guest as often as it asks for; the exit status
# is that of the last boot, 124 when the time is over
machine_run() {
	local work=$1 kernel=$2 end=$((SECONDS + STORY_TIMEOUT)) boot=0 status

	while ((SECONDS < end)); do
		status=0
		"$machine_boot" "$work" "$kernel" "$((end - SECONDS))" ||
			status=$?
		boot=$((boot + 1))
		[[ $status == 0 ]] && reset_wanted "$work" "$boot" || return $status
	done
	return 124
}

# kernel_complaints WORK: print what the kernels of all boots complained about
kernel_complaints() {
	"$kernel_log_filter" "$1"/console.log "$1"/scratch/dmesg.* 2>/dev/null |
		grep -E "$complaints" | sort -u
}

# judge WORK STATUS: print the reason why the run failed, nothing for a pass
judge() {
	local work=$1 status=$2 plan passed verdict

	if [[ ! -r $work/verdict ]]; then
		echo "the machine did not start: $(tail -n 1 "$work/qemu.log")"
		return
	fi
	plan=$(sed -n 's/^1\.\.//p' "$work/verdict")
	passed=$(grep -c '^ok ' "$work/verdict")
	verdict=$(sed -n 's/^verdict //p' "$work/verdict" | tail -n 1)
	if [[ $status == 124 || $status == 137 ]]; then
		echo "no end within $STORY_TIMEOUT s"
	elif [[ $status == 0 && ! -e $work/scratch/powered-off ]]; then
		echo "the machine was reset, and nobody asked for it"
	elif [[ $status != "$QEMU_PASS" && $status != "$QEMU_FAIL" ]]; then
		echo "the machine died: it ended with status $status"
	elif [[ $verdict != pass ]]; then
		echo "${verdict:-no verdict}"
	elif [[ $status != "$QEMU_PASS" || -z $plan || $plan != "$passed" ]]; then
		echo "the verdict contradicts itself"
	elif [[ -n $(kernel_complaints "$work") ]]; then
		echo "the kernel complained: $(kernel_complaints "$work" | head -n 1)"
	fi
}
