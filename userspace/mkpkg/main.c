// SPDX-License-Identifier: MIT
/*
 * main.c - fwslot-mkpkg, builds firmware packages
 *
 * Only finds the command.  A new command is a line in the table and a file of
 * its own.
 */
#include "mkpkg.h"

#include <getopt.h>
#include <stdio.h>

static const char main_usage[] =
"Usage: fwslot-mkpkg COMMAND [ARGUMENTS]\n"
"\n"
"  build     build a firmware package from images\n"
"  attach    put a signature into an unsigned package\n"
"  info      show and check a package\n"
"  factory   make whole slot images for the production line\n"
"\n"
"fwslot-mkpkg COMMAND --help says more.  See also fwslot-mkpkg(1).\n";

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "build", cmd_build },
	{ "attach", cmd_attach },
	{ "info", cmd_info },
	{ "factory", cmd_factory },
};

static int run(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		fputs(main_usage, stderr);
		return MKPKG_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		fputs(main_usage, stdout);
		return MKPKG_OK;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	mkpkg_error("'%s' is not a command, see fwslot-mkpkg --help", argv[1]);
	return MKPKG_USAGE;
}

int main(int argc, char **argv)
{
	int status;

	opterr = 0;
	status = run(argc, argv);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	mkpkg_error("cannot write the result: %s", strerror(errno));
	return status == MKPKG_OK ? MKPKG_FAILED : status;
}
