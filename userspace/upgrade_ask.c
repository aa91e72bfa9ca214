// SPDX-License-Identifier: MIT
/*
 * upgrade_ask.c - who is asked before anything is written: people, commands
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fwslot.h"
#include "upgrade.h"

/* What the command prints is for people; stdin may be the package. */
static int ask_command(const char *command)
{
	char *line;
	int ret;

	if (asprintf(&line, "( %s\n) >&2 </dev/null", command) < 0)
		return -1;
	ret = system(line);
	free(line);
	return ret;
}

static bool ask_stopped(int ret)
{
	return stop_wanted() || (WIFSIGNALED(ret) && WTERMSIG(ret) == SIGINT) ||
	       (WIFEXITED(ret) && WEXITSTATUS(ret) == 128 + SIGINT);
}

/**
 * upgrade_before() - ask the command that says whether slots may be written now
 * @u: the upgrade
 *
 * It comes from whoever runs the tool, or from a file that only root can change.
 *
 * Return: 0, or -1.
 */
int upgrade_before(struct upgrade *u)
{
	int ret;

	if (!*u->before)
		return 0;
	setenv("FWSLOT_SLOTS", u->word, 1);
	ret = ask_command(u->before);
	if (!ret)
		return 0;
	if (ret > 0 && ask_stopped(ret)) {
		u->f.interrupted = true;
		return failure_plain(&u->f, TOOL_EARLY, "stopped by a signal");
	}
	u->f.word = "before-refused";
	if (ret > 0 && WIFEXITED(ret))
		return failure_plain(&u->f, TOOL_REFUSED,
				     "the command that is asked before said no (exit status %d): %s",
				     WEXITSTATUS(ret), u->before);
	return failure_plain(&u->f, TOOL_REFUSED,
			     "the command that is asked before did not end well: %s",
			     u->before);
}

/* A person at a terminal is asked, anything else must have said so before. */
static int upgrade_ask(struct upgrade *u)
{
	char line[16];
	ssize_t n;

	if (!isatty(STDIN_FILENO) || !strcmp(u->path, "-"))
		return failure_plain(&u->f, TOOL_USAGE,
				     "nobody can be asked whether force is meant: add --yes");
	fputs("Type yes to go on: ", stderr);
	fflush(stderr);
	n = read(STDIN_FILENO, line, sizeof(line) - 1);
	line[n > 0 ? n : 0] = '\0';
	if (!strcmp(line, "yes\n"))
		return 0;
	u->f.interrupted = stop_wanted();
	return failure_plain(&u->f, TOOL_EARLY, "force was not confirmed");
}

/**
 * upgrade_force() - make sure that force is meant
 * @u: the upgrade
 *
 * Return: 0, or -1.
 */
int upgrade_force(struct upgrade *u)
{
	/* Where it is not allowed, the kernel says so, and logs it. */
	if (!(u->flags & FWSLOT_BEGIN_FORCE) ||
	    !(u->st.device.flags & FWSLOT_DEVICE_FORCE))
		return 0;
	progress_note(&u->progress,
		      "warning: force gives up checks; the device may not start afterwards");
	return u->dry_run || u->yes ? 0 : upgrade_ask(u);
}
