// SPDX-License-Identifier: MIT
/*
 * tool_upto.c - the tool on a device that is made up
 *
 * The whole tool, but for what the linker puts in the place of some functions:
 * what the module says of the slots, what becomes of an upgrade, what kind of
 * file system it is; the system log is the file "log".  All that comes from the
 * environment:
 *
 *   DEVICE="P S B"  releases of primary, secondary and bootloader, whose images
 *                   are those of the packages in the folder slots
 *   PENDING=1       what is in the primary waits for a reboot
 *   OUTCOME=WORD    of an upgrade: done, nothing, busy, interrupted (before
 *                   anything is written), source (gone before that), memory
 *                   (none left before that), broken (off after that), fails,
 *                   flash (it fails, and nothing is changed in the end),
 *                   real (no device is there), swapped (real, the catalogue
 *                   had shown a package of other content),
 *                   held (fails, when somebody has written to the pipe "hold")
 *   FOLDER=WORD     the package of 5.21.2 in a folder cannot be opened (open),
 *                   read (read), nor anything from there on be found (list)
 *   IN_MEMORY=1     every file system is a tmpfs
 *   OVERLAY=1       or an overlay; otherwise none is either
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "catalogue.h"
#include "dev.h"
#include "fwslot.h"
#include "status.h"
#include "upgrade.h"

static void set_unit(struct nl_unit *u, const struct fwslot_manifest *m)
{
	int image = fwslot_manifest_image(m, fwslot_unit_slot(u->unit));

	u->state = FWSLOT_STATE_RECORDED;
	u->flags = FWSLOT_UNIT_CONFIGURED;
	u->format = m->format;
	fwslot_release_print(&m->release, u->version);
	u->image_size = m->images[image].size;
	memcpy(u->digest, m->images[image].table_digest, sizeof(u->digest));
}

int __wrap_status_get(struct nl_status *st, struct failure *f)
{
	char versions[3][40];
	struct fwslot_release release;
	struct catalogue cat;
	int i;

	memset(st, 0, sizeof(*st));
	if (catalogue_load(&cat, "slots", NULL, f))
		return -1;
	if (sscanf(getenv("DEVICE"), "%39s %39s %39s", versions[0],
		   versions[1], versions[2]) != 3)
		return -1;
	for (i = 0; i < 3; i++) {
		fwslot_release_parse(versions[i], &release);
		st->units[i].unit = i;
		set_unit(&st->units[i], catalogue_find(&cat, &release, NULL));
	}
	catalogue_free(&cat);
	st->units[3].unit = 3;
	strcpy(st->device.product, "switch-a");
	strcpy(st->device.running, versions[0]);
	st->device.format = st->units[0].format;
	st->device.booted = FWSLOT_BOOTED_PRIMARY;
	if (getenv("PENDING")) {
		st->device.flags |= FWSLOT_DEVICE_REBOOT;
		st->units[0].flags |= FWSLOT_UNIT_CHANGED;
	}
	return 0;
}

int __real_upgrade_install(struct upgrade *u);

static int install(struct upgrade *u, bool swapped)
{
	struct fwslot_manifest shown = *u->expected;

	shown.images[1].table_digest[0] ^= swapped;
	u->expected = &shown;
	return __real_upgrade_install(u);
}

/* What is open is no device; a real one would be asked only later. */
int __wrap_dev_open(struct failure *f)
{
	(void)f;
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

/* Both ends wait for each other. */
static void hold(void)
{
	FILE *pipe = fopen("hold", "re");

	if (pipe)
		fgetc(pipe);
	if (pipe)
		fclose(pipe);
}

int __wrap_upgrade_install(struct upgrade *u)
{
	const char *outcome = getenv("OUTCOME");

	if (!strcmp(outcome, "held"))
		hold();

	if (!strcmp(outcome, "real") || !strcmp(outcome, "swapped"))
		return install(u, !strcmp(outcome, "swapped"));
	if (upgrade_before(u))
		return failure_status(&u->f);
	if (!strcmp(outcome, "done"))
		u->result = UPGRADE_DONE;
	else if (!strcmp(outcome, "nothing"))
		u->result = UPGRADE_NOTHING;
	else if (!strcmp(outcome, "source"))
		failure_plain(&u->f, TOOL_EARLY, "made up");
	else if (!strcmp(outcome, "memory"))
		failure_set(&u->f, FWSLOT_REASON_NO_MEMORY, 0, "made up");
	else if (!strcmp(outcome, "flash"))
		failure_set(&u->f, FWSLOT_REASON_FLASH_IO, 0, "made up");
	else
		failure_set(&u->f, !strcmp(outcome, "busy") ?
			    FWSLOT_REASON_BUSY : FWSLOT_REASON_BAD_CHUNK, 0,
			    "made up");
	u->f.interrupted = !strcmp(outcome, "interrupted");
	u->f.written = !strcmp(outcome, "broken");
	if (u->f.set)
		return failure_status(&u->f);
	return u->result == UPGRADE_NOTHING ? TOOL_NOTHING : TOOL_DONE;
}

int __real_openat(int dir, const char *name, int flags, ...);
__typeof__(read) __real_read;
struct dirent *__real_readdir(DIR *dir);

static int bad_fd = -1;

static bool bad(const char *where, const char *name)
{
	const char *folder = getenv("FOLDER");

	return folder && !strcmp(folder, where) && name &&
	       !strcmp(name, "weos-5.21.2.pkg");
}

static int bad_input(void)
{
	errno = EIO;
	return -1;
}

int __wrap_openat(int dir, const char *name, int flags, ...)
{
	int fd;

	if (bad("open", name))
		return bad_input();
	fd = __real_openat(dir, name, flags);
	if (bad("read", name))
		bad_fd = fd;
	return fd;
}

ssize_t __wrap_read(int fd, void *buf, size_t len)
{
	if (fd == bad_fd && bad_fd >= 0)
		return bad_input();
	return __real_read(fd, buf, len);
}

struct dirent *__wrap_readdir(DIR *dir)
{
	struct dirent *entry = __real_readdir(dir);

	if (!bad("list", entry ? entry->d_name : NULL))
		return entry;
	bad_input();
	return NULL;
}

int __wrap_statfs(const char *path, struct statfs *fs)
{
	(void)path;
	memset(fs, 0, sizeof(*fs));
	fs->f_type = EXT4_SUPER_MAGIC;
	if (getenv("IN_MEMORY"))
		fs->f_type = TMPFS_MAGIC;
	if (getenv("OVERLAY"))
		fs->f_type = OVERLAYFS_SUPER_MAGIC;
	return 0;
}

void __wrap_syslog(int level, const char *fmt, ...)
{
	FILE *log = fopen("log", "a");
	va_list ap;

	(void)level;
	if (!log)
		return;
	va_start(ap, fmt);
	vfprintf(log, fmt, ap);
	va_end(ap);
	fputc('\n', log);
	fclose(log);
}
