// SPDX-License-Identifier: MIT
/*
 * How allocations and copies from and to userspace are made to fail
 *
 * For each call the first of them fails, then the second, and so on until the
 * call comes through without getting that far.  The kernel counts for one task
 * (/proc/PID/fail-nth), so the caller and the worker are swept on their own.
 * The flash is in memory: no other driver allocates on the way.  After every
 * fault all slots are locked and a good package installs; after every sweep
 * kmemleak finds nothing.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>

#include "abi_inject.h"

#define POINTS_MAX	2000
#define PATH_SECONDS	1200
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define LEAK_AGE_MS	6000	/* what is younger than 5 s is no leak yet */

static int fail_nth;

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	int ret = fd < 0 ? -errno : 0;

	if (!ret && write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static void set_fail(int fd, u32 n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	/* If this very copy is the one that fails, the count is 0 as well. */
	if (pwrite(fd, text, strlen(text), 0) < 0 && errno != EFAULT)
		err(2, "fail-nth");
}

/* How far the count still had to go; 0: the fault has happened. */
static u32 left_to_fail(int fd)
{
	char text[16] = "";

	/* It counts this copy, too. */
	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		return 1;
	return atoi(text);
}

/* claim_no_leak() - claim that kmemleak finds nothing that is lost */
static void claim_no_leak(const char *name)
{
	char text[400] = "";
	int fd;

	poll(NULL, 0, LEAK_AGE_MS);
	/* It wants to have found them twice. */
	if (write_to(KMEMLEAK, "scan") || write_to(KMEMLEAK, "scan"))
		err(2, KMEMLEAK);
	fd = open(KMEMLEAK, O_RDONLY);
	claim(read(fd, text, sizeof(text) - 1) == 0, text, "%s: no leak", name);
	close(fd);
}

/* What is to be said of a path with @points, if that is a @right number of them. */
static void claim_points(const struct path *path, bool right, u32 points,
			 int ret)
{
	claim(right, "too few, too many, or no end of them",
	      "%s, %u points: it came to its end", path->name, points);
	claim_is(ret, path->want, "%s: undisturbed it does what it should",
		 path->name);
	claim_no_leak(path->name);
}

/*
 * Let @path fail at one point after the other.  Returns how many there are; @ret
 * is what came of the last try, which went through undisturbed.
 */
static u32 points_of(const struct path *path, int count, int *ret)
{
	u32 left = 0, n;

	alarm(PATH_SECONDS);
	for (n = 0; !left && n < POINTS_MAX; n++) {
		path->prepare();
		set_fail(count, n + 1);
		*ret = path->run();
		left = left_to_fail(count);
		set_fail(count, 0);
		path->undo();
		claim_locked(path->name);
		claim_good(path->name);
	}
	return left ? n - 1 : n;
}

/**
 * sweep() - let a call fail at one point after the other
 * @path: the call
 * @count: the file that its count is in: %-1, that of this task
 */
void sweep(const struct path *path, int count)
{
	u32 points, theirs = 0;
	int ret = 0;

	if (count < 0)
		count = fail_nth;
	if (path->like)
		theirs = points_of(path->like, count, &ret);
	points = points_of(path, count, &ret);
	claim_points(path, path->like ? points == theirs :
		     points && points < POINTS_MAX, points, ret);
}

/* Does this thread run work of queues that are bound to no processor. */
static bool is_worker(const char *pid)
{
	char path[280], comm[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (!fgets(comm, sizeof(comm), file))
		comm[0] = '\0';
	fclose(file);
	return !strncmp(comm, "kworker/u", 9);
}

/*
 * Threads of the kernel that may run the worker; their counts.  Which of them
 * will is not known, so each of them gets the same.
 */
static u32 find_workers(int *fd, u32 max)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[280];
	u32 n = 0;

	if (!proc)
		err(2, "/proc");
	while (n < max && (entry = readdir(proc))) {
		if (!is_worker(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/fail-nth",
			 entry->d_name);
		fd[n] = open(path, O_RDWR | O_CLOEXEC);
		n += fd[n] >= 0;
	}
	closedir(proc);
	return n;
}

/**
 * sweep_worker() - the same for what the kernel's threads do during a call
 * @path: the call
 */
void sweep_worker(const struct path *path)
{
	u32 n, i, workers, least = 0;
	int fd[64], ret = 0;

	alarm(PATH_SECONDS);
	for (n = 1; !least && n < POINTS_MAX; n++) {
		path->prepare();
		workers = find_workers(fd, ARRAY_SIZE(fd));
		for (i = 0; i < workers; i++)
			set_fail(fd[i], n);
		ret = path->run();
		least = n;
		for (i = 0; i < workers; i++) {
			if (left_to_fail(fd[i]) < least)
				least = left_to_fail(fd[i]);
			set_fail(fd[i], 0);
			close(fd[i]);
		}
		path->undo();
		claim(least < n, "it did not allocate", "%s: was counted",
		      path->name);
		claim_good(path->name);
	}
	claim_points(path, n > 2 && n < POINTS_MAX, n - 2, ret);
}

static void let_fail(const char *what, const char *knob, const char *value)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", what, knob);
	if (write_to(path, value))
		err(2, "%s", path);
}

/**
 * begin_faults() - fail those that may sleep as well, which are all, and say
 *		    nothing
 */
void begin_faults(void)
{
	let_fail("failslab", "ignore-gfp-wait", "N");
	let_fail("fail_page_alloc", "ignore-gfp-wait", "N");
	let_fail("fail_page_alloc", "min-order", "0");
	let_fail("failslab", "verbose", "0");
	let_fail("fail_page_alloc", "verbose", "0");
	let_fail("fail_usercopy", "verbose", "0");
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		err(2, "fail-nth");
	write_to(KMEMLEAK, "scan");
	write_to(KMEMLEAK, "clear");
}
