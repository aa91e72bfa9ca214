// SPDX-License-Identifier: MIT
/*
 * cmd_upgrade.c - fwslot upgrade, and the WeOS command "upgrade"
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "fwslot.h"
#include "upgrade.h"

static int upgrade_option(struct upgrade *u, const char *option)
{
	const char *value;

	if (!strcmp(option, "--no-reboot"))
		u->no_reboot = true;
	else if (!strcmp(option, "--force"))
		u->flags = FWSLOT_BEGIN_FORCE;
	else if (!strcmp(option, "--dry-run"))
		u->dry_run = true;
	else if (!strcmp(option, "--json"))
		u->json = true;
	else if (upgrade_to_option(u, option))
		return TOOL_DONE;
	else if (!args_value(option, "--progress", &value))
		return args_unknown(&cmd_upgrade, option);
	else if (!progress_parse(value, &u->progress.mode))
		return args_usage(&cmd_upgrade,
				  "\"%s\" is not a way to show progress", value);
	return TOOL_DONE;
}

static int upgrade_args(struct upgrade *u, char **argv)
{
	struct args args = { .cmd = &cmd_upgrade, .argv = argv };
	const char *words[2];
	const char *option, *wrong;
	int n;

	progress_parse("auto", &u->progress.mode);
	while ((option = args_option(&args)))
		if (upgrade_option(u, option))
			return TOOL_USAGE;
	n = args_plain(&args, words, cmd_upgrade.max_args);
	if (n < 0)
		return TOOL_USAGE;
	wrong = u->to ? upgrade_to_args(u) : NULL;
	if (wrong || (u->to && n))
		return args_usage(&cmd_upgrade, "%s",
				  wrong ? wrong : "too many arguments");
	if (u->to)
		return TOOL_DONE;
	if (n < 2)
		return args_usage(&cmd_upgrade, "an argument is missing");
	if (!args_slot(words[0], true, &u->slots))
		return args_usage(&cmd_upgrade, "\"%s\" is not a slot",
				  words[0]);
	if (strstr(words[1], "://"))
		return args_usage(&cmd_upgrade,
				  "URIs are not supported yet by this build");
	u->word = u->slots == FWSLOT_SLOTS_ALL ? "all" :
		  u->slots == 1U << FWSLOT_PRIMARY ? "primary" :
		  u->slots == 1U << FWSLOT_SECONDARY ? "secondary" :
						       "bootloader";
	u->path = words[1];
	return TOOL_DONE;
}

static int upgrade_open(struct upgrade *u)
{
	u->fd = STDIN_FILENO;
	if (!strcmp(u->path, "-"))
		return 0;
	u->fd = open(u->path, O_RDONLY | O_CLOEXEC);
	if (u->fd >= 0)
		return 0;
	return failure_plain(&u->f, TOOL_EARLY, "%s: %s", u->path,
			     strerror(errno));
}

/* The command comes from a file that only root can change, see conf.c. */
static int upgrade_reboot(const struct upgrade *u)
{
	int ret;

	syslog(LOG_NOTICE, "rebooting: %s", u->conf->reboot);
	ret = system(u->conf->reboot);
	if (!ret)
		return TOOL_DONE;
	fprintf(stderr,
		"fwslot: the command that should reboot failed, reboot yourself: %s\n",
		u->conf->reboot);
	return TOOL_FAILED;
}

static int upgrade_run(const struct conf *conf, int argc, char **argv)
{
	struct upgrade *u = calloc(1, sizeof(*u));
	int status;

	(void)argc;
	if (!u) {
		fprintf(stderr, "fwslot: failed: not enough memory\n");
		return TOOL_EARLY;
	}
	u->conf = conf;
	status = upgrade_args(u, argv);
	if (status)
		goto free_upgrade;
	stop_catch();
	openlog("fwslot", LOG_PID, LOG_AUTHPRIV);
	if (u->to)
		status = upgrade_to_begin(u);
	if (status == UPGRADE_TO_REBOOT)
		status = upgrade_reboot(u);
	if (u->to && status != UPGRADE_TO_STEP)
		goto free_upgrade;
	upgrade_log(u, true);
	if (u->flags & FWSLOT_BEGIN_FORCE)
		fprintf(stderr,
			"fwslot: warning: --force gives up checks; the device may not start afterwards\n");
	status = upgrade_open(u) ? failure_status(&u->f) : upgrade_install(u);
	upgrade_log(u, false);
	if (u->to)
		upgrade_to_end(u);
	upgrade_show(u, status);
	if (!u->f.set && u->reboot == UPGRADE_REBOOT_NOW)
		status = upgrade_reboot(u);
	if (u->fd > STDIN_FILENO)
		close(u->fd);
free_upgrade:
	upgrade_to_free(u);
	free(u);
	return status;
}

const struct cmd cmd_upgrade = {
	.name = "upgrade",
	.args = "[OPTIONS] all|primary|secondary|bootloader FILE | --to=VERSION --catalogue=DIR",
	.summary = "install a package",
	.help =
"Installs the package FILE (- for stdin) in the slots named.  The kernel\n"
"checks it, decides whether it is allowed, and in which order the slots are\n"
"written; slots that are right already are skipped.  A file is checked whole\n"
"before anything is written.  If it is interrupted, run the same command\n"
"again.  Reboots after all and primary.\n"
"\n"
"With --to it does all steps that lead to a release, over the packages of a\n"
"folder; \"upgrade --continue\" in a boot script goes on after each reboot.\n"
"\n"
"  --dry-run         check the package and show the plan, write nothing\n"
"  --no-reboot       do not reboot\n"
"  --force           accept a signature of an unknown key, and one slot where\n"
"                    all are needed; only with a module that allows it\n"
"  --progress=MODE   auto, bar, plain, json or none; on stderr\n"
"  --json            the result as one object with stable keys\n"
"  --to=VERSION      the release to go to\n"
"  --catalogue=DIR   the folder\n"
"  --continue        go on with what --to began, if there is something\n"
"  --cancel          do not go on at the next boot\n"
"\n"
"Exit status: 0 done, 1 failed after something was written, 2 usage,\n"
"3 refused by policy, 4 bad package or signature, 5 busy, 6 nothing to do,\n"
"7 interrupted after something was written, 8 no module or no slot, 9 failed\n"
"before anything was written.\n",
	.max_args = 2,
	.run = upgrade_run,
};

static int weos_usage(FILE *file, int status)
{
	fputs("usage: upgrade [force] [no-reboot] <all|pri|sec|boot> FILE\n",
	      file);
	return status;
}

/**
 * upgrade_weos() - the command "upgrade" of WeOS
 * @conf: the configuration
 * @argc: arguments, without the name of the program
 * @argv: the arguments
 *
 * Return: exit status.
 */
int upgrade_weos(const struct conf *conf, int argc, char **argv)
{
	char *args[6] = { NULL };
	int n = 0, i = 0;

	if (argc == 1 && !strcmp(argv[0], "--help"))
		return weos_usage(stdout, TOOL_DONE);
	if (i < argc && !strcmp(argv[i], "force")) {
		args[n++] = "--force";
		i++;
	}
	if (i < argc && !strcmp(argv[i], "no-reboot")) {
		args[n++] = "--no-reboot";
		i++;
	}
	if (argc - i == 3 || (argc - i == 2 && strstr(argv[i + 1], "://"))) {
		fprintf(stderr,
			"upgrade: addresses and URIs are not supported yet by this build\n");
		return TOOL_USAGE;
	}
	if (argc - i != 2)
		return weos_usage(stderr, TOOL_USAGE);
	args[n++] = "--";
	args[n++] = argv[i];
	args[n++] = argv[i + 1];
	return upgrade_run(conf, n, args);
}
