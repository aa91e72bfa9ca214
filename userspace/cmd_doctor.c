// SPDX-License-Identifier: MIT
/*
 * cmd_doctor.c - fwslot doctor
 *
 * Looks at what around the module decides how much its promises are worth: who
 * else may run code in the kernel, and who may change what the module is told
 * at boot.  Changes nothing and needs no module.  A finding is good, worth
 * knowing, or a warning; Documentation/security.rst says what can be done.
 */
#include <stdarg.h>

#include "doctor.h"
#include "fwslot.h"
#include "status.h"

/**
 * struct doctor - what was found
 * @json: show it as JSON
 * @j: the text then
 * @warnings: how many of the findings are warnings
 */
struct doctor {
	bool json;
	struct json j;
	u32 warnings;
};

static const char *const doctor_words[] = {
	[DOCTOR_GOOD] = "good",
	[DOCTOR_NOTE] = "note",
	[DOCTOR_WARN] = "WARNING",
};

/**
 * doctor_tell() - tell a finding
 * @d: the doctor
 * @level: how bad it is
 * @check: what was looked at, one word
 * @fmt: what was found, as printf()
 */
void doctor_tell(struct doctor *d, enum doctor_level level, const char *check,
		 const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->warnings += level == DOCTOR_WARN;
	if (!d->json) {
		printf("%-8s %-16s ", doctor_words[level], check);
		out_visible(stdout, text, strlen(text), NULL);
		putchar('\n');
		return;
	}
	json_object(&d->j, NULL);
	json_string(&d->j, "check", check);
	json_string(&d->j, "level", level == DOCTOR_WARN ? "warning" :
		    doctor_words[level]);
	json_string(&d->j, "text", text);
	json_end(&d->j);
}

static void doctor_module(struct doctor *d)
{
	struct failure f = { 0 };
	struct nl_status st;
	u32 flags, i, bare = 0;

	if (status_get(&st, &f)) {
		doctor_tell(d, DOCTOR_WARN, "module", "%s", f.text);
		return;
	}
	flags = st.device.flags;
	doctor_tell(d, st.device.product[0] ? DOCTOR_GOOD : DOCTOR_WARN,
		    "product", "%s", st.device.product[0] ?
		    st.device.product : "none set, nothing can be installed");
	doctor_tell(d, st.device.booted ? DOCTOR_GOOD : DOCTOR_WARN, "booted",
		    "%s", st.device.booted ?
		    fwslot_booted_word(st.device.booted) :
		    "the bootloader did not say what it started, nothing can be installed");
	doctor_tell(d, st.device.floor[0] ? DOCTOR_GOOD : DOCTOR_NOTE, "floor",
		    "%s%s", st.device.floor[0] ? "nothing older than " :
		    "none, any older release can be installed",
		    st.device.floor);
	doctor_tell(d, flags & FWSLOT_DEVICE_SEALED ? DOCTOR_GOOD : DOCTOR_NOTE,
		    "seal", "%s", flags & FWSLOT_DEVICE_SEALED ?
		    "sealed" : "not sealed, whole chips may be writable (fwslot seal)");
	doctor_tell(d, flags & FWSLOT_DEVICE_DEVKEY ? DOCTOR_WARN : DOCTOR_GOOD,
		    "keys", "%s", flags & FWSLOT_DEVICE_DEVKEY ?
		    "built with a development key, not for use in the field" :
		    "no development key");
	doctor_tell(d, flags & FWSLOT_DEVICE_FORCE ? DOCTOR_WARN : DOCTOR_GOOD,
		    "force", "%s", flags & FWSLOT_DEVICE_FORCE ?
		    "allowed" : "not allowed");
	if (flags & FWSLOT_DEVICE_TAMPERED)
		doctor_tell(d, DOCTOR_WARN, "tampered",
			    "a sealed slot was taken away");
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (st.units[i].state != FWSLOT_STATE_ABSENT &&
		    !(st.units[i].flags & FWSLOT_UNIT_PROTECTED))
			bare++;
	doctor_tell(d, bare ? DOCTOR_WARN : DOCTOR_GOOD, "protection",
		    "%u slots can be written by others", bare);
}

static int doctor_run(const struct conf *conf, int argc, char **argv)
{
	struct args args = { .cmd = &cmd_doctor, .argv = argv };
	struct doctor d = { .j.file = stdout };
	const char *option;

	(void)conf;
	(void)argc;
	while ((option = args_option(&args))) {
		if (strcmp(option, "--json"))
			return args_unknown(&cmd_doctor, option);
		d.json = true;
	}
	if (args_plain(&args, NULL, cmd_doctor.max_args) < 0)
		return TOOL_USAGE;
	if (d.json) {
		json_result(&d.j, "doctor", "ok", TOOL_DONE);
		json_array(&d.j, "findings");
	}
	doctor_module(&d);
	doctor_kernel(&d);
	doctor_boot(&d);
	if (d.json) {
		json_end(&d.j);
		json_u64(&d.j, "warnings", d.warnings);
		json_end(&d.j);
	} else {
		printf("%u warnings\n", d.warnings);
	}
	return out_finish(TOOL_DONE);
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.args = "[--json]",
	.summary = "look at what around the module its promises depend on",
	.help =
"Tells what the module was told, who else may run code in the kernel\n"
"(lockdown, modules, kexec), and who may change what the module is told at\n"
"boot (kernel command line, modprobe.d, environment of the bootloader).\n"
"Changes nothing.\n"
"\n"
"  --json    one object with stable keys instead of text\n"
"\n"
"Exit status: 0, also with warnings.\n",
	.run = doctor_run,
};
