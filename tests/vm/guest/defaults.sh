# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
#
# What a story may set, with defaults.  Read by run.sh (bash) before the story,
# and by the guest (dash) as well, so that both see the same board.

# The flash: size in bytes, partitions as in flashsim's parts=, further
# parameters of flashsim (lockable=1 erase_us=500 ...).  FLASH_SIZE=0: no
# flashsim, the story loads what it wants.
FLASH_SIZE=0x1000000
FLASH_PARTS="bootloader@0x0+0x100000;primary@0x100000+0x700000;\
secondary@0x800000+0x700000;data@0xf00000+0x100000"
FLASH_PARAMS=""

# The same for the boot model and for host_setup, where flashsim gets none or
# others (default: FLASH_PARTS).
BOOT_PARTS=""

# What the boot ROM checks: whole, header, or none: no boot model at all, the
# flash need not hold any image.  The partitions that it looks at are primary,
# secondary and each one whose name starts with "bootloader".
BOOT_ROM=whole

# The boot at which nothing may start any more: then that is a pass.
EXPECT_BRICK=0

# Number of boots of a story that has too many for a boot_N each: those that it
# has no boot_N for run boot_more.
BOOTS=0

# Modules of the kernel that the guest needs besides the usual ones, seconds
# until the whole story is given up, number of CPUs, MiB of memory, and words for
# the command line of QEMU in place of the best accelerator there is.
STORY_MODULES=""
STORY_TIMEOUT=180
STORY_CPUS=1
STORY_MEMORY=512
STORY_QEMU=""

# More words for the command line of User Mode Linux.
UML_OPTIONS=""

# boot_args: print the arguments of bootmodel for these partitions
boot_args() {
	echo "${BOOT_PARTS:-$FLASH_PARTS}" | tr ';' '\n' | sed -n \
		-e 's/^primary@/--primary /p' \
		-e 's/^secondary@/--secondary /p' \
		-e 's/^bootloader[^@]*@/--boot /p'
	echo "--rom $BOOT_ROM"
}
