// SPDX-License-Identifier: GPL-2.0-only
/*
 * netlink.c - generic netlink family "fwslot": status and events, read-only
 *
 * The attributes are described in the UAPI header.  No request takes any
 * attribute, and none changes anything: that goes through /dev/fwslot.
 */
#include <linux/ktime.h>
#include <net/genetlink.h>
#include "certs.h"
#include "fwslot.h"

static struct genl_family family;

enum { GROUP_EVENTS };

static bool is_booted(u32 unit)
{
	return (unit == FWSLOT_UNIT_PRIMARY &&
		fwslot_config.booted == FWSLOT_BOOTED_PRIMARY) ||
	       (unit == FWSLOT_UNIT_SECONDARY &&
		fwslot_config.booted == FWSLOT_BOOTED_SECONDARY);
}

static u32 unit_flags(struct fwslot_dev *dev)
{
	u32 flags = 0;

	if (fwslot_dev_configured(dev))
		flags |= FWSLOT_UNIT_CONFIGURED;
	if (fwslot_dev_protected(dev))
		flags |= FWSLOT_UNIT_PROTECTED;
	if (is_booted(dev->id))
		flags |= FWSLOT_UNIT_BOOTED;
	if (fwslot_dev_own_record(dev))
		flags |= FWSLOT_UNIT_OWN_RECORD;
	if (READ_ONCE(dev->changed))
		flags |= FWSLOT_UNIT_CHANGED;
	return flags;
}

static bool put_place(struct sk_buff *skb, struct fwslot_dev *dev)
{
	struct fwslot_area *area = &dev->slot;
	bool ok = true;

	mutex_lock(&area->lock);
	if (area->mtd)
		ok = !nla_put_u32(skb, FWSLOT_A_MTD_INDEX, area->mtd->index) &&
		     !nla_put_string(skb, FWSLOT_A_MTD_NAME, area->mtd->name) &&
		     !nla_put_string(skb, FWSLOT_A_MASTER_NAME,
				     area->identity.master) &&
		     !nla_put_u64_64bit(skb, FWSLOT_A_OFFSET,
					area->identity.offset, FWSLOT_A_PAD) &&
		     !nla_put_u64_64bit(skb, FWSLOT_A_SIZE, area->size,
					FWSLOT_A_PAD) &&
		     !nla_put_u32(skb, FWSLOT_A_ERASE_SIZE,
				  area->mtd->erasesize);
	mutex_unlock(&area->lock);
	return ok;
}

static bool put_found(struct sk_buff *skb, struct fwslot_dev *dev)
{
	struct fwslot_found *found = fwslot_dev_get_found(dev);
	const struct fwslot_image *img;
	char version[FWSLOT_RELEASE_STR];
	bool ok;

	if (!found)
		return true;
	img = fwslot_found_image(found);
	fwslot_release_print(&found->manifest.release, version);
	ok = !nla_put_string(skb, FWSLOT_A_VERSION, version) &&
	     !nla_put_u32(skb, FWSLOT_A_FORMAT, found->manifest.format) &&
	     !nla_put_u64_64bit(skb, FWSLOT_A_IMAGE_SIZE, img->size,
				FWSLOT_A_PAD) &&
	     !nla_put(skb, FWSLOT_A_DIGEST, sizeof(img->table_digest),
		      img->table_digest) &&
	     !nla_put_string(skb, FWSLOT_A_SIGNER,
			     fwslot_key_name(found->signer));
	fwslot_found_put(found);
	return ok;
}

static bool put_state(struct sk_buff *skb, struct fwslot_dev *dev)
{
	u32 state, reason;
	int error;

	mutex_lock(&fwslot_lock);
	state = dev->state;
	reason = dev->reason;
	error = dev->error;
	mutex_unlock(&fwslot_lock);
	return !nla_put_u8(skb, FWSLOT_A_UNIT, dev->id) &&
	       !nla_put_u8(skb, FWSLOT_A_STATE, state) &&
	       !nla_put_u32(skb, FWSLOT_A_REASON, reason) &&
	       !nla_put_s32(skb, FWSLOT_A_ERROR, error) &&
	       !nla_put_u8(skb, FWSLOT_A_LOCK, fwslot_flash_lock_state(dev)) &&
	       !nla_put_u32(skb, FWSLOT_A_UNIT_FLAGS, unit_flags(dev));
}

static bool put_unit(struct sk_buff *skb, struct fwslot_dev *dev)
{
	return put_state(skb, dev) && put_place(skb, dev) &&
	       put_found(skb, dev);
}

static int units_start(struct netlink_callback *cb)
{
	u32 unit;

	/* What was just bound is read first: "unknown" would not be the truth. */
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		flush_work(&fwslot_devs[unit].scan);
	return 0;
}

static int units_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	void *head;
	u32 unit;

	cb->seq = fwslot_generation();
	for (unit = cb->args[0]; unit < FWSLOT_UNITS; unit++) {
		head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				   cb->nlh->nlmsg_seq, &family, NLM_F_MULTI,
				   FWSLOT_CMD_GET_UNITS);
		if (!head)
			break;
		genl_dump_check_consistent(cb, head);
		if (!put_unit(skb, &fwslot_devs[unit])) {
			genlmsg_cancel(skb, head);
			break;
		}
		genlmsg_end(skb, head);
	}
	if (unit == cb->args[0] && unit < FWSLOT_UNITS)
		return -EMSGSIZE;
	cb->args[0] = unit;
	return skb->len;
}

static u32 device_flags(void)
{
	u32 flags = 0;

	if (fwslot_sealed())
		flags |= FWSLOT_DEVICE_SEALED;
	if (fwslot_tampered())
		flags |= FWSLOT_DEVICE_TAMPERED;
	if (fwslot_devkey)
		flags |= FWSLOT_DEVICE_DEVKEY;
	if (fwslot_config.force)
		flags |= FWSLOT_DEVICE_FORCE;
	if (fwslot_pending())
		flags |= FWSLOT_DEVICE_REBOOT;
	if (fwslot_session_open())
		flags |= FWSLOT_DEVICE_SESSION;
	return flags;
}

static bool put_running(struct sk_buff *skb)
{
	struct fwslot_running run;
	char version[FWSLOT_RELEASE_STR];

	fwslot_running_get(&run);
	fwslot_release_print(&run.release, version);
	return !(run.known && nla_put_string(skb, FWSLOT_A_RUNNING_VERSION,
					     version)) &&
	       !(run.format && nla_put_u32(skb, FWSLOT_A_RUNNING_FORMAT,
					   run.format));
}

static bool put_config(struct sk_buff *skb)
{
	char floor[FWSLOT_RELEASE_STR];

	fwslot_release_print(&fwslot_config.floor, floor);
	return !(fwslot_config.product[0] &&
		 nla_put_string(skb, FWSLOT_A_PRODUCT,
				fwslot_config.product)) &&
	       !(fwslot_config.has_floor &&
		 nla_put_string(skb, FWSLOT_A_MIN_VERSION, floor)) &&
	       !nla_put_u8(skb, FWSLOT_A_BOOTED, fwslot_config.booted);
}

static bool put_keys(struct sk_buff *skb)
{
	const struct fwslot_key *key = NULL;
	struct nlattr *nest;

	while ((key = fwslot_key_next(key))) {
		nest = nla_nest_start(skb, FWSLOT_A_KEY);
		if (!nest ||
		    nla_put_string(skb, FWSLOT_A_KEY_NAME,
				   fwslot_key_name(key)) ||
		    nla_put_u32(skb, FWSLOT_A_KEY_FLAGS,
				fwslot_key_flags(key)))
			return false;
		nla_nest_end(skb, nest);
	}
	return true;
}

static bool put_global(struct sk_buff *skb)
{
	return !nla_put_u32(skb, FWSLOT_A_ABI, FWSLOT_ABI_VERSION) &&
	       put_config(skb) && put_running(skb) &&
	       !nla_put_u32(skb, FWSLOT_A_DEVICE_FLAGS, device_flags()) &&
	       put_keys(skb) &&
	       !nla_put_u64_64bit(skb, FWSLOT_A_SESSIONS, fwslot_sessions(),
				  FWSLOT_A_PAD) &&
	       !nla_put_u64_64bit(skb, FWSLOT_A_REFUSED, fwslot_refused(),
				  FWSLOT_A_PAD) &&
	       !nla_put_u32(skb, FWSLOT_A_GENERATION, fwslot_generation());
}

static int device_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *head;

	if (!msg)
		return -ENOMEM;
	head = genlmsg_put_reply(msg, info, &family, 0, FWSLOT_CMD_GET_DEVICE);
	if (!head || !put_global(msg)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, head);
	return genlmsg_reply(msg, info);
}

static bool put_session(struct sk_buff *skb)
{
	struct fwslot_progress p = { 0 };
	u32 steps;

	steps = fwslot_session_snapshot(&p);
	return !nla_put_u8(skb, FWSLOT_A_PHASE, p.phase) &&
	       !nla_put_u32(skb, FWSLOT_A_STEP, p.step) &&
	       !nla_put_u32(skb, FWSLOT_A_STEPS, steps) &&
	       !nla_put_u32(skb, FWSLOT_A_BLOCKS_DONE, p.blocks_done) &&
	       !nla_put_u32(skb, FWSLOT_A_BLOCKS_TOTAL, p.blocks_total);
}

static bool put_event(struct sk_buff *skb, u32 event, u32 unit, u32 reason,
		      u64 sequence)
{
	if (nla_put_u8(skb, FWSLOT_A_EVENT, event) ||
	    nla_put_u64_64bit(skb, FWSLOT_A_SEQUENCE, sequence,
			      FWSLOT_A_PAD) ||
	    nla_put_u64_64bit(skb, FWSLOT_A_TIME, ktime_get_boottime_ns(),
			      FWSLOT_A_PAD) ||
	    !put_session(skb))
		return false;
	if (unit < FWSLOT_UNITS)
		return put_unit(skb, &fwslot_devs[unit]);
	return !nla_put_u32(skb, FWSLOT_A_REASON, reason);
}

/**
 * fwslot_netlink_event() - send an event to the group
 * @event: enum fwslot_event
 * @unit: the unit it speaks of, or FWSLOT_NO_UNIT
 * @reason: enum fwslot_reason, for an event without unit
 * @sequence: its number
 *
 * An event that cannot be sent is lost; the gap in the numbers tells.
 */
void fwslot_netlink_event(u32 event, u32 unit, u32 reason, u64 sequence)
{
	struct sk_buff *msg;
	void *head;

	if (!genl_has_listeners(&family, &init_net, GROUP_EVENTS))
		return;
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!msg)
		return;
	head = genlmsg_put(msg, 0, 0, &family, 0, FWSLOT_CMD_EVENT);
	if (!head || !put_event(msg, event, unit, reason, sequence)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, head);
	genlmsg_multicast(&family, msg, 0, GROUP_EVENTS, GFP_KERNEL);
}

static const struct genl_ops ops[] = {
	{
		.cmd = FWSLOT_CMD_GET_DEVICE,
		.doit = device_get,
	},
	{
		.cmd = FWSLOT_CMD_GET_UNITS,
		.start = units_start,
		.dumpit = units_dump,
	},
};

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = FWSLOT_GENL_GROUP },
};

static struct genl_family family __ro_after_init = {
	.name = FWSLOT_GENL_NAME,
	.version = FWSLOT_GENL_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * fwslot_netlink_init() - register the family
 *
 * Return: 0 or why it cannot be registered.
 */
int __init fwslot_netlink_init(void)
{
	return genl_register_family(&family);
}

/**
 * fwslot_netlink_exit() - unregister the family; waits for running requests
 */
void fwslot_netlink_exit(void)
{
	genl_unregister_family(&family);
}
