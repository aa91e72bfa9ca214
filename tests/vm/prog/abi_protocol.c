// SPDX-License-Identifier: MIT
/*
 * The order of calls: without a session, too early, too late, twice, from two
 * files, from two processes
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

#include "abi.h"

#define RACERS		4
#define COMMITS		40
#define AWAIT_MS	5
#define AWAIT_MAX	6000

static void without_session(void)
{
	struct fwslot_progress p = { .size = sizeof(p) };
	struct fwslot_finish finish = { .size = sizeof(finish) };
	int fd = dev_open();
	u8 byte = 0;

	claim_is(write(fd, &byte, 1) < 0 ? -errno : 0, -EINVAL,
		 "write(2) without a session");
	claim_is(dev_call(fd, FWSLOT_IOC_FINISH, &finish), -EINVAL,
		 "FINISH without a session");
	claim_is(dev_call(fd, FWSLOT_IOC_COMMIT, &p), -EINVAL,
		 "COMMIT without a session");
	claim_is(dev_call(fd, FWSLOT_IOC_PROGRESS, &p), -EINVAL,
		 "PROGRESS without a session");
	close(fd);
}

static int finish_reserved(struct session *s)
{
	struct fwslot_finish arg = {
		.size = sizeof(arg), .timeout_ms = 50, .reserved = 1,
	};

	return dev_call(s->fd, FWSLOT_IOC_FINISH, &arg);
}

static void finish_args(struct session *s)
{
	struct fwslot_progress p;
	u32 steps = s->begin.n_steps;

	claim_is(steps, 1, "the plan has one step");
	claim_is(session_finish(s, steps, 1, NULL), -EINVAL,
		 "FINISH of the step behind the last");
	claim_is(session_finish(s, UINT32_MAX, 1, NULL), -EINVAL,
		 "FINISH of step 4 Gi - 1");
	claim_is(finish_reserved(s), -EINVAL, "FINISH with a reserved field");
	claim_is(session_finish(s, 0, 50, &p), -ETIME,
		 "FINISH: the time is over");
	claim_is(p.phase, FWSLOT_PHASE_STAGE, "FINISH: fills in the progress");
	claim_is(p.size, sizeof(p), "FINISH: and its size");
	claim_is(session_commit(s), -EBUSY, "COMMIT too early");
}

static int verify(int fd, u32 unit, u32 flags, struct fwslot_verify *arg)
{
	memset(arg, 0, sizeof(*arg));
	arg->size = sizeof(*arg);
	arg->unit = unit;
	arg->flags = flags;
	return dev_call(fd, FWSLOT_IOC_VERIFY, arg);
}

static void verify_args(void)
{
	struct fwslot_verify v;
	int fd = dev_open();

	claim_is(verify(fd, FWSLOT_UNITS, 0, &v), -EINVAL,
		 "VERIFY of the unit behind the last");
	claim_is(verify(fd, UINT32_MAX, 0, &v), -EINVAL,
		 "VERIFY of unit 4 Gi - 1");
	claim_is(verify(fd, 0, 1, &v), -EINVAL, "VERIFY with a flag");
	claim_is(verify(fd, FWSLOT_UNIT_BOOT1, 0, &v), -ENODEV,
		 "VERIFY of a unit that is not there");
	claim_is(v.state, FWSLOT_STATE_ABSENT, "VERIFY: it is absent");
	claim_is(verify(fd, FWSLOT_UNIT_PRIMARY, 0, &v), 0, "VERIFY");
	claim_is(v.state, FWSLOT_STATE_VERIFIED, "VERIFY: it is right");
	close(fd);
}

static void second_file(struct session *s)
{
	int fd = dev_open();
	struct fwslot_verify v;
	struct fwslot_progress p;
	struct session t;
	int ret;

	ret = session_begin(&t, fd, &pkg_b, SECONDARY, 0);
	claim_refused(ret, t.begin.reason, FWSLOT_REASON_BUSY,
		      "a second session on another file");
	ret = session_begin(&t, fd, &pkg_b, SECONDARY, FWSLOT_BEGIN_CHECK);
	claim_refused(ret, t.begin.reason, FWSLOT_REASON_BUSY,
		      "a second session that only checks");
	ret = verify(fd, 0, 0, &v);
	claim_refused(ret, v.reason, FWSLOT_REASON_BUSY,
		      "VERIFY during a session");
	claim_is(write(fd, "", 1) < 0 ? -errno : 0, -EINVAL,
		 "write(2) to the other file");
	claim_is(session_progress(&t, &p), -EINVAL,
		 "PROGRESS of the other file");
	close(fd);
	claim_is(session_progress(s, &p), 0, "the first session goes on");
	claim_is(p.reason, FWSLOT_REASON_NONE, "it was not disturbed");
}

/* The second BEGIN on a file aborts its first session. */
static void same_file(struct session *s)
{
	struct fwslot_progress p;
	struct session t;

	claim_is(session_send(s, 0, 0, 70000), 0, "some data");
	claim_is(session_begin(&t, s->fd, &pkg_b, FWSLOT_SLOTS_ALL,
			       FWSLOT_BEGIN_CHECK), 0,
		 "a second session on the same file");
	claim_is(session_feed(&t), 0, "it starts at its first byte");
	claim_is(session_finish_all(&t), 0, "it comes to its end");
	claim_is(session_commit(&t), 0, "it is committed");
	claim_is(session_progress(&t, &p), 0, "PROGRESS of the last session");
	claim_is(p.phase, FWSLOT_PHASE_DONE, "it is done");
}

/* The header: the session is over when COMMIT returns 0. */
static void after_commit(void)
{
	struct session *s = session_new(other_pkg(), SECONDARY, 0);

	session_feed(s);
	claim_is(session_finish_all(s), 0, "a session is complete");
	claim_is(session_commit(s), 0, "and committed");
	claim_is(session_commit(s), -EINVAL, "COMMIT after COMMIT");
	claim_is(write(s->fd, "", 1) < 0 ? -errno : 0, -EINVAL,
		 "write(2) after COMMIT");
	session_end(s);
}

/* All steps are complete: COMMIT must not find anything left to do. */
static void commit_at_once(void)
{
	struct session *s;
	int i, ret = 0;

	for (i = 0; i < COMMITS && !ret; i++) {
		s = session_new(&pkg_a, BOOTLOADER, FWSLOT_BEGIN_CHECK);
		ret = session_feed(s);
		if (!ret)
			ret = session_finish_all(s);
		if (!ret)
			ret = session_commit(s);
		session_end(s);
	}
	claim_is(ret, 0, "COMMIT right after FINISH, try %d", i);
}

static void duplicates(void)
{
	struct flash *before = flash_take();
	const struct pkg *pkg = other_pkg();
	struct session *s = session_new(pkg, SECONDARY, 0);
	struct fwslot_progress p;
	int fd = s->fd;

	flash_drop(before);
	s->fd = dup(fd);
	close(fd);
	claim_is(session_progress(s, &p), 0, "dup: outlives the first file");
	claim_is(session_feed(s), 0, "dup: takes the data");
	claim_is(session_finish_all(s), 0, "dup: comes to its end");
	claim_is(session_commit(s), 0, "dup: is committed");
	session_end(s);
	claim(flash_holds(FWSLOT_SECONDARY, &pkg->image[0]), "it is not there",
	      "dup: the image is there");
}

/* A child has its own credentials, even if they are equal. */
static int write_byte(void *arg)
{
	const struct session *s = arg;

	return write(s->fd, s->pkg->image[0].data, 1) < 0 ? -errno : 0;
}

static void forked(void)
{
	const struct pkg *pkg = other_pkg();
	struct session *s = session_new(pkg, SECONDARY, 0);

	claim_is(in_child(write_byte, s), -EPERM, "write(2) in a child");
	claim_is(session_feed(s), 0, "the child has not taken part");
	claim_is(session_finish_all(s), 0, "nor ended the session");
	claim_is(session_commit(s), 0, "which is committed");
	session_end(s);
	claim(flash_holds(FWSLOT_SECONDARY, &pkg->image[0]), "it is not there",
	      "fork: the image is there");
}

/* Until a child has said something. */
static void await(const volatile int *result)
{
	int i;

	for (i = 0; !*result && i < AWAIT_MAX; i++)
		poll(NULL, 0, AWAIT_MS);
}

/* Many at once: one gets it. */
static void try_race(void)
{
	int *result = page(RACERS * sizeof(*result));
	struct session s;
	pid_t pid[RACERS];
	int start[2], hold[2], won = 0, busy = 0, i;
	char c;

	if (pipe2(start, O_CLOEXEC) || pipe2(hold, O_CLOEXEC))
		err(2, "pipe");
	fflush(stdout);
	for (i = 0; i < RACERS; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		close(start[1]);
		close(hold[1]);
		if (read(start[0], &c, 1))
			_exit(1);
		result[i] = session_begin(&s, dev_open(), &pkg_a, SECONDARY,
					  FWSLOT_BEGIN_CHECK) ?: 1;
		/* Who has it keeps it until all have tried. */
		while (result[i] == 1 && read(hold[0], &c, 1) < 0)
			;
		_exit(0);
	}
	close(start[1]);
	for (i = 0; i < RACERS; i++)
		await(&result[i]);
	close(hold[1]);
	for (i = 0; i < RACERS; i++) {
		waitpid(pid[i], NULL, 0);
		won += result[i] == 1;
		busy += result[i] == -EBUSY;
	}
	close(start[0]);
	close(hold[0]);
	claim_is(won, 1, "race: one of %d gets a session", RACERS);
	claim_is(busy, RACERS - 1, "race: the others are told so");
}

/**
 * test_protocol() - the order of calls
 */
void test_protocol(void)
{
	struct flash *before;
	struct session *s;

	need_b();
	before = flash_take();
	without_session();
	verify_args();
	s = session_new(&pkg_a, SECONDARY, 0);
	finish_args(s);
	second_file(s);
	session_end(s);
	s = session_new(&pkg_a, BOOTLOADER, 0);
	same_file(s);
	session_end(s);
	try_race();
	claim_untouched(before, "protocol");
	commit_at_once();
	after_commit();
	duplicates();
	forked();
	claim_good("protocol");
}
