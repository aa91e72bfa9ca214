// SPDX-License-Identifier: MIT
/*
 * cmd_adopt.c - fwslot adopt
 */
#include <limits.h>
#include <syslog.h>

#include "explain.h"
#include "fwslot.h"
#include "input.h"
#include "session.h"
#include "status.h"

/**
 * struct adopt - what was asked for
 * @json: show the result as JSON
 * @word: the slot, as it was typed
 * @path: the package
 * @slots: mask of slots
 * @progress: how progress is shown
 * @st: the device
 */
struct adopt {
	bool json;
	const char *word;
	const char *path;
	u32 slots;
	struct progress progress;
	struct nl_status st;
};

static int adopt_args(struct adopt *a, char **argv)
{
	struct args args = { .cmd = &cmd_adopt, .argv = argv };
	const char *words[2];
	const char *option;

	while ((option = args_option(&args))) {
		if (strcmp(option, "--json"))
			return args_unknown(&cmd_adopt, option);
		a->json = true;
	}
	if (args_plain(&args, words, cmd_adopt.max_args) < 0)
		return TOOL_USAGE;
	a->word = words[0];
	a->path = words[1];
	if (!args_slot(a->word, false, &a->slots))
		return args_usage(&cmd_adopt, "\"%s\" is not a slot", a->word);
	return TOOL_DONE;
}

/* Return: 1 when a record was written, 0 when it was there, or -1. */
static int adopt_session(struct adopt *a, struct session *s,
			 struct input *in, struct failure *f)
{
	struct pkg_source src;
	int ret;

	input_source(in, &src);
	ret = session_open(s, &src, f);
	if (!ret)
		ret = session_begin(s, a->slots, FWSLOT_BEGIN_ADOPT, f);
	if (!ret)
		ret = session_complete(s, f);
	if (ret)
		return -1;
	return session_writes(s) ? 1 : 0;
}

static void adopt_explain(const struct adopt *a, const struct session *s,
			  const struct input *in, const struct conf *conf,
			  struct failure *f)
{
	char shown[PATH_MAX];
	struct explain e = {
		.status = &a->st, .file = shown, .command = "adopt",
		.slot = a->word, .conf = conf,
	};

	input_shown(in, shown, sizeof(shown));
	if (s->pkg && s->fd >= 0)
		e.manifest = &pkg_head(s->pkg)->manifest;
	explain(&e, f);
}

static int adopt_show(const struct adopt *a, const struct session *s,
		      const struct failure *f, int ret)
{
	char text[FWSLOT_RELEASE_STR];
	struct json j = { .file = stdout };
	int status = ret ? TOOL_DONE : TOOL_NOTHING;

	if (f->set) {
		status = failure_status(f);
		failure_print(f, true);
	} else {
		fwslot_release_print(&pkg_head(s->pkg)->manifest.release, text);
	}
	syslog(status == TOOL_DONE ? LOG_NOTICE : LOG_WARNING,
	       "adopt %s: %s", a->word, f->set ? failure_word(f) :
	       ret ? "done" : "nothing to do");
	if (!a->json && !f->set)
		printf("%s: %s is %s\n", a->word,
		       ret ? "record written, it" : "it has its record, it",
		       text);
	if (a->json) {
		json_result(&j, "adopt", f->set ? "failed" :
			    ret ? "done" : "nothing-to-do", status);
		json_string(&j, "release", f->set ? NULL : text);
		failure_json(f, &j);
		json_end(&j);
	}
	return out_finish(status);
}

static int adopt_run(const struct conf *conf, int argc, char **argv)
{
	struct adopt a = { .progress.mode = PROGRESS_PLAIN };
	struct session s = { .fd = -1, .progress = &a.progress };
	struct failure f = { 0 };
	struct input in = { 0 };
	int ret = -1;

	(void)argc;
	if (adopt_args(&a, argv))
		return TOOL_USAGE;
	a.progress.status = &a.st;
	stop_catch();
	openlog("fwslot", LOG_PID, LOG_AUTHPRIV);
	if (!input_open(&in, a.path, NULL, conf, &f) && !status_get(&a.st, &f))
		ret = adopt_session(&a, &s, &in, &f);
	if (f.set)
		adopt_explain(&a, &s, &in, conf, &f);
	ret = adopt_show(&a, &s, &f, ret);
	session_close(&s);
	input_close(&in);
	return ret;
}

const struct cmd cmd_adopt = {
	.name = "adopt",
	.args = "[--json] SLOT PKG",
	.summary = "write the record of a slot whose content equals a package",
	.help =
"For a slot (primary, secondary or bootloader) that was written by other\n"
"means and therefore has no record: if its content equals the image of the\n"
"package, the record is written; the content is not changed.\n"
"\n"
"  --json    one object with stable keys instead of text\n",
	.min_args = 2,
	.max_args = 2,
	.run = adopt_run,
};
