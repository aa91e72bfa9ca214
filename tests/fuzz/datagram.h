/* SPDX-License-Identifier: MIT */
/*
 * datagram.h - the input of the fuzz target netlink
 */
#ifndef FWSLOT_FUZZ_DATAGRAM_H
#define FWSLOT_FUZZ_DATAGRAM_H

#include <sys/socket.h>

#include "core.h"

#define DATAGRAM_FOREIGN	1	/* not sent by the kernel */
#define DATAGRAM_CUT		2	/* longer than it was received */
#define DATAGRAM_ERROR		4	/* nothing is received: an errno */

/**
 * struct datagram_head - what comes before each datagram
 * @flags: DATAGRAM_*
 * @len: bytes that follow
 */
struct datagram_head {
	u8 flags;
	__le16 len;
} __attribute__((packed));

/* The tool's socket, replaced by the linker. */
struct mnl_socket;

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);
struct mnl_socket *__wrap_mnl_socket_open2(int bus, int flags);
int __wrap_mnl_socket_bind(struct mnl_socket *nl, unsigned int groups,
			   pid_t pid);
int __wrap_mnl_socket_close(struct mnl_socket *nl);
int __wrap_mnl_socket_get_fd(const struct mnl_socket *nl);
int __wrap_mnl_socket_setsockopt(const struct mnl_socket *nl, int type,
				 void *buf, socklen_t len);
ssize_t __wrap_mnl_socket_sendto(const struct mnl_socket *nl, const void *buf,
				 size_t len);

#endif /* FWSLOT_FUZZ_DATAGRAM_H */
