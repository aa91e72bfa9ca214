// SPDX-License-Identifier: MIT
/*
 * target_lock.c - one process at a time does something about the target
 *
 * It is read at the beginning and written again and again until the end: what
 * another process has asked for meanwhile would be lost.  The kernel knows who
 * has the lock, and takes it back when that process ends in whatever way.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fwslot.h"
#include "target.h"

#define LOCK_WAIT_MS	100
#define LOCK_WAITS	20

static int lock_busy(int fd, struct failure *f)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		lock.l_pid = 0;
	return failure_exact(f, FWSLOT_REASON_BUSY,
			     "process %d is at an upgrade with --to: stop it first, or wait for its end",
			     (int)lock.l_pid);
}

static int lock_take(int fd, const char *path, struct failure *f)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int waits = 0;

	while (fcntl(fd, F_SETLK, &lock)) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return target_fail(f, path);
		if (waits++ == LOCK_WAITS)
			return lock_busy(fd, f);
		poll(NULL, 0, LOCK_WAIT_MS);
	}
	return 0;
}

/**
 * target_lock() - keep others from the target until this process ends
 * @path: name of its file
 * @create: there is to be a target; else there need be none, and no lock then
 * @f: why not
 *
 * Return: 0, or -1.
 */
int target_lock(const char *path, bool create, struct failure *f)
{
	bool there = !access(path, F_OK) || errno != ENOENT;
	int fd, ret;
	char *name;

	if (create && target_make_folder(path, f))
		return -1;
	if (asprintf(&name, "%s.lock", path) < 0)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", path);
	fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
		  (create || there ? O_CREAT : 0), 0600);
	if (fd >= 0)
		ret = lock_take(fd, name, f);
	else
		ret = !create && !there && errno == ENOENT ?
		      0 : target_fail(f, name);
	free(name);
	return ret;
}
