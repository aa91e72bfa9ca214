// SPDX-License-Identifier: MIT
/*
 * Allocations and copies from and to userspace that fail
 *
 * For each call the first of them fails, then the second, and so on until the
 * call comes through without getting that far.  The kernel counts for one task
 * (/proc/PID/fail-nth), so the caller and the worker are swept on their own.
 * The flash is in memory: no other driver allocates on the way.  After every
 * fault all slots are locked and a good package installs; after every sweep
 * kmemleak finds nothing.  Loading the module is not swept: User Mode Linux
 * itself does not live through hundreds of loads that fail.
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "abi.h"

#define POINTS_MAX	2000
#define PATH_SECONDS	1200
#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define LEAK_AGE_MS	6000	/* what is younger than 5 s is no leak yet */
#define PARAMETERS	"product=viper-3000 booted=primary"

/**
 * struct path - a call that is swept
 * @name: of the claims
 * @prepare: done before, without faults
 * @run: the call; 0 or a negative errno
 * @undo: done after, without faults
 * @want: what the call returns when nothing fails
 */
struct path {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	void (*undo)(void);
	int want;
};

static struct session now;
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

static void be_closed(void)
{
	close(now.fd);
	now.fd = -1;
}

static void be_open(void)
{
	now.fd = dev_open();
	now.pkg = other_pkg();
}

static void be_begun(void)
{
	be_open();
	claim_is(session_begin(&now, now.fd, now.pkg, SECONDARY, 0), 0,
		 "a session to disturb begins");
}

static void be_fed(void)
{
	be_begun();
	claim_is(session_feed(&now), 0, "a session to disturb is fed");
}

static void be_finished(void)
{
	be_fed();
	claim_is(session_finish_all(&now), 0, "a session to disturb is done");
}

static void be_writing(void)
{
	be_begun();
	claim_is(session_send(&now, 0, 0, now.pkg->m.images[0].chunk_size), 0,
		 "a session to disturb has a chunk");
}

static int run_open(void)
{
	now.fd = open("/dev/" FWSLOT_DEVICE, O_RDWR | O_CLOEXEC);
	return now.fd < 0 ? -errno : 0;
}

static int run_info(void)
{
	struct fwslot_info info = { .size = sizeof(info) };

	return dev_call(now.fd, FWSLOT_IOC_INFO, &info);
}

static int begin(u32 slots, u32 flags)
{
	static u8 map[FWSLOT_MAP_MAX];

	begin_fill(&now.begin, now.pkg, slots, flags);
	now.begin.map = (uintptr_t)map;
	now.begin.map_size = sizeof(map);
	return dev_call(now.fd, FWSLOT_IOC_BEGIN, &now.begin);
}

static int run_begin(void)
{
	return begin(SECONDARY, 0);
}

static int run_check(void)
{
	return begin(FWSLOT_SLOTS_ALL, FWSLOT_BEGIN_CHECK);
}

static int run_adopt(void)
{
	return begin(SECONDARY, FWSLOT_BEGIN_ADOPT);
}

static int run_write(void)
{
	const struct blob *image = session_image(&now, 0);

	return write(now.fd, image->data, image->size) < 0 ? -errno : 0;
}

static int run_finish(void)
{
	return session_finish(&now, 0, 0, NULL);
}

static int run_commit(void)
{
	return session_commit(&now);
}

static int run_progress(void)
{
	struct fwslot_progress p;

	return session_progress(&now, &p);
}

static int run_verify(void)
{
	struct fwslot_verify v = {
		.size = sizeof(v), .unit = FWSLOT_UNIT_SECONDARY,
	};

	return dev_call(now.fd, FWSLOT_IOC_VERIFY, &v);
}

static int run_seal(void)
{
	return dev_call(now.fd, FWSLOT_IOC_SEAL, NULL);
}

static int run_close(void)
{
	return close(now.fd) ? -errno : 0;
}

static void no_undo(void)
{
	now.fd = -1;
}

static const struct path calls[] = {
	{ "open", no_undo, run_open, be_closed, 0 },
	{ "INFO", be_open, run_info, be_closed, 0 },
	{ "BEGIN", be_open, run_begin, be_closed, 0 },
	{ "BEGIN to check", be_open, run_check, be_closed, 0 },
	{ "BEGIN to adopt", be_open, run_adopt, be_closed, -EPERM },
	{ "write", be_begun, run_write, be_closed, 0 },
	{ "FINISH", be_fed, run_finish, be_closed, 0 },
	{ "COMMIT", be_finished, run_commit, be_closed, 0 },
	{ "PROGRESS", be_begun, run_progress, be_closed, 0 },
	{ "VERIFY", be_open, run_verify, be_closed, 0 },
	{ "close", be_open, run_close, no_undo, 0 },
	{ "close of a session", be_writing, run_close, no_undo, 0 },
};

/* The module goes, and comes without modprobe. */

static int run_load(void)
{
	static int fd = -1;
	struct utsname uts;
	char path[256];

	if (fd < 0) {
		uname(&uts);
		snprintf(path, sizeof(path), "/lib/modules/%s/extra/fwslot.ko",
			 uts.release);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			err(2, "%s", path);
	}
	return syscall(SYS_finit_module, fd, PARAMETERS, 0) ? -errno : 0;
}

static int run_unload(void)
{
	return syscall(SYS_delete_module, "fwslot", O_NONBLOCK) ? -errno : 0;
}

static void be_loaded(void)
{
	int ret = run_load();

	claim(!ret || ret == -EEXIST, "it cannot", "the module is loaded");
}

static const struct path unloading = {
	"unload", be_loaded, run_unload, be_loaded, 0,
};

static const struct path sealing = {
	"SEAL", be_open, run_seal, be_closed, 0,
};

/* A whole session, for the worker. */
static int run_session(void)
{
	int ret = session_begin(&now, now.fd, now.pkg, SECONDARY, 0);

	if (!ret)
		ret = session_feed(&now);
	if (!ret)
		ret = session_finish_all(&now);
	return ret ?: session_commit(&now);
}

static const struct path working = {
	"the worker", be_open, run_session, be_closed, 0,
};

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

/*
 * The last of @tries went through undisturbed, and @ret came of it; two calls
 * need no memory.
 */
static void claim_points(const struct path *path, u32 tries, int ret)
{
	bool none = path->run == run_close || path->run == run_seal;

	claim(none ? tries == 1 : tries > 1 && tries < POINTS_MAX,
	      "too few, or no end of them", "%s, %u points: it came to its end",
	      path->name, tries - 1);
	claim_is(ret, path->want, "%s: undisturbed it does what it should",
		 path->name);
	claim_no_leak(path->name);
}

/* Let the call fail at one point after the other. */
static void sweep(const struct path *path)
{
	u32 left = 0, n;
	int ret = 0;

	alarm(PATH_SECONDS);
	for (n = 1; !left && n < POINTS_MAX; n++) {
		path->prepare();
		set_fail(fail_nth, n);
		ret = path->run();
		left = left_to_fail(fail_nth);
		set_fail(fail_nth, 0);
		path->undo();
		claim_locked(path->name);
		claim_good(path->name);
	}
	claim_points(path, n - 1, ret);
}

/*
 * Threads of the kernel that may run the worker; their counts.  Which of them
 * will is not known, so each of them gets the same.
 */
static u32 find_workers(int *fd, u32 max)
{
	char path[64], comm[32] = "";
	u32 pid, n = 0;
	FILE *file;

	for (pid = 2; pid < 1000 && n < max; pid++) {
		snprintf(path, sizeof(path), "/proc/%u/comm", pid);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (!fgets(comm, sizeof(comm), file))
			comm[0] = '\0';
		fclose(file);
		if (strncmp(comm, "kworker/u", 9))
			continue;
		snprintf(path, sizeof(path), "/proc/%u/fail-nth", pid);
		fd[n] = open(path, O_RDWR | O_CLOEXEC);
		n += fd[n] >= 0;
	}
	return n;
}

static void sweep_worker(const struct path *path)
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
	claim_points(path, n - 1, ret);
}

static void let_fail(const char *what, const char *knob, const char *value)
{
	char path[80];

	snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", what, knob);
	if (write_to(path, value))
		err(2, "%s", path);
}

/* Fail those that may sleep as well, which are all, and say nothing. */
static void begin_faults(void)
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

/**
 * test_faults() - calls of a session
 */
void test_faults(void)
{
	size_t i;

	begin_faults();
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		sweep(&calls[i]);
}

/**
 * test_worker_faults() - the worker's side of a session
 */
void test_worker_faults(void)
{
	begin_faults();
	sweep_worker(&working);
}

/**
 * test_end_faults() - the module goes, comes back, and is sealed at last
 */
void test_end_faults(void)
{
	begin_faults();
	sweep(&unloading);
	sweep(&sealing);
}
