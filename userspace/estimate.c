// SPDX-License-Identifier: MIT
/*
 * estimate.c - how long a plan will take
 *
 * No chip says how long it takes, so this is what data sheets call typical for
 * its kind, unless block_ms= of the configuration file has what was measured on
 * the board.
 */
#include <stdio.h>

#include "estimate.h"
#include "fwslot.h"
#include "text.h"

#define ESTIMATE_UNIT		65536U	/* bytes that the figures are for */
#define ESTIMATE_NOR_MS		900	/* erase 600, program 300 */
#define ESTIMATE_OTHER_MS	30

static bool estimate_is_nor(const struct nl_unit *unit)
{
	char path[64], type[16];

	snprintf(path, sizeof(path), "/sys/class/mtd/mtd%u/type",
		 unit->mtd_index);
	return text_read(path, type, sizeof(type)) <= 0 ||
	       !strcmp(type, "nor\n");
}

/**
 * estimate_blocks_ms() - how long some blocks take
 * @conf: the configuration
 * @unit: where they are
 * @blocks: how many
 *
 * Return: milliseconds.
 */
u64 estimate_blocks_ms(const struct conf *conf, const struct nl_unit *unit,
		       u32 blocks)
{
	u64 ms = estimate_is_nor(unit) ? ESTIMATE_NOR_MS : ESTIMATE_OTHER_MS;

	if (conf->block_ms)
		return (u64)conf->block_ms * blocks;
	return ms * blocks * unit->erase_size / ESTIMATE_UNIT;
}

/**
 * estimate_plan() - what a plan means for the device
 * @conf: the configuration
 * @st: the device
 * @begin: the plan
 * @e: the result
 */
void estimate_plan(const struct conf *conf, const struct nl_status *st,
		   const struct fwslot_begin *begin, struct estimate *e)
{
	const struct nl_unit *copy = &st->units[FWSLOT_UNIT_BOOT1];
	const struct fwslot_step *step = begin->steps;
	u64 ms;

	memset(e, 0, sizeof(*e));
	e->single = !(copy->flags & FWSLOT_UNIT_CONFIGURED);
	for (; step < begin->steps + begin->n_steps; step++) {
		if (step->action == FWSLOT_ACTION_SKIP)
			continue;
		ms = estimate_blocks_ms(conf, &st->units[step->unit],
					step->blocks);
		e->blocks += step->blocks;
		e->ms += ms;
		if (step->unit >= FWSLOT_UNIT_BOOT0 &&
		    step->action == FWSLOT_ACTION_WRITE)
			e->window_ms += ms;
	}
}

/**
 * estimate_time() - write a time down as people say it
 * @buf: where to
 * @size: room there
 * @ms: milliseconds
 */
void estimate_time(char *buf, size_t size, u64 ms)
{
	u64 s = (ms + 999) / 1000;

	if (s < 100)
		snprintf(buf, size, "%llu s", (unsigned long long)s);
	else
		snprintf(buf, size, "%llu minutes",
			 (unsigned long long)(s + 59) / 60);
}
