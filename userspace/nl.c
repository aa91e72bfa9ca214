// SPDX-License-Identifier: MIT
/*
 * nl.c - status and events from the kernel module
 *
 * The only netlink file.  Messages count only when the kernel itself sent
 * them (port id 0), and every attribute is checked for type and length before
 * it is read.  Asking for the family loads the module, where modules can be
 * loaded.  Events are for another socket than requests: open two.
 */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "nl.h"
#include "nl_attr.h"

/* As the kernel's netlink guide advises for dumps. */
#define NL_BUFFER_SIZE	32768
#define NL_RETRIES	10

/**
 * struct nl - a generic netlink socket
 * @sk: libmnl's socket
 * @family: number of the family
 * @group: number of its multicast group
 * @seq: number of the last request
 * @message: what the kernel said about the last error
 * @buf: for messages in both directions
 */
struct nl {
	struct mnl_socket *sk;
	u16 family;
	u32 group;
	u32 seq;
	char message[NL_NAME_SIZE * 2];
	char buf[NL_BUFFER_SIZE] __attribute__((aligned(MNL_ALIGNTO)));
};

/* One datagram of the kernel's; others are dropped. */
static ssize_t nl_receive(struct nl *nl)
{
	struct sockaddr_nl from;
	struct iovec iov = { .iov_base = nl->buf, .iov_len = NL_BUFFER_SIZE };
	struct msghdr msg = { .msg_name = &from, .msg_iov = &iov,
			      .msg_iovlen = 1 };
	ssize_t n;

	do {
		memset(&from, 0, sizeof(from));
		msg.msg_namelen = sizeof(from);
		n = recvmsg(mnl_socket_get_fd(nl->sk), &msg, 0);
		if (n < 0)
			return -errno;
	} while (msg.msg_namelen != sizeof(from) ||
		 from.nl_family != AF_NETLINK || from.nl_pid);
	return msg.msg_flags & MSG_TRUNC ? -EMSGSIZE : n;
}

/*
 * Is there a whole message?  libmnl compares its length as a signed number, so
 * that one beyond 2 GiB would pass.
 */
static bool nl_ok(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (u32)left;
}

static struct genlmsghdr *nl_request(struct nl *nl, u16 family, u8 cmd,
				     u8 version, u16 flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++nl->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = version;
	return genl;
}

/* The error of an error or done message, with the kernel's words for it. */
static int nl_error(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t ofs;
	int ret;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(int))
		return -EBADMSG;
	memcpy(&ret, err, sizeof(ret));
	if (nlh->nlmsg_type != NLMSG_ERROR || !ret ||
	    !(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return ret;
	ofs = sizeof(*err);
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		ofs += MNL_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	if (ofs <= mnl_nlmsg_get_payload_len(nlh))
		nl_attr_extack(nlh, ofs, nl->message, sizeof(nl->message));
	return ret;
}

/*
 * Handle the messages of one datagram that answer the last request.  Return:
 * 1 when more are to come, 0 at the end, or a negative errno.
 */
static int nl_datagram(struct nl *nl, ssize_t left, mnl_cb_t cb, void *data)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->buf;
	int len = left;

	for (; nl_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq != nl->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			return -EINTR;
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE)
			return nl_error(nl, nlh);
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && cb(nlh, data) < 0)
			return -EBADMSG;
	}
	return 1;
}

/* Send what is in the buffer and handle all answers. */
static int nl_talk(struct nl *nl, mnl_cb_t cb, void *data)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->buf;
	ssize_t n;
	int ret;

	nl->message[0] = '\0';
	if (mnl_socket_sendto(nl->sk, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	do {
		n = nl_receive(nl);
		ret = n < 0 ? (int)n : nl_datagram(nl, n, cb, data);
	} while (ret > 0);
	return ret;
}

static int nl_family(const struct nlmsghdr *nlh, void *data)
{
	struct nl *nl = data;

	return nl_attr_family(nlh, &nl->family, &nl->group);
}

static int nl_resolve(struct nl *nl)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)nl->buf;
	int ret;

	nl_request(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, FWSLOT_GENL_NAME);
	ret = nl_talk(nl, nl_family, nl);
	if (ret)
		return ret;
	return nl->family ? 0 : -ENOENT;
}

/**
 * nl_open() - find the module
 * @out: a socket, to be closed with nl_close()
 *
 * Return: 0; -ENOENT when the module is not there and could not be loaded;
 * -ENOMEM; or another errno of the socket.
 */
int nl_open(struct nl **out)
{
	struct nl *nl = calloc(1, sizeof(*nl));
	int on = 1;
	int ret;

	*out = NULL;
	if (!nl)
		return -ENOMEM;
	nl->sk = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sk || mnl_socket_bind(nl->sk, 0, MNL_SOCKET_AUTOPID) < 0) {
		ret = -errno;
		goto close_socket;
	}
	mnl_socket_setsockopt(nl->sk, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->sk, NETLINK_CAP_ACK, &on, sizeof(on));
	ret = nl_resolve(nl);
	if (ret)
		goto close_socket;
	*out = nl;
	return 0;

close_socket:
	nl_close(nl);
	return ret;
}

/**
 * nl_close() - close a socket
 * @nl: the socket, or NULL
 */
void nl_close(struct nl *nl)
{
	if (!nl)
		return;
	if (nl->sk)
		mnl_socket_close(nl->sk);
	free(nl);
}

static int nl_device(const struct nlmsghdr *nlh, void *data)
{
	return nl_attr_device(nlh, data);
}

static int nl_unit(const struct nlmsghdr *nlh, void *data)
{
	struct nl_status *status = data;
	struct nl_unit unit;

	memset(&unit, 0, sizeof(unit));
	if (nl_attr_unit(nlh, &unit) < 0)
		return MNL_CB_ERROR;
	if (nl_has(unit.seen, FWSLOT_A_UNIT) && unit.unit < FWSLOT_UNITS)
		status->units[unit.unit] = unit;
	return MNL_CB_OK;
}

static int nl_get_once(struct nl *nl, struct nl_status *status)
{
	u32 i;
	int ret;

	memset(status, 0, sizeof(*status));
	for (i = 0; i < FWSLOT_UNITS; i++)
		status->units[i].unit = i;
	nl_request(nl, nl->family, FWSLOT_CMD_GET_DEVICE, FWSLOT_GENL_VERSION,
		   NLM_F_ACK);
	ret = nl_talk(nl, nl_device, &status->device);
	if (ret)
		return ret;
	nl_request(nl, nl->family, FWSLOT_CMD_GET_UNITS, FWSLOT_GENL_VERSION,
		   NLM_F_DUMP);
	return nl_talk(nl, nl_unit, status);
}

/**
 * nl_get_status() - ask for the state of everything
 * @nl: a socket that is not subscribed
 * @status: the state
 *
 * Return: 0; -EINTR when it changed all the time while it was asked for;
 * -EPROTO when the module speaks another version; -EBADMSG for an answer
 * that makes no sense; -EPERM; or another errno of the socket.
 */
int nl_get_status(struct nl *nl, struct nl_status *status)
{
	int tries = NL_RETRIES;
	int ret;

	do {
		ret = nl_get_once(nl, status);
	} while (ret == -EINTR && --tries);
	if (!ret && status->device.abi != FWSLOT_ABI_VERSION)
		return -EPROTO;
	return ret;
}

/**
 * nl_subscribe() - ask for events
 * @nl: a socket; it is for nl_next_event() only from now on
 *
 * Return: 0; -ENOENT when the module has no events; or the socket's errno.
 */
int nl_subscribe(struct nl *nl)
{
	if (!nl->group)
		return -ENOENT;
	if (mnl_socket_setsockopt(nl->sk, NETLINK_ADD_MEMBERSHIP, &nl->group,
				  sizeof(nl->group)) < 0)
		return -errno;
	return 0;
}

/**
 * nl_wait_event() - wait for an event, but not for ever
 * @nl: a subscribed socket
 * @ms: milliseconds
 *
 * Return: 0: nl_next_event() has something to say; -ETIMEDOUT; -EINTR after a
 * signal; or another errno.
 */
int nl_wait_event(struct nl *nl, int ms)
{
	struct pollfd pfd = { .fd = mnl_socket_get_fd(nl->sk),
			      .events = POLLIN };
	int n = poll(&pfd, 1, ms);

	if (n < 0)
		return -errno;
	return n ? 0 : -ETIMEDOUT;
}

/**
 * nl_next_event() - wait for an event
 * @nl: a subscribed socket
 * @event: the event
 *
 * Return: 0; -ENOBUFS when events were lost; -EINTR after a signal; -EBADMSG
 * for a message that makes no sense; or the socket's errno.
 */
int nl_next_event(struct nl *nl, struct nl_event *event)
{
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)nl->buf;
	const struct genlmsghdr *genl;
	ssize_t n;

	for (;;) {
		n = nl_receive(nl);
		if (n < 0)
			return n;
		if (!nl_ok(nlh, n) || nlh->nlmsg_type != nl->family ||
		    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
			continue;
		genl = mnl_nlmsg_get_payload(nlh);
		if (genl->cmd == FWSLOT_CMD_EVENT)
			break;
	}
	memset(event, 0, sizeof(*event));
	return nl_attr_event(nlh, event) < 0 ? -EBADMSG : 0;
}

/**
 * nl_message() - what the kernel said about the last error
 * @nl: the socket
 *
 * Return: its words, empty when it said nothing.
 */
const char *nl_message(const struct nl *nl)
{
	return nl->message;
}
