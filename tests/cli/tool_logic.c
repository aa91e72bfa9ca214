// SPDX-License-Identifier: MIT
/*
 * tool_logic.c - what the tool concludes and advises, without a module
 *
 * One line of output for each case: "ok NAME" or "not ok NAME: what came".
 * Slots are written P,S,B or P,S,B,C: state letter (V verified, R recorded,
 * I incomplete, C corrupt, U unknown, A absent, W writing, F untrusted) and
 * version.  Releases from 5.22.2 on are format 2.
 */
#include <stdio.h>

#include "copy_area.h"
#include "explain.h"
#include "fwslot.h"
#include "input.h"
#include "tool_logic.h"
#include "uri.h"
#include "verdict.h"

static const struct {
	const char *letters;
	const u8 states[8];
} letters = {
	.letters = "VRICUAWF",
	.states = {
		FWSLOT_STATE_VERIFIED, FWSLOT_STATE_RECORDED,
		FWSLOT_STATE_INCOMPLETE, FWSLOT_STATE_CORRUPT,
		FWSLOT_STATE_UNKNOWN, FWSLOT_STATE_ABSENT,
		FWSLOT_STATE_WRITING, FWSLOT_STATE_UNTRUSTED,
	},
};

static u32 format_of(const char *version)
{
	static const struct fwslot_release border = {
		.major = 5, .minor = 22, .patch = 2,
	};
	struct fwslot_release r;

	if (fwslot_release_parse(version, &r))
		return 0;
	return fwslot_release_order(&r, &border) < 0 ? 1 : 2;
}

/* "V5.21.2 V5.21.2 V5.21.2" to a state; returns the units. */
static u32 set_units(struct nl_status *st, const char *text)
{
	struct nl_unit *u = st->units;
	const char *letter;
	u32 units = 0;
	int used = 0;

	memset(st, 0, sizeof(*st));
	for (; *text; text += used, u++) {
		letter = strchr(letters.letters, *text++);
		u->unit = u - st->units;
		u->state = letters.states[letter - letters.letters];
		used = strspn(text, "0123456789.");
		memcpy(u->version, text, used);
		text += used;
		used = *text == ' ';
		u->format = format_of(u->version);
		u->flags = FWSLOT_UNIT_CONFIGURED;
		units |= 1U << u->unit;
	}
	return units;
}

void result(bool ok, const char *name, const char *came)
{
	if (ok)
		printf("ok %s\n", name);
	else
		printf("not ok %s: %s\n", name, came);
}

static const struct verdict_case {
	const char *name;
	const char *units;
	u32 booted;
	const char *running;
	bool quick;
	int status;
	const char *next;
} verdicts[] = {
	{ "all right", "V5.21.2 V5.21.2 V5.21.2", FWSLOT_BOOTED_PRIMARY,
	  "5.21.2", false, TOOL_DONE, "" },
	{ "two releases of one format", "V5.23.0 V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_PRIMARY, "5.23.0", false, TOOL_DONE, "" },
	{ "two copies, all right", "V5.22.2 V5.22.2 V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_PRIMARY, "5.22.2", false, TOOL_DONE, "" },
	{ "records only, quick", "R5.21.2 R5.21.2 R5.21.2",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", true, TOOL_DONE, "" },
	{ "records only, not quick", "R5.21.2 V5.21.2 V5.21.2",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", false, TOOL_UNKNOWN,
	  "fwslot adopt primary <package of the release that is in it>" },
	{ "up, during S", "V5.21.2 I V5.21.2", FWSLOT_BOOTED_PRIMARY,
	  "5.21.2", false, TOOL_DEGRADED, "fwslot repair secondary" },
	{ "a slot broken, bootloader of another release", "V5.23.0 I V5.22.2",
	  FWSLOT_BOOTED_PRIMARY, "5.23.0", false, TOOL_DEGRADED,
	  "fwslot upgrade secondary <package of 5.23.0>" },
	{ "a copy broken", "V5.22.2 V5.22.2 V5.22.2 I", FWSLOT_BOOTED_PRIMARY,
	  "5.22.2", false, TOOL_DEGRADED, "fwslot repair bootloader" },
	{ "a copy broken, images of another release",
	  "V5.23.0 V5.23.0 V5.22.2 I", FWSLOT_BOOTED_PRIMARY, "5.23.0", false,
	  TOOL_DEGRADED, "fwslot upgrade bootloader <package of 5.23.0>" },
	{ "corrupt, its twin is right", "C5.22.2 V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_SECONDARY, "5.22.2", false, TOOL_CORRUPT,
	  "fwslot repair primary" },
	{ "corrupt, no twin", "V5.22.2 V5.22.2 C5.22.2", FWSLOT_BOOTED_PRIMARY,
	  "5.22.2", false, TOOL_CORRUPT,
	  "fwslot upgrade bootloader <package of 5.22.2>" },
	{ "up, S done", "V5.21.2 V5.22.2 V5.21.2", FWSLOT_BOOTED_PRIMARY,
	  "5.21.2", false, TOOL_HALF_UP,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "up, B done, before the reboot", "V5.21.2 V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", false, TOOL_HALF_UP,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "up, B done, after the reboot", "V5.21.2 V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_SECONDARY, "5.22.2", false, TOOL_HALF_UP,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "up, during P", "I V5.22.2 V5.22.2", FWSLOT_BOOTED_SECONDARY,
	  "5.22.2", false, TOOL_DEGRADED,
	  "fwslot repair primary" },
	{ "up, during P, before the reboot", "I V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", false, TOOL_DEGRADED,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "up, during P, after the reboot, what runs was not looked at",
	  "I V5.22.2 V5.22.2", FWSLOT_BOOTED_SECONDARY, "", false,
	  TOOL_DEGRADED, "fwslot repair primary" },
	{ "down, S done", "V5.22.2 V5.21.2 V5.22.2", FWSLOT_BOOTED_PRIMARY,
	  "5.22.2", false, TOOL_HALF_DOWN,
	  "fwslot upgrade all <package of 5.21.2>" },
	{ "down, B done", "V5.22.2 V5.21.2 V5.21.2", FWSLOT_BOOTED_SECONDARY,
	  "5.21.2", false, TOOL_HALF_DOWN,
	  "fwslot upgrade all <package of 5.21.2>" },
	{ "up from secondary, P done", "V5.22.2 V5.21.2 V5.21.2",
	  FWSLOT_BOOTED_SECONDARY, "5.21.2", false, TOOL_HALF_DOWN,
	  "fwslot upgrade all <package of 5.21.2>" },
	{ "up from secondary, B done", "V5.22.2 V5.21.2 V5.22.2",
	  FWSLOT_BOOTED_SECONDARY, "5.21.2", false, TOOL_HALF_UP,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "up, one of two copies broken", "V5.21.2 V5.22.2 V5.21.2 I",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", false, TOOL_HALF_UP,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "up, copies differ", "V5.21.2 V5.22.2 V5.21.2 V5.22.2",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", false, TOOL_HALF_UP,
	  "fwslot upgrade all <package of 5.22.2>" },
	{ "raw images", "U U U", FWSLOT_BOOTED_PRIMARY, "", false,
	  TOOL_UNKNOWN,
	  "fwslot adopt primary <package of the release that is in it>" },
	{ "secondary without record", "V5.21.2 U V5.21.2",
	  FWSLOT_BOOTED_PRIMARY, "5.21.2", false, TOOL_UNKNOWN,
	  "fwslot adopt secondary <package of the release that is in it>" },
	{ "foreign signature", "F5.21.2 V5.21.2 V5.21.2",
	  FWSLOT_BOOTED_PRIMARY, "", false, TOOL_UNKNOWN,
	  "fwslot adopt primary <package of the release that is in it>" },
	{ "no bootloader bound", "V5.21.2 V5.21.2 A", FWSLOT_BOOTED_PRIMARY,
	  "5.21.2", false, TOOL_DEGRADED,
	  "fwslot upgrade bootloader <package of 5.21.2>" },
	{ "corrupt", "V5.21.2 C5.20.0 V5.21.2", FWSLOT_BOOTED_PRIMARY,
	  "5.21.2", false, TOOL_CORRUPT,
	  "fwslot upgrade secondary <package of 5.20.0>" },
	{ "corrupt counts before interrupted", "C5.21.2 V5.22.2 V5.22.2",
	  FWSLOT_BOOTED_SECONDARY, "5.22.2", false, TOOL_CORRUPT,
	  "fwslot upgrade primary <package of 5.21.2>" },
	{ "being written", "V5.21.2 W V5.21.2", FWSLOT_BOOTED_PRIMARY,
	  "5.21.2", false, TOOL_UNKNOWN, "" },
};

static void test_verdicts(void)
{
	const struct verdict_case *c = verdicts;
	struct nl_status st;
	struct verdict v;
	u32 units;

	for (; c < verdicts + ARRAY_SIZE(verdicts); c++) {
		units = set_units(&st, c->units);
		st.device.booted = c->booted;
		strcpy(st.device.running, c->running);
		st.device.format = format_of(c->running);
		verdict_make(&st, units, c->quick, &v);
		result(v.status == c->status && !strcmp(v.next, c->next),
		       c->name, v.next[0] ? v.next : v.word);
	}
}

static const struct explain_case {
	const char *name;
	u32 reason;
	const char *running;
	u32 format;
	const char *bridge;
	u32 bridge_format;
	u32 written;
	const char *advice;
} explains[] = {
	{ "needs-all", FWSLOT_REASON_NEEDS_ALL, "5.21.2", 1, "5.21.2", 1, 0,
	  "the way: fwslot upgrade all dir/this.pkg" },
	{ "no-bridge, over the bridge", FWSLOT_REASON_NO_BRIDGE, "5.20.0", 1,
	  "5.21.2", 1, 0,
	  "from format 1, 5.23.0 can be reached only from 5.21.2\n"
	  "install 5.21.2 first: fwslot upgrade primary <package of 5.21.2>\n"
	  "then, after the reboot: fwslot upgrade all dir/this.pkg" },
	{ "no-bridge at all", FWSLOT_REASON_NO_BRIDGE, "5.21.2", 1, "", 0, 0,
	  "5.23.0 (format 2) cannot be reached directly from format 1, where 5.21.2 runs\n"
	  "install the release of format 2 first that can be installed from 5.21.2: fwslot upgrade all <its package>\n"
	  "then, after the reboot: fwslot upgrade primary dir/this.pkg" },
	{ "version-unknown", FWSLOT_REASON_VERSION_UNKNOWN, "", 1, "", 0, 0,
	  "name what is in the slots first, with the packages of their releases:\n"
	  "fwslot adopt primary <package>\n"
	  "fwslot adopt bootloader <package>" },
	{ "wrong-product", FWSLOT_REASON_WRONG_PRODUCT, "5.21.2", 1, "", 0, 0,
	  "this device is switch-a, the package is for switch-b" },
	{ "below-minimum", FWSLOT_REASON_BELOW_MINIMUM, "5.23.0", 2, "", 0, 0,
	  "this device accepts 5.22.2 and later releases only" },
	{ "reboot-pending", FWSLOT_REASON_REBOOT_PENDING, "5.21.2", 1, "", 0,
	  0, "reboot, then run the same command again" },
	{ "no way out known", FWSLOT_REASON_NO_FORCE, "5.21.2", 1, "", 0, 0,
	  "call us" },
	{ "failed half-way", FWSLOT_REASON_FLASH_IO, "5.21.2", 1, "", 0,
	  1U << FWSLOT_UNIT_SECONDARY,
	  "to finish, run the same command again: fwslot upgrade primary dir/this.pkg" },
	{ "failed in the bootloader", FWSLOT_REASON_FLASH_IO, "5.21.2", 1, "",
	  0, 1U << FWSLOT_UNIT_BOOT0,
	  "the bootloader is broken: do not reboot before this has succeeded\n"
	  "to finish, run the same command again: fwslot upgrade primary dir/this.pkg" },
	{ "a step that failed half-way", FWSLOT_REASON_FLASH_IO, "5.21.2", 1,
	  "", 0, 1U << FWSLOT_UNIT_SECONDARY, "" },
	{ "a step that failed in the bootloader", FWSLOT_REASON_FLASH_IO,
	  "5.21.2", 1, "", 0, 1U << FWSLOT_UNIT_BOOT0,
	  "the bootloader is broken: do not reboot before this has succeeded" },
};

static void test_explain(const struct explain_case *c)
{
	struct fwslot_manifest m = { .format = 2, .n_products = 1 };
	struct conf conf = { .support = "call us" };
	struct failure f = { .set = true, .reason = c->reason,
			     .written = c->written };
	struct nl_status st;
	struct explain e = {
		.status = &st, .manifest = &m, .file = "dir/this.pkg",
		.command = "upgrade", .slot = "primary", .conf = &conf,
		.goes_on = !strncmp(c->name, "a step", 6),
	};

	set_units(&st, "V5.21.2 V5.21.2 I");
	strcpy(st.device.product, "switch-a");
	strcpy(st.device.running, c->running);
	strcpy(st.device.floor, "5.22.2");
	st.device.format = c->format;
	st.device.booted = FWSLOT_BOOTED_PRIMARY;
	fwslot_release_parse("5.23.0", &m.release);
	strcpy(m.products[0], "switch-b");
	m.n_bridges = c->bridge_format ? 1 : 0;
	m.bridges[0].format = c->bridge_format;
	fwslot_release_parse(c->bridge, &m.bridges[0].release);
	explain(&e, &f);
	result(!strcmp(f.advice, c->advice), c->name, f.advice);
}

static const struct status_case {
	const char *name;
	u32 reason;
	u32 written;
	bool interrupted;
	int status;
} statuses[] = {
	{ "exit: package", FWSLOT_REASON_BAD_CHUNK, 0, false, TOOL_PACKAGE },
	{ "exit: policy", FWSLOT_REASON_NO_BRIDGE, 0, false, TOOL_REFUSED },
	{ "exit: busy", FWSLOT_REASON_BUSY, 0, false, TOOL_BUSY },
	{ "exit: device", FWSLOT_REASON_SLOT_ABSENT, 0, false,
	  TOOL_NO_DEVICE },
	{ "exit: use", FWSLOT_REASON_WRONG_STATE, 0, false, TOOL_USAGE },
	{ "exit: flash, early", FWSLOT_REASON_FLASH_IO, 0, false, TOOL_EARLY },
	{ "exit: flash, late", FWSLOT_REASON_FLASH_IO, 2, false, TOOL_FAILED },
	{ "exit: package, late", FWSLOT_REASON_BAD_CHUNK, 2, false,
	  TOOL_FAILED },
	{ "exit: gone, late", FWSLOT_REASON_SLOT_GONE, 2, false, TOOL_FAILED },
	{ "exit: stopped, early", FWSLOT_REASON_NONE, 0, true, TOOL_EARLY },
	{ "exit: stopped, late", FWSLOT_REASON_NONE, 2, true,
	  TOOL_INTERRUPTED },
};

static void test_statuses(void)
{
	const struct status_case *c = statuses;
	char came[16];

	for (; c < statuses + ARRAY_SIZE(statuses); c++) {
		struct failure f = { .set = true, .reason = c->reason,
				     .written = c->written,
				     .interrupted = c->interrupted };

		snprintf(came, sizeof(came), "%d", failure_status(&f));
		result(failure_status(&f) == c->status, c->name, came);
	}
}

static const struct address_case {
	const char *word;
	bool dotted;
	size_t len;
} addresses[] = {
	{ "192.0.2.1/a.pkg", true, 9 },
	{ "192.0.2.1:2121/a.pkg", true, 14 },
	{ "[2001:db8::1]/a.pkg", true, 13 },
	{ "[fe80::1%eth0]:69/a.pkg", true, 17 },
	{ "[fe80::1%br-lan.7]", true, 18 },
	{ "[fe80::1%]/a.pkg", true, 0 },
	{ "[fe80::1%et%h]/a.pkg", true, 0 },
	{ "[fe80%e::1]/a.pkg", true, 0 },
	{ "[%eth0]/a.pkg", true, 0 },
	{ "[]/a.pkg", true, 0 },
	{ "[fe80::1%1]:69/a.pkg", true, 14 },
	{ "host.example/dir/a.pkg", true, 12 },
	{ "a.pkg", true, 5 },
	{ "server", false, 6 },
	{ "server:21", false, 9 },
	{ "server", true, 0 },
	{ "dir/a.pkg", true, 0 },
	{ "/a.b/c", true, 0 },
	{ "./a.pkg", true, 0 },
	{ "../a.pkg", true, 0 },
	{ "-a.b/c", true, 0 },
	{ "192.0.2.1:/a.pkg", true, 0 },
	{ "192.0.2.1:123456/a.pkg", true, 0 },
	{ "192.0.2.1:x/a.pkg", true, 0 },
	{ "u@192.0.2.1/a.pkg", true, 0 },
	{ "[::1/a.pkg", true, 0 },
	{ "", true, 0 },
};

static void test_addresses(void)
{
	const struct address_case *c = addresses;
	char name[80];
	size_t len;

	for (; c < addresses + ARRAY_SIZE(addresses); c++) {
		len = 0;
		if (!uri_address(c->word, c->dotted, &len))
			len = 0;
		snprintf(name, sizeof(name), "address: \"%s\"", c->word);
		result(len == c->len, name, "something else");
	}
}

static void test_uris(void)
{
	char buf[URI_SIZE], small[24];

	result(uri_is("tftp://h/a") && uri_is("x-y+z.1://h") && !uri_is("://h") &&
	       !uri_is("a/b://c") && !uri_is("a.pkg"), "uri: what is one", "");
	result(uri_known("sftp://h") && !uri_known("file:///etc/passwd") &&
	       !uri_known("scp://h"), "uri: schemes", "");
	uri_shown("http://u:p@q@h:1/a@b?token=1#x", buf, sizeof(buf));
	result(!strcmp(buf, "http://h:1/a@b"), "uri: no secrets are shown", buf);
	uri_shown("http://h/\033[31m", buf, sizeof(buf));
	result(!strcmp(buf, "http://h/?[31m"), "uri: no escapes are shown", buf);
	result(!uri_make(buf, sizeof(buf), "ftp", "h:21/x", 4, "d/a b%?.pkg") &&
	       !strcmp(buf, "ftp://h:21/d/a%20b%25%3F.pkg"), "uri: made", buf);
	result(!uri_make(buf, sizeof(buf), "tftp", "[fe80::1%eth0]:69", 17,
			 "a.pkg") &&
	       !strcmp(buf, "tftp://[fe80::1%25eth0]:69/a.pkg"), "uri: a zone",
	       buf);
	result(uri_make(small, sizeof(small), "tftp", "192.0.2.1", 9, "aaa.pkg") &&
	       uri_make(small, sizeof(small), "tftp", "192.0.2.1", 9, "a.pk%") &&
	       uri_make(small, 8, "tftp", "192.0.2.1", 9, "a"),
	       "uri: too long", small);
	result(!uri_make(small, sizeof(small), "tftp", "192.0.2.1", 9, "aa.pkg") &&
	       !strcmp(small, "tftp://192.0.2.1/aa.pkg"), "uri: just fits",
	       small);
	result(uri_has_file("ftp://h/a") && uri_has_file("http://h/d/?a") &&
	       uri_has_file("http://h?a") && !uri_has_file("ftp://h") &&
	       !uri_has_file("ftp://h/") && !uri_has_file("ftp://h/a/#b") &&
	       !uri_has_file("ftp://"), "uri: no file", "");
}

static void test_shown(void)
{
	struct input in = { .path = "ftp://u:secret@h/a.pkg?secret" };
	char buf[URI_SIZE];

	input_shown(&in, buf, sizeof(buf));
	result(!strcmp(buf, "ftp://h/a.pkg"), "input: a URI's secrets", buf);
	in.path = "dir/u@h?.pkg";
	input_shown(&in, buf, sizeof(buf));
	result(!strcmp(buf, in.path), "input: a file's name", buf);
}

static const char mtds[] =
	"dev:    size   erasesize  name\n"
	"mtd0: 00080000 00010000 \"boot\"\n"
	"mtd1: 00080000 00010000 \"boot2\"\n"
	"mtd7: 00080000 00010000 \"NAND part 1\"\n"
	"mtd12: 00020000 00010000 \"r\"\n";

static const struct place_case {
	const char *slots;
	u32 unit;
	const char *want;
} places[] = {
	{ "primary=a;bootloader=boot,record=r@64K", 2, "12 65536 0" },
	{ "primary=a,record=boot2@0x10000:0x20000;bootloader=b\n", 0,
	  "1 65536 131072" },
	{ "bootloader=boot,record=r@0;bootloader=boot2,size=1M,record=r@64K:64K\n",
	  3, "12 65536 65536" },
	{ "bootloader=boot,record=r@0;bootloader=boot2,record=r@64K", 2,
	  "12 0 0" },
	{ "bootloader=boot,record=NAND part 1@1M", 2, "7 1048576 0" },
	{ "bootloader=boot;secondary=b,record=r@0", 2, "none" },
	{ "bootloader=boot,record=r@0", 3, "none" },
	{ "bootloader=boot,record=gone@0", 2, "none" },
	{ "bootloader=boot,record=r", 2, "none" },
	{ "bootloader=record=r@0", 2, "none" },
	{ "", 2, "none" },
};

static void test_places(void)
{
	const struct place_case *c = places;
	struct copy_place place;
	char came[80], name[120];

	for (; c < places + ARRAY_SIZE(places); c++) {
		strcpy(came, "none");
		if (!copy_place_find(c->slots, mtds, c->unit, &place))
			snprintf(came, sizeof(came), "%u %llu %llu", place.mtd,
				 (unsigned long long)place.start,
				 (unsigned long long)place.size);
		snprintf(name, sizeof(name), "record of %u in \"%.*s\"",
			 c->unit, (int)strcspn(c->slots, "\n"), c->slots);
		result(!strcmp(came, c->want), name, came);
	}
}

int main(void)
{
	size_t i;

	test_verdicts();
	test_addresses();
	test_uris();
	test_shown();
	test_places();
	for (i = 0; i < ARRAY_SIZE(explains); i++)
		test_explain(&explains[i]);
	test_statuses();
	test_parts();
	return 0;
}
