/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * fwslot - guarded programming of firmware slots on MTD flash
 *
 * This header and the one it includes are the protocol.  There is one copy.
 *
 * /dev/fwslot (root, 0600) changes slots.  One open file is one session:
 *
 *  1. FWSLOT_IOC_BEGIN hands over manifest, signature, all digest tables, the
 *     wanted slots and flags.  The kernel checks them, reads the slots, and
 *     answers with a plan: the steps in the order in which it will take them,
 *     and the inputs: the images it wants to be streamed, and which of their
 *     chunks.  Nothing is changed yet.  Or it refuses, with a reason.
 *  2. write(2) streams the wanted chunks of inputs[0], then those of
 *     inputs[1], each chunk whole and in ascending order, nothing between.
 *     Every chunk is authenticated before it goes to flash.  write(2) blocks
 *     while the flash is behind; it may take less than it was given.
 *  3. FWSLOT_IOC_FINISH waits until a step is complete: written, read back,
 *     its record in place, locked.  Steps that need no data run by themselves.
 *  4. FWSLOT_IOC_COMMIT ends the session when all steps are complete.
 *
 * Closing the file before COMMIT aborts: what was being written is incomplete,
 * everything is locked, the same package can be installed again.  A bootloader
 * that is being written is finished first, by the kernel alone.
 *
 * FWSLOT_IOC_VERIFY, _SEAL, _INFO and _PROGRESS need no session.
 *
 * Generic netlink family "fwslot" is read-only: status and events.  It is in
 * linux/fwslot_netlink.h, which this header includes.
 *
 * All structures are the same for 32-bit and 64-bit callers.  Pointers travel
 * as __u64.  Reserved fields must be zero.  size is sizeof() of the structure
 * as the caller knows it, so that it can grow at its end: what a module does
 * not know must be zero (else E2BIG), and no more than @size is copied out.
 * An ioctl is told by its number alone, whatever size it encodes.  When one
 * fails, @reason (enum fwslot_reason, see fwslot/reason.h) says why; it and
 * the other output fields are copied out in that case, too.
 */
#ifndef _UAPI_LINUX_FWSLOT_H
#define _UAPI_LINUX_FWSLOT_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/fwslot_netlink.h>

#define FWSLOT_ABI_VERSION	1
#define FWSLOT_DEVICE		"fwslot"	/* /dev/fwslot */

/**
 * enum fwslot_slot - the slots
 * @FWSLOT_PRIMARY: system image that the bootloader loads by default
 * @FWSLOT_SECONDARY: system image it loads when the primary fails
 * @FWSLOT_BOOTLOADER: the bootloader, one copy or two
 *
 * A set of slots is a mask of 1 << enum fwslot_slot.
 */
enum fwslot_slot {
	FWSLOT_PRIMARY = 0,
	FWSLOT_SECONDARY = 1,
	FWSLOT_BOOTLOADER = 2,
};

#define FWSLOT_SLOTS		3
#define FWSLOT_SLOTS_ALL	0x7U

/**
 * enum fwslot_unit - a unit is one physical copy of a slot
 * @FWSLOT_UNIT_PRIMARY: the primary
 * @FWSLOT_UNIT_SECONDARY: the secondary
 * @FWSLOT_UNIT_BOOT0: the bootloader copy that the boot ROM tries first
 * @FWSLOT_UNIT_BOOT1: the one that it tries next
 *
 * A set of units is a mask of 1 << enum fwslot_unit.
 */
enum fwslot_unit {
	FWSLOT_UNIT_PRIMARY = 0,
	FWSLOT_UNIT_SECONDARY = 1,
	FWSLOT_UNIT_BOOT0 = 2,
	FWSLOT_UNIT_BOOT1 = 3,
};

#define FWSLOT_UNITS		4

/**
 * enum fwslot_state - what is known of a unit
 * @FWSLOT_STATE_ABSENT: no flash is bound to it
 * @FWSLOT_STATE_UNKNOWN: it has no record
 * @FWSLOT_STATE_INCOMPLETE: its record is damaged, or a write was not finished
 * @FWSLOT_STATE_RECORDED: it has an authentic record; content not read yet
 * @FWSLOT_STATE_VERIFIED: its whole content was read and equals its record
 * @FWSLOT_STATE_CORRUPT: its content was read and does not equal its record
 * @FWSLOT_STATE_UNTRUSTED: content equals a record that no known key signed
 * @FWSLOT_STATE_WRITING: it is being written
 */
enum fwslot_state {
	FWSLOT_STATE_ABSENT = 0,
	FWSLOT_STATE_UNKNOWN = 1,
	FWSLOT_STATE_INCOMPLETE = 2,
	FWSLOT_STATE_RECORDED = 3,
	FWSLOT_STATE_VERIFIED = 4,
	FWSLOT_STATE_CORRUPT = 5,
	FWSLOT_STATE_UNTRUSTED = 6,
	FWSLOT_STATE_WRITING = 7,
};

#define FWSLOT_STATES		8

/**
 * enum fwslot_booted - what the bootloader says it started
 * @FWSLOT_BOOTED_UNKNOWN: it said nothing
 * @FWSLOT_BOOTED_PRIMARY: the primary
 * @FWSLOT_BOOTED_SECONDARY: the secondary
 * @FWSLOT_BOOTED_OTHER: a rescue system; neither slot runs
 */
enum fwslot_booted {
	FWSLOT_BOOTED_UNKNOWN = 0,
	FWSLOT_BOOTED_PRIMARY = 1,
	FWSLOT_BOOTED_SECONDARY = 2,
	FWSLOT_BOOTED_OTHER = 3,
};

/**
 * enum fwslot_lock - hardware protection of a unit, as read back from the chip
 * @FWSLOT_LOCK_NONE: the chip has no lock, or none that covers the unit
 * @FWSLOT_LOCK_OPEN: it has one and it is open
 * @FWSLOT_LOCK_LOCKED: locked
 *
 * This is a second layer.  The first is that the unit is read-only for
 * everybody but this module, from the moment it is bound.
 */
enum fwslot_lock {
	FWSLOT_LOCK_NONE = 0,
	FWSLOT_LOCK_OPEN = 1,
	FWSLOT_LOCK_LOCKED = 2,
};

/**
 * enum fwslot_action - what a step of the plan does
 * @FWSLOT_ACTION_SKIP: nothing, the unit is already right
 * @FWSLOT_ACTION_RECORD: writes a record for content that is already there
 * @FWSLOT_ACTION_WRITE: writes image and record
 */
enum fwslot_action {
	FWSLOT_ACTION_SKIP = 0,
	FWSLOT_ACTION_RECORD = 1,
	FWSLOT_ACTION_WRITE = 2,
};

/**
 * enum fwslot_source - where the content for a step comes from
 * @FWSLOT_SOURCE_NONE: it needs none
 * @FWSLOT_SOURCE_STREAM: write(2), while the unit is being written
 * @FWSLOT_SOURCE_STAGED: write(2), whole, before the unit is touched
 * @FWSLOT_SOURCE_TWIN: the other image slot, by the kernel itself
 */
enum fwslot_source {
	FWSLOT_SOURCE_NONE = 0,
	FWSLOT_SOURCE_STREAM = 1,
	FWSLOT_SOURCE_STAGED = 2,
	FWSLOT_SOURCE_TWIN = 3,
};

/**
 * enum fwslot_phase - what a session is doing
 * @FWSLOT_PHASE_IDLE: there is no session
 * @FWSLOT_PHASE_SURVEY: reading the slots
 * @FWSLOT_PHASE_STAGE: taking data, nothing changed by this step yet
 * @FWSLOT_PHASE_WRITE: erasing and programming
 * @FWSLOT_PHASE_CHECK: reading a whole slot once more
 * @FWSLOT_PHASE_RECORD: writing a record
 * @FWSLOT_PHASE_DONE: all steps are complete
 * @FWSLOT_PHASE_FAILED: stopped, see reason
 */
enum fwslot_phase {
	FWSLOT_PHASE_IDLE = 0,
	FWSLOT_PHASE_SURVEY = 1,
	FWSLOT_PHASE_STAGE = 2,
	FWSLOT_PHASE_WRITE = 3,
	FWSLOT_PHASE_CHECK = 4,
	FWSLOT_PHASE_RECORD = 5,
	FWSLOT_PHASE_DONE = 6,
	FWSLOT_PHASE_FAILED = 7,
};

#define FWSLOT_PHASES		8

#define FWSLOT_STEPS_MAX	(2 * FWSLOT_UNITS)
#define FWSLOT_INPUTS_MAX	2

/**
 * struct fwslot_step - one step of a plan
 * @unit: enum fwslot_unit
 * @action: enum fwslot_action
 * @source: enum fwslot_source
 * @image: index of the image in the manifest
 * @blocks: erase blocks that the step writes at most, record included
 * @chunks: chunks of image content that the step takes; the others are in the
 *	unit already
 * @reserved: zero
 */
struct fwslot_step {
	__u8 unit;
	__u8 action;
	__u8 source;
	__u8 image;
	__u32 blocks;
	__u32 chunks;
	__u32 reserved;
};

/**
 * struct fwslot_input - an image that the kernel wants to be streamed
 * @image: index of the image in the manifest
 * @wanted: number of chunks wanted
 * @map_offset: where the image's bits begin in the wanted map, in bytes
 * @reserved: zero
 */
struct fwslot_input {
	__u32 image;
	__u32 wanted;
	__u32 map_offset;
	__u32 reserved;
};

/**
 * struct fwslot_begin - argument of FWSLOT_IOC_BEGIN
 * @size: in: sizeof(struct fwslot_begin)
 * @flags: in: FWSLOT_BEGIN_*
 * @slots: in: mask of the slots to write
 * @manifest_size: in: bytes at @manifest, at most FWSLOT_MANIFEST_MAX
 * @manifest: in: address of the manifest
 * @signature: in: address of its detached CMS signature
 * @tables: in: address of the digest tables of all images of the manifest, in
 *	its order, one behind the other
 * @map: in: where to put the wanted map.  Bit n % 8 of byte
 *	map_offset + n / 8 says whether chunk n of an input is wanted.
 *	0: all chunks of the inputs are
 * @signature_size: in: bytes at @signature, at most FWSLOT_SIGNATURE_MAX
 * @tables_size: in: bytes at @tables; exactly what the manifest asks for
 * @map_size: in: room at @map in bytes; FWSLOT_MAP_MAX is always enough
 * @reserved: in: zero
 * @reason: out: enum fwslot_reason
 * @detail: out: mask of the units that @reason speaks of, where it applies
 * @n_steps: out: steps in the plan
 * @n_inputs: out: images to be streamed
 * @steps: out: the plan
 * @inputs: out: the images, in the order in which they are taken
 */
struct fwslot_begin {
	__u32 size;
	__u32 flags;
	__u32 slots;
	__u32 manifest_size;
	__u64 manifest;
	__u64 signature;
	__u64 tables;
	__u64 map;
	__u32 signature_size;
	__u32 tables_size;
	__u32 map_size;
	__u32 reserved;
	__u32 reason;
	__u32 detail;
	__u32 n_steps;
	__u32 n_inputs;
	struct fwslot_step steps[FWSLOT_STEPS_MAX];
	struct fwslot_input inputs[FWSLOT_INPUTS_MAX];
};

/*
 * Make the plan and authenticate every chunk of every image for @slots, also
 * where the plan would skip them, but write nothing.  FINISH and COMMIT work
 * as in any session: the steps count as complete when all chunks have come.
 */
#define FWSLOT_BEGIN_CHECK	(1U << 0)
/*
 * Write only the records of slots whose content equals the image; of a slot
 * with two copies, for those that do.
 */
#define FWSLOT_BEGIN_ADOPT	(1U << 1)
/* See design rule R10; needs a module that allows it. */
#define FWSLOT_BEGIN_FORCE	(1U << 2)
#define FWSLOT_BEGIN_FLAGS	(FWSLOT_BEGIN_CHECK | FWSLOT_BEGIN_ADOPT | \
				 FWSLOT_BEGIN_FORCE)

/* Bytes of the largest wanted map: one bit a chunk, 8-byte aligned. */
#define FWSLOT_MAP_MAX		4096U

/**
 * struct fwslot_progress - how far a session is
 * @size: in: sizeof(struct fwslot_progress)
 * @reason: out: enum fwslot_reason, why the session failed
 * @error: out: 0 or the negative errno that goes with it
 * @phase: out: enum fwslot_phase
 * @step: out: the step it is at
 * @steps_done: out: steps that are complete
 * @blocks_done: out: erase blocks written in this step
 * @blocks_total: out: erase blocks to be written in this step
 * @written: out: mask of the units whose flash this session has changed
 * @flags: out: FWSLOT_PROGRESS_*
 * @flash_ms: out: time the flash was busy for this session, in milliseconds
 * @reserved: out: zero
 */
struct fwslot_progress {
	__u32 size;
	__u32 reason;
	__s32 error;
	__u32 phase;
	__u32 step;
	__u32 steps_done;
	__u32 blocks_done;
	__u32 blocks_total;
	__u32 written;
	__u32 flags;
	__u64 flash_ms;
	__u64 reserved;
};

/* The bootloader is being written: nothing can stop it, power must stay on. */
#define FWSLOT_PROGRESS_WINDOW	(1U << 0)
/* The bootloader or the booted slot was changed: reboot to use it. */
#define FWSLOT_PROGRESS_REBOOT	(1U << 1)

/**
 * struct fwslot_finish - argument of FWSLOT_IOC_FINISH
 * @size: in: sizeof(struct fwslot_finish)
 * @step: in: the step to wait for
 * @timeout_ms: in: how long to wait; 0: until it is complete
 * @reserved: in: zero
 * @progress: out: the state at the end of the wait
 */
struct fwslot_finish {
	__u32 size;
	__u32 step;
	__u32 timeout_ms;
	__u32 reserved;
	struct fwslot_progress progress;
};

/**
 * struct fwslot_verify - argument of FWSLOT_IOC_VERIFY
 * @size: in: sizeof(struct fwslot_verify)
 * @unit: in: enum fwslot_unit
 * @flags: in: zero
 * @state: out: enum fwslot_state
 * @reason: out: enum fwslot_reason, what is wrong with it
 * @error: out: 0 or the negative errno of the flash
 */
struct fwslot_verify {
	__u32 size;
	__u32 unit;
	__u32 flags;
	__u32 state;
	__u32 reason;
	__s32 error;
};

/**
 * struct fwslot_info - argument of FWSLOT_IOC_INFO
 * @size: in: sizeof(struct fwslot_info)
 * @abi: out: FWSLOT_ABI_VERSION
 * @begin_flags: out: mask of the FWSLOT_BEGIN_* flags that the module knows
 * @reserved: out: zero
 */
struct fwslot_info {
	__u32 size;
	__u32 abi;
	__u32 begin_flags;
	__u32 reserved;
};

/**
 * DOC: ioctls
 *
 * All: EFAULT, EINVAL for a size or a reserved field, E2BIG, EINTR, ENOTTY.
 *
 * FWSLOT_IOC_INFO: no others.
 *
 * FWSLOT_IOC_BEGIN: EPERM without CAP_SYS_ADMIN in the initial user namespace
 * or by policy, EINVAL for unknown flags, slots, sizes or non-zero reserved
 * fields, EBUSY when another session is open, ENOSPC when the map does not
 * fit, EINTR, and the errno of each reason in fwslot/reason.h.
 *
 * FWSLOT_IOC_FINISH: EINVAL without a session or for an unknown step,
 * ETIME when the time is over and the step is not complete, EINTR, else the
 * errno of the reason for which the session failed.
 *
 * FWSLOT_IOC_COMMIT: EPERM, EINVAL without a session, EBUSY when a step is
 * not complete, else as FINISH.  The session is over when it returns 0.
 *
 * FWSLOT_IOC_PROGRESS: of this file's session, or of the last one it had.
 *
 * FWSLOT_IOC_VERIFY: EPERM, EBUSY while a session or another verify is open,
 * ENODEV when the unit is absent, EINTR, or what the flash driver says.  A
 * unit that is found corrupt is not an error of the call.
 *
 * FWSLOT_IOC_SEAL: EPERM.  One way: masters are write-protected too, and the
 * module cannot be unloaded any more.
 *
 * write(2): EPERM when the caller's credentials are not those of the opener,
 * EINVAL without a session, EFBIG beyond the last wanted chunk, EBADMSG for a
 * chunk that does not match its digest, EINTR, else as FINISH.
 */
#define FWSLOT_IOC_MAGIC	0xFB
#define FWSLOT_IOC_INFO		_IOWR(FWSLOT_IOC_MAGIC, 0x00, struct fwslot_info)
#define FWSLOT_IOC_BEGIN	_IOWR(FWSLOT_IOC_MAGIC, 0x01, struct fwslot_begin)
#define FWSLOT_IOC_FINISH	_IOWR(FWSLOT_IOC_MAGIC, 0x02, struct fwslot_finish)
#define FWSLOT_IOC_COMMIT	_IOWR(FWSLOT_IOC_MAGIC, 0x03, struct fwslot_progress)
#define FWSLOT_IOC_PROGRESS	_IOWR(FWSLOT_IOC_MAGIC, 0x04, struct fwslot_progress)
#define FWSLOT_IOC_VERIFY	_IOWR(FWSLOT_IOC_MAGIC, 0x05, struct fwslot_verify)
#define FWSLOT_IOC_SEAL		_IO(FWSLOT_IOC_MAGIC, 0x06)

#endif /* _UAPI_LINUX_FWSLOT_H */
