/* SPDX-License-Identifier: MIT */
/*
 * fwslot.h - what the files of the tool share
 *
 * Exit codes and command objects.  A new command is a new file cmd_NAME.c that
 * defines a struct cmd, and one line in main.c.  Exit codes are promised to
 * users: never change one, only append.
 */
#ifndef FWSLOT_USERSPACE_FWSLOT_H
#define FWSLOT_USERSPACE_FWSLOT_H

#include "core.h"

#define TOOL_VERSION	"0.1"

/**
 * enum tool_exit - exit status of the tool
 * @TOOL_DONE: done; verify: all slots are complete
 * @TOOL_FAILED: failed, and something was written before
 * @TOOL_USAGE: the command line is wrong
 * @TOOL_REFUSED: refused by policy, nothing was written
 * @TOOL_PACKAGE: bad package or signature, nothing was written
 * @TOOL_BUSY: somebody else is at it, nothing was written
 * @TOOL_NOTHING: nothing to do
 * @TOOL_INTERRUPTED: interrupted after something was written; can be resumed
 * @TOOL_NO_DEVICE: no kernel module, or no usable slot
 * @TOOL_EARLY: failed or interrupted before anything was written
 * @TOOL_HALF_UP: verify: an upgrade across formats is not finished
 * @TOOL_HALF_DOWN: verify: a downgrade across formats is not finished
 * @TOOL_DEGRADED: verify: a slot is broken, the others are right
 * @TOOL_UNKNOWN: verify: a slot cannot be told right from wrong
 * @TOOL_CORRUPT: verify: a slot does not hold what its record says
 */
enum tool_exit {
	TOOL_DONE = 0,
	TOOL_FAILED = 1,
	TOOL_USAGE = 2,
	TOOL_REFUSED = 3,
	TOOL_PACKAGE = 4,
	TOOL_BUSY = 5,
	TOOL_NOTHING = 6,
	TOOL_INTERRUPTED = 7,
	TOOL_NO_DEVICE = 8,
	TOOL_EARLY = 9,
	TOOL_HALF_UP = 10,
	TOOL_HALF_DOWN = 11,
	TOOL_DEGRADED = 12,
	TOOL_UNKNOWN = 13,
	TOOL_CORRUPT = 14,
};

struct conf;

/**
 * struct cmd - one command
 * @name: what the user types
 * @args: its arguments, for the usage line
 * @summary: a few words for the list of commands
 * @help: what --help shows below the usage line
 * @min_args: least arguments, options not counted
 * @max_args: most arguments, options not counted
 * @run: does it; options are still in @argv.  Return: enum tool_exit
 */
struct cmd {
	const char *name;
	const char *args;
	const char *summary;
	const char *help;
	int min_args;
	int max_args;
	int (*run)(const struct conf *conf, int argc, char **argv);
};

extern const struct cmd cmd_adopt;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_info;
extern const struct cmd cmd_monitor;
extern const struct cmd cmd_plan;
extern const struct cmd cmd_repair;
extern const struct cmd cmd_seal;
extern const struct cmd cmd_status;
extern const struct cmd cmd_upgrade;
extern const struct cmd cmd_verify;

/* args.c */

/**
 * struct args - arguments of a command, taken one by one
 * @cmd: the command
 * @argv: what is left
 * @ended: "--" was seen, no options follow
 */
struct args {
	const struct cmd *cmd;
	char **argv;
	bool ended;
};

const char *args_option(struct args *args);
bool args_value(const char *option, const char *name, const char **value);
int args_usage(const struct cmd *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int args_unknown(const struct cmd *cmd, const char *option);
int args_plain(struct args *args, const char **out, int max);
bool args_number(const char *word, u32 *n);
bool args_slot(const char *word, bool all, u32 *slots);
const char *args_slots_word(u32 slots);

/* cmd_weos.c */

int upgrade_weos(const struct conf *conf, int argc, char **argv);

#endif /* FWSLOT_USERSPACE_FWSLOT_H */
