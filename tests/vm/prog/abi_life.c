// SPDX-License-Identifier: MIT
/*
 * Sessions that end before their time: closed, killed, silent
 */
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "abi.h"

#define POLL_MS		10
#define WAIT_MAX	3000	/* half a minute */
#define PACE_MS		1300

/* Until a condition holds. */
static bool wait_until(bool (*condition)(void *arg), void *arg)
{
	int i;

	for (i = 0; i < WAIT_MAX; i++) {
		if (condition(arg))
			return true;
		poll(NULL, 0, POLL_MS);
	}
	return false;
}

static bool block_written(void *arg)
{
	struct fwslot_progress p;

	return session_progress(arg, &p) || p.blocks_done || p.reason;
}

static bool in_window(void *arg)
{
	struct fwslot_progress p;

	return session_progress(arg, &p) || p.reason ||
	       p.flags & FWSLOT_PROGRESS_WINDOW;
}

/* Close after @bytes of input @input and all inputs before it. */
static void closed_at(u32 slots, u32 input, u32 bytes, const char *when)
{
	struct flash *before;
	struct session *s;
	int ret = 0;
	u32 i;

	need_b();
	before = flash_take();
	s = session_new(&pkg_a, slots, 0);
	for (i = 0; i < input && !ret; i++)
		ret = session_send(s, i, 0, UINT32_MAX);
	if (!ret && bytes)
		ret = session_send(s, input, 0, bytes);
	claim_is(ret, 0, "%s: data is taken", when);
	session_end(s);
	claim_untouched(before, when);
}

/* Close, or be killed, while the slot is being written. */
static void stopped_in_slot(const char *when)
{
	u32 chunk = pkg_a.m.images[0].chunk_size;
	struct flash *before;
	struct session *s;

	need_b();
	before = flash_take();
	s = session_new(&pkg_a, FWSLOT_SLOTS_ALL, 0);
	claim_is(session_send(s, 0, 0, UINT32_MAX), 0, "%s: bootloader", when);
	claim_is(session_send(s, 1, 0, 3 * chunk), 0, "%s: three chunks", when);
	claim(wait_until(block_written, s), "none is", "%s: a block is written",
	      when);
	session_end(s);
	claim_part_same(before, FWSLOT_PRIMARY, 0, 0, when);
	claim_part_same(before, FWSLOT_BOOTLOADER, 0, 0, when);
	claim_locked(when);
	claim_is(unit_state(FWSLOT_UNIT_SECONDARY), FWSLOT_STATE_INCOMPLETE,
		 "%s: the slot is incomplete", when);
	claim(!flash_holds(FWSLOT_SECONDARY, &(struct blob){
		(u8 *)"FWTESTIM", 8 }), "it could be taken for good",
	      "%s: its head is gone", when);
	flash_drop(before);
}

static int write_and_die(void *arg)
{
	struct session *s = arg;

	*s = *session_new(other_pkg(), SECONDARY, 0);
	session_send(s, 0, 0, 3 * s->pkg->m.images[0].chunk_size);
	wait_until(block_written, s);
	kill(getpid(), SIGKILL);
	return 0;
}

static void killed_in_slot(void)
{
	struct flash *before = flash_take();
	struct session s;

	claim_is(in_child(write_and_die, &s), -ECHILD, "a writer is killed");
	claim_part_same(before, FWSLOT_PRIMARY, 0, 0, "killed writer");
	claim_part_same(before, FWSLOT_BOOTLOADER, 0, 0, "killed writer");
	claim_locked("killed writer");
	claim_is(unit_state(FWSLOT_UNIT_SECONDARY), FWSLOT_STATE_INCOMPLETE,
		 "killed writer: the slot is incomplete");
	flash_drop(before);
}

/* In the window close returns at once, and the kernel goes on alone. */
static void closed_in_window(void)
{
	struct flash *before = flash_take();
	struct session *s = session_new(&pkg_a, BOOTLOADER, 0);
	struct session t;
	int ret;

	flash_speed("erase_us", 300000);
	claim_is(session_feed(s), 0, "window: the bootloader is staged");
	claim(wait_until(in_window, s), "it has not", "window: it has begun");
	close(s->fd);
	ret = session_begin(&t, dev_open(), &pkg_a, SECONDARY,
			    FWSLOT_BEGIN_CHECK);
	claim_refused(ret, t.begin.reason, FWSLOT_REASON_BUSY,
		      "window: close returns, no other session begins");
	close(t.fd);
	claim_is(unit_state(FWSLOT_UNIT_BOOT0), FWSLOT_STATE_WRITING,
		 "window: the bootloader is being written");
	claim_is(wait_free(30), 0, "window: it ends without its writer");
	flash_speed("erase_us", 0);
	claim(flash_holds(FWSLOT_BOOTLOADER, &pkg_a.image[1]), "it is not",
	      "window: the whole bootloader is there");
	claim_is(unit_state(FWSLOT_UNIT_BOOT0), FWSLOT_STATE_VERIFIED,
		 "window: it is verified");
	claim_part_same(before, FWSLOT_PRIMARY, 0, 0, "window");
	claim_part_same(before, FWSLOT_SECONDARY, 0, 0, "window");
	claim_locked("window");
	claim_is(install(&pkg_b, BOOTLOADER, false), 0, "window: and back again");
	flash_drop(before);
	free(s);
}

static int begin_slowly(void *arg)
{
	struct session s;

	(void)arg;
	return session_begin(&s, dev_open(), &pkg_a, FWSLOT_SLOTS_ALL, 0);
}

static bool session_open(void *arg)
{
	(void)arg;
	return device_has(FWSLOT_DEVICE_SESSION);
}

/* The caller of BEGIN is killed while the slots are read. */
static void killed_in_survey(void)
{
	struct flash *before = flash_take();
	struct session s;
	int status, ret;
	pid_t pid;

	flash_speed("read_kbps", 500);
	fflush(stdout);
	pid = fork();
	if (!pid)
		_exit(begin_slowly(NULL) ? 1 : 0);
	claim(wait_until(session_open, NULL), "it has not",
	      "survey: it has begun");
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	flash_speed("read_kbps", 0);
	claim(WIFSIGNALED(status), "it came to its end first",
	      "survey: the caller is killed in it");
	ret = session_begin(&s, dev_open(), &pkg_a, SECONDARY,
			    FWSLOT_BEGIN_CHECK);
	claim_is(ret, 0, "survey: another session begins at once");
	close(s.fd);
	claim_untouched(before, "survey");
}

/**
 * test_life() - sessions that are closed or killed
 */
void test_life(void)
{
	closed_at(SECONDARY, 0, 0, "closed after BEGIN");
	claim_good("closed after BEGIN");
	closed_at(SECONDARY, 0, 30000, "closed within a chunk");
	claim_good("closed within a chunk");
	closed_at(FWSLOT_SLOTS_ALL, 1, 0, "closed after the bootloader");
	claim_good("closed after the bootloader");
	closed_at(FWSLOT_SLOTS_ALL, 1, 30000, "closed within the next chunk");
	claim_good("closed within the next chunk");
	stopped_in_slot("closed within a slot");
	claim_good("closed within a slot");
	killed_in_slot();
	claim_good("killed writer");
	killed_in_survey();
	claim_good("survey");
	closed_in_window();
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* No data comes: the session ends by itself. */
static void silent(u32 flags, u32 bytes, const char *when)
{
	struct flash *before = flash_take();
	struct session *s = session_new(other_pkg(), SECONDARY, flags);
	struct fwslot_progress p;
	long start = now_ms();
	int ret;

	session_send(s, 0, 0, bytes);
	ret = session_finish(s, 0, 20000, &p);
	claim_refused(ret, p.reason, FWSLOT_REASON_IDLE_TIMEOUT,
		      "%s: the session ends", when);
	claim(now_ms() - start >= 900, "it ended too early",
	      "%s: after its time", when);
	claim_is(session_send(s, 0, bytes, 1), -ETIMEDOUT, "%s: no more data",
		 when);
	/* Its file is still open: that keeps nobody else away. */
	claim_is(wait_free(20), 0, "%s: another session can begin", when);
	if (bytes) {
		claim_locked(when);
		flash_drop(before);
	} else {
		claim_untouched(before, when);
	}
	claim_good(when);
	session_end(s);
}

/* A session that is complete, but nobody commits it. */
static void no_commit(void)
{
	const struct pkg *pkg = other_pkg();
	struct session *s = session_new(pkg, SECONDARY, 0);

	session_feed(s);
	claim_is(session_finish_all(s), 0, "no COMMIT: complete");
	claim_is(wait_free(20), 0, "no COMMIT: the session ends");
	claim_is(session_commit(s), -ETIMEDOUT, "no COMMIT: too late");
	session_end(s);
	claim(flash_holds(FWSLOT_SECONDARY, &pkg->image[0]), "it is not",
	      "no COMMIT: the image is there");
	claim_is(unit_state(FWSLOT_UNIT_SECONDARY), FWSLOT_STATE_VERIFIED,
		 "no COMMIT: it is right");
	claim_good("no COMMIT");
}

/**
 * test_idle() - the module was loaded with idle_timeout=1
 */
void test_idle(void)
{
	silent(0, 0, "silence from the start");
	silent(FWSLOT_BEGIN_CHECK, 0, "silence in a check");
	silent(0, 3 * 65536, "silence within a slot");
	no_commit();
}

/*
 * The module was loaded with idle_timeout=3.  A chunk comes every 1.3 s: slow,
 * but never silent for long.
 */
static void slow(const struct pkg *pkg, u32 slots, const char *when)
{
	struct session *s = session_new(pkg, slots, 0);
	const struct blob *img = session_image(s, 0);
	u32 chunk = s->pkg->m.images[0].chunk_size;
	struct fwslot_progress p;
	int ret = 0;
	u32 ofs;

	for (ofs = 0; ofs < img->size && !ret; ofs += chunk) {
		poll(NULL, 0, PACE_MS);
		ret = session_send(s, 0, ofs, chunk);
	}
	claim_is(ret, 0, "%s: all data is taken", when);
	session_progress(s, &p);
	claim_is(p.reason, FWSLOT_REASON_NONE, "%s: the session goes on", when);
	session_end(s);
}

/**
 * test_slow() - data that comes slowly
 */
void test_slow(void)
{
	slow(&pkg_c, BOOTLOADER, "slow bootloader");
	claim_is(wait_free(30), 0, "slow bootloader: it ends");
	need_b();
	slow(&pkg_a, SECONDARY | BOOTLOADER, "slow bootloader for later");
	claim_locked("slow bootloader");
}
