// SPDX-License-Identifier: MIT
/*
 * cmd_seal.c - fwslot seal
 */
#include <unistd.h>

#include "dev.h"
#include "fwslot.h"
#include "status.h"

static int seal_run(const struct conf *conf, int argc, char **argv)
{
	struct args args = { .cmd = &cmd_seal, .argv = argv };
	struct failure f = { 0 };
	struct nl_status st;
	const char *option;
	int fd;

	(void)conf;
	(void)argc;
	option = args_option(&args);
	if (option)
		return args_unknown(&cmd_seal, option);
	if (args_plain(&args, NULL, cmd_seal.max_args) < 0)
		return TOOL_USAGE;
	/* Asking for the status loads the module. */
	if (status_get(&st, &f))
		return status_fail("seal", &f, false);
	fd = dev_open(&f);
	if (fd < 0)
		return status_fail("seal", &f, false);
	dev_seal(fd, &f);
	close(fd);
	if (f.set)
		return status_fail("seal", &f, false);
	return TOOL_DONE;
}

const struct cmd cmd_seal = {
	.name = "seal",
	.args = "",
	.summary = "protect whole flash chips too and pin the module",
	.help =
"From now on, until the next boot, the chips that hold the slots are\n"
"write-protected as a whole, and the module cannot be unloaded.  Boot\n"
"scripts call it after verify.  It cannot be undone.\n",
	.run = seal_run,
};
