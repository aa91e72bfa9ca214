// SPDX-License-Identifier: MIT
/*
 * sweep.c - cuts the power at every flash step, and looks what comes of it
 *
 * The work is shared among processes: each plays all cases, but only its share
 * of the first events.
 */
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sweep.h"

/* What the sweep promises. */
#define LEAST_CHECK	23000
#define LEAST_TWO	400000

/* One in so many second cuts, but on the small board, where it is all of them. */
#define STRIDE_TWO	150

/**
 * struct request - the command line
 * @todo: what to do
 * @jobs: processes
 * @least: cuts there must be; 0: as many as the sweep promises
 * @three: histories with three cuts
 * @seed: for those
 * @stride: of second cuts one in so many is taken; 0: as the sweep does it
 * @id: history to play again
 * @refused: file with the cases that are refused from the start
 * @only: only cases whose id begins with this
 * @verbose: see struct player
 */
struct request {
	enum { CHECK, TWO, THREE, LIST, LIST_REFUSED, REPLAY } todo;
	u32 jobs;
	u64 least;
	u64 three;
	u32 seed;
	u32 stride;
	const char *id;
	const char *only;
	const char *refused;
	int verbose;
};

static struct sweep_case cases[CASES_MAX];
static u32 n_cases;

static char *case_id(const struct sweep_case *c, char *id)
{
	struct history h = { .c = c };

	return history_id(&h, id);
}

/* Leave only the cases that were asked for. */
static void choose(const struct request *req)
{
	char id[ID_MAX];
	u32 i, n = 0;

	for (i = 0; i < n_cases; i++)
		if (!req->only || !strncmp(case_id(&cases[i], id), req->only,
					   strlen(req->only)))
			cases[n++] = cases[i];
	n_cases = n;
	if (!n)
		errx(2, "no such case");
}

/* One event at each step, until there is none; true if it struck. */
static bool play_stop(struct player *p)
{
	struct event *e = &p->script.event[0];
	u64 before = p->struck;

	play(p);
	e->step += p->shards;
	return p->struck != before;
}

/* The retries without a reboot, with both ways to go on. */
static void play_stops(const struct request *req, struct player *p)
{
	struct event *e = &p->script.event[0];
	struct command opposite;
	u32 minds = 1 + (!case_brief(p->script.c) &&
			 case_opposite(p->script.c, &opposite));
	u32 i;

	p->mode[0] = PLAY_ONE;
	p->mode[1] = req->todo == TWO ? PLAY_CUTS : PLAY_NONE;
	for (i = 0; i < minds; i++) {
		e->mind = i;
		for (e->kind = EVENT_KILL; e->kind < EVENTS; e->kind++) {
			e->step = 1 + p->shard;
			while (play_stop(p))
				;
		}
	}
}

/* A case that cannot even begin is not finished. */
static void check_refused(const struct sweep_case *c, u32 refused)
{
	char id[ID_MAX];

	if (refused == c->refused)
		return;
	tally->unfinished++;
	printf("UNFINISHED %s: from the start %s, must be %s\n",
	       case_id(c, id), fwslot_reason_word(refused),
	       fwslot_reason_word(c->refused));
	fflush(stdout);
}

static void play_case(const struct request *req, struct player *p)
{
	bool small = !strcmp(p->script.c->board->name, "small");
	u32 refused;

	memset(p->mode, 0, sizeof(p->mode));
	p->mode[0] = PLAY_CUTS;
	if (req->todo == TWO)
		p->mode[1] = PLAY_CUTS;
	p->stride = STRIDE_TWO;
	if (small && case_key(p->script.c))
		p->stride = 1;
	if (req->stride)
		p->stride = req->stride;
	play(p);
	refused = p->refused;
	if (!p->shard && refused)
		tally->refused++;
	else if (!p->shard)
		tally->played++;
	if (!p->shard && req->refused)
		check_refused(p->script.c, refused);
	if (!refused)
		play_stops(req, p);
}

static void tell(const char *what, u64 n, u64 all)
{
	fprintf(stderr, "\r%llu of %llu %s ", (unsigned long long)n,
		(unsigned long long)all, what);
	if (n == all)
		fputc('\n', stderr);
}

static void play_all(const struct request *req, struct player *p)
{
	u32 i;

	for (i = 0; i < n_cases; i++) {
		p->script.c = &cases[i];
		play_case(req, p);
		if (!p->shard)
			tell("cases", i + 1, n_cases);
	}
}

/* splitmix64, by Vigna; public domain */
static u64 next_random(u64 *state)
{
	u64 z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static u32 below(u64 *state, u32 n)
{
	return next_random(state) % n;
}

/*
 * Three power cuts somewhere, and before the last of them now and then an event
 * that does not cut the power.  What is left to do gets less with each.
 */
static void random_script(struct history *h, u32 steps, u64 *rnd)
{
	u32 extra = below(rnd, 6);
	struct event *e;
	u32 at = 0;

	h->n = extra < 3 ? 4 : 3;
	for (e = h->event; e < h->event + h->n; e++) {
		e->step = 1 + below(rnd, steps - at > 8 ? steps - at : 8);
		at += e->step / 2;
		e->kind = below(rnd, FLASHSIM_DAMAGES);
		if (e - h->event == extra)
			e->kind = EVENT_KILL + below(rnd, EVENTS - EVENT_KILL);
		e->seed = 1 + below(rnd, 1000000);
		e->mind = !below(rnd, 4);
	}
}

/* Flash steps of each case when nothing happens; none: it is refused. */
static void measure(struct player *p, u32 *steps)
{
	u32 i;

	for (i = 0; i < n_cases; i++) {
		p->script.c = &cases[i];
		steps[i] = play(p);
		if (p->refused)
			steps[i] = 0;
	}
}

static void play_random(const struct request *req, struct player *p)
{
	u64 rnd = req->seed + p->shard * 0x1234567ULL;
	u64 want = req->three / p->shards + 1;
	static u32 steps[CASES_MAX];
	u32 i, n;

	measure(p, steps);
	while (tally->cuts < want) {
		n = below(&rnd, n_cases);
		if (!steps[n])
			continue;
		p->script.c = &cases[n];
		random_script(&p->script, steps[n], &rnd);
		for (i = 0; i <= EVENTS_MAX; i++)
			p->mode[i] = i < p->script.n ? PLAY_ONE : PLAY_NONE;
		play(p);
		if (!p->shard && !(tally->cuts % 256))
			tell("cuts", tally->cuts, want);
	}
}

static void work(const struct request *req, u32 shard)
{
	struct player p = {
		.shard = shard, .shards = req->jobs, .verbose = req->verbose,
	};

	if (req->todo == THREE)
		play_random(req, &p);
	else
		play_all(req, &p);
}

/* Each process has its share of the first cuts of every case. */
static void share_work(const struct request *req)
{
	struct tally *all = mmap(NULL, sizeof(*all) * (req->jobs + 1),
				 PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool died = false;
	int status;
	u32 i;

	if (all == MAP_FAILED)
		err(2, NULL);
	for (i = 0; i < req->jobs; i++) {
		tally = &all[i + 1];
		if (fork())
			continue;
		work(req, i);
		exit(0);
	}
	tally = all;
	while (wait(&status) > 0)
		died |= status;
	if (died)
		errx(2, "a process died");
	for (i = 0; i < req->jobs; i++)
		tally_add(tally, &all[i + 1]);
}

static int verdict(u64 least)
{
	printf("cuts %llu, unbootable %llu, unfinished %llu\n",
	       (unsigned long long)tally->cuts,
	       (unsigned long long)tally->unbootable,
	       (unsigned long long)tally->unfinished);
	return tally->unbootable || tally->unfinished || tally->cuts < least;
}

static int replay(const struct request *req)
{
	static struct tally none;
	struct player p = { .shards = 1, .stride = 1 };
	const char *bad = history_parse(&p.script, cases, n_cases, req->id);
	u32 i;

	if (bad)
		errx(2, "%s: %s", req->id, bad);
	tally = &none;
	p.verbose = 1 + req->verbose;
	machine_log = req->verbose ? stdout : NULL;
	for (i = 0; i < p.script.n; i++)
		p.mode[i] = PLAY_ONE;
	if (!play(&p))
		puts("refused from the start");
	if (p.script.n && !none.cuts && !none.stops) {
		puts("UNFINISHED: not all of it was played");
		none.unfinished++;
	}
	return verdict(0);
}

static int list(void)
{
	char id[ID_MAX];
	u32 i;

	for (i = 0; i < n_cases; i++)
		puts(case_id(&cases[i], id));
	return 0;
}

/* The lines of the file that --refused takes, for the cases chosen. */
static int list_refused(void)
{
	static struct tally none;
	struct player p = { .shards = 1 };
	u32 i;

	tally = &none;
	for (i = 0; i < n_cases; i++) {
		p.script.c = &cases[i];
		play(&p);
		if (p.refused)
			printf("%u %s %s %s\n", cases[i].board->copies,
			       cases[i].order->name, cases[i].start->name,
			       fwslot_reason_word(p.refused));
	}
	return 0;
}

static int sweep(const struct request *req)
{
	u64 least = req->least;

	if (!least && !req->only)
		least = req->todo == CHECK ? LEAST_CHECK :
			req->todo == TWO ? LEAST_TWO : req->three;
	share_work(req);
	tally_print(tally);
	return verdict(least);
}

static const struct option options[] = {
	{ "check", no_argument, NULL, 'c' },
	{ "two", no_argument, NULL, '2' },
	{ "three", required_argument, NULL, '3' },
	{ "list", no_argument, NULL, 'l' },
	{ "list-refused", no_argument, NULL, 'L' },
	{ "refused", required_argument, NULL, 'f' },
	{ "replay", required_argument, NULL, 'r' },
	{ "seed", required_argument, NULL, 'd' },
	{ "least", required_argument, NULL, 'n' },
	{ "jobs", required_argument, NULL, 'j' },
	{ "stride", required_argument, NULL, 's' },
	{ "only", required_argument, NULL, 'o' },
	{ 0 },
};

static void print_usage(void)
{
	fputs("usage: sweep-cuts [--check | --two | --three N [--seed N]]\n"
	      "                  [--only CASE] [--refused FILE] [--jobs N]\n"
	      "                  [--least N] [--stride N]\n"
	      "       sweep-cuts --list | --list-refused [--only CASE]\n"
	      "       sweep-cuts --replay ID [-v]\n",
	      stderr);
	exit(2);
}

static void parse_number(struct request *req, int option)
{
	u64 n = strtoull(optarg, NULL, 10);

	switch (option) {
	case '3':
		req->todo = THREE;
		req->three = n;
		break;
	case 'd':
		req->seed = n;
		break;
	case 'n':
		req->least = n;
		break;
	case 'j':
		req->jobs = n;
		break;
	default:
		req->stride = n;
	}
	if (!n)
		print_usage();
}

static void parse_option(struct request *req, int option)
{
	switch (option) {
	case 'c':
		req->todo = CHECK;
		break;
	case '2':
		req->todo = TWO;
		break;
	case 'l':
		req->todo = LIST;
		break;
	case 'L':
		req->todo = LIST_REFUSED;
		break;
	case 'f':
		req->refused = optarg;
		break;
	case 'r':
		req->todo = REPLAY;
		req->id = optarg;
		break;
	case 'o':
		req->only = optarg;
		break;
	case 'v':
		req->verbose++;
		break;
	case '?':
		print_usage();
		break;
	default:
		parse_number(req, option);
	}
}

int main(int argc, char **argv)
{
	struct request req = {
		.jobs = sysconf(_SC_NPROCESSORS_ONLN), .seed = 1,
	};
	int option;

	while ((option = getopt_long(argc, argv, "v", options, NULL)) != -1)
		parse_option(&req, option);
	if (optind != argc)
		print_usage();
	n_cases = cases_make(cases);
	if (req.refused)
		cases_refused(cases, n_cases, req.refused);
	choose(&req);
	switch (req.todo) {
	case LIST:
		return list();
	case LIST_REFUSED:
		return list_refused();
	case REPLAY:
		return replay(&req);
	default:
		return sweep(&req);
	}
}
