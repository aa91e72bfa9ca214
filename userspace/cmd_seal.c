// SPDX-License-Identifier: MIT
/*
 * cmd_seal.c - fwslot seal
 */
#include <unistd.h>

#include "dev.h"
#include "fwslot.h"
#include "status.h"

static int seal_do(struct failure *f)
{
	struct nl_status st;
	int fd;

	/* Asking for the status loads the module. */
	if (status_get(&st, f))
		return -1;
	fd = dev_open(f);
	if (fd < 0)
		return -1;
	dev_seal(fd, f);
	close(fd);
	return f->set ? -1 : 0;
}

static int seal_run(const struct conf *conf, int argc, char **argv)
{
	struct args args = { .cmd = &cmd_seal, .argv = argv };
	struct json j = { .file = stdout };
	struct failure f = { 0 };
	const char *option;
	bool json = false;

	(void)conf;
	(void)argc;
	while ((option = args_option(&args))) {
		if (strcmp(option, "--json"))
			return args_unknown(&cmd_seal, option);
		json = true;
	}
	if (args_plain(&args, NULL, cmd_seal.max_args) < 0)
		return TOOL_USAGE;
	if (seal_do(&f))
		return status_fail("seal", &f, json);
	if (json) {
		json_result(&j, "seal", "sealed", TOOL_DONE);
		json_end(&j);
	}
	return out_finish(TOOL_DONE);
}

const struct cmd cmd_seal = {
	.name = "seal",
	.args = "[--json]",
	.summary = "protect whole flash chips too and pin the module",
	.help =
"From now on, until the next boot, the chips that hold the slots are\n"
"write-protected as a whole, and the module cannot be unloaded.  Boot\n"
"scripts call it after verify.  It cannot be undone.\n"
"\n"
"  --json    the result as one object with stable keys\n",
	.run = seal_run,
};
