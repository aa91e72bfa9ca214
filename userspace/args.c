// SPDX-License-Identifier: MIT
/*
 * args.c - command lines
 *
 * Options may stand before and behind arguments, "--" ends them, "-" is an
 * argument.  Values are given as --name=value only, so that no option can
 * swallow the argument behind it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fwslot.h"

/**
 * args_option() - take the next option
 * @args: what is left; arguments that are not options are passed over and
 *	stay, see args_plain()
 *
 * Return: the option, or NULL when there is no other.
 */
const char *args_option(struct args *args)
{
	char **from;
	char *word;

	for (from = args->argv; *from && !args->ended; from++) {
		word = *from;
		if (word[0] != '-' || !word[1])
			continue;
		args->ended = !strcmp(word, "--");
		do
			from[0] = from[1];
		while (*from++);
		return args->ended ? NULL : word;
	}
	return NULL;
}

/**
 * args_value() - take apart --name=value
 * @option: the option
 * @name: "--name"
 * @value: what follows the equals sign
 *
 * Return: true when it is that option and has a value.
 */
bool args_value(const char *option, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (strncmp(option, name, len) || option[len] != '=')
		return false;
	*value = option + len + 1;
	return true;
}

/**
 * args_plain() - take the arguments that are not options
 * @args: all options must have been taken
 * @out: room for @max pointers
 * @max: most that the command takes
 *
 * Return: how many there are, or -1 when there are more or less than the
 * command takes; usage was printed then.
 */
int args_plain(struct args *args, const char **out, int max)
{
	int n = 0;

	for (; args->argv[n] && n < max; n++)
		out[n] = args->argv[n];
	if (!args->argv[n] && n >= args->cmd->min_args)
		return n;
	args_usage(args->cmd, args->argv[n] ? "too many arguments" :
		   "an argument is missing");
	return -1;
}

/**
 * args_usage() - say that a command line is wrong
 * @cmd: the command
 * @fmt: what is wrong, as printf()
 *
 * Return: TOOL_USAGE, always.
 */
int args_usage(const struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "fwslot %s: ", cmd->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: fwslot %s%s%s\n", cmd->name,
		*cmd->args ? " " : "", cmd->args);
	return TOOL_USAGE;
}

/**
 * args_unknown() - say that an option is not known
 * @cmd: the command
 * @option: the option
 *
 * Return: TOOL_USAGE, always.
 */
int args_unknown(const struct cmd *cmd, const char *option)
{
	return args_usage(cmd, "unknown option \"%s\"", option);
}

/**
 * args_number() - a number as it is written, nothing before or behind it
 * @word: the number
 * @n: its value
 *
 * Return: true when it is one, and fits.
 */
bool args_number(const char *word, u32 *n)
{
	unsigned long long value;
	char *end;

	if (*word < '0' || *word > '9')
		return false;
	errno = 0;
	value = strtoull(word, &end, 10);
	*n = value;
	return !*end && !errno && *n == value;
}

/**
 * args_slot() - the slots that a word stands for
 * @word: name of a slot, full or as WeOS abbreviates it
 * @all: "all" is allowed
 * @slots: mask of slots
 *
 * Return: true when the word is known.
 */
bool args_slot(const char *word, bool all, u32 *slots)
{
	static const struct {
		const char *word;
		u32 slots;
	} words[] = {
		{ "primary", 1U << FWSLOT_PRIMARY },
		{ "pri", 1U << FWSLOT_PRIMARY },
		{ "secondary", 1U << FWSLOT_SECONDARY },
		{ "sec", 1U << FWSLOT_SECONDARY },
		{ "bootloader", 1U << FWSLOT_BOOTLOADER },
		{ "boot", 1U << FWSLOT_BOOTLOADER },
		{ "all", FWSLOT_SLOTS_ALL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(word, words[i].word))
			continue;
		*slots = words[i].slots;
		return all || *slots != FWSLOT_SLOTS_ALL;
	}
	return false;
}

/**
 * args_slots_word() - the word for a set of slots that can be asked for
 * @slots: mask of slots
 */
const char *args_slots_word(u32 slots)
{
	if (slots == FWSLOT_SLOTS_ALL)
		return "all";
	if (slots == 1U << FWSLOT_PRIMARY)
		return "primary";
	return slots == 1U << FWSLOT_SECONDARY ? "secondary" : "bootloader";
}
