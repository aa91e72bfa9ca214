// SPDX-License-Identifier: MIT
/*
 * nl_attr.c - netlink attributes to structures
 *
 * One table row for each attribute of the ABI says its type and where it
 * goes.  An attribute of the wrong type makes the message be dropped; an
 * unknown one is skipped, since a newer module may send more.
 */
#include <ctype.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "nl_attr.h"

/**
 * struct nl_row - an attribute
 * @attr: enum fwslot_attr
 * @type: its type
 * @offset: of the field that takes it, whose size follows from the type:
 *	strings are NL_NAME_SIZE, binary is a digest
 */
struct nl_row {
	u16 attr;
	u16 type;
	size_t offset;
};

#define NL_ROW(attr_, type_, struct_, field) \
	{ .attr = FWSLOT_A_##attr_, .type = MNL_TYPE_##type_, \
	  .offset = offsetof(struct struct_, field) }

static const struct nl_row device_rows[] = {
	NL_ROW(ABI, U32, nl_device, abi),
	NL_ROW(PRODUCT, STRING, nl_device, product),
	NL_ROW(BOOTED, U8, nl_device, booted),
	NL_ROW(RUNNING_VERSION, STRING, nl_device, running),
	NL_ROW(RUNNING_FORMAT, U32, nl_device, format),
	NL_ROW(MIN_VERSION, STRING, nl_device, floor),
	NL_ROW(DEVICE_FLAGS, U32, nl_device, flags),
	NL_ROW(SESSIONS, U64, nl_device, sessions),
	NL_ROW(REFUSED, U64, nl_device, refused),
	NL_ROW(GENERATION, U32, nl_device, generation),
	{ 0 }
};

static const struct nl_row unit_rows[] = {
	NL_ROW(UNIT, U8, nl_unit, unit),
	NL_ROW(STATE, U8, nl_unit, state),
	NL_ROW(LOCK, U8, nl_unit, lock),
	NL_ROW(MTD_INDEX, U32, nl_unit, mtd_index),
	NL_ROW(MTD_NAME, STRING, nl_unit, mtd_name),
	NL_ROW(MASTER_NAME, STRING, nl_unit, master),
	NL_ROW(OFFSET, U64, nl_unit, offset),
	NL_ROW(SIZE, U64, nl_unit, size),
	NL_ROW(ERASE_SIZE, U32, nl_unit, erase_size),
	NL_ROW(UNIT_FLAGS, U32, nl_unit, flags),
	NL_ROW(VERSION, STRING, nl_unit, version),
	NL_ROW(FORMAT, U32, nl_unit, format),
	NL_ROW(IMAGE_SIZE, U64, nl_unit, image_size),
	NL_ROW(DIGEST, BINARY, nl_unit, digest),
	NL_ROW(SIGNER, STRING, nl_unit, signer),
	NL_ROW(REASON, U32, nl_unit, reason),
	NL_ROW(ERROR, U32, nl_unit, error),
	{ 0 }
};

static const struct nl_row event_rows[] = {
	NL_ROW(EVENT, U8, nl_event, event),
	NL_ROW(SEQUENCE, U64, nl_event, sequence),
	NL_ROW(TIME, U64, nl_event, time),
	NL_ROW(PHASE, U8, nl_event, phase),
	NL_ROW(STEP, U32, nl_event, step),
	NL_ROW(STEPS, U32, nl_event, steps),
	NL_ROW(BLOCKS_DONE, U32, nl_event, blocks_done),
	NL_ROW(BLOCKS_TOTAL, U32, nl_event, blocks_total),
	{ 0 }
};

static const struct nl_row key_rows[] = {
	NL_ROW(KEY_NAME, STRING, nl_key, name),
	NL_ROW(KEY_FLAGS, U32, nl_key, flags),
	{ 0 }
};

/* Terminated, cut where there is no room, no control characters. */
static void nl_attr_text(char *to, size_t size, const struct nlattr *attr)
{
	const char *from = mnl_attr_get_payload(attr);
	size_t len = strnlen(from, mnl_attr_get_payload_len(attr));
	size_t i;

	if (len >= size)
		len = size - 1;
	for (i = 0; i < len; i++)
		to[i] = isascii(from[i]) && isprint(from[i]) ? from[i] : '?';
	to[len] = '\0';
}

static size_t nl_attr_number_size(u16 type)
{
	switch (type) {
	case MNL_TYPE_U8:
		return sizeof(u8);
	case MNL_TYPE_U32:
		return sizeof(u32);
	default:
		return sizeof(u64);
	}
}

static int nl_attr_store(const struct nlattr *attr, const struct nl_row *row,
			 void *out)
{
	size_t len = mnl_attr_get_payload_len(attr);
	void *to = (u8 *)out + row->offset;
	size_t want = FWSLOT_DIGEST_SIZE;

	if (row->type == MNL_TYPE_STRING) {
		nl_attr_text(to, NL_NAME_SIZE, attr);
		return MNL_CB_OK;
	}
	if (row->type != MNL_TYPE_BINARY)
		want = nl_attr_number_size(row->type);
	if (len != want)
		return MNL_CB_ERROR;
	memcpy(to, mnl_attr_get_payload(attr), want);
	return MNL_CB_OK;
}

/* Store @attr if a row is for it. */
static int nl_attr_take(const struct nlattr *attr, const struct nl_row *rows,
			u64 *seen, void *out)
{
	u16 type = mnl_attr_get_type(attr);

	for (; rows->attr; rows++) {
		if (rows->attr != type)
			continue;
		if (seen)
			*seen |= 1ULL << type;
		return nl_attr_store(attr, rows, out);
	}
	return MNL_CB_OK;
}

static int nl_attr_key(const struct nlattr *nest, struct nl_device *dev)
{
	struct nl_key *key = &dev->keys[dev->n_keys];
	const struct nlattr *attr;

	if (mnl_attr_validate(nest, MNL_TYPE_NESTED) < 0)
		return MNL_CB_ERROR;
	if (dev->n_keys == NL_KEYS_MAX)
		return MNL_CB_OK;
	mnl_attr_for_each_nested(attr, nest) {
		if (nl_attr_take(attr, key_rows, NULL, key) < 0)
			return MNL_CB_ERROR;
	}
	dev->n_keys++;
	return MNL_CB_OK;
}

static int nl_attr_device_one(const struct nlattr *attr, void *data)
{
	struct nl_device *dev = data;

	if (mnl_attr_get_type(attr) == FWSLOT_A_KEY)
		return nl_attr_key(attr, dev);
	return nl_attr_take(attr, device_rows, &dev->seen, dev);
}

static int nl_attr_unit_one(const struct nlattr *attr, void *data)
{
	struct nl_unit *unit = data;

	return nl_attr_take(attr, unit_rows, &unit->seen, unit);
}

static int nl_attr_event_one(const struct nlattr *attr, void *data)
{
	struct nl_event *event = data;

	if (nl_attr_take(attr, event_rows, &event->seen, event) < 0)
		return MNL_CB_ERROR;
	return nl_attr_take(attr, unit_rows, &event->unit.seen, &event->unit);
}

static int nl_attr_parse(const struct nlmsghdr *nlh, mnl_attr_cb_t cb,
			 void *data)
{
	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return MNL_CB_ERROR;
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), cb, data);
}

/**
 * nl_attr_device() - read the attributes of the device
 * @nlh: the message
 * @dev: must be zero before
 *
 * Return: MNL_CB_OK, or MNL_CB_ERROR when one has the wrong type.
 */
int nl_attr_device(const struct nlmsghdr *nlh, struct nl_device *dev)
{
	return nl_attr_parse(nlh, nl_attr_device_one, dev);
}

/**
 * nl_attr_unit() - read the attributes of a unit
 * @nlh: the message
 * @unit: must be zero before
 *
 * Return: MNL_CB_OK, or MNL_CB_ERROR when one has the wrong type.
 */
int nl_attr_unit(const struct nlmsghdr *nlh, struct nl_unit *unit)
{
	return nl_attr_parse(nlh, nl_attr_unit_one, unit);
}

/**
 * nl_attr_event() - read the attributes of an event
 * @nlh: the message
 * @event: must be zero before
 *
 * Return: MNL_CB_OK, or MNL_CB_ERROR when one has the wrong type.
 */
int nl_attr_event(const struct nlmsghdr *nlh, struct nl_event *event)
{
	return nl_attr_parse(nlh, nl_attr_event_one, event);
}

static int nl_attr_group(const struct nlattr *nest, u32 *group)
{
	const struct nlattr *attr;
	const char *name = NULL;
	u32 id = 0;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			id = mnl_attr_get_u32(attr);
	}
	if (name && !strcmp(name, FWSLOT_GENL_GROUP))
		*group = id;
	return MNL_CB_OK;
}

/**
 * nl_attr_family() - read what the kernel says about the family
 * @nlh: the message
 * @family: number of the family
 * @group: number of its group of events
 *
 * Return: MNL_CB_OK, or MNL_CB_ERROR when an attribute has the wrong type.
 */
int nl_attr_family(const struct nlmsghdr *nlh, u16 *family, u32 *group)
{
	const struct nlattr *attr, *nest;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return MNL_CB_ERROR;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID) {
			if (mnl_attr_validate(attr, MNL_TYPE_U16) < 0)
				return MNL_CB_ERROR;
			*family = mnl_attr_get_u16(attr);
		}
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		if (mnl_attr_validate(attr, MNL_TYPE_NESTED) < 0)
			return MNL_CB_ERROR;
		mnl_attr_for_each_nested(nest, attr)
			nl_attr_group(nest, group);
	}
	return MNL_CB_OK;
}

/**
 * nl_attr_extack() - read the kernel's words for an error
 * @nlh: an error message
 * @ofs: where its attributes begin in its payload
 * @buf: where to put the words
 * @size: room there
 */
void nl_attr_extack(const struct nlmsghdr *nlh, size_t ofs, char *buf,
		    size_t size)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, ofs) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			nl_attr_text(buf, size, attr);
	}
}
