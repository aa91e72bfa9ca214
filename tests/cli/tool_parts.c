// SPDX-License-Identifier: MIT
/*
 * tool_parts.c - parts of the tool that no command line shows without a module
 *
 * The second half of tool_logic.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fwslot.h"
#include "progress.h"
#include "tool_logic.h"

/* What was written in a time that is over; ten blocks were before. */
static void test_progress(void)
{
	static const struct fwslot_begin begin = {
		.n_steps = 2,
		.steps[0] = { .unit = FWSLOT_UNIT_SECONDARY, .blocks = 40 },
		.steps[1] = { .unit = FWSLOT_UNIT_PRIMARY, .blocks = 60 },
	};
	struct fwslot_progress now = {
		.phase = FWSLOT_PHASE_WRITE,
		.blocks_done = 10, .blocks_total = 40,
	};
	struct nl_status st = {
		.units[FWSLOT_UNIT_SECONDARY] = { .erase_size = 66500 },
	};
	struct progress p = { .mode = PROGRESS_JSON, .status = &st };
	FILE *old = stderr;
	char *text;
	size_t len;

	stderr = open_memstream(&text, &len);
	progress_begin(&p, &begin);
	progress_update(&p, &now);
	p.wrote_ms -= 10000;
	p.started_ms -= 10000;
	p.mode = PROGRESS_BAR;
	p.drawn_ms = 0;
	now.blocks_done = 20;
	progress_update(&p, &now);
	fclose(stderr);
	stderr = old;
	result(strstr(text, "\"seconds_left\":null"),
	       "progress: time left, not known yet", text);
	result(strstr(text, " 64 KiB/s, 1:20 left"), "progress: time left",
	       text);
	result(strstr(text, "[############------------]"), "progress: a bar",
	       text);
	free(text);
}

void test_parts(void)
{
	test_progress();
}
