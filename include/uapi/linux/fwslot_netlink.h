/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * fwslot - generic netlink family "fwslot": status and events, read-only
 *
 * Requests take no attributes.  Every event carries the whole small state,
 * because multicast may lose messages.  Included by linux/fwslot.h, which has
 * the enums that attributes speak of.
 */
#ifndef _UAPI_LINUX_FWSLOT_NETLINK_H
#define _UAPI_LINUX_FWSLOT_NETLINK_H
#define FWSLOT_GENL_NAME	"fwslot"
#define FWSLOT_GENL_VERSION	1
#define FWSLOT_GENL_GROUP	"events"

/**
 * enum fwslot_cmd - commands of the family
 * @FWSLOT_CMD_UNSPEC: not used
 * @FWSLOT_CMD_GET_DEVICE: request without attributes; the reply holds the
 *	device attributes (FWSLOT_A_ABI to FWSLOT_A_GENERATION)
 * @FWSLOT_CMD_GET_UNITS: dump without attributes; a message a unit with the
 *	unit attributes (FWSLOT_A_UNIT to FWSLOT_A_ERROR), absent ones too
 * @FWSLOT_CMD_EVENT: multicast to group "events": FWSLOT_A_EVENT, _SEQUENCE,
 *	_TIME, the session attributes, and the unit attributes of the unit that
 *	it speaks of
 * @__FWSLOT_CMD_MAX: one more than the highest
 */
enum fwslot_cmd {
	FWSLOT_CMD_UNSPEC = 0,
	FWSLOT_CMD_GET_DEVICE = 1,
	FWSLOT_CMD_GET_UNITS = 2,
	FWSLOT_CMD_EVENT = 3,
	__FWSLOT_CMD_MAX
};

#define FWSLOT_CMD_MAX		(__FWSLOT_CMD_MAX - 1)

/**
 * enum fwslot_event - what an event tells
 * @FWSLOT_EVENT_BOUND: a unit found its flash
 * @FWSLOT_EVENT_GONE: a unit lost its flash
 * @FWSLOT_EVENT_SESSION: a session began
 * @FWSLOT_EVENT_PROGRESS: a session went on
 * @FWSLOT_EVENT_STEP: a step is complete
 * @FWSLOT_EVENT_COMMIT: a session ended well
 * @FWSLOT_EVENT_FAILED: a session failed
 * @FWSLOT_EVENT_REFUSED: a session was refused
 * @FWSLOT_EVENT_VERIFIED: a unit was read and is right
 * @FWSLOT_EVENT_CORRUPT: a unit was read and is not right
 * @FWSLOT_EVENT_SEALED: the module was sealed
 * @FWSLOT_EVENT_TAMPERED: a sealed unit was taken away
 * @FWSLOT_EVENT_STATE: the state of a unit changed in another way
 */
enum fwslot_event {
	FWSLOT_EVENT_BOUND = 1,
	FWSLOT_EVENT_GONE = 2,
	FWSLOT_EVENT_SESSION = 3,
	FWSLOT_EVENT_PROGRESS = 4,
	FWSLOT_EVENT_STEP = 5,
	FWSLOT_EVENT_COMMIT = 6,
	FWSLOT_EVENT_FAILED = 7,
	FWSLOT_EVENT_REFUSED = 8,
	FWSLOT_EVENT_VERIFIED = 9,
	FWSLOT_EVENT_CORRUPT = 10,
	FWSLOT_EVENT_SEALED = 11,
	FWSLOT_EVENT_TAMPERED = 12,
	FWSLOT_EVENT_STATE = 13,
};

#define FWSLOT_EVENTS		14

/**
 * enum fwslot_attr - attributes, all sent by the kernel only
 * @FWSLOT_A_UNSPEC: not used
 * @FWSLOT_A_PAD: padding of 64-bit attributes
 * @FWSLOT_A_ABI: u32, FWSLOT_ABI_VERSION
 * @FWSLOT_A_PRODUCT: string, the device's product; absent: none configured
 * @FWSLOT_A_BOOTED: u8, enum fwslot_booted
 * @FWSLOT_A_RUNNING_VERSION: string; absent: not known (yet)
 * @FWSLOT_A_RUNNING_FORMAT: u32; absent: not known (yet)
 * @FWSLOT_A_MIN_VERSION: string, MAJOR.MINOR.PATCH; absent: no floor
 * @FWSLOT_A_DEVICE_FLAGS: u32, FWSLOT_DEVICE_*
 * @FWSLOT_A_KEY: nest, once for each trusted key: FWSLOT_A_KEY_NAME,
 *	FWSLOT_A_KEY_FLAGS
 * @FWSLOT_A_KEY_NAME: string
 * @FWSLOT_A_KEY_FLAGS: u32, FWSLOT_KEY_*
 * @FWSLOT_A_SESSIONS: u64, sessions begun since the module was loaded
 * @FWSLOT_A_REFUSED: u64, requests refused since then
 * @FWSLOT_A_GENERATION: u32, goes up with every change of any unit
 * @FWSLOT_A_UNIT: u8, enum fwslot_unit
 * @FWSLOT_A_STATE: u8, enum fwslot_state
 * @FWSLOT_A_MTD_INDEX: u32, N of /dev/mtdN
 * @FWSLOT_A_MTD_NAME: string, name of the partition
 * @FWSLOT_A_MASTER_NAME: string, name of the chip
 * @FWSLOT_A_OFFSET: u64, bytes from the start of the chip
 * @FWSLOT_A_SIZE: u64, bytes
 * @FWSLOT_A_ERASE_SIZE: u32, bytes
 * @FWSLOT_A_LOCK: u8, enum fwslot_lock, as read back now
 * @FWSLOT_A_UNIT_FLAGS: u32, FWSLOT_UNIT_*
 * @FWSLOT_A_VERSION: string, release of its record
 * @FWSLOT_A_FORMAT: u32, image format of its record
 * @FWSLOT_A_IMAGE_SIZE: u64, bytes of the image of its record
 * @FWSLOT_A_DIGEST: 32 bytes, digest of that image's digest table
 * @FWSLOT_A_SIGNER: string, name of the key that signed its record
 * @FWSLOT_A_REASON: u32, enum fwslot_reason, what is wrong with it, or the
 *	reason of a refusal or failure in an event
 * @FWSLOT_A_ERROR: s32, the last error of its flash, negative errno
 * @FWSLOT_A_EVENT: u8, enum fwslot_event
 * @FWSLOT_A_SEQUENCE: u64, number of the event; gaps are lost messages
 * @FWSLOT_A_TIME: u64, CLOCK_BOOTTIME in nanoseconds
 * @FWSLOT_A_PHASE: u8, enum fwslot_phase
 * @FWSLOT_A_STEP: u32
 * @FWSLOT_A_STEPS: u32, steps in the plan
 * @FWSLOT_A_BLOCKS_DONE: u32
 * @FWSLOT_A_BLOCKS_TOTAL: u32
 * @__FWSLOT_A_MAX: one more than the highest
 */
enum fwslot_attr {
	FWSLOT_A_UNSPEC = 0,
	FWSLOT_A_PAD = 1,
	FWSLOT_A_ABI = 2,
	FWSLOT_A_PRODUCT = 3,
	FWSLOT_A_BOOTED = 4,
	FWSLOT_A_RUNNING_VERSION = 5,
	FWSLOT_A_RUNNING_FORMAT = 6,
	FWSLOT_A_MIN_VERSION = 7,
	FWSLOT_A_DEVICE_FLAGS = 8,
	FWSLOT_A_KEY = 9,
	FWSLOT_A_KEY_NAME = 10,
	FWSLOT_A_KEY_FLAGS = 11,
	FWSLOT_A_SESSIONS = 12,
	FWSLOT_A_REFUSED = 13,
	FWSLOT_A_GENERATION = 14,
	FWSLOT_A_UNIT = 15,
	FWSLOT_A_STATE = 16,
	FWSLOT_A_MTD_INDEX = 17,
	FWSLOT_A_MTD_NAME = 18,
	FWSLOT_A_MASTER_NAME = 19,
	FWSLOT_A_OFFSET = 20,
	FWSLOT_A_SIZE = 21,
	FWSLOT_A_ERASE_SIZE = 22,
	FWSLOT_A_LOCK = 23,
	FWSLOT_A_UNIT_FLAGS = 24,
	FWSLOT_A_VERSION = 25,
	FWSLOT_A_FORMAT = 26,
	FWSLOT_A_IMAGE_SIZE = 27,
	FWSLOT_A_DIGEST = 28,
	FWSLOT_A_SIGNER = 29,
	FWSLOT_A_REASON = 30,
	FWSLOT_A_ERROR = 31,
	FWSLOT_A_EVENT = 32,
	FWSLOT_A_SEQUENCE = 33,
	FWSLOT_A_TIME = 34,
	FWSLOT_A_PHASE = 35,
	FWSLOT_A_STEP = 36,
	FWSLOT_A_STEPS = 37,
	FWSLOT_A_BLOCKS_DONE = 38,
	FWSLOT_A_BLOCKS_TOTAL = 39,
	__FWSLOT_A_MAX
};

#define FWSLOT_A_MAX		(__FWSLOT_A_MAX - 1)

/* FWSLOT_A_DEVICE_FLAGS */
#define FWSLOT_DEVICE_SEALED	(1U << 0)	/* masters protected, pinned */
#define FWSLOT_DEVICE_TAMPERED	(1U << 1)	/* a sealed unit went away */
#define FWSLOT_DEVICE_DEVKEY	(1U << 2)	/* built with a development key */
#define FWSLOT_DEVICE_FORCE	(1U << 3)	/* force is allowed */
#define FWSLOT_DEVICE_REBOOT	(1U << 4)	/* a reboot is pending */
#define FWSLOT_DEVICE_SESSION	(1U << 5)	/* a session is open */

/* FWSLOT_A_KEY_FLAGS */
#define FWSLOT_KEY_USABLE	(1U << 0)	/* loaded into its keyring */
#define FWSLOT_KEY_RETIRED	(1U << 1)	/* identifies, installs nothing */

/* FWSLOT_A_UNIT_FLAGS */
#define FWSLOT_UNIT_CONFIGURED	(1U << 0)	/* named in slots= */
#define FWSLOT_UNIT_PROTECTED	(1U << 1)	/* read-only for all others */
#define FWSLOT_UNIT_BOOTED	(1U << 2)	/* the running system's slot */
#define FWSLOT_UNIT_OWN_RECORD	(1U << 3)	/* record in an area of its own */
#define FWSLOT_UNIT_CHANGED	(1U << 4)	/* written since boot */

#endif /* _UAPI_LINUX_FWSLOT_NETLINK_H */
