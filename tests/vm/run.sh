#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Run a story in a virtual machine, with one of Debian's stock kernels, with User
# Mode Linux or with KCSAN
#
#   run.sh --kernel 6.1|6.12|uml|uml-6.12|kcsan --story FILE [OPTION...]
#
#   --program FILE      put a program and its libraries into /usr/sbin
#   --module FILE.ko    put a module into /lib/modules/VERSION/extra
#   --add FILE:PATH     put any file at PATH in the guest
#   --files DIR         what the guest sees as /files (read only)
#   --disk FILE         initial contents of the flash (copied; default: erased)
#   --set VAR=VALUE     override a variable of the story
#   --work DIR          where logs and images go
#                       (default: BUILD/vm/ABI/run/STORY)
#   --echo              show the story's screen live instead of the tests
#
# A story is a shell file: variables as in guest/defaults.sh, functions boot_1,
# boot_2, ... for the guest as described in guest/lib.sh, and optionally
# host_setup, which runs here (bash) before the machine is switched on and has
# the helpers of lib/flash.sh, add_programs and add_module.  Everything else in
# it is read by both shells.
# Boot model and flashsim run before each boot_N; fwslot is not loaded.
#
#   FLASH_PARAMS="erase_us=1000"
#   host_setup() {
#           make_image "$FILES/new.img" system 1 5.21.2 400000 7
#           flash_put primary "$FILES/new.img"
#   }
#   boot_1() {
#           ok "it boots" test "$BOOTED" = primary
#           run mtdinfo "$(mtd_of primary)"
#           reboot
#   }
#   boot_2() {
#           is "unchanged" "$(slot_hash primary 400000)" \
#                   "$(sha256sum </files/new.img | cut -d' ' -f1)"
#   }
#
# Modules of the project for --module come from kbuild.sh.  Prints TAP.  Exit
# status 0: all passed, 1: not, 2: could not run.  Logs in the work folder:
# console.log, verdict, screen, scratch/dmesg.N, and flash.img as the last boot
# left it.  $BUILD is where everything is built (default: build).
set -euo pipefail

vm_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$vm_dir/../.." && pwd)
build=${BUILD:-$top/build}
. "$vm_dir/lib/kernel.sh"
. "$vm_dir/lib/flash.sh"
. "$vm_dir/lib/initramfs.sh"
. "$vm_dir/lib/qemu.sh"
. "$vm_dir/lib/uml.sh"
. "$vm_dir/lib/kcsan.sh"
. "$top/tests/cli/lib/json.sh"
. "$vm_dir/guest/defaults.sh"


usage() {
	sed -n '3,18s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

parse_arguments() {
	while (($#)); do
		case $1 in
		--echo) echo=yes && shift && continue ;;
		--kernel) kernel=${2:?} ;;
		--story) story=${2:?} ;;
		--program) programs+=("${2:?}") ;;
		--module) modules+=("${2:?}") ;;
		--add) adds+=("${2:?}") ;;
		--files) files=${2:?} ;;
		--disk) disk=${2:?} ;;
		--set) settings+=("${2:?}") ;;
		--work) work=${2:?} ;;
		*) usage ;;
		esac
		shift 2
	done
	[[ -n $kernel && -r $story ]] || usage
	# The guest's init would die of it, and the machine start over and over.
	dash -n "$story" || die "$story: the guest cannot read it"
}

# add_programs FILE...: as --program, for a story's host_setup
add_programs() {
	programs+=("$@")
}

# add_module DIR: build a module of the project as kbuild.sh does, for the same
add_module() {
	modules+=("$("$vm_dir/kbuild.sh" --kernel "$kernel" "$1" W=1)")
}

# prepare_work: an empty work folder with the flash and the shared folders
prepare_work() {
	rm -rf "$work"
	mkdir -p "$work"/{root,scratch,files}
	[[ -z $files ]] || cp -rL "$files/." "$work/files/"
	FLASH=$work/flash.img
	# shellcheck disable=SC2034 # for host_setup
	FILES=$work/files
	TOOLS=$build/vm/tools
	build_tools "$TOOLS"
	if [[ -n $disk ]]; then
		cp "$disk" "$FLASH"
	else
		flash_create "$FLASH" "$((FLASH_SIZE ? FLASH_SIZE : 65536))"
	fi
	! declare -F host_setup >/dev/null || host_setup
}

# build_root: the initramfs
build_root() {
	local root=$work/root flashsim item

	flashsim=$("$vm_dir/kbuild.sh" --kernel "$kernel" tests/kmod/flashsim W=1)
	stage_tree "$root"
	stage_guest "$root"
	cp "$story" "$root/vm/story"
	printf '%s\n' "${settings[@]@Q}" | sed "s/^'\([A-Za-z_]*=\)/\1'/" \
		>"$root/vm/settings"
	stage_program "$root" "$TOOLS/bootmodel"
	for item in "${programs[@]}"; do
		stage_program "$root" "$item"
	done
	for item in "${adds[@]}"; do
		install -D "${item%%:*}" "$root${item#*:}"
	done
	stage_tools "$root"
	stage_modules "$root" "$kdir" "$abi" \
		"${guest_modules[*]} $STORY_MODULES" "$flashsim" "${modules[@]}"
	initramfs_pack "$root" "$work/initramfs.cpio"
	rm -rf "$root"
}

# echo_screen: copy what the story shows to stdout until the machine ends
#
# The caller holds the pipe open, so that neither side waits for the other.
echo_screen() {
	tee "$work/screen.log" <"$work/screen" 3>&- &
}

# play: run the machine, showing what was asked for
play() {
	local status=0

	if [[ $echo == yes ]]; then
		mkfifo "$work/screen"
		exec 3<>"$work/screen"
		echo_screen
	fi
	machine_run "$work" "$kdir/boot/vmlinux-$abi" || status=$?
	exec 3>&-
	wait
	[[ $echo == yes ]] || grep -E '^(ok|not ok|#|1\.\.)' "$work/verdict" || :
	reason=$(judge "$work" "$status")
	[[ ! -d $work/scratch/json ]] || check_json
}

# check_json: JSON that the story has left for us is as its schema says
check_json() {
	local name="JSON as in its schema"

	name+=", $(cat "$work"/scratch/json/* | wc -l) lines"
	if json_as_in_schema "$top/Documentation/fwslot-json.schema.json" \
		"$work"/scratch/json/* >"$work/json.log" 2>&1; then
		echo "ok - $name"
	else
		head -n 20 "$work/json.log" | sed 's/^/# /'
		echo "not ok - $name"
		reason=${reason:-JSON is not as in its schema}
	fi
}

kernel='' story='' files='' disk='' work='' echo='' reason=''
programs=() modules=() adds=() settings=()
parse_arguments "$@"
# shellcheck disable=SC1090 # it is an argument
. "$story"
for setting in "${settings[@]}"; do
	declare "$setting"
done

abi=$(kernel_abi "$kernel")
kdir=$(kernel_dir "$abi")
! kernel_is_uml "$abi" || uml_use
! kernel_is_kcsan "$abi" || kcsan_use
name=${story##*/}
work=$(realpath -m "${work:-$build/vm/$abi/run/${name%.sh}}")
prepare_work
build_root
play
if [[ -n $reason ]]; then
	echo "# FAILED on $abi: $reason"
	echo "# logs: $work"
	exit 1
fi
