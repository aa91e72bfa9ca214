// SPDX-License-Identifier: MIT
/*
 * explain.c - the way out of a refusal or failure
 *
 * One short advice for each reason that has one.  It may name commands, never
 * run them, and decides nothing.  Where no way out is known, the support line
 * of the configuration file is all that is said.
 */
#include <limits.h>

#include "explain.h"
#include "fwslot.h"
#include "neighbour.h"
#include "text.h"

#define EXPLAIN_BRIDGES_MAX	3

static const char *explain_file(const struct explain *e)
{
	if (!*e->file)
		return "<package>";
	return strcmp(e->file, "-") ? e->quoted : "<this package>";
}

static const char *explain_running(const struct explain *e)
{
	return e->status->device.running[0] ? e->status->device.running :
					      "the running release";
}

/**
 * struct wanted - a package that would help
 * @format: its format
 * @release: its version, NULL: any that has @bridge
 * @bridge_format: format of a release that it can be installed from
 * @bridge: version of that release
 */
struct wanted {
	u32 format;
	const struct fwslot_release *release;
	u32 bridge_format;
	struct fwslot_release bridge;
};

static bool explain_match(const struct fwslot_manifest *m, const void *data)
{
	const struct wanted *w = data;
	u32 i;

	if (m->format != w->format)
		return false;
	if (w->release)
		return fwslot_release_equal(&m->release, w->release);
	for (i = 0; i < m->n_bridges; i++)
		if (m->bridges[i].format == w->bridge_format &&
		    fwslot_release_equal(&m->bridges[i].release, &w->bridge))
			return true;
	return false;
}

/* Bridges of the package that begin at the running format, as a list. */
static u32 explain_bridges(const struct explain *e, char *buf, size_t size,
			   const struct fwslot_bridge **first)
{
	const struct fwslot_manifest *m = e->manifest;
	char text[FWSLOT_RELEASE_STR];
	size_t used = 0;
	u32 i, n = 0;

	for (i = 0; i < m->n_bridges; i++) {
		if (m->bridges[i].format != e->status->device.format)
			continue;
		if (!n)
			*first = &m->bridges[i];
		if (n++ >= EXPLAIN_BRIDGES_MAX || used >= size)
			continue;
		fwslot_release_print(&m->bridges[i].release, text);
		used += snprintf(buf + used, size - used, "%s%s",
				 used ? ", " : "", text);
	}
	return n;
}

static void explain_over_bridge(const struct explain *e, struct failure *f,
				const struct fwslot_bridge *bridge,
				const char *list)
{
	struct wanted w = { .format = bridge->format,
			    .release = &bridge->release };
	char text[FWSLOT_RELEASE_STR], step[FWSLOT_RELEASE_STR];
	struct fwslot_release found;
	char path[200], quoted[TEXT_SHELL(sizeof(path))];

	fwslot_release_print(&e->manifest->release, text);
	fwslot_release_print(&bridge->release, step);
	failure_advise(f, "from format %u, %s can be reached only from %s",
		       bridge->format, text, list);
	if (neighbour_find(e->file, explain_match, &w, path, sizeof(path),
			   &found))
		failure_advise(f, "install %s first: fwslot upgrade primary %s", step,
			       text_shell(path, quoted, sizeof(quoted)));
	else
		failure_advise(f,
			       "install %s first: fwslot upgrade primary <package of %s>",
			       step, step);
	failure_advise(f, "then, after the reboot: fwslot upgrade all %s",
		       explain_file(e));
}

static void explain_no_bridge(const struct explain *e, struct failure *f)
{
	struct wanted w = { .format = e->manifest->format,
			    .bridge_format = e->status->device.format };
	char text[FWSLOT_RELEASE_STR], step[FWSLOT_RELEASE_STR];
	struct fwslot_release found;
	char path[200], quoted[TEXT_SHELL(sizeof(path))];

	fwslot_release_print(&e->manifest->release, text);
	failure_advise(f,
		       "%s (format %u) cannot be reached directly from format %u, where %s runs",
		       text, e->manifest->format, e->status->device.format,
		       explain_running(e));
	if (fwslot_release_parse(e->status->device.running, &w.bridge) ||
	    !neighbour_find(e->file, explain_match, &w, path, sizeof(path),
			    &found)) {
		failure_advise(f,
			       "install the release of format %u first that can be installed from %s: fwslot upgrade all <its package>",
			       e->manifest->format, explain_running(e));
	} else {
		fwslot_release_print(&found, step);
		failure_advise(f, "install %s first: fwslot upgrade all %s", step,
			       text_shell(path, quoted, sizeof(quoted)));
	}
	failure_advise(f, "then, after the reboot: fwslot upgrade %s %s", e->slot,
		       explain_file(e));
}

static void explain_bridge(const struct explain *e, struct failure *f)
{
	const struct fwslot_bridge *first = NULL;
	char list[200] = "";

	if (explain_bridges(e, list, sizeof(list), &first))
		explain_over_bridge(e, f, first, list);
	else
		explain_no_bridge(e, f);
}

static void explain_adopt(const struct explain *e, struct failure *f)
{
	const char *slot = "primary";

	if (e->status->device.booted == FWSLOT_BOOTED_SECONDARY)
		slot = "secondary";
	failure_advise(f, "name what is in the slots first, with the packages of their releases:");
	failure_advise(f, "fwslot adopt %s <package>", slot);
	failure_advise(f, "fwslot adopt bootloader <package>");
}

static void explain_product(const struct explain *e, struct failure *f)
{
	char list[200] = "";
	size_t used = 0;
	u32 i;

	for (i = 0; i < e->manifest->n_products && used < sizeof(list); i++)
		used += snprintf(list + used, sizeof(list) - used, "%s%s",
				 used ? ", " : "", e->manifest->products[i]);
	failure_advise(f, "this device is %s, the package is for %s",
		       e->status->device.product, list);
}

static void explain_keys(const struct explain *e, struct failure *f)
{
	u32 i;

	for (i = 0; i < e->status->device.n_keys; i++)
		if (e->status->device.keys[i].flags == FWSLOT_KEY_USABLE)
			failure_advise(f, "trusted key: %s",
				       e->status->device.keys[i].name);
	failure_advise(f, "get the package again from its vendor");
}

/* Reasons whose way out depends on package and device. */
static bool explain_special(const struct explain *e, struct failure *f)
{
	switch (f->reason) {
	case FWSLOT_REASON_NEEDS_ALL:
	case FWSLOT_REASON_NEEDS_BOOTLOADER:
		failure_advise(f, "the way: fwslot upgrade all %s", explain_file(e));
		return true;
	case FWSLOT_REASON_NO_BRIDGE:
		if (e->manifest)
			explain_bridge(e, f);
		return e->manifest;
	case FWSLOT_REASON_VERSION_UNKNOWN:
	case FWSLOT_REASON_FORMAT_UNKNOWN:
		explain_adopt(e, f);
		return true;
	case FWSLOT_REASON_WRONG_PRODUCT:
		if (e->manifest)
			explain_product(e, f);
		return e->manifest;
	case FWSLOT_REASON_BELOW_MINIMUM:
		failure_advise(f, "this device accepts %s and later releases only",
			       e->status->device.floor);
		return true;
	case FWSLOT_REASON_NOTHING_BOOTABLE:
		failure_advise(f,
			       "make the slot whole first that runs: fwslot upgrade all <package of %s>",
			       explain_running(e));
		return true;
	case FWSLOT_REASON_UNKNOWN_KEY:
	case FWSLOT_REASON_BAD_SIGNATURE:
	case FWSLOT_REASON_RETIRED_KEY:
		explain_keys(e, f);
		return true;
	default:
		return false;
	}
}

/* Reasons whose way out is always the same. */
static const char *explain_plain(u32 reason)
{
	switch (reason) {
	case FWSLOT_REASON_BAD_PACKAGE:
	case FWSLOT_REASON_TRUNCATED:
	case FWSLOT_REASON_BAD_MANIFEST:
	case FWSLOT_REASON_BAD_SIGNATURE_FORM:
	case FWSLOT_REASON_BAD_TABLE:
	case FWSLOT_REASON_BAD_CHUNK:
		return "get the package again and compare it with its source";
	case FWSLOT_REASON_MANIFEST_VERSION:
		return "install a release between the running one and this one first";
	case FWSLOT_REASON_NO_IMAGE:
		return "fwslot info shows which slots the package is for";
	case FWSLOT_REASON_NO_PRODUCT:
		return "set the module parameter product=";
	case FWSLOT_REASON_BOOTED_UNKNOWN:
		return "the bootloader must pass fwslot.booted= to the kernel";
	case FWSLOT_REASON_REBOOT_PENDING:
		return "reboot, then run the same command again";
	case FWSLOT_REASON_CONTENT_DIFFERS:
		return "take the package of exactly that release, or write it: fwslot upgrade";
	case FWSLOT_REASON_BUSY:
		return "wait until the other session has ended: fwslot monitor";
	case FWSLOT_REASON_IN_USE:
		return "unmount or detach it, then run the same command again";
	case FWSLOT_REASON_SLOT_ABSENT:
	case FWSLOT_REASON_SLOT_GONE:
	case FWSLOT_REASON_SLOT_AMBIGUOUS:
	case FWSLOT_REASON_SLOT_UNALIGNED:
	case FWSLOT_REASON_SLOT_UNSUPPORTED:
	case FWSLOT_REASON_SLOT_MOVED:
		return "see fwslot status; the module parameter slots= names the slots";
	case FWSLOT_REASON_NO_MEMORY:
		return "end other programs, then run the same command again";
	default:
		return NULL;
	}
}

static void explain_resume(const struct explain *e, struct failure *f)
{
	u32 broken = f->written & (1U << FWSLOT_UNIT_BOOT0 |
				   1U << FWSLOT_UNIT_BOOT1);
	u32 i;

	for (i = FWSLOT_UNIT_BOOT0; i < FWSLOT_UNITS; i++)
		if (e->status->units[i].state != FWSLOT_STATE_INCOMPLETE &&
		    e->status->units[i].state != FWSLOT_STATE_CORRUPT)
			broken &= ~(1U << i);
	if (broken)
		failure_advise(f,
			       "the bootloader is broken: do not reboot before this has succeeded");
	if (e->goes_on)
		return;
	failure_advise(f, "to finish, run the same command again: fwslot %s %s%s%s",
		       e->command, e->slot, *e->file ? " " : "",
		       *e->file ? explain_file(e) : "");
}

static void explain_all(const struct explain *e, struct failure *f)
{
	const char *plain = explain_plain(f->reason);

	if (!explain_special(e, f) && plain)
		failure_advise(f, "%s", plain);
	if (f->written)
		explain_resume(e, f);
	if (!f->advice[0] && e->conf->support[0] && !f->interrupted && !f->written)
		failure_advise(f, "%s", e->conf->support);
}

/**
 * explain() - add the way out to a failure
 * @e: what it depends on
 * @f: the failure; its advice is filled in
 */
void explain(const struct explain *e, struct failure *f)
{
	char quoted[TEXT_SHELL(PATH_MAX)];
	struct explain with = *e;

	with.quoted = text_shell(e->file, quoted, sizeof(quoted));
	f->advice[0] = '\0';
	explain_all(&with, f);
}
