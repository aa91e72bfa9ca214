// SPDX-License-Identifier: MIT
/*
 * cmd_info.c - fwslot info
 *
 * Reads a package to its end and shows what it says of itself.  Structure is
 * checked, signature and digests are not: that is for the kernel, which does it
 * with the device's own keys.
 */
#include "fwslot.h"
#include "input.h"
#include "pkg.h"
#include "status.h"

static const char *info_slots(u32 slots, char *buf, size_t size)
{
	failure_units(buf, size, slots & FWSLOT_SLOTS_ALL);
	return buf;
}

static const char *info_kind(const struct fwslot_image *img)
{
	return img->kind == FWSLOT_IMAGE_BOOTLOADER ? FWSLOT_PKG_BOOTLOADER :
						      FWSLOT_PKG_SYSTEM;
}

static void info_image_text(const struct pkg *pkg, u32 n)
{
	const struct fwslot_image *img = &pkg_head(pkg)->manifest.images[n];
	const struct pkg_stored *stored = pkg_stored(pkg, n);
	char slots[80];

	printf("image      %s, for %s: %llu bytes, %u chunks of %u KiB, %s",
	       info_kind(img), info_slots(img->slots, slots, sizeof(slots)),
	       (unsigned long long)img->size, img->chunks,
	       img->chunk_size >> 10, stored->zstd ? "zstd" : "plain");
	if (stored->zstd)
		printf(" (%llu bytes)", (unsigned long long)stored->size);
	putchar('\n');
}

static void info_bridges_text(const struct fwslot_manifest *m)
{
	char text[FWSLOT_RELEASE_STR];
	u32 i;

	for (i = 0; i < m->n_bridges; i++)
		printf("bridge     from %s (format %u), with \"upgrade all\"\n",
		       fwslot_release_print(&m->bridges[i].release, text),
		       m->bridges[i].format);
}

static void info_text(const struct pkg *pkg)
{
	const struct pkg_head *head = pkg_head(pkg);
	const struct fwslot_manifest *m = &head->manifest;
	char text[FWSLOT_RELEASE_STR];
	u32 i;

	printf("release    %s\nformat     %u\n",
	       fwslot_release_print(&m->release, text), m->format);
	for (i = 0; i < m->n_products; i++)
		printf("product    %s\n", m->products[i]);
	info_bridges_text(m);
	for (i = 0; i < m->n_images; i++)
		info_image_text(pkg, i);
	printf("signature  %u bytes; checked by the kernel when it is installed\n",
	       head->signature.size);
	if (!head->notes.size)
		return;
	printf("notes\n  ");
	out_visible(stdout, head->notes.data, head->notes.size, "  ");
	if (head->notes.data[head->notes.size - 1] != '\n')
		putchar('\n');
}

static void info_images_json(const struct pkg *pkg, struct json *j)
{
	const struct fwslot_manifest *m = &pkg_head(pkg)->manifest;
	u32 i;

	json_array(j, "images");
	for (i = 0; i < m->n_images; i++) {
		json_object(j, NULL);
		json_string(j, "kind", info_kind(&m->images[i]));
		json_units(j, "slots", m->images[i].slots & FWSLOT_SLOTS_ALL);
		json_u64(j, "size", m->images[i].size);
		json_u64(j, "chunk_size", m->images[i].chunk_size);
		json_u64(j, "chunks", m->images[i].chunks);
		json_hex(j, "digest", m->images[i].table_digest,
			 FWSLOT_DIGEST_SIZE);
		json_string(j, "stored",
			    pkg_stored(pkg, i)->zstd ? "zstd" : "plain");
		json_u64(j, "stored_size", pkg_stored(pkg, i)->size);
		json_end(j);
	}
	json_end(j);
}

static void info_bridges_json(const struct fwslot_manifest *m, struct json *j)
{
	char text[FWSLOT_RELEASE_STR];
	u32 i;

	json_array(j, "bridges");
	for (i = 0; i < m->n_bridges; i++) {
		json_object(j, NULL);
		json_u64(j, "format", m->bridges[i].format);
		json_string(j, "release",
			    fwslot_release_print(&m->bridges[i].release, text));
		json_end(j);
	}
	json_end(j);
}

static void info_json(const struct pkg *pkg)
{
	const struct pkg_head *head = pkg_head(pkg);
	const struct fwslot_manifest *m = &head->manifest;
	struct json j = { .file = stdout };
	char text[FWSLOT_RELEASE_STR];
	u32 i;

	json_result(&j, "info", "ok", TOOL_DONE);
	json_string(&j, "release", fwslot_release_print(&m->release, text));
	json_u64(&j, "format", m->format);
	json_array(&j, "products");
	for (i = 0; i < m->n_products; i++)
		json_string(&j, NULL, m->products[i]);
	json_end(&j);
	info_bridges_json(m, &j);
	info_images_json(pkg, &j);
	json_u64(&j, "manifest_size", head->raw.size);
	json_u64(&j, "signature_size", head->signature.size);
	json_bool(&j, "signature_checked", false);
	if (head->notes.size)
		json_text(&j, "notes", head->notes.data, head->notes.size);
	else
		json_null(&j, "notes");
	json_end(&j);
}

static int info_read(struct input *in, struct pkg **pkg, struct failure *f)
{
	const struct pkg_error *e;
	struct pkg_source src;
	int ret;

	input_source(in, &src);
	if (pkg_new(&src, pkg))
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "%s", "");
	ret = pkg_read_head(*pkg);
	if (!ret)
		ret = pkg_end(*pkg);
	if (!ret)
		return 0;
	e = pkg_error(*pkg);
	if (e->reason == FWSLOT_REASON_NONE)
		return failure_plain(f, TOOL_EARLY, "%s", e->text);
	return failure_exact(f, e->reason, "%s", e->text);
}

static int info_run(const struct conf *conf, int argc, char **argv)
{
	struct args args = { .cmd = &cmd_info, .argv = argv };
	struct failure f = { 0 };
	struct input in = { 0 };
	struct pkg *pkg = NULL;
	const char *option, *path;
	bool json = false;
	int status = TOOL_DONE;

	(void)argc;
	while ((option = args_option(&args))) {
		if (strcmp(option, "--json"))
			return args_unknown(&cmd_info, option);
		json = true;
	}
	if (args_plain(&args, &path, cmd_info.max_args) < 0)
		return TOOL_USAGE;
	if (input_open(&in, path, NULL, conf, &f) || info_read(&in, &pkg, &f))
		status = status_fail("info", &f, json);
	else if (json)
		info_json(pkg);
	else
		info_text(pkg);
	pkg_free(pkg);
	input_close(&in);
	return out_finish(status);
}

const struct cmd cmd_info = {
	.name = "info",
	.args = "[--json] PKG",
	.summary = "show what a package holds",
	.help =
"Reads a package (a file, a URI, - for stdin) to its end, checks how it is laid out, and\n"
"shows release, products, bridges, images and release notes.  Needs neither\n"
"root nor the kernel module, and therefore cannot check the signature: use\n"
"\"fwslot upgrade --dry-run\" for that.\n"
"\n"
"  --json    one object with stable keys instead of text\n",
	.min_args = 1,
	.max_args = 1,
	.run = info_run,
};
