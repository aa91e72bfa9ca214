// SPDX-License-Identifier: MIT
/*
 * Generic netlink: requests, good ones and wrong ones
 *
 * Plain sockets and no library, so that requests can be made wrong on purpose.
 */
#include <err.h>
#include <linux/genetlink.h>
#include <sys/socket.h>

#include "abi.h"

#define BUF_SIZE	32768
#define RCVBUF		(1 << 20)
#define NOBODY		65534

/**
 * struct request - a message to the kernel
 * @nlh: its netlink header
 * @genl: its generic netlink header
 * @attr: one attribute
 * @value: its value
 */
struct request {
	struct nlmsghdr nlh;
	struct genlmsghdr genl;
	struct nlattr attr;
	char value[16];
};

/**
 * struct answer - what the kernel answers
 * @err: negative errno of an error or of the end of a dump
 * @messages: messages of the family
 * @units: mask of the units in them
 * @twice: a unit came twice
 * @last: the last message
 */
struct answer {
	int err;
	u32 messages;
	u32 units;
	bool twice;
	struct nl_msg last;
};

static u16 family;
static u32 group;
static u8 buf[BUF_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));

static int nl_socket(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err(2, "netlink");
	return fd;
}

static void nl_parse(struct nl_msg *msg, const void *p, size_t len)
{
	struct nlattr a;
	size_t step;
	u32 type;

	memset(msg->data, 0, sizeof(msg->data));
	if (len > sizeof(msg->raw))
		errx(2, "netlink: message of %zu bytes", len);
	p = memcpy(msg->raw, p, len);
	while (len >= sizeof(a)) {
		memcpy(&a, p, sizeof(a));
		if (a.nla_len < sizeof(a) || a.nla_len > len)
			errx(2, "netlink: malformed attribute");
		type = a.nla_type & NLA_TYPE_MASK;
		if (type < NL_ATTRS) {
			msg->data[type] = (const u8 *)p + NLA_HDRLEN;
			msg->len[type] = a.nla_len - NLA_HDRLEN;
		}
		step = NLA_ALIGN(a.nla_len);
		if (step >= len)
			break;
		p = (const u8 *)p + step;
		len -= step;
	}
}

/**
 * nl_number() - a number in a message
 * @msg: the message
 * @attr: number of the attribute
 *
 * Return: its value, 0 when it is absent.
 */
u64 nl_number(const struct nl_msg *msg, u32 attr)
{
	u64 n = 0;

	if (msg->data[attr] && msg->len[attr] <= sizeof(n))
		memcpy(&n, msg->data[attr], msg->len[attr]);
	return n;
}

/* Take the messages of one datagram; true when it was the last one. */
static bool nl_take(size_t len, struct answer *a)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf;
	const struct genlmsghdr *genl;
	u32 unit;

	for (; NLMSG_OK(nlh, len); nlh = NLMSG_NEXT(nlh, len)) {
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE) {
			memcpy(&a->err, NLMSG_DATA(nlh), sizeof(a->err));
			return true;
		}
		genl = NLMSG_DATA(nlh);
		nl_parse(&a->last, genl + 1,
			 NLMSG_PAYLOAD(nlh, sizeof(*genl)));
		a->messages++;
		unit = nl_number(&a->last, FWSLOT_A_UNIT);
		if (!a->last.data[FWSLOT_A_UNIT] || family == GENL_ID_CTRL)
			continue;
		a->twice |= a->units & 1U << unit;
		a->units |= 1U << unit;
	}
	return false;
}

/* Every request asks for an acknowledgment, so that there is an end. */
static void nl_talk(struct request *r, struct answer *a)
{
	int fd = nl_socket();
	ssize_t n;

	memset(a, 0, sizeof(*a));
	r->nlh.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	if (send(fd, r, r->nlh.nlmsg_len, 0) < 0)
		err(2, "netlink");
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0)
			err(2, "netlink");
	} while (!nl_take(n, a));
	close(fd);
}

static void nl_fill(struct request *r, u8 cmd, u16 flags)
{
	memset(r, 0, sizeof(*r));
	r->nlh.nlmsg_len = NLMSG_LENGTH(sizeof(r->genl));
	r->nlh.nlmsg_type = family;
	r->nlh.nlmsg_flags = flags;
	r->genl.cmd = cmd;
	r->genl.version = FWSLOT_GENL_VERSION;
}

static void nl_attr(struct request *r, u16 type, const char *value, size_t len)
{
	r->attr.nla_type = type;
	r->attr.nla_len = NLA_HDRLEN + len;
	memcpy(r->value, value, len);
	r->nlh.nlmsg_len += NLA_HDRLEN + NLA_ALIGN(len);
}

/* CTRL_ATTR_MCAST_GROUPS: a list of nests, of which there is one. */
static void take_group(const struct nl_msg *ctrl)
{
	struct nl_msg list, item;

	nl_parse(&list, ctrl->data[CTRL_ATTR_MCAST_GROUPS],
		 ctrl->len[CTRL_ATTR_MCAST_GROUPS]);
	nl_parse(&item, list.data[1], list.len[1]);
	group = nl_number(&item, CTRL_ATTR_MCAST_GRP_ID);
}

static void resolve(void)
{
	struct request r;
	struct answer a;

	if (group)
		return;
	family = GENL_ID_CTRL;
	nl_fill(&r, CTRL_CMD_GETFAMILY, 0);
	nl_attr(&r, CTRL_ATTR_FAMILY_NAME, FWSLOT_GENL_NAME,
		sizeof(FWSLOT_GENL_NAME));
	nl_talk(&r, &a);
	if (a.err || !a.last.data[CTRL_ATTR_MCAST_GROUPS])
		errx(2, "netlink: no family: %d", a.err);
	take_group(&a.last);
	family = nl_number(&a.last, CTRL_ATTR_FAMILY_ID);
}

static void get_device(struct answer *a)
{
	struct request r;

	resolve();
	nl_fill(&r, FWSLOT_CMD_GET_DEVICE, 0);
	nl_talk(&r, a);
}

/**
 * device_number() - ask for a number of the device
 * @attr: its attribute
 */
u64 device_number(u32 attr)
{
	struct answer a;

	get_device(&a);
	return nl_number(&a.last, attr);
}

/**
 * device_has() - ask for a flag of the device
 * @flag: FWSLOT_DEVICE_*
 */
bool device_has(u32 flag)
{
	return device_number(FWSLOT_A_DEVICE_FLAGS) & flag;
}

/* All messages of a dump, but only the state of one unit. */
static int dump(u32 unit, struct answer *a)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf;
	int fd = nl_socket(), state = -ENOENT;
	struct nl_msg msg;
	struct request r;
	ssize_t n;
	size_t len;

	resolve();
	memset(a, 0, sizeof(*a));
	nl_fill(&r, FWSLOT_CMD_GET_UNITS, NLM_F_REQUEST | NLM_F_DUMP);
	if (send(fd, &r, r.nlh.nlmsg_len, 0) < 0)
		err(2, "netlink");
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0)
			err(2, "netlink");
		len = n;
		for (nlh = (void *)buf; NLMSG_OK(nlh, len);
		     nlh = NLMSG_NEXT(nlh, len)) {
			if (nlh->nlmsg_type != family)
				continue;
			nl_parse(&msg, (u8 *)NLMSG_DATA(nlh) + GENL_HDRLEN,
				 NLMSG_PAYLOAD(nlh, GENL_HDRLEN));
			if (nl_number(&msg, FWSLOT_A_UNIT) == unit)
				state = nl_number(&msg, FWSLOT_A_STATE);
		}
	} while (!nl_take(n, a));
	close(fd);
	return state;
}

/**
 * unit_state() - ask for the state of a unit
 * @unit: enum fwslot_unit
 *
 * Return: enum fwslot_state.
 */
u32 unit_state(u32 unit)
{
	struct answer a;

	return dump(unit, &a);
}

/**
 * nl_join() - a socket that gets events
 */
int nl_join(void)
{
	int size = RCVBUF;
	int fd;

	resolve();
	fd = nl_socket();
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		err(2, "netlink group");
	return fd;
}

/**
 * nl_event() - take the next event, if there is one
 * @fd: socket of nl_join()
 * @msg: the event, valid until the next call of this file
 *
 * Return: false when there is none now.
 */
bool nl_event(int fd, struct nl_msg *msg)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf;
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && errno != EAGAIN)
		err(2, "events");
	if (n <= 0)
		return false;
	nl_parse(msg, (u8 *)NLMSG_DATA(nlh) + GENL_HDRLEN,
		 NLMSG_PAYLOAD(nlh, GENL_HDRLEN));
	return true;
}

static void bad_request(int want, u8 cmd, u16 flags, const char *name)
{
	struct request r;
	struct answer a;

	nl_fill(&r, cmd, flags);
	nl_talk(&r, &a);
	claim_is(a.err, want, "netlink: %s", name);
	claim_is(a.messages, 0, "netlink: %s: no answer", name);
}

static void bad_attributes(u8 cmd, u16 flags, const char *name)
{
	static const struct {
		const char *name;
		u16 type;
		u16 len;
	} attrs[] = {
		{ "unit", FWSLOT_A_UNIT, 1 },
		{ "attribute 1", 1, 4 },
		{ "attribute 0", 0, 4 },
		{ "the last attribute", FWSLOT_A_MAX, 4 },
		{ "one attribute too high", FWSLOT_A_MAX + 1, 4 },
		{ "the highest attribute", 0x3fff, 4 },
	};
	struct request r;
	struct answer a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		nl_fill(&r, cmd, flags);
		nl_attr(&r, attrs[i].type, "\1\0\0\0", attrs[i].len);
		nl_talk(&r, &a);
		claim_is(a.err, -EINVAL, "netlink: %s with %s", name,
			 attrs[i].name);
	}
	nl_fill(&r, cmd, flags);
	r.genl.reserved = 1;
	nl_talk(&r, &a);
	claim_is(a.err, -EINVAL, "netlink: %s with a reserved field", name);
}

static void bad_requests(void)
{
	struct request r;
	struct answer a;

	bad_request(-EOPNOTSUPP, FWSLOT_CMD_UNSPEC, 0, "command 0");
	bad_request(-EOPNOTSUPP, FWSLOT_CMD_EVENT, 0, "an event");
	bad_request(-EOPNOTSUPP, FWSLOT_CMD_MAX + 1, 0, "unknown command");
	bad_request(-EOPNOTSUPP, 255, 0, "command 255");
	bad_request(-EOPNOTSUPP, FWSLOT_CMD_GET_DEVICE, NLM_F_DUMP,
		    "dump of the device");
	bad_request(-EOPNOTSUPP, FWSLOT_CMD_GET_UNITS, 0,
		    "units without a dump");
	bad_attributes(FWSLOT_CMD_GET_DEVICE, 0, "device");
	bad_attributes(FWSLOT_CMD_GET_UNITS, NLM_F_DUMP, "units");
	nl_fill(&r, FWSLOT_CMD_GET_DEVICE, 0);
	r.nlh.nlmsg_len = NLMSG_LENGTH(2);
	nl_talk(&r, &a);
	claim_is(a.err, -EINVAL, "netlink: half a header");
}

static void claim_readable(const char *who, const struct answer *device,
			   const struct answer *units)
{
	const char *product = device->last.data[FWSLOT_A_PRODUCT];

	claim_is(device->err, 0, "netlink: %s reads the device", who);
	claim_is(device->messages, 1, "netlink: %s: in one message", who);
	claim_is(nl_number(&device->last, FWSLOT_A_ABI), FWSLOT_ABI_VERSION,
		 "netlink: %s: version of the ABI", who);
	claim(product && !strcmp(product, "viper-3000"), "it is another one",
	      "netlink: %s: product", who);
	claim_is(units->err, 0, "netlink: %s reads the units", who);
	claim_is(units->messages, FWSLOT_UNITS,
		 "netlink: %s: a message for each unit", who);
	claim_is(units->units, (1U << FWSLOT_UNITS) - 1,
		 "netlink: %s: each unit", who);
	claim(!units->twice, "it does not", "netlink: %s: each only once", who);
}

static int read_as_nobody(void *arg)
{
	struct answer device, units;

	if (arg && setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	dump(0, &units);
	get_device(&device);
	claim_readable(arg ? "another user" : "root", &device, &units);
	return 0;
}

/**
 * test_netlink() - requests
 */
void test_netlink(void)
{
	struct flash *before = flash_take();

	resolve();
	bad_requests();
	claim_is(in_child(read_as_nobody, NULL), 0, "netlink: root");
	claim_is(in_child(read_as_nobody, before), 0, "netlink: another user");
	claim_untouched(before, "netlink");
}
