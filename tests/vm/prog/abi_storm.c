// SPDX-License-Identifier: MIT
/*
 * Calls in any order, with arguments of all kinds, from many threads at once
 *
 * A grammar for callers: what may come next in a session comes more often than
 * what must be refused, so that sessions get far, and every call can come after
 * every other.  Half of the files belong to one thread, the other half to all.
 * Signals interrupt the calls.  $STORM_SECONDS is how long; if no call of a kind
 * was refused, or each, it goes on.  $STORM_SEED repeats the calls of each thread,
 * though not what they meet.  What the kernel complains of the story finds.
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "abi.h"

#define THREADS		8
#define SHARED		4
#define PAGE_BYTES	4096
#define SIGNAL_MS	50
#define STAY_MAX	60
#define CALL_WRITE	0
#define END_SECONDS	60
#define MORE_SECONDS	180

/**
 * struct port - a file, and what this thread believes of its session
 * @fd: the file, or -1
 * @session: as this thread began it
 * @input: the input that is being sent
 * @ofs: offset in its image
 */
struct port {
	atomic_int *fd;
	struct session session;
	u32 input;
	u32 ofs;
};

/**
 * struct caller - a thread
 * @id: the thread
 * @random: state of its random numbers
 * @fd: the file of its own
 * @own: with this file
 * @guess: with one that others use, too
 * @stay: calls that it makes before it turns to another file
 * @page: memory for arguments, nothing behind it
 * @tried: calls, by kind
 * @good: how many of these were not refused
 */
struct caller {
	pthread_t id;
	u64 random;
	atomic_int fd;
	struct port own;
	struct port guess;
	u32 stay;
	u8 *page;
	atomic_ullong tried[16];
	atomic_ullong good[16];
};

static struct caller callers[THREADS];
static atomic_int shared[SHARED];
static atomic_bool calm, alone;

/* xorshift64 of George Marsaglia, "Xorshift RNGs", 2003 */
static u32 below(struct caller *c, u32 limit)
{
	c->random ^= c->random << 13;
	c->random ^= c->random >> 7;
	c->random ^= c->random << 17;
	return (c->random >> 32) % limit;
}

static const struct pkg *any_pkg(struct caller *c)
{
	static const struct pkg *const pkgs[] = { &pkg_a, &pkg_b, &pkg_c };

	return pkgs[below(c, ARRAY_SIZE(pkgs))];
}

/* Mostly the one that the device does not run from. */
static u32 any_slots(struct caller *c)
{
	return below(c, 4) ? SECONDARY : 1 + below(c, FWSLOT_SLOTS_ALL);
}

/* Once the running system was replaced, only that release can be installed. */
static bool commits(struct caller *c, const struct port *p)
{
	return p->session.begin.slots == SECONDARY || !below(c, 64);
}

/* One call of eight has a wrong byte somewhere. */
static void spoil(struct caller *c, void *arg, u32 from, u32 to)
{
	if (!below(c, 8))
		((u8 *)arg)[from + below(c, to - from)] ^= 1 + below(c, 255);
}

static int do_open(struct caller *c, struct port *p)
{
	int fd = open("/dev/" FWSLOT_DEVICE, O_RDWR | O_CLOEXEC);
	int ret = fd < 0 ? -errno : 0;
	int old = atomic_exchange(p->fd, fd);

	(void)c;
	if (old >= 0)
		close(old);
	return ret;
}

static int do_close(struct caller *c, struct port *p)
{
	int old = atomic_exchange(p->fd, -1);

	(void)c;
	return close(old) ? -errno : 0;
}

/* What points to memory that is written stays as it is. */
static int do_begin(struct caller *c, struct port *p)
{
	static const u32 flags[] = {
		0, 0, 0, FWSLOT_BEGIN_CHECK, FWSLOT_BEGIN_CHECK,
		FWSLOT_BEGIN_ADOPT, FWSLOT_BEGIN_FORCE, UINT32_MAX,
	};
	struct session s = { .fd = atomic_load(p->fd), .pkg = any_pkg(c) };
	struct fwslot_begin *b = &s.begin;
	int ret;

	begin_fill(b, s.pkg, any_slots(c),
		   flags[below(c, ARRAY_SIZE(flags))]);
	b->map = below(c, 4) ? (uintptr_t)c->page : below(c, 2);
	b->map_size = below(c, 4) ? PAGE_BYTES : below(c, PAGE_BYTES);
	spoil(c, b, 0, offsetof(struct fwslot_begin, map));
	if (!below(c, 8))
		b->signature = (uintptr_t)any_pkg(c)->signature.data;
	ret = dev_call(s.fd, FWSLOT_IOC_BEGIN, b);
	if (!ret)
		*p = (struct port) { .fd = p->fd, .session = s };
	return ret;
}

static int do_write(struct caller *c, struct port *p)
{
	static const u32 lens[] = { 1, 1000, 65536, 65536, 262144 };
	const struct blob *img;
	u32 len = lens[below(c, ARRAY_SIZE(lens))];
	ssize_t n;

	if (!p->session.pkg)
		return -EINVAL;
	img = session_image(&p->session, p->input % FWSLOT_INPUTS_MAX);
	if (!below(c, 64))
		p->ofs = below(c, img->size);
	n = write(atomic_load(p->fd), below(c, 32) ? img->data + p->ofs : NULL,
		  len > img->size - p->ofs ? img->size - p->ofs : len);
	if (n < 0)
		return -errno;
	p->ofs += n;
	if (p->ofs == img->size) {
		p->ofs = 0;
		p->input++;
	}
	return 0;
}

/* The way through, as long as it is one. */
static int do_install(struct caller *c, struct port *p)
{
	struct session *s = &p->session;
	u32 i;
	int ret;

	ret = session_begin(s, atomic_load(p->fd), any_pkg(c), any_slots(c), 0);
	if (!ret)
		ret = session_feed(s);
	for (i = 0; i < s->begin.n_steps && !ret; i++)
		ret = session_finish(s, i, 2000, NULL);
	return ret || !commits(c, p) ? ret : session_commit(s);
}

static int do_finish(struct caller *c, struct port *p)
{
	struct fwslot_finish arg = {
		.size = sizeof(arg), .step = below(c, FWSLOT_STEPS_MAX),
		.timeout_ms = 1 + below(c, 20),
	};

	/* Not the time: nobody else might end what this would wait for. */
	spoil(c, &arg, 0, offsetof(struct fwslot_finish, timeout_ms));
	return dev_call(atomic_load(p->fd), FWSLOT_IOC_FINISH, &arg);
}

static int do_commit(struct caller *c, struct port *p)
{
	struct fwslot_progress arg = { .size = sizeof(arg) };

	if (!commits(c, p))
		return -EBUSY;
	spoil(c, &arg, 0, sizeof(arg));
	return dev_call(atomic_load(p->fd), FWSLOT_IOC_COMMIT, &arg);
}

static int do_progress(struct caller *c, struct port *p)
{
	struct fwslot_progress arg = { .size = sizeof(arg) };

	spoil(c, &arg, 0, sizeof(arg));
	return dev_call(atomic_load(p->fd), FWSLOT_IOC_PROGRESS, &arg);
}

static int do_info(struct caller *c, struct port *p)
{
	struct fwslot_info arg = { .size = sizeof(arg) };

	spoil(c, &arg, 0, sizeof(arg));
	return dev_call(atomic_load(p->fd), FWSLOT_IOC_INFO, &arg);
}

static int do_verify(struct caller *c, struct port *p)
{
	struct fwslot_verify arg = {
		.size = sizeof(arg), .unit = below(c, FWSLOT_UNITS),
	};

	spoil(c, &arg, 0, sizeof(arg));
	return dev_call(atomic_load(p->fd), FWSLOT_IOC_VERIFY, &arg);
}

/* Any ioctl but SEAL, which would be the last of the fun, with any argument. */
static int do_noise(struct caller *c, struct port *p)
{
	u32 nr = below(c, 256), i;
	u8 *arg = c->page + PAGE_BYTES - (below(c, 2) ? below(c, 400) : 400);

	if (nr == _IOC_NR(FWSLOT_IOC_SEAL) || nr == _IOC_NR(FWSLOT_IOC_FINISH))
		nr = _IOC_NR(FWSLOT_IOC_PROGRESS);
	for (i = 0; i < 400 && arg + i < c->page + PAGE_BYTES; i++)
		arg[i] = below(c, 4) ? 0 : below(c, 256);
	return dev_call(atomic_load(p->fd),
			_IOC(below(c, 4), FWSLOT_IOC_MAGIC, nr, below(c, 512)),
			below(c, 8) ? arg : NULL);
}

/* Kinds of calls, and how often each is made. */
static const struct {
	const char *name;
	int (*run)(struct caller *c, struct port *p);
	u32 weight;
	bool succeeds;
} calls[] = {
	[CALL_WRITE] = { "write", do_write, 16, true },
	{ "open", do_open, 2, true },
	{ "begin", do_begin, 8, true },
	{ "finish", do_finish, 4, false },
	{ "commit", do_commit, 2, false },
	{ "install", do_install, 2, true },
	{ "close", do_close, 1, true },
	{ "progress", do_progress, 2, true },
	{ "info", do_info, 2, true },
	{ "verify", do_verify, 2, true },
	{ "noise", do_noise, 4, false },
};

/* A session is rather fed than looked after in another way. */
static u32 any_call(struct caller *c)
{
	u32 i, at, sum = 0;

	if (c->stay && below(c, 4))
		return CALL_WRITE;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		sum += calls[i].weight;
	at = below(c, sum);
	for (i = 0; at >= calls[i].weight; i++)
		at -= calls[i].weight;
	return i;
}

/* Who has a session stays with it for a while. */
static struct port *any_port(struct caller *c, struct port *last)
{
	if (c->stay) {
		c->stay--;
		return last;
	}
	c->guess.fd = &shared[below(c, SHARED)];
	return below(c, 2) ? &c->own : &c->guess;
}

static void *call_on(void *arg)
{
	struct caller *c = arg;
	struct port *p = &c->own;
	bool good;
	u32 kind;

	while (!atomic_load(&calm)) {
		if (atomic_load(&alone) && c != callers) {
			do_close(c, &c->own);
			poll(NULL, 0, SIGNAL_MS);
			continue;
		}
		p = any_port(c, p);
		kind = any_call(c);
		good = !calls[kind].run(c, p);
		if (good && calls[kind].run == do_begin)
			c->stay = below(c, STAY_MAX);
		c->tried[kind]++;
		c->good[kind] += good;
		/* Let those work who are not refused. */
		if (!good)
			poll(NULL, 0, below(c, 3));
	}
	return NULL;
}

static void interrupt(int signal)
{
	(void)signal;
}

/* The byte behind the page is nobody's. */
static u8 *lone_page(void)
{
	u8 *memory = page(2 * PAGE_BYTES);

	if (munmap(memory + PAGE_BYTES, PAGE_BYTES))
		err(2, "munmap");
	return memory;
}

static void start(u64 seed)
{
	struct sigaction action = { .sa_handler = interrupt };
	struct caller *c;

	sigaction(SIGUSR1, &action, NULL);
	for (c = callers; c < callers + THREADS; c++) {
		c->random = (seed + 1) * 0x9e3779b97f4a7c15ULL + (c - callers);
		c->fd = -1;
		c->own.fd = &c->fd;
		c->guess.fd = shared;
		c->page = lone_page();
		if (pthread_create(&c->id, NULL, call_on, c))
			errx(2, "no thread");
	}
}

/* How often calls of a kind were made, and how often they were not refused. */
static void count(u32 kind, u64 *tried, u64 *good)
{
	u32 n;

	*tried = 0;
	*good = 0;
	for (n = 0; n < THREADS; n++) {
		*tried += atomic_load(&callers[n].tried[kind]);
		*good += atomic_load(&callers[n].good[kind]);
	}
}

/* Refused and not; an open need not be refused, and some calls need not succeed. */
static bool seen(u32 kind)
{
	u64 tried, good;

	count(kind, &tried, &good);
	return tried && (good || !calls[kind].succeeds) &&
	       (good < tried || calls[kind].run == do_open);
}

static bool all_seen(void)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(calls) && seen(i); i++)
		;
	return i == ARRAY_SIZE(calls);
}

/*
 * Let it blow; each 50 ms a thread is interrupted.  On a slow machine eight leave
 * no way through to each other, so what was not seen then one does alone.
 */
static void blow(u32 seconds, bool each)
{
	time_t end = time(NULL) + seconds;
	time_t last = end + MORE_SECONDS;
	u32 n = 0;

	while (time(NULL) < end || (each && !all_seen() && time(NULL) < last)) {
		atomic_store(&alone, time(NULL) >= end);
		poll(NULL, 0, SIGNAL_MS);
		pthread_kill(callers[n++ % THREADS].id, SIGUSR1);
	}
}

static u32 end_all(void)
{
	struct timespec until;
	u32 i, ended = 0;

	atomic_store(&calm, true);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += END_SECONDS;
	for (i = 0; i < THREADS; i++)
		ended += !pthread_timedjoin_np(callers[i].id, NULL, &until);
	return ended;
}

static void claim_calls(bool each)
{
	u64 tried, good;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		count(i, &tried, &good);
		printf("# %s: %llu calls, %llu not refused\n", calls[i].name,
		       (unsigned long long)tried, (unsigned long long)good);
		claim(!each || seen(i), "it always was, or never",
		      "storm: %s is refused now and then", calls[i].name);
	}
}

static u32 number(const char *name, u32 otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

/**
 * test_storm() - calls from all sides; with $STORM_CHURN=1 flash and module may
 *		  come and go, and every call may be refused each time
 */
void test_storm(void)
{
	u32 seconds = number("STORM_SECONDS", 10), i;
	u32 seed = number("STORM_SEED", time(NULL));
	bool each = !number("STORM_CHURN", 0);

	alarm(seconds + MORE_SECONDS + 2 * END_SECONDS);
	printf("# storm: seed %u, %u threads, %u s\n", seed, THREADS, seconds);
	for (i = 0; i < SHARED; i++)
		shared[i] = -1;
	start(seed);
	blow(seconds, each);
	claim_is(end_all(), THREADS, "storm: all threads come to their end");
	claim_calls(each);
}

static bool holds_any(u32 part)
{
	u32 image = part == FWSLOT_BOOTLOADER;

	return flash_holds(part, &pkg_a.image[image]) ||
	       flash_holds(part, &pkg_b.image[image]) ||
	       flash_holds(part, &pkg_c.image[image]);
}

/**
 * test_calm() - what must hold after a storm
 *
 * Only the release that a session left to be booted can be installed.
 */
void test_calm(void)
{
	const struct pkg *pkgs[] = { &pkg_a, &pkg_b, &pkg_c };
	int ret = -EBUSY;
	u32 i;

	wait_free(END_SECONDS);
	claim_locked("calm");
	claim(holds_any(FWSLOT_BOOTLOADER), "it is not",
	      "calm: the bootloader is whole");
	claim(holds_any(FWSLOT_PRIMARY) || holds_any(FWSLOT_SECONDARY),
	      "none is", "calm: a system is whole");
	for (i = 0; i < ARRAY_SIZE(pkgs) && ret; i++)
		ret = install(pkgs[i], FWSLOT_SLOTS_ALL, true);
	claim_is(ret, 0, "calm: a good package installs");
	claim(!ret && flash_holds(FWSLOT_PRIMARY, &pkgs[i - 1]->image[0]) &&
	      flash_holds(FWSLOT_SECONDARY, &pkgs[i - 1]->image[0]) &&
	      flash_holds(FWSLOT_BOOTLOADER, &pkgs[i - 1]->image[1]),
	      "it does not", "calm: the flash holds it");
	claim_locked("calm again");
}
