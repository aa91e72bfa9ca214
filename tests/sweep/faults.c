// SPDX-License-Identifier: MIT
/*
 * faults.c - chips that fail, chips that lie, and wear, as TAP
 *
 *	faults					everything
 *	faults nor-2/step-eio			one kind of fault in one scene
 *	faults -v nor-2/step-eio@17		one run, with its story
 *	faults wear				wear alone
 *
 * To try more scenes or faults, add a line to a table here.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include "faults.h"

#define BAD_SHOWN	8

#define P	(1U << FWSLOT_PRIMARY)
#define S	(1U << FWSLOT_SECONDARY)
#define B	(1U << FWSLOT_BOOTLOADER)
#define ALL	FWSLOT_SLOTS_ALL

bool verbose;

static u32 tests, failures;

/*
 * The system is two chunks long where it matters that there is a next one; the
 * bootloader of 5.21.2 takes a block more than that of 5.22.2.
 */
static struct board nor1 = { .name = "nor", .erase = 4096, .page = 1024,
	.copies = 1, .spare = 1, .system = 9001, .bootloader = 12400 };
static struct board nor2 = { .name = "nor", .erase = 4096, .page = 1024,
	.copies = 2, .spare = 1, .system = 9001, .bootloader = 12400 };
static struct board rec1 = { .name = "records", .erase = 4096, .page = 2048,
	.copies = 1, .record_area = true, .system = 66001, .bootloader = 8300 };
static struct board rec2 = { .name = "records", .erase = 4096, .page = 2048,
	.copies = 2, .record_area = true, .system = 9001, .bootloader = 8300 };
static struct board big1 = { .name = "big", .erase = 131072, .page = 65536,
	.copies = 1, .system = 150001, .bootloader = 70001 };
static struct board nand1 = { .name = "nand", .erase = 8192, .page = 2048,
	.nand = true, .layout = LAYOUT_SKIP_BAD, .copies = 1, .spare = 3, .system = 20001,
	.bootloader = 16600 };
static struct board nand2 = { .name = "nand", .erase = 8192, .page = 2048,
	.nand = true, .layout = LAYOUT_SKIP_BAD, .copies = 2, .spare = 2, .system = 20001,
	.bootloader = 16600 };
static struct board linear1 = { .name = "linear", .erase = 8192, .page = 2048,
	.nand = true, .layout = LAYOUT_LINEAR, .copies = 1, .spare = 2, .system = 20001,
	.bootloader = 16600 };
static struct board linear2 = { .name = "linear", .erase = 8192, .page = 2048,
	.nand = true, .layout = LAYOUT_LINEAR, .copies = 2, .spare = 2, .system = 20001,
	.bootloader = 16600 };

#define FACTORY	{ "a+", "a+", "a+", "a+" }
#define NORECS	{ "a-", "a-", "a-", "a-" }

static const struct scene scenes[] = {
	{ "nor-1", &nor1, REL_O, { REL_N, ALL, 0 }, FACTORY, .lines = true },
	{ "nor-2", &nor2, REL_O, { REL_N, ALL, 0 }, FACTORY, .lines = true },
	{ "nor-2-down", &nor2, REL_N, { REL_O, ALL, 0 }, FACTORY },
	{ "nor-1-bare", &nor1, REL_O, { REL_N, ALL, 0 },
	  { "a+", "a-", "a-", "a-" } },
	{ "records-1", &rec1, REL_O, { REL_N, ALL, 0 }, FACTORY,
	  .lines = true },
	{ "records-2-down", &rec2, REL_N, { REL_O, ALL, 0 }, FACTORY },
	{ "big-1", &big1, REL_O, { REL_N, ALL, 0 }, FACTORY },
	{ "primary", &nor1, REL_O, { REL_K, P, 0 }, FACTORY },
	{ "secondary", &nor1, REL_O, { REL_K, S, 0 }, FACTORY },
	{ "bootloader-1", &nor1, REL_O, { REL_K, B, 0 }, FACTORY },
	{ "bootloader-2", &nor2, REL_O, { REL_K, B, 0 }, FACTORY },
	{ "heal", &rec2, REL_O, { REL_O, ALL, FWSLOT_BEGIN_ADOPT }, NORECS },
	{ "nand-1", &nand1, REL_O, { REL_N, ALL, 0 }, FACTORY, .bad = true },
	{ "nand-2", &nand2, REL_O, { REL_N, ALL, 0 }, FACTORY },
	{ "nand-1-down", &nand1, REL_N, { REL_O, ALL, 0 }, FACTORY,
	  .bad = true },
	{ "nand-heal", &nand1, REL_O, { REL_O, ALL, FWSLOT_BEGIN_ADOPT },
	  NORECS, .bad = true },
	{ "linear-1", &linear1, REL_O, { REL_N, ALL, 0 }, FACTORY },
	{ "linear-2-down", &linear2, REL_N, { REL_O, ALL, 0 }, FACTORY },
};

#define STEP(name, err, sticky) \
	{ name, FAULT_AT_STEP, FLASHSIM_FAULT_STEP, err, sticky, false }
#define READ(name, err, sticky) \
	{ name, FAULT_AT_READ, FLASHSIM_FAULT_READ, err, sticky, false }
#define LOCK(name, err, sticky) \
	{ name, FAULT_AT_LOCK, FLASHSIM_FAULT_LOCK, err, sticky, false }
#define UNLOCK(name, err, sticky) \
	{ name, FAULT_AT_UNLOCK, FLASHSIM_FAULT_UNLOCK, err, sticky, false }

static const struct fault_kind kinds[] = {
	STEP("step-eio", -EIO, false),
	STEP("step-eio-on", -EIO, true),
	STEP("step-noop", 0, false),
	STEP("step-noop-on", 0, true),
	{ "erase-mixed", FAULT_AT_STEP, FLASHSIM_FAULT_NONE, 0, false, true },
	READ("read-eio", -EIO, false),
	READ("read-eio-on", -EIO, true),
	READ("read-ecc", -EBADMSG, false),
	READ("read-ecc-on", -EBADMSG, true),
	READ("read-flips", -EUCLEAN, false),
	READ("read-flips-on", -EUCLEAN, true),
	READ("read-ff", 0, false),
	READ("read-ff-on", 0, true),
	LOCK("lock-eio", -EIO, false),
	LOCK("lock-eio-on", -EIO, true),
	LOCK("lock-noop", 0, false),
	LOCK("lock-noop-on", 0, true),
	UNLOCK("unlock-eio", -EIO, false),
	UNLOCK("unlock-eio-on", -EIO, true),
	UNLOCK("unlock-noop", 0, false),
	UNLOCK("unlock-noop-on", 0, true),
	{ "line", FAULT_AT_LINE, FLASHSIM_FAULT_WRAP, 0, true, false },
	{ "line-from", FAULT_AT_LINE_STEP, FLASHSIM_FAULT_WRAP, 0, true, false },
	{ "worn", FAULT_AT_BLOCK, FLASHSIM_FAULT_NONE, -EIO, false, false },
};

/* A line of TAP. */
void tap(bool good, const char *fmt, ...)
{
	va_list ap;

	failures += !good;
	printf("%sok %u - ", good ? "" : "not ", ++tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

/* A comment in TAP. */
void note(const char *fmt, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static struct fault_run run;

static void tell_story(FILE *out)
{
	if (!run.scene)
		return;
	fprintf(out, "run: %s/%s@%llu/%llx\n", run.scene->name,
		run.kind ? run.kind->name : "none", (unsigned long long)run.at,
		(unsigned long long)run.line);
}

/* What is asked for on the command line. */
static struct {
	const char *scene;
	const char *kind;
	const char *at;
	const char *line;
} only;

static void parse(char *id)
{
	char *rest;

	only.scene = strtok_r(id, "/", &rest);
	only.kind = strtok_r(NULL, "@", &rest);
	only.at = strtok_r(NULL, "/", &rest);
	only.line = strtok_r(NULL, "/", &rest);
}

static void play(struct fault_tally *tally)
{
	if (only.at && strtoull(only.at, NULL, 10) != run.at)
		return;
	if (only.line && strtoull(only.line, NULL, 16) != run.line)
		return;
	fault_play(&run);
	/* This step was no erase. */
	if (run.kind->mix && !run.was_mixed) {
		fault_end(&run);
		return;
	}
	fault_judge(&run, tally);
	if (run.told[0] && tally->bad <= BAD_SHOWN)
		note("%s/%s@%llu/%llx: %s", run.scene->name, run.kind->name,
		     (unsigned long long)run.at, (unsigned long long)run.line,
		     run.told);
}

static bool block_used(const struct fault_step *step, u32 n, u64 block)
{
	while (n--)
		if (step[n].ofs / run.scene->board->erase == block)
			return true;
	return false;
}

static void play_blocks(struct fault_tally *tally)
{
	u32 blocks = run.scene->board->geo.size / run.scene->board->erase;
	static struct fault_step step[FAULT_STEPS_MAX];
	u32 n = run.n_steps;

	memcpy(step, run.step, sizeof(step));
	for (run.at = 0; run.at < blocks; run.at++)
		if (block_used(step, n, run.at))
			play(tally);
}

static void play_lines(struct fault_tally *tally, u64 steps)
{
	const struct flashsim_geometry *geo = &run.scene->board->geo;

	if (run.kind->unit == FAULT_AT_LINE)
		steps = 1;
	for (run.line = 64; run.line < geo->size; run.line <<= 1)
		for (run.at = 0; run.at < steps; run.at++)
			play(tally);
	run.line = 0;
}

static u64 operations(const struct flashsim_model *m, enum fault_unit unit)
{
	switch (unit) {
	case FAULT_AT_READ:
		return m->count.reads;
	case FAULT_AT_LOCK:
		return m->count.locks;
	case FAULT_AT_UNLOCK:
		return m->count.unlocks;
	default:
		return m->steps;
	}
}

static void print_reasons(const struct fault_tally *t)
{
	u32 i;

	for (i = 0; i < FWSLOT_REASON_MAX; i++)
		if (t->reason[i])
			printf(" %s %u", fwslot_reason_word(i), t->reason[i]);
}

static void print_tally(const struct fault_tally *t)
{
	printf("# %u runs: %u done", t->runs, t->done);
	if (t->refused)
		printf(", %u refused", t->refused);
	if (t->failed)
		printf(", %u failed", t->failed);
	if (t->failed || t->refused) {
		printf(" (");
		print_reasons(t);
		printf(" )");
	}
	if (t->restored || t->lost)
		printf("; bootloader put back %u, lost %u", t->restored,
		       t->lost);
	if (t->window)
		printf(", only a rescue system helps %u", t->window);
	if (t->retired)
		printf("; blocks retired %u", t->retired);
	printf("; undetected %u\n", t->undetected);
}

static void play_kind(const struct flashsim_model *plain,
		      const struct fault_run *ref)
{
	struct fault_tally tally = { 0 };
	u64 n = operations(plain, run.kind->unit);

	run.n_steps = ref->n_steps;
	memcpy(run.step, ref->step, sizeof(run.step));
	if (run.kind->unit == FAULT_AT_LINE ||
	    run.kind->unit == FAULT_AT_LINE_STEP)
		play_lines(&tally, n);
	else if (run.kind->unit == FAULT_AT_BLOCK)
		play_blocks(&tally);
	else
		for (run.at = 0; run.at < n; run.at++)
			play(&tally);
	tap(!tally.bad && tally.runs, "%s, %s at each of %u", run.scene->name,
	    run.kind->name, tally.runs);
	print_tally(&tally);
}

static bool applies(const struct scene *scene, const struct fault_kind *kind)
{
	if (only.kind && strcmp(only.kind, kind->name))
		return false;
	switch (kind->unit) {
	case FAULT_AT_LINE:
	case FAULT_AT_LINE_STEP:
		return scene->lines;
	case FAULT_AT_LOCK:
	case FAULT_AT_UNLOCK:
		return !scene->board->nand;
	default:
		return !kind->mix || !scene->board->nand;
	}
}

static void play_scene(const struct scene *scene)
{
	static struct fault_run ref;
	struct flashsim_model plain;
	u32 k;

	fault_prepare(&run, scene);
	fault_play(&run);
	plain = run.flash->m;
	ref = run;
	fault_end(&run);
	tap(!run.result.err && run.result.writes, "%s without a fault",
	    scene->name);
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		run.kind = &kinds[k];
		if (applies(scene, &kinds[k]))
			play_kind(&plain, &ref);
	}
	fault_release(&run);
	run.scene = NULL;
}

static void init_boards(void)
{
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(scenes); i++) {
		for (j = 0; j < i; j++)
			if (scenes[j].board == scenes[i].board)
				break;
		if (j == i)
			board_init(scenes[i].board);
	}
}

int main(int argc, char **argv)
{
	u32 i;

	if (argc > 1 && !strcmp(argv[1], "-v")) {
		verbose = true;
		argv++;
	}
	if (argc > 1 && argv[1])
		parse(argv[1]);
	machine_story = tell_story;
	init_boards();
	for (i = 0; i < ARRAY_SIZE(scenes); i++)
		if (!only.scene || !strcmp(only.scene, scenes[i].name))
			play_scene(&scenes[i]);
	if (!only.scene || !strcmp(only.scene, "wear"))
		wear_tests(scenes, ARRAY_SIZE(scenes));
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
