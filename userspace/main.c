// SPDX-License-Identifier: MIT
/*
 * main.c - fwslot, the tool
 *
 * Knows the list of commands and nothing of what they do.  Help is made from
 * the list.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "conf.h"
#include "fwslot.h"
#include "out.h"

static const struct cmd *const commands[] = {
	&cmd_status,
	&cmd_upgrade,
	&cmd_plan,
	&cmd_info,
	&cmd_verify,
	&cmd_adopt,
	&cmd_repair,
	&cmd_seal,
	&cmd_monitor,
	&cmd_doctor,
};

/*
 * A caller may have closed the standard descriptors.  What is opened later
 * must not get their numbers: messages would go to the device.  Reading from
 * a missing standard input stays an error.
 */
static bool main_fill_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_WRONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static void main_help(FILE *file)
{
	size_t i;

	fputs("usage: fwslot [--config=FILE] COMMAND [ARGUMENTS]\n\n", file);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(file, "  %-9s %s\n", commands[i]->name,
			commands[i]->summary);
	fputs("\n\"fwslot COMMAND --help\" says more.  Without a command: status.\n",
	      file);
}

static int main_cmd_help(const struct cmd *cmd)
{
	printf("usage: fwslot %s%s%s\n\n%s", cmd->name, *cmd->args ? " " : "",
	       cmd->args, cmd->help);
	return out_finish(TOOL_DONE);
}

static const struct cmd *main_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static bool main_wants_help(char **argv)
{
	for (; *argv && strcmp(*argv, "--"); argv++)
		if (!strcmp(*argv, "--help") || !strcmp(*argv, "-h"))
			return true;
	return false;
}

static int main_show_help(const struct cmd *cmd)
{
	if (cmd)
		return main_cmd_help(cmd);
	main_help(stdout);
	return out_finish(TOOL_DONE);
}

static int main_command(const char *config, int argc, char **argv)
{
	const struct cmd *cmd = main_find(argv[0]);
	struct conf conf;

	if (!strcmp(argv[0], "help"))
		return main_show_help(argc > 1 ? main_find(argv[1]) : NULL);
	if (!cmd) {
		fprintf(stderr, "fwslot: \"%s\" is not a command\n", argv[0]);
		main_help(stderr);
		return TOOL_USAGE;
	}
	if (main_wants_help(argv + 1))
		return main_cmd_help(cmd);
	if (conf_load(config, &conf))
		return TOOL_USAGE;
	return cmd->run(&conf, argc - 1, argv + 1);
}

/* Options before the command.  Return: exit status, or -1 to go on. */
static int main_option(const char *option, const char **config)
{
	if (args_value(option, "--config", config))
		return -1;
	if (!strcmp(option, "--help") || !strcmp(option, "-h"))
		return main_show_help(NULL);
	if (!strcmp(option, "--version")) {
		printf("fwslot %s, protocol %u\n", TOOL_VERSION,
		       FWSLOT_ABI_VERSION);
		return out_finish(TOOL_DONE);
	}
	fprintf(stderr, "fwslot: unknown option \"%s\"\n", option);
	main_help(stderr);
	return TOOL_USAGE;
}

static int main_weos(int argc, char **argv)
{
	struct conf conf;

	if (conf_load(NULL, &conf))
		return TOOL_USAGE;
	return upgrade_weos(&conf, argc, argv);
}

int main(int argc, char **argv)
{
	const char *name = argc ? strrchr(argv[0], '/') : NULL;
	char *brief[3] = { "status", "--short" };
	const char *config = NULL;
	int ret;

	if (!argc)
		return TOOL_USAGE;
	if (!main_fill_descriptors())
		return TOOL_EARLY;
	/* The kernel's log, where boot scripts send it, takes a write for a line. */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	name = name ? name + 1 : argv[0];
	argc--;
	argv++;
	if (!strcmp(name, "upgrade"))
		return main_weos(argc, argv);
	for (; argc && argv[0][0] == '-'; argc--, argv++) {
		ret = main_option(argv[0], &config);
		if (ret >= 0)
			return ret;
	}
	if (!argc)
		return main_command(config, 2, brief);
	return main_command(config, argc, argv);
}
