// SPDX-License-Identifier: MIT
/*
 * tool_repair.c - fwslot repair, until it reads the twin's record
 *
 * usage: tool_repair SLOT STATES
 *
 * STATES has a letter for each of primary, secondary and the copies of the
 * bootloader: v verified, c corrupt, e a read error, s stopped by a signal.  Calls
 * that ask the module are wrapped by the linker; no record can be read.
 */
#include <fcntl.h>

#include "conf.h"
#include "copy.h"
#include "dev.h"
#include "fwslot.h"
#include "status.h"

static const char *states;

int __wrap_status_get(struct nl_status *st, struct failure *f)
{
	u32 i;

	(void)f;
	memset(st, 0, sizeof(*st));
	for (i = 0; i < FWSLOT_UNITS; i++) {
		st->units[i].unit = i;
		st->units[i].state = FWSLOT_STATE_RECORDED;
		st->units[i].flags = FWSLOT_UNIT_CONFIGURED;
		strcpy(st->units[i].version, "1.2.3");
	}
	return 0;
}

int __wrap_dev_open(struct failure *f)
{
	(void)f;
	return open("/dev/null", O_RDWR);
}

int __wrap_dev_verify(int fd, u32 unit, struct fwslot_verify *verify,
		      struct failure *f)
{
	(void)fd;
	switch (states[unit]) {
	case 'e':
		return failure_set(f, FWSLOT_REASON_FLASH_IO, -EIO, "%s",
				   fwslot_unit_word(unit));
	case 's':
		f->interrupted = true;
		return failure_plain(f, TOOL_EARLY, "stopped by a signal");
	default:
		verify->state = states[unit] == 'v' ? FWSLOT_STATE_VERIFIED :
						      FWSLOT_STATE_CORRUPT;
		return 0;
	}
}

int __wrap_copy_open(struct copy *c, const struct nl_unit *unit)
{
	(void)c;
	(void)unit;
	return -EIO;
}

int main(int argc, char **argv)
{
	struct conf conf = { .timeout = 1 };

	if (argc != 3 || strlen(argv[2]) != FWSLOT_UNITS)
		return 100;
	states = argv[2];
	argv[2] = NULL;
	return cmd_repair.run(&conf, 1, argv + 1);
}
