// SPDX-License-Identifier: MIT
/*
 * cmd_upgrade.c - fwslot upgrade
 */
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include "fwslot.h"
#include "upgrade.h"

static int upgrade_option(struct upgrade *u, const char *option)
{
	const char *value;

	if (!strcmp(option, "--no-reboot"))
		u->no_reboot = true;
	else if (!strcmp(option, "--force"))
		u->flags = FWSLOT_BEGIN_FORCE;
	else if (!strcmp(option, "--yes"))
		u->yes = true;
	else if (!strcmp(option, "--dry-run"))
		u->dry_run = true;
	else if (!strcmp(option, "--json"))
		u->json = true;
	else if (args_value(option, "--before", &value))
		u->before = value;
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
	u->path = words[1];
	return TOOL_DONE;
}

/*
 * The result was shown already.  The command comes from a file that only root can
 * change, see conf.c.
 */
static int upgrade_reboot(const struct upgrade *u)
{
	struct failure f = { 0 };

	syslog(LOG_NOTICE, "rebooting: %s", u->conf->reboot);
	if (!system(u->conf->reboot))
		return TOOL_DONE;
	failure_plain(&f, TOOL_FAILED,
		      "the command that should reboot failed, reboot yourself: %s",
		      u->conf->reboot);
	failure_print(&f, false);
	return failure_status(&f);
}

/**
 * upgrade_go() - do an upgrade and tell how it went
 * @u: all that the command line says
 *
 * Return: exit status.
 */
int upgrade_go(struct upgrade *u)
{
	int status = UPGRADE_TO_STEP;

	stop_catch();
	openlog("fwslot", LOG_PID, LOG_AUTHPRIV);
	if (u->to)
		status = upgrade_to_begin(u);
	if (status == UPGRADE_TO_REBOOT)
		return upgrade_reboot(u);
	if (status != UPGRADE_TO_STEP)
		return status;
	u->word = args_slots_word(u->slots);
	if (!u->before)
		u->before = u->conf->before;
	upgrade_log(u, true);
	status = input_open(&u->input, u->path, u->other, u->conf, &u->f) ?
		 failure_status(&u->f) : upgrade_install(u);
	progress_end(&u->progress);
	upgrade_log(u, false);
	if (u->to)
		upgrade_to_end(u);
	upgrade_show(u, status);
	input_close(&u->input);
	if (!u->f.set && u->reboot == UPGRADE_REBOOT_NOW)
		status = upgrade_reboot(u);
	return status;
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
	if (!status)
		status = upgrade_go(u);
	upgrade_to_free(u);
	free(u);
	return status;
}

const struct cmd cmd_upgrade = {
	.name = "upgrade",
	.args = "[OPTIONS] all|primary|secondary|bootloader PKG | --to=VERSION --catalogue=PLACE",
	.summary = "install a package",
	.help =
"Installs a package in the slots named: a file, - for stdin, or a URI (http,\n"
"https, ftp, tftp, sftp).  The kernel checks it, decides whether it is allowed,\n"
"and in which order the slots are written; slots that are right already are\n"
"skipped.  A file is checked whole before anything is written, of all others\n"
"every part.  If it is interrupted, run the same command again.  Reboots after\n"
"all and primary.\n"
"\n"
"With --to it does all steps that lead to a release, over the packages of a\n"
"catalogue; \"upgrade --continue\" in a boot script goes on after each reboot.\n"
"\n"
"  --before=COMMAND  run it before anything is written; unless it exits with 0,\n"
"                    the upgrade is refused\n"
"  --dry-run         check the package and show the plan, write nothing\n"
"  --no-reboot       do not reboot\n"
"  --force           accept a signature of an unknown key, and one slot where\n"
"                    all are needed; only with a module that allows it\n"
"  --yes             do not ask whether --force is meant\n"
"  --progress=MODE   auto, bar, plain, json or none; on stderr\n"
"  --json            the result as one object with stable keys\n"
"  --to=VERSION      the release to go to\n"
"  --catalogue=PLACE the folder, or a URI: of a list of packages, or of a folder\n"
"                    that has it in its file \"catalogue\"\n"
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
