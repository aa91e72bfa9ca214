// SPDX-License-Identifier: MIT
/*
 * cmd_plan.c - fwslot plan
 *
 * Writes nothing and needs no device when it is told where to begin.
 */
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>

#include "fwslot.h"
#include "plan.h"
#include "status.h"
#include "uri.h"

/**
 * struct plan_args - the command line
 * @from: state to begin with, NULL: this device's
 * @product: product of that device, NULL: one that the release is for
 * @floor: its lowest release, NULL: none
 * @package: package instead of a release and a catalogue, or NULL
 * @json: show the result as JSON
 */
struct plan_args {
	const char *from;
	const char *product;
	const char *floor;
	const char *package;
	bool json;
};

static int plan_args(struct plan_args *a, struct plan *plan, char **argv)
{
	struct args args = { .cmd = &cmd_plan, .argv = argv };
	const char *option;
	int n;

	while ((option = args_option(&args))) {
		if (!strcmp(option, "--json"))
			a->json = true;
		else if (!args_value(option, "--to", &plan->to) &&
			 !args_value(option, "--catalogue", &plan->folder) &&
			 !args_value(option, "--from", &a->from) &&
			 !args_value(option, "--product", &a->product) &&
			 !args_value(option, "--min-version", &a->floor))
			return args_unknown(&cmd_plan, option);
	}
	n = args_plain(&args, &a->package, cmd_plan.max_args);
	if (n < 0)
		return TOOL_USAGE;
	if (n ? plan->to || plan->folder : !plan->to || !plan->folder)
		return args_usage(&cmd_plan,
				  "give a package, or --to= and --catalogue=");
	if (n && (uri_is(a->package) || !strcmp(a->package, "-")))
		return args_usage(&cmd_plan,
				  "what is beside this package is not known: give a file, or --to= and --catalogue=");
	if (!a->from && (a->product || a->floor))
		return args_usage(&cmd_plan,
				  "--product= and --min-version= go with --from=");
	return TOOL_DONE;
}

/* A package: what is beside it is the catalogue. */
static int plan_open_package(const char *package, struct plan *plan,
			     char folder[PATH_MAX], struct failure *f)
{
	char *path = strdup(package);
	size_t len = strlen(package);
	u32 i;

	if (!path || len >= PATH_MAX) {
		free(path);
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "plan");
	}
	strcpy(folder, dirname(path));
	strcpy(path, package);
	plan->folder = folder;
	if (plan_load(plan, f))
		goto free_path;
	for (i = 0; i < plan->cat.n; i++) {
		if (strcmp(plan->cat.entries[i].path + strlen(folder) + 1,
			   basename(path)))
			continue;
		plan->aim = &plan->cat.entries[i].manifest;
		plan->release = plan->aim->release;
		free(path);
		return 0;
	}
	failure_plain(f, TOOL_PACKAGE, "%s is not a package or a manifest",
		      package);
free_path:
	free(path);
	return -1;
}

static int plan_start(const struct plan_args *a, struct plan *plan,
		      struct nl_status *status, struct fwslot_release *floor,
		      struct failure *f)
{
	if (!a->from)
		return status_get(status, f) ? -1 :
		       plan_from_device(plan, status, floor, f);
	if (!a->product && plan->aim)
		plan->planner.product = plan->aim->products[0];
	if (a->floor) {
		if (fwslot_release_parse(a->floor, floor))
			return failure_plain(f, TOOL_USAGE,
					     "\"%s\" is not a release",
					     a->floor);
		plan->planner.floor = floor;
	}
	return planner_from_text(&plan->planner, a->from, &plan->start, f);
}

static int plan_do(const struct plan_args *a, struct plan *plan,
		   struct failure *f)
{
	struct fwslot_release floor;
	struct nl_status status;
	char folder[PATH_MAX];
	int ret;

	plan->planner.product = a->product;
	if (a->package)
		ret = plan_open_package(a->package, plan, folder, f);
	else
		ret = plan_load(plan, f);
	if (ret || plan_start(a, plan, &status, &floor, f) ||
	    plan_make(plan, f))
		return status_fail("plan", f, a->json);
	if (a->json)
		plan_show_json(plan);
	else
		plan_show_text(plan);
	return out_finish(plan_status(plan));
}

static int plan_run(const struct conf *conf, int argc, char **argv)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	struct plan_args a = { 0 };
	struct failure f = { 0 };
	int ret;

	(void)argc;
	if (!plan) {
		fprintf(stderr, "fwslot: failed: not enough memory\n");
		return TOOL_EARLY;
	}
	plan->conf = conf;
	ret = plan_args(&a, plan, argv);
	if (!ret)
		ret = plan_do(&a, plan, &f);
	plan_free(plan);
	free(plan);
	return ret;
}

const struct cmd cmd_plan = {
	.name = "plan",
	.args = "[OPTIONS] PACKAGE | --to=VERSION --catalogue=PLACE",
	.summary = "show the steps to a release",
	.help =
"Finds the shortest way from what the slots hold to a release, up or down,\n"
"over the releases of a catalogue: a folder of packages (NAME.pkg) or of their\n"
"manifests (NAME.manifest), or the URI of a list of them.  With a PACKAGE the\n"
"catalogue is its folder.\n"
"Writes nothing.  The kernel decides again at every step.\n"
"\n"
"  --to=VERSION          the release\n"
"  --catalogue=PLACE     the folder, or a URI: of the list, or of a folder that\n"
"                        has it in its file \"catalogue\"\n"
"  --from=VERSION[:FORMAT]  do not ask the module: this release is in all slots\n"
"  --from=primary=X,secondary=X,bootloader=X[,bootloader-2=X][,booted=SLOT]\n"
"                        the same, each slot by itself; X is VERSION[:FORMAT],\n"
"                        absent, unknown, incomplete or corrupt\n"
"  --product=NAME        product of that device (default: of the release)\n"
"  --min-version=VERSION the lowest release that it accepts\n"
"  --json                one object with stable keys instead of text\n"
"\n"
"Exit status: 0 there is a way, 2 usage, 3 there is none, 4 not a package,\n"
"6 the release is installed already, 8 no module, 9 it could not be found out.\n",
	.max_args = 1,
	.run = plan_run,
};
