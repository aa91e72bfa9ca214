// SPDX-License-Identifier: MIT
/*
 * attach.c - fwslot-mkpkg attach: put a signature into an unsigned package
 *
 * The signature was made elsewhere, by a person with a smart card or by an
 * HSM.  Its form is checked here, because the next to check it is a kernel in
 * the field.
 */
#include "mkpkg.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_SIZE	65536

static const char attach_usage[] =
"Usage: fwslot-mkpkg attach [OPTIONS] UNSIGNED SIGNATURE -o PACKAGE\n"
"\n"
"Put a detached CMS signature of the manifest into an unsigned package.\n"
"\n"
"      --cert=FILE            verify the signature with this certificate\n"
"  -o, --output=FILE          the package\n"
"  -h, --help                 this text\n"
"\n"
"To sign the manifest that fwslot-mkpkg build --manifest-out wrote:\n"
"  openssl cms -sign -binary -noattr -nocerts -md sha256 -in MANIFEST \\\n"
"    -signer CERT.pem -inkey KEY.pem -outform DER -out SIGNATURE\n";

/**
 * struct attach - the unsigned package and what goes into it
 * @in: name of the unsigned package
 * @signature_in: name of the signature
 * @cert: certificate, NULL: do not verify
 * @output: the package
 * @fd: the unsigned package
 * @size: its bytes
 * @mtime: time of its members
 * @manifest: its manifest
 * @signature: the signature
 */
struct attach {
	const char *in;
	const char *signature_in;
	const char *cert;
	const char *output;
	int fd;
	u64 size;
	u64 mtime;
	struct bytes manifest;
	struct bytes signature;
};

static int not_unsigned(const struct attach *a)
{
	mkpkg_error("%s is not an unsigned package of fwslot-mkpkg build",
		    a->in);
	return -EBADMSG;
}

static int read_header(const struct attach *a, u64 ofs, u8 block[USTAR_BLOCK],
		       const char **name, u64 *size, u64 *mtime)
{
	int err;

	if (ofs + USTAR_BLOCK > a->size)
		return not_unsigned(a);
	err = read_full(a->fd, a->in, ofs, block, USTAR_BLOCK);
	if (err)
		return err;
	return ustar_first(block, name, size, mtime) ? not_unsigned(a) : 0;
}

static int read_manifest(struct attach *a)
{
	u8 block[USTAR_BLOCK];
	const char *name;
	u64 size, mtime;
	int err;

	err = read_header(a, 0, block, &name, &size, &a->mtime);
	if (err)
		return err;
	if (strcmp(name, FWSLOT_PKG_MANIFEST) || !size ||
	    size > FWSLOT_MANIFEST_MAX)
		return not_unsigned(a);
	err = bytes_alloc(&a->manifest, size);
	if (err)
		return err;
	if (a->size < ustar_size(size))
		return not_unsigned(a);
	err = read_full(a->fd, a->in, USTAR_BLOCK, a->manifest.data, size);
	if (err)
		return err;
	err = read_header(a, ustar_size(size), block, &name, &size, &mtime);
	if (err || strcmp(name, FWSLOT_PKG_SIGNATURE))
		return err;
	mkpkg_error("%s is signed already; build it again to sign it anew",
		    a->in);
	return -EINVAL;
}

static int open_unsigned(struct attach *a)
{
	struct stat st;
	int err;

	a->fd = open(a->in, O_RDONLY | O_CLOEXEC);
	if (a->fd < 0 || fstat(a->fd, &st)) {
		err = -errno;
		mkpkg_error("cannot open %s: %s", a->in, strerror(-err));
		return err;
	}
	a->size = S_ISREG(st.st_mode) ? st.st_size : 0;
	return read_manifest(a);
}

static int load_signature(struct attach *a)
{
	int err;

	err = file_load(a->signature_in, FWSLOT_SIGNATURE_MAX, &a->signature);
	if (err)
		return err;
	err = cms_check(a->signature_in, a->signature.data,
			a->signature.size);
	if (err || !a->cert)
		return err;
	return cms_verify(a->signature_in, a->signature.data,
			  a->signature.size, a->cert, a->manifest.data,
			  a->manifest.size);
}

static int copy(const struct attach *a, struct dest *o, u64 ofs, u64 end)
{
	struct bytes buf;
	size_t n;
	int err;

	err = bytes_alloc(&buf, COPY_SIZE);
	if (err)
		return err;
	for (; ofs < end && !err; ofs += n) {
		n = min_t(u64, end - ofs, COPY_SIZE);
		err = read_full(a->fd, a->in, ofs, buf.data, n);
		if (!err)
			err = dest_write(o, buf.data, n);
	}
	bytes_free(&buf);
	return err;
}

static int write_signed(const struct attach *a)
{
	const u64 at = ustar_size(a->manifest.size);
	struct dest o;
	int err;

	err = dest_open(&o, a->output);
	if (err)
		return err;
	err = copy(a, &o, 0, at);
	if (!err)
		err = ustar_member(&o, FWSLOT_PKG_SIGNATURE, &a->signature,
				   a->mtime);
	if (!err)
		err = copy(a, &o, at, a->size);
	if (!err)
		err = check_package(&o, 0);
	if (!err)
		return dest_commit(&o);
	dest_abort(&o);
	return err;
}

static int attach(struct attach *a)
{
	int err;

	err = open_unsigned(a);
	if (!err)
		err = load_signature(a);
	if (!err)
		err = write_signed(a);
	if (!err)
		printf("%s: signed%s\n", a->output, a->cert ? "" :
		       ", signature not verified: no --cert given");
	bytes_free(&a->signature);
	bytes_free(&a->manifest);
	if (a->fd >= 0)
		close(a->fd);
	return err;
}

/**
 * cmd_attach() - the command attach
 * @argc: arguments, the command's name among them
 * @argv: the arguments
 *
 * Return: enum mkpkg_exit.
 */
int cmd_attach(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cert", required_argument, NULL, 'c' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct attach a = { .fd = -1 };
	int opt;

	while ((opt = getopt_long(argc, argv, "o:h", options, NULL)) >= 0) {
		switch (opt) {
		case 'c':
			a.cert = optarg;
			break;
		case 'o':
			a.output = optarg;
			break;
		case 'h':
			fputs(attach_usage, stdout);
			return MKPKG_OK;
		default:
			return mkpkg_status(option_unknown("attach",
							   argv[optind - 1]));
		}
	}
	if (argc - optind != 2 || !a.output) {
		mkpkg_error("attach: give UNSIGNED SIGNATURE -o PACKAGE, see attach --help");
		return MKPKG_USAGE;
	}
	a.in = argv[optind];
	a.signature_in = argv[optind + 1];
	return mkpkg_status(attach(&a));
}
