/* SPDX-License-Identifier: MIT */
/*
 * nl.h - status and events from the kernel module
 *
 * Structures in host order with every string terminated and free of control
 * characters.  A field that the kernel did not send is zero or empty; where
 * that could be mistaken for a value, nl_has() tells.
 */
#ifndef FWSLOT_USERSPACE_NL_H
#define FWSLOT_USERSPACE_NL_H

#include "core.h"

#define NL_NAME_SIZE	64
#define NL_KEYS_MAX	8

/**
 * struct nl_key - a trusted key
 * @name: its name
 * @flags: FWSLOT_KEY_*
 */
struct nl_key {
	char name[NL_NAME_SIZE];
	u32 flags;
};

/**
 * struct nl_device - the device; see enum fwslot_attr for the fields
 * @seen: bit n: attribute n was sent
 * @abi: FWSLOT_A_ABI
 * @product: FWSLOT_A_PRODUCT
 * @booted: FWSLOT_A_BOOTED
 * @running: FWSLOT_A_RUNNING_VERSION
 * @format: FWSLOT_A_RUNNING_FORMAT, 0: not known
 * @floor: FWSLOT_A_MIN_VERSION
 * @flags: FWSLOT_A_DEVICE_FLAGS
 * @n_keys: used entries of @keys
 * @keys: FWSLOT_A_KEY
 * @sessions: FWSLOT_A_SESSIONS
 * @refused: FWSLOT_A_REFUSED
 * @generation: FWSLOT_A_GENERATION
 */
struct nl_device {
	u64 seen;
	u32 abi;
	char product[NL_NAME_SIZE];
	u8 booted;
	char running[NL_NAME_SIZE];
	u32 format;
	char floor[NL_NAME_SIZE];
	u32 flags;
	u32 n_keys;
	struct nl_key keys[NL_KEYS_MAX];
	u64 sessions;
	u64 refused;
	u32 generation;
};

/**
 * struct nl_unit - a unit; see enum fwslot_attr for the fields
 * @seen: bit n: attribute n was sent
 * @unit: FWSLOT_A_UNIT
 * @state: FWSLOT_A_STATE
 * @lock: FWSLOT_A_LOCK
 * @mtd_index: FWSLOT_A_MTD_INDEX
 * @mtd_name: FWSLOT_A_MTD_NAME
 * @master: FWSLOT_A_MASTER_NAME
 * @offset: FWSLOT_A_OFFSET
 * @size: FWSLOT_A_SIZE
 * @erase_size: FWSLOT_A_ERASE_SIZE
 * @flags: FWSLOT_A_UNIT_FLAGS
 * @version: FWSLOT_A_VERSION
 * @format: FWSLOT_A_FORMAT
 * @image_size: FWSLOT_A_IMAGE_SIZE
 * @digest: FWSLOT_A_DIGEST
 * @signer: FWSLOT_A_SIGNER
 * @reason: FWSLOT_A_REASON
 * @error: FWSLOT_A_ERROR
 */
struct nl_unit {
	u64 seen;
	u8 unit;
	u8 state;
	u8 lock;
	u32 mtd_index;
	char mtd_name[NL_NAME_SIZE];
	char master[NL_NAME_SIZE];
	u64 offset;
	u64 size;
	u32 erase_size;
	u32 flags;
	char version[NL_NAME_SIZE];
	u32 format;
	u64 image_size;
	u8 digest[FWSLOT_DIGEST_SIZE];
	char signer[NL_NAME_SIZE];
	u32 reason;
	s32 error;
};

/**
 * struct nl_event - an event; see enum fwslot_attr for the fields
 * @seen: bit n: attribute n was sent
 * @event: FWSLOT_A_EVENT
 * @sequence: FWSLOT_A_SEQUENCE
 * @time: FWSLOT_A_TIME
 * @phase: FWSLOT_A_PHASE
 * @step: FWSLOT_A_STEP
 * @steps: FWSLOT_A_STEPS
 * @blocks_done: FWSLOT_A_BLOCKS_DONE
 * @blocks_total: FWSLOT_A_BLOCKS_TOTAL
 * @unit: the unit it speaks of
 */
struct nl_event {
	u64 seen;
	u8 event;
	u64 sequence;
	u64 time;
	u8 phase;
	u32 step;
	u32 steps;
	u32 blocks_done;
	u32 blocks_total;
	struct nl_unit unit;
};

/**
 * struct nl_status - the state of everything
 * @device: the device
 * @units: the units, by enum fwslot_unit
 */
struct nl_status {
	struct nl_device device;
	struct nl_unit units[FWSLOT_UNITS];
};

static inline bool nl_has(u64 seen, enum fwslot_attr attr)
{
	return seen >> attr & 1;
}

struct nl;

int nl_open(struct nl **out);
void nl_close(struct nl *nl);
int nl_get_status(struct nl *nl, struct nl_status *status);
int nl_subscribe(struct nl *nl);
int nl_wait_event(struct nl *nl, int ms);
int nl_next_event(struct nl *nl, struct nl_event *event);
const char *nl_message(const struct nl *nl);

#endif /* FWSLOT_USERSPACE_NL_H */
