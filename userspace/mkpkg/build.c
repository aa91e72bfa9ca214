// SPDX-License-Identifier: MIT
/*
 * build.c - fwslot-mkpkg build: images to package
 *
 * Options are read into one structure, checked as a whole, and only then are
 * images opened.  The package appears when it has passed the self check.
 */
#include "mkpkg.h"

#include <getopt.h>
#include <stdio.h>

static const char build_usage[] =
"Usage: fwslot-mkpkg build [OPTIONS] -o PACKAGE\n"
"\n"
"Build a firmware package.  Without --sign-key it is unsigned: sign the\n"
"manifest and put the signature in with fwslot-mkpkg attach.\n"
"\n"
"      --version=MAJOR.MINOR.PATCH[-LABEL]  version of the release\n"
"      --format=N             image format of the release\n"
"      --product=NAME         product it is made for (up to 16 times)\n"
"      --bridge=FORMAT:VERSION  release of another format that may be left\n"
"                             for this one (up to 16 times)\n"
"      --system=FILE          system image, for primary and secondary\n"
"      --system-slots=LIST    primary, secondary or primary,secondary (default)\n"
"      --bootloader=FILE      bootloader image\n"
"      --chunk-size=SIZE      64K (default), 128K or 256K\n"
"      --notes=FILE           release notes, UTF-8 text\n"
"      --compress=HOW         zstd (default), zstd:LEVEL (1 to 19) or none\n"
"      --manifest=FILE        use this manifest instead of making one\n"
"      --manifest-out=FILE    write the manifest here, to be signed\n"
"      --sign-key=FILE        sign with this private key (PEM) ...\n"
"      --sign-cert=FILE       ... which belongs to this certificate\n"
"  -o, --output=FILE          the package\n"
"  -h, --help                 this text\n"
"\n"
"The time of all members is SOURCE_DATE_EPOCH, or 0.\n";

enum build_option {
	OPT_VERSION = 256,
	OPT_FORMAT,
	OPT_PRODUCT,
	OPT_BRIDGE,
	OPT_SYSTEM,
	OPT_SYSTEM_SLOTS,
	OPT_BOOTLOADER,
	OPT_CHUNK_SIZE,
	OPT_NOTES,
	OPT_COMPRESS,
	OPT_MANIFEST,
	OPT_MANIFEST_OUT,
	OPT_SIGN_KEY,
	OPT_SIGN_CERT,
};

static const struct option build_options[] = {
	{ "version", required_argument, NULL, OPT_VERSION },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "product", required_argument, NULL, OPT_PRODUCT },
	{ "bridge", required_argument, NULL, OPT_BRIDGE },
	{ "system", required_argument, NULL, OPT_SYSTEM },
	{ "system-slots", required_argument, NULL, OPT_SYSTEM_SLOTS },
	{ "bootloader", required_argument, NULL, OPT_BOOTLOADER },
	{ "chunk-size", required_argument, NULL, OPT_CHUNK_SIZE },
	{ "notes", required_argument, NULL, OPT_NOTES },
	{ "compress", required_argument, NULL, OPT_COMPRESS },
	{ "manifest", required_argument, NULL, OPT_MANIFEST },
	{ "manifest-out", required_argument, NULL, OPT_MANIFEST_OUT },
	{ "sign-key", required_argument, NULL, OPT_SIGN_KEY },
	{ "sign-cert", required_argument, NULL, OPT_SIGN_CERT },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

/**
 * struct build - a build, as asked for
 * @spec: what the manifest will say
 * @version: the option --version was given
 * @chunk_size: 0: not given
 * @system_slots: 0: not given
 * @level: compression
 * @notes: file of the release notes
 * @manifest_in: manifest to use again
 * @manifest_out: where to write the manifest
 * @key: private key
 * @cert: its certificate
 * @output: the package
 * @help: the option --help was given
 */
struct build {
	struct spec spec;
	bool version;
	u32 chunk_size;
	u32 system_slots;
	int level;
	const char *notes;
	const char *manifest_in;
	const char *manifest_out;
	const char *key;
	const char *cert;
	const char *output;
	bool help;
};

static int set_format(struct spec *s, const char *text)
{
	u64 value;
	int err = option_number("--format", text, 1, UINT32_MAX, &value);

	if (!err)
		s->format = value;
	return err;
}

static int set_chunk_size(struct build *b, const char *text)
{
	u64 value;
	int err = option_size("--chunk-size", text, FWSLOT_CHUNK_MIN,
			      FWSLOT_CHUNK_MAX, &value);

	if (err)
		return err;
	if (value & (value - 1)) {
		mkpkg_error("--chunk-size: '%s' is not a power of two", text);
		return -EINVAL;
	}
	b->chunk_size = value;
	return 0;
}

static int set_option(struct build *b, int opt, const char *arg)
{
	switch (opt) {
	case OPT_VERSION:
		b->version = true;
		return option_release("--version", arg, &b->spec.release);
	case OPT_FORMAT:
		return set_format(&b->spec, arg);
	case OPT_PRODUCT:
		return spec_add_product(&b->spec, arg);
	case OPT_BRIDGE:
		return spec_add_bridge(&b->spec, arg);
	case OPT_SYSTEM:
		b->spec.images[0].path = arg;
		return 0;
	case OPT_SYSTEM_SLOTS:
		return option_slots(arg, &b->system_slots);
	case OPT_BOOTLOADER:
		b->spec.images[1].path = arg;
		return 0;
	case OPT_CHUNK_SIZE:
		return set_chunk_size(b, arg);
	case OPT_NOTES:
		b->notes = arg;
		return 0;
	case OPT_COMPRESS:
		return option_compress(arg, &b->level);
	case OPT_MANIFEST:
		b->manifest_in = arg;
		return 0;
	case OPT_MANIFEST_OUT:
		b->manifest_out = arg;
		return 0;
	case OPT_SIGN_KEY:
		b->key = arg;
		return 0;
	case OPT_SIGN_CERT:
		b->cert = arg;
		return 0;
	case 'o':
		b->output = arg;
		return 0;
	case 'h':
		b->help = true;
		return 0;
	default:
		return -ENOENT;
	}
}

static int lacks(const char *option)
{
	mkpkg_error("build: %s is missing, see fwslot-mkpkg build --help",
		    option);
	return -EINVAL;
}

static int check_described(const struct build *b)
{
	const struct spec *s = &b->spec;
	u32 i;

	if (!b->version)
		return lacks("--version");
	if (!s->format)
		return lacks("--format");
	if (!s->n_products)
		return lacks("--product");
	if (b->system_slots && !s->images[0].path)
		return lacks("--system");
	for (i = 0; i < s->n_bridges; i++)
		if (s->bridges[i].format == s->format) {
			mkpkg_error("--bridge: %u is this release's own format, give another",
				    s->format);
			return -EINVAL;
		}
	return 0;
}

static int check_options(const struct build *b)
{
	const struct spec *s = &b->spec;

	if (!b->output)
		return lacks("--output");
	if (!s->images[0].path && !s->images[1].path)
		return lacks("--system or --bootloader");
	if (!b->key != !b->cert)
		return lacks(b->key ? "--sign-cert" : "--sign-key");
	if (!b->manifest_in)
		return check_described(b);
	if (b->version || s->format || s->n_products || s->n_bridges ||
	    b->system_slots || b->chunk_size) {
		mkpkg_error("build: with --manifest, leave out all that the manifest says itself");
		return -EINVAL;
	}
	return 0;
}

static int read_options(struct build *b, int argc, char **argv)
{
	int opt, err = 0;

	while (!err && !b->help) {
		opt = getopt_long(argc, argv, "o:h", build_options, NULL);
		if (opt < 0)
			break;
		err = set_option(b, opt, optarg);
		if (err == -ENOENT)
			err = option_unknown("build", argv[optind - 1]);
	}
	if (err || b->help)
		return err;
	if (optind < argc) {
		mkpkg_error("build: '%s' is not an option, see fwslot-mkpkg build --help",
			    argv[optind]);
		return -EINVAL;
	}
	if (b->system_slots)
		b->spec.images[0].slots = b->system_slots;
	if (b->chunk_size) {
		b->spec.images[0].chunk_size = b->chunk_size;
		b->spec.images[1].chunk_size = b->chunk_size;
	}
	return check_options(b);
}

static int make_manifest(struct build *b, struct bytes *manifest)
{
	struct bytes reused = { 0 };
	int err = 0;

	if (b->manifest_in)
		err = reuse_manifest(b->manifest_in, &b->spec, &reused);
	if (!err)
		err = spec_open(&b->spec, b->notes);
	if (!err)
		err = manifest_encode(&b->spec, manifest);
	if (!err && b->manifest_in)
		err = reuse_compare(b->manifest_in, &reused, manifest);
	if (!err)
		err = check_manifest(manifest, &b->spec);
	bytes_free(&reused);
	return err;
}

static int build(struct build *b)
{
	struct pack pack = { .spec = &b->spec, .level = b->level };
	int err;

	err = option_time(&pack.mtime);
	if (!err)
		err = make_manifest(b, &pack.manifest);
	if (!err && b->key)
		err = cms_sign(b->key, b->cert, &pack.manifest,
			       &pack.signature);
	if (!err && b->manifest_out)
		err = dest_file(b->manifest_out, &pack.manifest);
	if (!err)
		err = pack_write(b->output, &pack);
	if (!err)
		printf("%s: %s\n", b->output, b->key ? "built and signed" :
		       "built, not signed: sign the manifest and use fwslot-mkpkg attach");
	bytes_free(&pack.signature);
	bytes_free(&pack.manifest);
	return err;
}

/**
 * cmd_build() - the command build
 * @argc: arguments, the command's name among them
 * @argv: the arguments
 *
 * Return: enum mkpkg_exit.
 */
int cmd_build(int argc, char **argv)
{
	struct build b = { .level = LEVEL_DEFAULT };
	int err;

	spec_init(&b.spec);
	err = read_options(&b, argc, argv);
	if (!err && b.help)
		fputs(build_usage, stdout);
	else if (!err)
		err = build(&b);
	spec_free(&b.spec);
	return mkpkg_status(err);
}
