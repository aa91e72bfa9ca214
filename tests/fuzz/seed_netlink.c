// SPDX-License-Identifier: MIT
/*
 * seed_netlink.c - good conversations for the fuzz target netlink
 *
 * usage: seed_netlink whole|long|error|again
 *
 * whole: the family, the state, an event.  long: with a long name.  error: the
 * kernel refuses and says why.  again: the state changes while it is asked for,
 * and other senders talk, too.
 */
#include <libmnl/libmnl.h>
#include <linux/fwslot.h>
#include <linux/genetlink.h>
#include <stdio.h>

#include "datagram.h"

#define FAMILY	33
#define GROUP	5
/* One byte more than the tool has room for. */
#define LONG	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char buf[8192] __attribute__((aligned(8)));
static size_t used;

/* Begin the next message of the datagram; its number is that of the request. */
static struct nlmsghdr *begin(u16 type, u16 flags, u8 cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf + used);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = FWSLOT_GENL_VERSION;
	return nlh;
}

static void end(const struct nlmsghdr *nlh)
{
	used += MNL_ALIGN(nlh->nlmsg_len);
}

static void emit(u8 flags)
{
	struct datagram_head head = { .flags = flags,
				      .len = cpu_to_le16(used) };

	fwrite(&head, sizeof(head), 1, stdout);
	fwrite(buf, used, 1, stdout);
	used = 0;
}

/* An acknowledgment, or the end of a dump. */
static void done(u16 type, int error, const char *text)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf + used);
	struct nlmsgerr *err;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err));
	err->error = error;
	err->msg.nlmsg_len = sizeof(err->msg);
	if (text) {
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	}
	end(nlh);
}

static void family(void)
{
	struct nlmsghdr *nlh = begin(GENL_ID_CTRL, 0, CTRL_CMD_NEWFAMILY);
	struct nlattr *groups, *group;

	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, FWSLOT_GENL_NAME);
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, FAMILY);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, FWSLOT_GENL_GROUP);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, GROUP);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	end(nlh);
	done(NLMSG_ERROR, 0, NULL);
	emit(0);
}

static void device(const char *product)
{
	struct nlmsghdr *nlh = begin(FAMILY, 0, FWSLOT_CMD_GET_DEVICE);
	struct nlattr *key;

	mnl_attr_put_u32(nlh, FWSLOT_A_ABI, FWSLOT_ABI_VERSION);
	mnl_attr_put_strz(nlh, FWSLOT_A_PRODUCT, product);
	mnl_attr_put_u8(nlh, FWSLOT_A_BOOTED, FWSLOT_BOOTED_PRIMARY);
	mnl_attr_put_strz(nlh, FWSLOT_A_RUNNING_VERSION, "5.21.2");
	mnl_attr_put_u32(nlh, FWSLOT_A_RUNNING_FORMAT, 1);
	mnl_attr_put_strz(nlh, FWSLOT_A_MIN_VERSION, "5.0.0");
	mnl_attr_put_u32(nlh, FWSLOT_A_DEVICE_FLAGS, FWSLOT_DEVICE_SEALED);
	key = mnl_attr_nest_start(nlh, FWSLOT_A_KEY);
	mnl_attr_put_strz(nlh, FWSLOT_A_KEY_NAME, "release 2026");
	mnl_attr_put_u32(nlh, FWSLOT_A_KEY_FLAGS, 0);
	mnl_attr_nest_end(nlh, key);
	mnl_attr_put_u64(nlh, FWSLOT_A_SESSIONS, 3);
	mnl_attr_put_u64(nlh, FWSLOT_A_REFUSED, 1);
	mnl_attr_put_u32(nlh, FWSLOT_A_GENERATION, 17);
	end(nlh);
	done(NLMSG_ERROR, 0, NULL);
	emit(0);
}

static void unit_attrs(struct nlmsghdr *nlh, u32 unit)
{
	static const u8 digest[FWSLOT_DIGEST_SIZE] = { 0x5a, 0xc3 };

	mnl_attr_put_u8(nlh, FWSLOT_A_UNIT, unit);
	mnl_attr_put_u8(nlh, FWSLOT_A_STATE, FWSLOT_STATE_RECORDED);
	mnl_attr_put_u32(nlh, FWSLOT_A_MTD_INDEX, unit);
	mnl_attr_put_strz(nlh, FWSLOT_A_MTD_NAME, "kernel");
	mnl_attr_put_strz(nlh, FWSLOT_A_MASTER_NAME, "spi0.0");
	mnl_attr_put_u64(nlh, FWSLOT_A_OFFSET, (u64)unit << 20);
	mnl_attr_put_u64(nlh, FWSLOT_A_SIZE, 1 << 20);
	mnl_attr_put_u32(nlh, FWSLOT_A_ERASE_SIZE, 65536);
	mnl_attr_put_u8(nlh, FWSLOT_A_LOCK, 1);
	mnl_attr_put_u32(nlh, FWSLOT_A_UNIT_FLAGS, FWSLOT_UNIT_PROTECTED);
	mnl_attr_put_strz(nlh, FWSLOT_A_VERSION, "5.21.2");
	mnl_attr_put_u32(nlh, FWSLOT_A_FORMAT, 1);
	mnl_attr_put_u64(nlh, FWSLOT_A_IMAGE_SIZE, 500000);
	mnl_attr_put(nlh, FWSLOT_A_DIGEST, sizeof(digest), digest);
	mnl_attr_put_strz(nlh, FWSLOT_A_SIGNER, "release 2026");
	mnl_attr_put_u32(nlh, FWSLOT_A_REASON, 0);
	mnl_attr_put_u32(nlh, FWSLOT_A_ERROR, 0);
}

static void units(u16 flags)
{
	struct nlmsghdr *nlh;
	u32 unit;

	for (unit = 0; unit < FWSLOT_UNITS; unit++) {
		nlh = begin(FAMILY, NLM_F_MULTI | flags, FWSLOT_CMD_GET_UNITS);
		unit_attrs(nlh, unit);
		end(nlh);
	}
	emit(0);
	done(NLMSG_DONE, 0, NULL);
	emit(0);
}

static void event(u8 sender)
{
	struct nlmsghdr *nlh = begin(FAMILY, 0, FWSLOT_CMD_EVENT);

	mnl_attr_put_u8(nlh, FWSLOT_A_EVENT, FWSLOT_EVENT_PROGRESS);
	mnl_attr_put_u64(nlh, FWSLOT_A_SEQUENCE, 7);
	mnl_attr_put_u64(nlh, FWSLOT_A_TIME, 1234567890);
	mnl_attr_put_u8(nlh, FWSLOT_A_PHASE, 2);
	mnl_attr_put_u32(nlh, FWSLOT_A_STEP, 1);
	mnl_attr_put_u32(nlh, FWSLOT_A_STEPS, 3);
	mnl_attr_put_u32(nlh, FWSLOT_A_BLOCKS_DONE, 4);
	mnl_attr_put_u32(nlh, FWSLOT_A_BLOCKS_TOTAL, 20);
	unit_attrs(nlh, FWSLOT_UNIT_SECONDARY);
	end(nlh);
	emit(sender);
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	family();
	if (!strcmp(what, "error")) {
		done(NLMSG_ERROR, -EPERM, "only root may ask");
		emit(0);
	} else if (!strcmp(what, "again")) {
		device("viper");
		units(NLM_F_DUMP_INTR);
		event(DATAGRAM_FOREIGN);
		device("viper");
		units(0);
		event(DATAGRAM_CUT);
		emit(DATAGRAM_ERROR);
		event(0);
	} else {
		device(strcmp(what, "long") ? "viper" : LONG);
		units(0);
		event(0);
	}
	return fflush(stdout) || ferror(stdout);
}
