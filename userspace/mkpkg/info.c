// SPDX-License-Identifier: MIT
/*
 * info.c - fwslot-mkpkg info: show a package and check all of it
 *
 * Text for people, one JSON object for programs with the keys that fwslot info
 * has, too.  Nothing is printed before the whole package was read, so that
 * output means a complete package.
 */
#include "mkpkg.h"
#include "../out.h"
#include "../pkg.h"

#include <getopt.h>

static const char info_usage[] =
"Usage: fwslot-mkpkg info [OPTIONS] PACKAGE\n"
"\n"
"Show a package, after checking its structure, all digests and the form of\n"
"the signature.\n"
"\n"
"      --cert=FILE            verify the signature with this certificate\n"
"      --json                 one JSON object instead of text\n"
"  -h, --help                 this text\n";

/**
 * struct info - what to show, and how
 * @path: the package
 * @cert: certificate, NULL: do not verify
 * @json: JSON instead of text
 * @p: the package
 * @signer: who signed
 */
struct info {
	const char *path;
	const char *cert;
	bool json;
	struct package p;
	struct bytes signer;
};

static const char *image_word(const struct fwslot_image *img)
{
	return image_name(img->kind);
}

static void text_list(const struct fwslot_manifest *m)
{
	char buf[FWSLOT_RELEASE_STR];
	u32 i;

	printf("Release:    %s\n", fwslot_release_print(&m->release, buf));
	printf("Format:     %u\n", m->format);
	for (i = 0; i < m->n_products; i++)
		printf("%s  %s\n", i ? "          " : "Products: ",
		       m->products[i]);
	for (i = 0; i < m->n_bridges; i++)
		printf("%s  %s of format %u\n", i ? "          " : "Bridges:  ",
		       fwslot_release_print(&m->bridges[i].release, buf),
		       m->bridges[i].format);
}

static void text_image(const struct info *info, u32 i)
{
	const struct fwslot_image *img =
		&pkg_head(info->p.pkg)->manifest.images[i];
	const struct pkg_stored *stored = pkg_stored(info->p.pkg, i);
	const char *comma = "";
	u32 slot, n;

	printf("%-10s  %llu bytes, %u chunks of %u, for ", image_word(img),
	       (unsigned long long)img->size, img->chunks, img->chunk_size);
	for (slot = 0; slot < FWSLOT_SLOTS; slot++) {
		if (!(img->slots & BIT(slot)))
			continue;
		printf("%s%s", comma, slot_name(slot));
		comma = ", ";
	}
	printf("\n            stored %s, %llu bytes\n            digest ",
	       stored->zstd ? "as zstd frames" : "plain",
	       (unsigned long long)stored->size);
	for (n = 0; n < FWSLOT_DIGEST_SIZE; n++)
		printf("%02x", img->table_digest[n]);
	putchar('\n');
}

static void show_text(const struct info *info)
{
	const struct pkg_head *head = pkg_head(info->p.pkg);
	u32 i;

	text_list(&head->manifest);
	for (i = 0; i < head->manifest.n_images; i++)
		text_image(info, i);
	printf("Signer:     ");
	out_visible(stdout, info->signer.data, info->signer.size, NULL);
	printf("\nSignature:  %s\nContent:    all digests are right\n",
	       info->cert ? "verified" : "not verified, no --cert given");
	if (!head->notes.size)
		return;
	printf("Notes:      ");
	out_visible(stdout, head->notes.data, head->notes.size,
		    "            ");
	if (head->notes.data[head->notes.size - 1] != '\n')
		putchar('\n');
}

static void json_lists(struct json *j, const struct fwslot_manifest *m)
{
	char buf[FWSLOT_RELEASE_STR];
	u32 i;

	json_string(j, "release", fwslot_release_print(&m->release, buf));
	json_number(j, "format", m->format);
	json_array(j, "products");
	for (i = 0; i < m->n_products; i++)
		json_string(j, NULL, m->products[i]);
	json_end(j);
	json_array(j, "bridges");
	for (i = 0; i < m->n_bridges; i++) {
		json_object(j, NULL);
		json_number(j, "format", m->bridges[i].format);
		json_string(j, "release",
			    fwslot_release_print(&m->bridges[i].release, buf));
		json_end(j);
	}
	json_end(j);
}

static void json_image(struct json *j, const struct info *info, u32 i)
{
	const struct fwslot_image *img =
		&pkg_head(info->p.pkg)->manifest.images[i];
	const struct pkg_stored *stored = pkg_stored(info->p.pkg, i);
	u32 slot;

	json_object(j, NULL);
	json_string(j, "kind", image_word(img));
	json_array(j, "slots");
	for (slot = 0; slot < FWSLOT_SLOTS; slot++)
		if (img->slots & BIT(slot))
			json_string(j, NULL, slot_name(slot));
	json_end(j);
	json_u64(j, "size", img->size);
	json_number(j, "chunk_size", img->chunk_size);
	json_number(j, "chunks", img->chunks);
	json_hex(j, "digest", img->table_digest, FWSLOT_DIGEST_SIZE);
	json_string(j, "stored", stored->zstd ? "zstd" : "plain");
	json_u64(j, "stored_size", stored->size);
	json_end(j);
}

static void show_json(const struct info *info)
{
	const struct pkg_head *head = pkg_head(info->p.pkg);
	struct json j = { .file = stdout };
	u32 i;

	json_result(&j, "info", "ok", MKPKG_OK);
	json_lists(&j, &head->manifest);
	json_array(&j, "images");
	for (i = 0; i < head->manifest.n_images; i++)
		json_image(&j, info, i);
	json_end(&j);
	json_number(&j, "manifest_size", head->raw.size);
	json_number(&j, "signature_size", head->signature.size);
	json_bool(&j, "signature_checked", info->cert);
	json_text(&j, "signer", info->signer.data, info->signer.size);
	if (head->notes.size)
		json_text(&j, "notes", head->notes.data, head->notes.size);
	else
		json_null(&j, "notes");
	json_end(&j);
}

static int info_show(struct info *info)
{
	const struct pkg_blob *signature;
	int err;

	err = package_open(&info->p, info->path, info->path, 0);
	if (err)
		return err;
	err = package_signature(&info->p, info->cert);
	if (err)
		goto close_package;
	signature = &pkg_head(info->p.pkg)->signature;
	err = cms_signer(signature->data, signature->size, &info->signer);
	if (!err)
		err = package_rest(&info->p);
	if (err)
		goto free_signer;
	if (info->json)
		show_json(info);
	else
		show_text(info);
free_signer:
	bytes_free(&info->signer);
close_package:
	package_close(&info->p);
	return err;
}

/**
 * cmd_info() - the command info
 * @argc: arguments, the command's name among them
 * @argv: the arguments
 *
 * Return: enum mkpkg_exit.
 */
int cmd_info(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cert", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct info info = { 0 };
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) >= 0) {
		switch (opt) {
		case 'c':
			info.cert = optarg;
			break;
		case 'j':
			info.json = true;
			break;
		case 'h':
			fputs(info_usage, stdout);
			return MKPKG_OK;
		default:
			return mkpkg_status(option_unknown("info",
							   argv[optind - 1]));
		}
	}
	if (argc - optind != 1) {
		mkpkg_error("info: give one package, see fwslot-mkpkg info --help");
		return MKPKG_USAGE;
	}
	info.path = argv[optind];
	return mkpkg_status(info_show(&info));
}
