// SPDX-License-Identifier: MIT
/*
 * cmd_weos.c - the command "upgrade" of WeOS
 *
 * upgrade [force] [no-reboot] <all|pri|sec|boot>
 *	<[URI://][ADDRESS[:PORT]/]FILE | ADDRESS FILE>
 *
 * Where an address comes without a scheme, FTP is tried and then TFTP, as WeOS
 * does.  A file of that name on the device goes first.
 */
#include <stdlib.h>
#include <unistd.h>

#include "fwslot.h"
#include "upgrade.h"
#include "uri.h"

/**
 * struct weos - what the command line says, besides struct upgrade
 * @ftp: the package by FTP
 * @tftp: the package by TFTP
 */
struct weos {
	char ftp[URI_SIZE];
	char tftp[URI_SIZE];
};

static int weos_usage(FILE *file, int status)
{
	fputs("usage: upgrade [force] [no-reboot] <all|pri|sec|boot>\n"
	      "               <[URI://][ADDRESS[:PORT]/]FILE | ADDRESS FILE>\n"
	      "With --yes before it, force is not asked for once more.\n", file);
	return status;
}

static int weos_remote(struct upgrade *u, struct weos *w, const char *address,
		       size_t len, const char *file)
{
	if (uri_make(w->ftp, sizeof(w->ftp), "ftp", address, len, file) ||
	    uri_make(w->tftp, sizeof(w->tftp), "tftp", address, len, file)) {
		fprintf(stderr, "upgrade: the name is too long\n");
		return TOOL_USAGE;
	}
	u->path = w->ftp;
	u->other = w->tftp;
	return TOOL_DONE;
}

static int weos_package(struct upgrade *u, struct weos *w, char **words, int n)
{
	size_t len;

	if (n == 2) {
		if (uri_address(words[0], false, &len) && !words[0][len])
			return weos_remote(u, w, words[0], len, words[1]);
		fprintf(stderr, "upgrade: \"%s\" is not an address\n",
			words[0]);
		return weos_usage(stderr, TOOL_USAGE);
	}
	u->path = words[0];
	if (!uri_is(words[0]) && access(words[0], F_OK) &&
	    uri_address(words[0], true, &len) && words[0][len])
		return weos_remote(u, w, words[0], len, words[0] + len + 1);
	return TOOL_DONE;
}

static int weos_args(struct upgrade *u, struct weos *w, int argc, char **argv)
{
	if (argc && !strcmp(*argv, "--yes")) {
		u->yes = true;
		argv++, argc--;
	}
	if (argc && !strcmp(*argv, "force")) {
		u->flags = FWSLOT_BEGIN_FORCE;
		argv++, argc--;
	}
	if (argc && !strcmp(*argv, "no-reboot")) {
		u->no_reboot = true;
		argv++, argc--;
	}
	if (argc < 2 || argc > 3)
		return weos_usage(stderr, TOOL_USAGE);
	if (!args_slot(*argv, true, &u->slots)) {
		fprintf(stderr, "upgrade: \"%s\" is not a slot\n", *argv);
		return weos_usage(stderr, TOOL_USAGE);
	}
	return weos_package(u, w, argv + 1, argc - 1);
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
	struct weos words;
	struct upgrade *u;
	int status;

	if (argc == 1 && (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h")))
		return weos_usage(stdout, TOOL_DONE);
	u = calloc(1, sizeof(*u));
	if (!u) {
		fprintf(stderr, "upgrade: failed: not enough memory\n");
		return TOOL_EARLY;
	}
	u->conf = conf;
	progress_parse("auto", &u->progress.mode);
	status = weos_args(u, &words, argc, argv);
	if (!status)
		status = upgrade_go(u);
	free(u);
	return status;
}
