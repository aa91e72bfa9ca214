// SPDX-License-Identifier: MIT
/*
 * Who may do it: the file's mode, capabilities, user namespaces, and files
 * that were handed to somebody else
 */
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "abi.h"

#define NOBODY	65534

/* What was tried, in the order of names[]. */
enum {
	TRY_WRITE,
	TRY_BEGIN,
	TRY_COMMIT,
	TRY_VERIFY,
	TRY_SEAL,
	TRY_INFO,
	TRY_PROGRESS,
	TRIES,
};

static const char *const names[TRIES] = {
	[TRY_WRITE] = "write(2)",
	[TRY_BEGIN] = "BEGIN",
	[TRY_COMMIT] = "COMMIT",
	[TRY_VERIFY] = "VERIFY",
	[TRY_SEAL] = "SEAL",
	[TRY_INFO] = "INFO",
	[TRY_PROGRESS] = "PROGRESS",
};

/**
 * struct trial - what another process may do with a file
 * @become: makes it somebody else
 * @socket: gets the file through this; -1: inherits it
 * @fd: the file
 * @result: 0 or negative errno of each try
 */
struct trial {
	int (*become)(void);
	int socket;
	int fd;
	int result[TRIES];
};

static int become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	return 0;
}

/* Root without CAP_SYS_ADMIN. */
static int become_powerless(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return -errno;
	data[0].effective &= ~(1U << CAP_SYS_ADMIN);
	data[0].permitted &= ~(1U << CAP_SYS_ADMIN);
	data[0].inheritable = 0;
	return syscall(SYS_capset, &head, data) ? -errno : 0;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -EIO;
}

/* Root, with all capabilities, of a user namespace. */
static int become_contained(void)
{
	if (unshare(CLONE_NEWUSER))
		return -errno;
	return put("/proc/self/uid_map", "0 0 1");
}

static int receive(int socket)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(sizeof(int))];
	} u;
	char c;
	struct iovec iov = { .iov_base = &c, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = u.buf,
			      .msg_controllen = sizeof(u.buf) };
	int fd;

	if (recvmsg(socket, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

static void send_fd(int socket, int fd)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(sizeof(int))];
	} u = { 0 };
	struct iovec iov = { .iov_base = "", .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = u.buf,
			      .msg_controllen = sizeof(u.buf) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	if (sendmsg(socket, &msg, 0) != 1)
		err(2, "sendmsg");
}

static void try_all(struct trial *t)
{
	struct fwslot_progress p = { .size = sizeof(p) };
	struct fwslot_verify v = { .size = sizeof(v) };
	struct fwslot_info info = { .size = sizeof(info) };
	struct fwslot_begin b;
	u8 *data = pkg_a.image[0].data;

	begin_fill(&b, &pkg_a, SECONDARY, FWSLOT_BEGIN_CHECK);
	t->result[TRY_WRITE] = write(t->fd, data, 1) < 0 ? -errno : 0;
	t->result[TRY_BEGIN] = dev_call(t->fd, FWSLOT_IOC_BEGIN, &b);
	t->result[TRY_COMMIT] = dev_call(t->fd, FWSLOT_IOC_COMMIT, &p);
	t->result[TRY_VERIFY] = dev_call(t->fd, FWSLOT_IOC_VERIFY, &v);
	t->result[TRY_SEAL] = dev_call(t->fd, FWSLOT_IOC_SEAL, NULL);
	t->result[TRY_INFO] = dev_call(t->fd, FWSLOT_IOC_INFO, &info);
	t->result[TRY_PROGRESS] = dev_call(t->fd, FWSLOT_IOC_PROGRESS, &p);
}

static int child(void *arg)
{
	struct trial *t = arg;
	int ret;

	if (t->socket >= 0)
		close(t->fd);
	ret = t->become();
	if (ret)
		return ret;
	if (t->socket >= 0)
		t->fd = receive(t->socket);
	try_all(t);
	return 0;
}

/* Somebody else gets a file with a session, and can do nothing with it. */
static void handed_over(int (*become)(void), bool through_socket,
			const char *who)
{
	const struct pkg *pkg = other_pkg();
	struct session *s = session_new(pkg, SECONDARY, 0);
	struct trial *t = page(sizeof(*t));
	int pair[2] = { -1, -1 };
	int i;

	session_send(s, 0, 0, 1000);
	if (through_socket) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
			err(2, "socketpair");
		send_fd(pair[0], s->fd);
	}
	t->become = become;
	t->socket = pair[1];
	t->fd = s->fd;
	claim_is(in_child(child, t), 0, "%s: has the file", who);
	for (i = 0; i < TRIES; i++)
		claim_is(t->result[i], i >= TRY_INFO ? 0 : -EPERM, "%s: %s",
			 who, names[i]);
	claim(!device_has(FWSLOT_DEVICE_SEALED), "it is",
	      "%s: the module is not sealed", who);
	claim_is(session_send(s, 0, 1000, UINT32_MAX), 0,
		 "%s: the session goes on where it was", who);
	claim_is(session_finish_all(s), 0, "%s: it comes to its end", who);
	claim_is(session_commit(s), 0, "%s: it is committed", who);
	claim(flash_holds(FWSLOT_SECONDARY, &pkg->image[0]), "it is not",
	      "%s: the image is there", who);
	session_end(s);
	if (through_socket) {
		close(pair[0]);
		close(pair[1]);
	}
	munmap(t, sizeof(*t));
}

static int open_as(void *arg)
{
	int (*become)(void) = *(int (**)(void))arg;
	int ret, fd;

	ret = become();
	if (ret)
		return ret;
	fd = open("/dev/" FWSLOT_DEVICE, O_RDONLY);
	return fd < 0 ? -errno : 0;
}

static int begin_as(void *arg)
{
	int (*become)(void) = *(int (**)(void))arg;
	struct session s;
	int ret = become();

	if (ret)
		return ret;
	return session_begin(&s, dev_open(), &pkg_a, SECONDARY,
			     FWSLOT_BEGIN_CHECK);
}

static void modes(void)
{
	int (*become)(void) = become_nobody;
	struct stat st;

	claim(!stat("/dev/" FWSLOT_DEVICE, &st) && S_ISCHR(st.st_mode) &&
	      (st.st_mode & 07777) == 0600 && !st.st_uid && !st.st_gid,
	      "it is not", "the device is root's, mode 0600");
	claim_is(in_child(open_as, &become), -EACCES,
		 "another user cannot even open it to read");
	become = become_powerless;
	claim_is(in_child(begin_as, &become), -EPERM,
		 "BEGIN without CAP_SYS_ADMIN");
	become = become_contained;
	claim_is(in_child(begin_as, &become), -EPERM,
		 "BEGIN as root of a user namespace");
}

/**
 * test_cred() - credentials
 */
void test_cred(void)
{
	struct flash *before = flash_take();

	modes();
	claim_untouched(before, "credentials");
	handed_over(become_nobody, true, "nobody, by SCM_RIGHTS");
	handed_over(become_nobody, false, "nobody, inherited");
	handed_over(become_powerless, false, "root without CAP_SYS_ADMIN");
	handed_over(become_contained, false, "root of a user namespace");
	claim_locked("credentials");
}
