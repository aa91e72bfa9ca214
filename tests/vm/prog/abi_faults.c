// SPDX-License-Identifier: MIT
/*
 * Allocations and user copies that fail in the calls of a session: see
 * abi_inject.c
 */
#include <err.h>
#include <fcntl.h>

#include "abi_inject.h"

static struct session now;

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

static int run_close(void)
{
	return close(now.fd) ? -errno : 0;
}

static void no_undo(void)
{
	now.fd = -1;
}

static void be_other(void)
{
	now.fd = open("/dev/null", O_RDWR | O_CLOEXEC);
}

/* With KASAN, 6.12 allocates to free a file later. */
static const struct path other_close = {
	"close of another file", be_other, run_close, no_undo, 0, NULL,
};

static const struct path calls[] = {
	{ "open", no_undo, run_open, be_closed, 0, NULL },
	{ "INFO", be_open, run_info, be_closed, 0, NULL },
	{ "BEGIN", be_open, run_begin, be_closed, 0, NULL },
	{ "BEGIN to check", be_open, run_check, be_closed, 0, NULL },
	{ "BEGIN to adopt", be_open, run_adopt, be_closed, -EPERM, NULL },
	{ "write", be_begun, run_write, be_closed, 0, NULL },
	{ "FINISH", be_fed, run_finish, be_closed, 0, NULL },
	{ "COMMIT", be_finished, run_commit, be_closed, 0, NULL },
	{ "PROGRESS", be_begun, run_progress, be_closed, 0, NULL },
	{ "VERIFY", be_open, run_verify, be_closed, 0, NULL },
	{ "close", be_open, run_close, no_undo, 0, &other_close },
	{ "close of a session", be_writing, run_close, no_undo, 0,
	  &other_close },
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
	"the worker", be_open, run_session, be_closed, 0, NULL,
};

/* One that is closed when it has got a chunk. */
static int run_aborted(void)
{
	int ret = session_begin(&now, now.fd, now.pkg, SECONDARY, 0);

	if (!ret)
		ret = session_send(&now, 0, 0, now.pkg->m.images[0].chunk_size);
	be_closed();
	return ret;
}

static const struct path aborting = {
	"the worker of a session that is closed", be_open, run_aborted, no_undo,
	0, NULL,
};

/**
 * test_faults() - calls of a session
 */
void test_faults(void)
{
	size_t i;

	begin_faults();
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		sweep(&calls[i], -1);
}

/**
 * test_worker_faults() - the worker's side of a session
 */
void test_worker_faults(void)
{
	begin_faults();
	sweep_worker(&working);
	sweep_worker(&aborting);
}
