// SPDX-License-Identifier: MIT
/*
 * target.c - the release that a device is on its way to, across reboots
 *
 * One small file of key=value lines.  It says what the user asked for and
 * counts tries; what is to be done is found out anew from the slots at every
 * boot.  A file that somebody else than root could have written is refused,
 * and so is one that is not exactly of this form.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "fwslot.h"
#include "target.h"
#include "uri.h"

#define TARGET_FILE_MAX	(PATH_MAX + 1024)
#define TARGET_LEFT	16	/* where an older version did not say it */

/**
 * target_fail() - note that a file of the target could not be used
 * @f: the failure
 * @path: its name; errno says why
 *
 * Return: -1, always.
 */
int target_fail(struct failure *f, const char *path)
{
	return failure_plain(f, TOOL_EARLY, "%s: %s", path, strerror(errno));
}

/* Another time it would be the same. */
static int target_not_ours(struct failure *f, const char *path)
{
	return failure_plain(f, TOOL_USAGE,
			     "%s is not a target that only root can have written: fwslot upgrade --cancel removes it",
			     path);
}

static bool target_copy(char *to, size_t size, const char *value)
{
	size_t len = strlen(value);

	if (*to || !len || len >= size)
		return false;
	memcpy(to, value, len + 1);
	return true;
}

static bool target_line(struct target *t, char *line)
{
	char *value = strchr(line, '=');

	if (!value)
		return false;
	*value++ = '\0';
	if (!strcmp(line, "to"))
		return target_copy(t->to, sizeof(t->to), value);
	if (!strcmp(line, "catalogue"))
		return target_copy(t->folder, sizeof(t->folder), value);
	if (!strcmp(line, "step"))
		return target_copy(t->step, sizeof(t->step), value);
	if (!strcmp(line, "why"))
		return target_copy(t->why, sizeof(t->why), value);
	if (!strcmp(line, "left"))
		return args_number(value, &t->left);
	if (strcmp(line, "tries"))
		return false;
	return args_number(value, &t->tries);
}

static bool target_parse(struct target *t, char *text)
{
	struct fwslot_release release;
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (!target_line(t, line))
			return false;
	return !fwslot_release_parse(t->to, &release) &&
	       (t->folder[0] == '/' || uri_known(t->folder));
}

static bool target_trusted(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	       (!st.st_uid || st.st_uid == geteuid()) &&
	       !(st.st_mode & 0022) && st.st_size < TARGET_FILE_MAX;
}

/* Return: bytes of the file, 0 when there is none, or -1. */
static ssize_t target_read(const char *path, char *text, size_t size,
			   struct failure *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && errno != ELOOP)
		return target_fail(f, path);
	if (fd < 0 || !target_trusted(fd)) {
		n = target_not_ours(f, path);
	} else {
		n = read(fd, text, size);
		if (n < 0)
			target_fail(f, path);
		else if (!n)
			n = target_not_ours(f, path);
	}
	if (fd >= 0)
		close(fd);
	return n;
}

/**
 * target_load() - read the file
 * @path: its name
 * @t: the target; without a file @t->to is empty
 * @f: why it cannot be read
 *
 * Return: 0, or -1.
 */
int target_load(const char *path, struct target *t, struct failure *f)
{
	char text[TARGET_FILE_MAX];
	ssize_t n;

	memset(t, 0, sizeof(*t));
	t->left = TARGET_LEFT;
	n = target_read(path, text, sizeof(text) - 1, f);
	if (n <= 0)
		return n;
	text[n] = '\0';
	if (target_parse(t, text))
		return 0;
	memset(t, 0, sizeof(*t));
	return target_not_ours(f, path);
}

static int target_sync_folder(const char *path)
{
	char *copy = strdup(path);
	int fd, ret;

	fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
		    -1;
	free(copy);
	if (fd < 0)
		return -1;
	ret = fsync(fd);
	close(fd);
	return ret;
}

/* Where the upper layer is cannot be told from here. */
static void target_warn_overlay(const char *path)
{
	static bool warned;

	if (warned)
		return;
	warned = true;
	fprintf(stderr,
		"fwslot: warning: %s is on an overlay, and lost if that is in memory\n",
		path);
}

/**
 * target_make_folder() - have a folder that outlives the reboot
 * @path: name of the file that is to be in it
 * @f: why there is none
 *
 * It is made when it is not there; not those above it.  What is kept in memory
 * would be forgotten at the reboot, and the device left half-way.
 *
 * Return: 0, or -1.
 */
int target_make_folder(const char *path, struct failure *f)
{
	char *copy = strdup(path);
	struct statfs fs;
	char *folder;
	int ret = 0;

	if (!copy)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", path);
	folder = dirname(copy);
	if (!mkdir(folder, 0755))
		target_sync_folder(folder);
	if (statfs(folder, &fs))
		ret = target_fail(f, path);
	else if ((u32)fs.f_type == TMPFS_MAGIC ||
		 (u32)fs.f_type == RAMFS_MAGIC)
		ret = failure_plain(f, TOOL_USAGE,
				    "%s is in memory and would be forgotten at the reboot: name another file by target= in the configuration file",
				    path);
	else if ((u32)fs.f_type == OVERLAYFS_SUPER_MAGIC)
		target_warn_overlay(path);
	free(copy);
	return ret;
}

/*
 * A new file, which nobody else has open: there may be a password in a URI.
 * Return: a file descriptor, or -1.
 */
static int target_create(const char *path)
{
	if (unlink(path) && errno != ENOENT)
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

static int target_write(const char *path, const struct target *t)
{
	int fd = target_create(path);
	int ret;

	if (fd < 0)
		return -1;
	ret = dprintf(fd, "to=%s\ncatalogue=%s\ntries=%u\nleft=%u\n", t->to,
		      t->folder, t->tries, t->left);
	if (ret >= 0 && t->step[0])
		ret = dprintf(fd, "step=%s\n", t->step);
	if (ret >= 0 && t->why[0])
		ret = dprintf(fd, "why=%.*s\n", (int)strcspn(t->why, "\n"),
			      t->why);
	if (ret >= 0)
		ret = fchmod(fd, uri_is(t->folder) ? 0600 : 0644);
	if (ret >= 0)
		ret = fsync(fd);
	return close(fd) || ret < 0 ? -1 : 0;
}

/**
 * target_store() - write the file, or leave it as it was
 * @path: its name
 * @t: the target
 * @f: why it cannot be written
 *
 * Return: 0 when it will be there after a loss of power, or -1.
 */
int target_store(const char *path, const struct target *t, struct failure *f)
{
	char *new;
	int ret = -1;

	if (strchr(t->folder, '\n'))
		return failure_plain(f, TOOL_USAGE,
				     "a catalogue whose name has a new line in it");
	if (target_make_folder(path, f))
		return -1;
	if (asprintf(&new, "%s.new", path) < 0)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", path);
	if (!target_write(new, t) && !rename(new, path))
		ret = target_sync_folder(path);
	if (ret)
		target_fail(f, path);
	free(new);
	return ret;
}

/**
 * target_remove() - forget the target
 * @path: name of the file
 * @f: why it cannot be removed
 *
 * Return: 0, also when there was none; or -1.
 */
int target_remove(const char *path, struct failure *f)
{
	if (unlink(path))
		return errno == ENOENT ? 0 : target_fail(f, path);
	return target_sync_folder(path) ? target_fail(f, path) : 0;
}
