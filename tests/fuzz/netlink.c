// SPDX-License-Identifier: MIT
/*
 * netlink.c - fuzz target: what the tool reads from netlink
 *
 * Input: a row of datagrams, see struct datagram_head.  They are what the
 * tool receives while it looks for the module, asks for the state, and waits
 * for events.  Its socket is replaced at link time (--wrap).  All strings must
 * come out terminated and printable, and so must the JSON made of them.
 */
#include <libmnl/libmnl.h>

#include "datagram.h"
#include "fuzz.h"
#include "nl.h"
#include "status.h"

#define EVENTS	4

struct mnl_socket {
	int unused;
};

static struct mnl_socket the_socket;
static const u8 *input;
static size_t input_left;
static u32 last_seq;

struct mnl_socket *__wrap_mnl_socket_open2(int bus, int flags)
{
	(void)bus;
	(void)flags;
	return &the_socket;
}

int __wrap_mnl_socket_bind(struct mnl_socket *nl, unsigned int groups,
			   pid_t pid)
{
	(void)nl;
	(void)groups;
	(void)pid;
	return 0;
}

int __wrap_mnl_socket_close(struct mnl_socket *nl)
{
	(void)nl;
	return 0;
}

int __wrap_mnl_socket_get_fd(const struct mnl_socket *nl)
{
	(void)nl;
	return -1;
}

int __wrap_mnl_socket_setsockopt(const struct mnl_socket *nl, int type,
				 void *buf, socklen_t len)
{
	(void)nl;
	(void)type;
	(void)buf;
	(void)len;
	return 0;
}

ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
				 size_t len)
{
	const struct nlmsghdr *nlh = buf;

	(void)nl;
	fuzz_check(len >= sizeof(*nlh) && nlh->nlmsg_len == len);
	last_seq = nlh->nlmsg_seq;
	return len;
}

static const u8 *take(size_t len)
{
	const u8 *p = input;

	len = min_t(size_t, len, input_left);
	input += len;
	input_left -= len;
	return p;
}

/* Messages without a number answer the last request. */
static void number(u8 *buf, int len)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;

	for (; len >= (int)sizeof(*nlh); nlh = mnl_nlmsg_next(nlh, &len)) {
		if (!nlh->nlmsg_seq)
			nlh->nlmsg_seq = last_seq;
		if (nlh->nlmsg_len < sizeof(*nlh) || nlh->nlmsg_len > (u32)len)
			break;
	}
}

static ssize_t fail(int err)
{
	errno = err;
	return -1;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	struct datagram_head head;
	size_t len, room = msg->msg_iov[0].iov_len;

	(void)fd;
	(void)flags;
	if (input_left < sizeof(head))
		return fail(ENOTCONN);
	memcpy(&head, take(sizeof(head)), sizeof(head));
	len = min_t(size_t, le16_to_cpu(head.len), input_left);
	if (head.flags & DATAGRAM_ERROR)
		return fail(head.flags & DATAGRAM_FOREIGN ? ENOBUFS : EINTR);
	from.nl_pid = head.flags & DATAGRAM_FOREIGN ? 4711 : 0;
	memcpy(msg->msg_name, &from, sizeof(from));
	msg->msg_namelen = sizeof(from);
	msg->msg_flags = head.flags & DATAGRAM_CUT || len > room ?
			 MSG_TRUNC : 0;
	len = min_t(size_t, len, room);
	memcpy(msg->msg_iov[0].iov_base, take(len), len);
	number(msg->msg_iov[0].iov_base, len);
	return len;
}

static void check_text(const char *text, size_t size)
{
	size_t i, len = strnlen(text, size);

	fuzz_check(len < size);
	for (i = 0; i < len; i++)
		fuzz_check(text[i] >= ' ' && text[i] <= '~');
}

static void check_unit(const struct nl_unit *unit)
{
	check_text(unit->mtd_name, NL_NAME_SIZE);
	check_text(unit->master, NL_NAME_SIZE);
	check_text(unit->version, NL_NAME_SIZE);
	check_text(unit->signer, NL_NAME_SIZE);
}

static void check_device(const struct nl_device *dev)
{
	u32 i;

	check_text(dev->product, NL_NAME_SIZE);
	check_text(dev->running, NL_NAME_SIZE);
	check_text(dev->floor, NL_NAME_SIZE);
	fuzz_check(dev->n_keys <= NL_KEYS_MAX);
	for (i = 0; i < dev->n_keys; i++)
		check_text(dev->keys[i].name, NL_NAME_SIZE);
}

/* What status --json shows of it: one line of visible characters. */
static void check_shown(const struct nl_status *st)
{
	struct verdict v;
	struct json j = { 0 };
	char *text = NULL;
	size_t size = 0;

	verdict_make(st, status_units(st), false, &v);
	j.file = open_memstream(&text, &size);
	fuzz_check(j.file);
	json_object(&j, NULL);
	status_json(st, &v, &j);
	json_end(&j);
	fclose(j.file);
	while (size && text[size - 1] == '\n')
		text[--size] = '\0';
	check_text(text, size + 1);
	fuzz_check(j.depth == 0);
	free(text);
}

static void ask(struct nl *nl)
{
	struct nl_status st;
	struct nl_event event;
	int i;

	if (!nl_get_status(nl, &st)) {
		check_device(&st.device);
		for (i = 0; i < FWSLOT_UNITS; i++)
			check_unit(&st.units[i]);
		check_shown(&st);
	}
	check_text(nl_message(nl), NL_NAME_SIZE * 2);
	if (nl_subscribe(nl))
		return;
	for (i = 0; i < EVENTS; i++)
		if (!nl_next_event(nl, &event))
			check_unit(&event.unit);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct nl *nl;

	input = data;
	input_left = size;
	last_seq = 0;
	if (nl_open(&nl)) {
		fuzz_check(!nl);
		return 0;
	}
	ask(nl);
	nl_close(nl);
	return 0;
}
