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
#include "upgrade.h"

#define WARNING \
	"force gives up checks; the device may not start afterwards"

/**
 * struct caught - what goes to stderr meanwhile
 * @old: stderr
 * @text: what came
 * @len: its bytes
 */
struct caught {
	FILE *old;
	char *text;
	size_t len;
};

static void catch_begin(struct caught *c)
{
	c->old = stderr;
	stderr = open_memstream(&c->text, &c->len);
}

static void catch_end(struct caught *c)
{
	fclose(stderr);
	stderr = c->old;
}

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
	struct caught c;

	catch_begin(&c);
	progress_begin(&p, &begin);
	progress_update(&p, &now);
	p.wrote_ms -= 10000;
	p.started_ms -= 10000;
	p.mode = PROGRESS_BAR;
	p.drawn_ms = 0;
	now.blocks_done = 20;
	progress_update(&p, &now);
	catch_end(&c);
	result(strstr(c.text, "\"seconds_left\":null"),
	       "progress: time left, not known yet", c.text);
	result(strstr(c.text, " 64 KiB/s, 1:20 left"), "progress: time left",
	       c.text);
	result(strstr(c.text, "[############------------]"), "progress: a bar",
	       c.text);
	free(c.text);
}

/* It is told however progress is shown. */
static void test_force(enum progress_mode mode, const char *want)
{
	static struct upgrade u = {
		.flags = FWSLOT_BEGIN_FORCE,
		.st.device.flags = FWSLOT_DEVICE_FORCE,
		.yes = true,
	};
	struct caught c;

	u.progress.mode = mode;
	catch_begin(&c);
	upgrade_force(&u);
	catch_end(&c);
	result(!strcmp(c.text, want), "progress: force", c.text);
	free(c.text);
}

void test_parts(void)
{
	test_progress();
	test_force(PROGRESS_NONE, "warning: " WARNING "\n");
	test_force(PROGRESS_JSON, "{\"schema\":1,\"phase\":\"note\",\"text\":\"warning: "
		   WARNING "\"}\n");
}
