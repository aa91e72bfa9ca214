// SPDX-License-Identifier: MIT
/*
 * cmd_repair.c - fwslot repair
 *
 * A normal session: manifest, signature and digest tables come from records,
 * the image from the twin, in the kernel or from its flash.  The kernel checks
 * all of it as if it came from a package.
 */
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "copy.h"
#include "dev.h"
#include "explain.h"
#include "fwslot.h"
#include "session.h"
#include "status.h"

/**
 * struct repair - a repair
 * @json: show the result as JSON
 * @word: the slot, as it was typed
 * @slots: mask of slots
 * @to: the unit that is broken
 * @from: its twin
 * @st: the device
 * @copies: all units whose records could be read
 * @has: which these are
 * @head: what the kernel wants before it decides
 * @tables: memory of its digest tables
 * @progress: how progress is shown
 * @session: the session
 * @f: why it failed
 */
struct repair {
	bool json;
	const char *word;
	u32 slots;
	u32 to;
	u32 from;
	struct nl_status st;
	struct copy copies[FWSLOT_UNITS];
	u32 has;
	struct pkg_head head;
	u8 *tables;
	struct progress progress;
	struct session session;
	struct failure f;
};

static int repair_args(struct repair *r, char **argv)
{
	struct args args = { .cmd = &cmd_repair, .argv = argv };
	const char *option, *value;

	progress_parse("auto", &r->progress.mode);
	while ((option = args_option(&args))) {
		if (!strcmp(option, "--json"))
			r->json = true;
		else if (!args_value(option, "--progress", &value))
			return args_unknown(&cmd_repair, option);
		else if (!progress_parse(value, &r->progress.mode))
			return args_usage(&cmd_repair,
					  "\"%s\" is not a way to show progress",
					  value);
	}
	if (args_plain(&args, &r->word, cmd_repair.max_args) < 0)
		return TOOL_USAGE;
	if (!args_slot(r->word, false, &r->slots))
		return args_usage(&cmd_repair, "\"%s\" is not a slot", r->word);
	return TOOL_DONE;
}

/* A unit that cannot be read is not right; that need not end a repair. */
static bool repair_unreadable(struct repair *r, u32 unit)
{
	if (r->f.reason != FWSLOT_REASON_FLASH_IO || r->f.interrupted)
		return false;
	progress_note(&r->progress, "%s cannot be read: %s",
		      fwslot_unit_word(unit), strerror(-r->f.error));
	memset(&r->f, 0, sizeof(r->f));
	r->st.units[unit].state = FWSLOT_STATE_CORRUPT;
	return true;
}

/* Read both units whole: is one broken, and the other one right? */
static int repair_verify(struct repair *r, u32 unit)
{
	struct fwslot_verify arg;
	int fd, ret;

	if (r->st.units[unit].state == FWSLOT_STATE_ABSENT)
		return 0;
	fd = dev_open(&r->f);
	if (fd < 0)
		return -1;
	progress_note(&r->progress, "reading %s", fwslot_unit_word(unit));
	ret = dev_verify(fd, unit, &arg, &r->f);
	close(fd);
	if (!ret)
		r->st.units[unit].state = arg.state;
	return ret && !repair_unreadable(r, unit) ? -1 : 0;
}

static bool repair_good(const struct repair *r, u32 unit)
{
	return r->st.units[unit].state == FWSLOT_STATE_VERIFIED;
}

static int repair_needs_package(struct repair *r, const char *why)
{
	const struct nl_unit *from = &r->st.units[r->from];
	const char *version = from->version;

	if (!repair_good(r, r->from))
		version = r->st.device.running;
	failure_plain(&r->f, TOOL_REFUSED, "%s", why);
	snprintf(r->f.advice, sizeof(r->f.advice),
		 "%s needs its package: fwslot upgrade %s <package of %s>",
		 fwslot_unit_word(r->to),
		 fwslot_unit_word(fwslot_unit_slot(r->to)),
		 *version ? version : "the release it should hold");
	return -1;
}

/* Which unit is to be repaired, and from where.  Return: 1 when none is. */
static int repair_choose(struct repair *r)
{
	bool boot = r->slots == 1U << FWSLOT_BOOTLOADER;

	r->to = boot ? FWSLOT_UNIT_BOOT0 :
		r->slots == 1U << FWSLOT_PRIMARY ? FWSLOT_UNIT_PRIMARY :
						   FWSLOT_UNIT_SECONDARY;
	r->from = boot ? FWSLOT_UNIT_BOOT1 :
			 FWSLOT_UNIT_PRIMARY + FWSLOT_UNIT_SECONDARY - r->to;
	if (repair_verify(r, r->to) || repair_verify(r, r->from))
		return -1;
	if (boot && repair_good(r, r->to) && !repair_good(r, r->from) &&
	    status_units(&r->st) & 1U << r->from) {
		r->to = FWSLOT_UNIT_BOOT1;
		r->from = FWSLOT_UNIT_BOOT0;
	}
	if (repair_good(r, r->to))
		return 1;
	if (r->st.units[r->to].state == FWSLOT_STATE_ABSENT)
		return failure_set(&r->f, FWSLOT_REASON_SLOT_ABSENT, 0, "%s",
				   fwslot_unit_word(r->to));
	if (repair_good(r, r->from))
		return 0;
	return repair_needs_package(r, boot ?
				    "there is no second copy of the bootloader that is good" :
				    "the other image slot is not good either");
}

static void repair_open(struct repair *r)
{
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (r->st.units[i].state != FWSLOT_STATE_ABSENT &&
		    !copy_open(&r->copies[i], &r->st.units[i]))
			r->has |= 1U << i;
}

static const u8 *repair_table(const struct repair *r,
			      const struct fwslot_image *img)
{
	const u8 *table;
	u32 i;

	for (i = 0; i < FWSLOT_UNITS; i++) {
		table = r->has & 1U << i ? copy_table(&r->copies[i], img) :
					   NULL;
		if (table)
			return table;
	}
	return NULL;
}

/* The head of a package, put together from records. */
static int repair_head(struct repair *r)
{
	const struct copy *c = &r->copies[r->from];
	const struct fwslot_manifest *m = &c->manifest;
	const u8 *table;
	u32 i;

	repair_open(r);
	if (!(r->has & 1U << r->from))
		return repair_needs_package(r, "the record of the twin cannot be read");
	r->head.manifest = *m;
	r->head.raw.data = c->body;
	r->head.raw.size = c->rec.manifest_size;
	r->head.signature.data = c->body + c->rec.manifest_size;
	r->head.signature.size = c->rec.signature_size;
	r->head.tables.size = fwslot_tables_size(m);
	r->tables = malloc(r->head.tables.size);
	r->head.tables.data = r->tables;
	if (!r->tables)
		return failure_set(&r->f, FWSLOT_REASON_NO_MEMORY, 0, "%s", "");
	for (i = 0; i < m->n_images; i++) {
		table = repair_table(r, &m->images[i]);
		if (!table)
			return repair_needs_package(r, "the other slots are of another release");
		memcpy(r->tables + fwslot_table_offset(m, i), table,
		       fwslot_table_size(&m->images[i]));
	}
	return 0;
}

static int repair_chunk(struct session *s, u32 image, u32 chunk, u8 *buf,
			struct failure *f)
{
	struct repair *r = s->ctx;
	const struct copy *c = &r->copies[r->from];
	int ret;

	if (image != c->rec.image)
		return repair_needs_package(r, "the module asks for another image");
	ret = copy_chunk(c, chunk, buf);
	if (!ret)
		return 0;
	failure_set(f, FWSLOT_REASON_NONE, ret, "reading %s",
		    fwslot_unit_word(r->from));
	f->status = TOOL_EARLY;
	return -1;
}

static int repair_session(struct repair *r)
{
	struct session *s = &r->session;
	int ret;

	s->head = &r->head;
	s->chunk = repair_chunk;
	s->ctx = r;
	s->fd = dev_open(&r->f);
	if (s->fd < 0)
		return -1;
	ret = session_begin(s, r->slots, 0, &r->f);
	if (!ret)
		ret = session_stream(s, &r->f);
	if (!ret)
		ret = session_complete(s, &r->f);
	session_close(s);
	return ret;
}

static void repair_explain(struct repair *r, const struct conf *conf)
{
	struct explain e = {
		.status = &r->st, .manifest = &r->head.manifest, .file = "",
		.command = "repair", .slot = r->word, .conf = conf,
	};
	struct failure ignored = { 0 };

	if (r->f.advice[0])
		return;
	if (!r->tables)
		e.manifest = NULL;
	status_get(&r->st, &ignored);
	explain(&e, &r->f);
}

static void repair_text(const struct repair *r, bool nothing)
{
	char release[FWSLOT_RELEASE_STR];

	if (nothing) {
		printf("%s is right, nothing was written\n", r->word);
		return;
	}
	fwslot_release_print(&r->head.manifest.release, release);
	printf("%s: copied from %s, it is %s\n", fwslot_unit_word(r->to),
	       fwslot_unit_word(r->from), release);
}

static void repair_json(const struct repair *r, bool nothing, int status)
{
	char release[FWSLOT_RELEASE_STR];
	struct json j = { .file = stdout };
	bool done = !r->f.set && !nothing;

	fwslot_release_print(&r->head.manifest.release, release);
	json_result(&j, "repair", r->f.set ? "failed" :
		    nothing ? "nothing-to-do" : "repaired", status);
	json_string(&j, "slot", r->word);
	json_string(&j, "from", done ? fwslot_unit_word(r->from) : NULL);
	json_string(&j, "release", done ? release : NULL);
	json_units(&j, "done", done ? 1U << r->to : 0);
	failure_json(&r->f, &j);
	json_end(&j);
}

static int repair_do(struct repair *r, const struct conf *conf)
{
	int ret = -1, status;

	if (!status_get(&r->st, &r->f))
		ret = repair_choose(r);
	if (!ret)
		ret = repair_head(r);
	if (!ret)
		ret = repair_session(r);
	progress_end(&r->progress);
	if (r->f.set)
		repair_explain(r, conf);
	status = r->f.set ? failure_status(&r->f) :
		 ret ? TOOL_NOTHING : TOOL_DONE;
	syslog(r->f.set ? LOG_WARNING : LOG_NOTICE, "repair %s: %s", r->word,
	       r->f.set ? failure_word(&r->f) : ret ? "nothing to do" : "done");
	if (r->f.set)
		failure_print(&r->f, true);
	if (r->json)
		repair_json(r, ret, status);
	else if (!r->f.set)
		repair_text(r, ret);
	return out_finish(status);
}

static int repair_run(const struct conf *conf, int argc, char **argv)
{
	struct repair *r = calloc(1, sizeof(*r));
	int status;
	u32 i;

	(void)argc;
	if (!r) {
		fprintf(stderr, "fwslot: failed: not enough memory\n");
		return TOOL_EARLY;
	}
	r->session.fd = -1;
	r->session.progress = &r->progress;
	r->progress.status = &r->st;
	status = repair_args(r, argv);
	if (status)
		goto free_repair;
	stop_catch();
	openlog("fwslot", LOG_PID, LOG_AUTHPRIV);
	status = repair_do(r, conf);
	for (i = 0; i < FWSLOT_UNITS; i++)
		copy_close(&r->copies[i]);
	free(r->tables);
free_repair:
	free(r);
	return status;
}

const struct cmd cmd_repair = {
	.name = "repair",
	.args = "[--json] [--progress=MODE] SLOT",
	.summary = "copy the good twin over a broken slot",
	.help =
"Reads the slot (primary, secondary or bootloader) and its twin: the other\n"
"image slot, or the other copy of the bootloader.  If the slot is not right and\n"
"its twin is, the twin is copied over it, in a session with all the checks of\n"
"an upgrade.  Otherwise says which package is needed.  Does not reboot.\n"
"\n"
"  --progress=MODE   auto, bar, plain, json or none; on stderr\n"
"  --json            the result as one object with stable keys\n"
"\n"
"Exit status as of upgrade: 6 the slot is right, 3 it needs a package.\n",
	.min_args = 1,
	.max_args = 1,
	.run = repair_run,
};
