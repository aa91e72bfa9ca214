// SPDX-License-Identifier: MIT
/*
 * dev.c - /dev/fwslot
 *
 * The result of a call is what the ioctl says, never an event.  Where the
 * module gives a reason, it is passed on; where it gives only an errno, the
 * few that have a meaning of their own get a sentence here.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dev.h"
#include "fwslot.h"

#define DEV_PATH	"/dev/" FWSLOT_DEVICE

/* An errno that came without a reason. */
static int dev_errno(struct failure *f, int err, const char *what)
{
	if (err == -EBUSY)
		return failure_set(f, FWSLOT_REASON_BUSY, 0, "%s", "");
	if (err == -ENOMEM)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", what);
	if (err == -EPERM || err == -EACCES)
		return failure_plain(f, TOOL_EARLY,
				     "%s: this must be done by root", what);
	failure_set(f, FWSLOT_REASON_NONE, err, "%s", what);
	f->status = TOOL_EARLY;
	return -1;
}

/* A call on an open session failed: ask the session why. */
static int dev_session_error(int fd, int err, struct failure *f,
			     const char *what)
{
	struct fwslot_progress p;

	if (dev_progress(fd, &p))
		return dev_errno(f, err, what);
	if (!f->set)
		f->written = p.written;
	if (p.reason == FWSLOT_REASON_NONE)
		return dev_errno(f, err, what);
	return failure_set(f, p.reason, 0, "%s", what);
}

static int dev_check(int fd, struct failure *f)
{
	struct fwslot_info info = { .size = sizeof(info) };
	struct stat st;

	if (fstat(fd, &st) || !S_ISCHR(st.st_mode) ||
	    ioctl(fd, FWSLOT_IOC_INFO, &info))
		return failure_plain(f, TOOL_NO_DEVICE,
				     "%s is not the device of the fwslot module",
				     DEV_PATH);
	if (info.abi != FWSLOT_ABI_VERSION)
		return failure_plain(f, TOOL_NO_DEVICE,
				     "the module speaks version %u of the protocol, this tool speaks %u",
				     info.abi, FWSLOT_ABI_VERSION);
	return 0;
}

/**
 * dev_open() - open the device
 * @f: why not
 *
 * Return: a file descriptor, or -1.
 */
int dev_open(struct failure *f)
{
	int fd = open(DEV_PATH, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 && (errno == EACCES || errno == EPERM))
		return dev_errno(f, -errno, "opening " DEV_PATH);
	if (fd < 0) {
		failure_plain(f, TOOL_NO_DEVICE,
			      "%s cannot be opened: %s; is the kernel module fwslot loaded?",
			      DEV_PATH, strerror(errno));
		return -1;
	}
	if (!dev_check(fd, f))
		return fd;
	close(fd);
	return -1;
}

/**
 * dev_begin() - begin a session
 * @fd: the device
 * @begin: filled in but for @size; the plan is stored in it
 * @f: why it was refused
 *
 * Return: 0, or -1.
 */
int dev_begin(int fd, struct fwslot_begin *begin, struct failure *f)
{
	int err;

	begin->size = sizeof(*begin);
	if (!ioctl(fd, FWSLOT_IOC_BEGIN, begin))
		return 0;
	err = -errno;
	if (begin->reason != FWSLOT_REASON_NONE) {
		failure_set(f, begin->reason, 0, "%s", "");
		f->detail = begin->detail;
		return -1;
	}
	if (err == -EINTR) {
		f->interrupted = true;
		return failure_plain(f, TOOL_EARLY, "stopped by a signal");
	}
	return dev_errno(f, err, "beginning the session");
}

/**
 * dev_write() - hand over a chunk
 * @fd: the device, with a session
 * @buf: the chunk
 * @len: its bytes
 * @f: why it failed
 *
 * A signal does not stop it: the chunk is written to its end.
 *
 * Return: 0, or -1.
 */
int dev_write(int fd, const void *buf, size_t len, struct failure *f)
{
	const u8 *from = buf;
	ssize_t n;

	while (len) {
		n = write(fd, from, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return dev_session_error(fd, n ? -errno : -EIO, f,
						 "while sending data");
		from += n;
		len -= n;
	}
	return 0;
}

/**
 * dev_finish() - wait for a step
 * @fd: the device, with a session
 * @step: the step
 * @timeout_ms: how long
 * @progress: how far the session is, unless -1 was returned
 * @f: why it failed
 *
 * Return: 0 when the step is complete, 1 when it is not yet, or -1.
 */
int dev_finish(int fd, u32 step, u32 timeout_ms,
	       struct fwslot_progress *progress, struct failure *f)
{
	struct fwslot_finish arg = {
		.size = sizeof(arg), .step = step, .timeout_ms = timeout_ms,
		.progress = { .size = sizeof(arg.progress) },
	};
	int ret = ioctl(fd, FWSLOT_IOC_FINISH, &arg);

	if (ret && errno != ETIME && errno != EINTR)
		return dev_session_error(fd, -errno, f, "");
	*progress = arg.progress;
	return ret ? 1 : 0;
}

/**
 * dev_commit() - end a session
 * @fd: the device, with a session whose steps are all complete
 * @progress: how it ended
 * @f: why it failed
 *
 * Return: 0, or -1.
 */
int dev_commit(int fd, struct fwslot_progress *progress, struct failure *f)
{
	int ret;

	do {
		memset(progress, 0, sizeof(*progress));
		progress->size = sizeof(*progress);
		ret = ioctl(fd, FWSLOT_IOC_COMMIT, progress);
	} while (ret && errno == EINTR);
	if (!ret)
		return 0;
	return dev_session_error(fd, -errno, f, "ending the session");
}

/**
 * dev_progress() - ask how far a session is
 * @fd: the device
 * @progress: the answer
 *
 * Return: 0, or a negative errno.
 */
int dev_progress(int fd, struct fwslot_progress *progress)
{
	memset(progress, 0, sizeof(*progress));
	progress->size = sizeof(*progress);
	return ioctl(fd, FWSLOT_IOC_PROGRESS, progress) ? -errno : 0;
}

/**
 * dev_verify() - read a unit whole and compare it with its record
 * @fd: the device
 * @unit: enum fwslot_unit
 * @verify: what was found
 * @f: why it could not be read
 *
 * Return: 0, also when it is found corrupt, or -1.
 */
int dev_verify(int fd, u32 unit, struct fwslot_verify *verify,
	       struct failure *f)
{
	memset(verify, 0, sizeof(*verify));
	verify->size = sizeof(*verify);
	verify->unit = unit;
	if (!ioctl(fd, FWSLOT_IOC_VERIFY, verify))
		return 0;
	if (errno == EINTR) {
		f->interrupted = true;
		return failure_plain(f, TOOL_EARLY, "stopped by a signal");
	}
	if (verify->reason != FWSLOT_REASON_NONE && errno != EBUSY)
		return failure_set(f, verify->reason, -errno, "%s",
				   fwslot_unit_word(unit));
	return dev_errno(f, -errno, "verifying");
}

/**
 * dev_seal() - seal the module
 * @fd: the device
 * @f: why it failed
 *
 * Return: 0, or -1.
 */
int dev_seal(int fd, struct failure *f)
{
	if (!ioctl(fd, FWSLOT_IOC_SEAL))
		return 0;
	return dev_errno(f, -errno, "sealing");
}
