// SPDX-License-Identifier: MIT
/*
 * factory.c - fwslot-mkpkg factory: whole slot images for production
 *
 * A device leaves the line with slots that describe and prove themselves, as
 * if fwslot.ko had written them.  The image is at the start, the record at
 * the end or in a file of its own, all else is erased flash.
 */
#include "mkpkg.h"
#include "../pkg.h"

#include <getopt.h>
#include <stdio.h>

#define SLOT_MAX	0x10000000000ULL

static const char factory_usage[] =
"Usage: fwslot-mkpkg factory [OPTIONS] PACKAGE -o SLOT.img\n"
"\n"
"Make the whole content of a slot, image and record, for the production line.\n"
"\n"
"      --slot=SLOT            primary, secondary or bootloader\n"
"      --slot-size=SIZE       bytes of the slot\n"
"      --erase-size=SIZE      bytes of an erase block\n"
"      --write-unit=SIZE      bytes that are programmed at once (default 1)\n"
"      --record-size=SIZE     the record has an area of its own, this large ...\n"
"      --record-out=FILE      ... whose content goes to this file\n"
"      --cert=FILE            verify the signature with this certificate\n"
"  -o, --output=FILE          content of the slot\n"
"  -h, --help                 this text\n";

static const struct option factory_options[] = {
	{ "slot", required_argument, NULL, 's' },
	{ "slot-size", required_argument, NULL, 'S' },
	{ "erase-size", required_argument, NULL, 'E' },
	{ "write-unit", required_argument, NULL, 'W' },
	{ "record-size", required_argument, NULL, 'R' },
	{ "record-out", required_argument, NULL, 'r' },
	{ "cert", required_argument, NULL, 'c' },
	{ "output", required_argument, NULL, 'o' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

/**
 * struct factory - a slot image, as asked for
 * @path: the package
 * @cert: certificate, NULL: do not verify
 * @output: content of the slot
 * @record_output: content of the record area, NULL: none of its own
 * @slot: enum fwslot_slot; FWSLOT_SLOTS: not given
 * @layout: where things go
 * @parts: parts of the record
 * @p: the package
 * @help: the option --help was given
 */
struct factory {
	const char *path;
	const char *cert;
	const char *output;
	const char *record_output;
	u32 slot;
	struct layout layout;
	struct record_parts parts;
	struct package p;
	bool help;
};

static int set_u32(const char *what, const char *text, u32 min, u32 max,
		   u32 *out)
{
	u64 value;
	int err = option_size(what, text, min, max, &value);

	if (err)
		return err;
	if (value & (value - 1)) {
		mkpkg_error("%s: '%s' is not a power of two", what, text);
		return -EINVAL;
	}
	*out = value;
	return 0;
}

static int set_option(struct factory *f, int opt, const char *arg)
{
	struct layout *l = &f->layout;

	switch (opt) {
	case 's':
		return option_slot(arg, &f->slot);
	case 'S':
		return option_size("--slot-size", arg, 1, SLOT_MAX,
				   &l->slot_size);
	case 'E':
		return set_u32("--erase-size", arg, 2 * FWSLOT_RECORD_BODY_MIN,
			       FWSLOT_ERASE_MAX, &l->erase_size);
	case 'W':
		return set_u32("--write-unit", arg, 1, FWSLOT_ERASE_MAX,
			       &l->write_unit);
	case 'R':
		return option_size("--record-size", arg, 1, SLOT_MAX,
				   &l->record_size);
	case 'r':
		f->record_output = arg;
		return 0;
	case 'c':
		f->cert = arg;
		return 0;
	case 'o':
		f->output = arg;
		return 0;
	case 'h':
		f->help = true;
		return 0;
	default:
		return -ENOENT;
	}
}

static int lacks(const char *option)
{
	mkpkg_error("factory: %s is missing, see fwslot-mkpkg factory --help",
		    option);
	return -EINVAL;
}

static int check_options(const struct factory *f)
{
	const struct layout *l = &f->layout;

	if (f->slot == FWSLOT_SLOTS)
		return lacks("--slot");
	if (!l->slot_size)
		return lacks("--slot-size");
	if (!l->erase_size)
		return lacks("--erase-size");
	if (!f->output)
		return lacks("--output");
	if (!l->record_size != !f->record_output)
		return lacks(l->record_size ? "--record-out" :
				"--record-size");
	if (l->slot_size % l->erase_size || l->record_size % l->erase_size) {
		mkpkg_error("factory: %s is not a multiple of --erase-size",
			    l->slot_size % l->erase_size ? "--slot-size" :
			    "--record-size");
		return -EINVAL;
	}
	return 0;
}

static int read_options(struct factory *f, int argc, char **argv)
{
	int opt, err = 0;

	while (!err && !f->help) {
		opt = getopt_long(argc, argv, "o:h", factory_options, NULL);
		if (opt < 0)
			break;
		err = set_option(f, opt, optarg);
		if (err == -ENOENT)
			err = option_unknown("factory", argv[optind - 1]);
	}
	if (err || f->help)
		return err;
	if (argc - optind != 1)
		return lacks("the package");
	f->path = argv[optind];
	return check_options(f);
}

static int find_image(struct factory *f)
{
	const struct pkg_head *head = pkg_head(f->p.pkg);
	const int image = fwslot_manifest_image(&head->manifest, f->slot);

	if (image < 0) {
		mkpkg_error("%s has no image for the slot %s", f->path,
			    slot_name(f->slot));
		return -EINVAL;
	}
	f->parts.image = image;
	f->parts.manifest.data = head->raw.data;
	f->parts.manifest.size = head->raw.size;
	f->parts.signature.data = head->signature.data;
	f->parts.signature.size = head->signature.size;
	f->parts.table.data = head->tables.data +
			      fwslot_table_offset(&head->manifest, image);
	f->parts.table.size = fwslot_table_size(&head->manifest.images[image]);
	return record_layout(&f->layout, &f->parts,
			     head->manifest.images[image].size);
}

static int write_image(struct factory *f, struct dest *slot)
{
	const u32 image = f->parts.image;
	const u32 chunks = f->parts.table.size / FWSLOT_DIGEST_SIZE;
	u32 chunk, len;
	int err = 0;

	for (chunk = 0; chunk < chunks && !err; chunk++) {
		err = package_chunk(&f->p, image, chunk, &len);
		if (!err)
			err = dest_write(slot, f->p.chunk.data, len);
	}
	return err ? err : package_end(&f->p);
}

static int write_record(const struct factory *f, struct dest *o, u64 area)
{
	const u64 at = area - (u64)f->layout.blocks * f->layout.erase_size;
	int err;

	err = dest_fill(o, 0xff, at - o->ofs);
	return err ? err : record_write(o, &f->layout, &f->parts);
}

static int write_files(struct factory *f, struct dest *slot,
		       struct dest *record)
{
	const struct layout *l = &f->layout;
	int err;

	err = write_image(f, slot);
	if (err)
		return err;
	if (record) {
		err = dest_fill(slot, 0xff, l->slot_size - slot->ofs);
		if (!err)
			err = write_record(f, record, l->record_size);
	} else {
		err = write_record(f, slot, l->slot_size);
	}
	return err ? err : check_slot(slot, record, l, f->slot);
}

static int make_files(struct factory *f)
{
	struct dest slot, record = DEST_CLOSED;
	int err;

	err = dest_open(&slot, f->output);
	if (err)
		return err;
	if (f->record_output)
		err = dest_open(&record, f->record_output);
	if (!err)
		err = write_files(f, &slot, f->record_output ? &record : NULL);
	if (!err && f->record_output)
		err = dest_commit(&record);
	if (!err)
		err = dest_commit(&slot);
	dest_abort(&record);
	dest_abort(&slot);
	return err;
}

static int factory(struct factory *f)
{
	int err;

	err = package_open(&f->p, f->path, f->path, 0);
	if (err)
		return err;
	err = package_signature(&f->p, f->cert);
	if (!err)
		err = find_image(f);
	if (!err)
		err = make_files(f);
	if (!err)
		printf("%s: content of the slot %s%s\n", f->output,
		       slot_name(f->slot), f->cert ? "" :
		       ", signature not verified: no --cert given");
	package_close(&f->p);
	return err;
}

/**
 * cmd_factory() - the command factory
 * @argc: arguments, the command's name among them
 * @argv: the arguments
 *
 * Return: enum mkpkg_exit.
 */
int cmd_factory(int argc, char **argv)
{
	struct factory f = {
		.slot = FWSLOT_SLOTS,
		.layout.write_unit = 1,
	};
	int err;

	err = read_options(&f, argc, argv);
	if (!err && f.help)
		fputs(factory_usage, stdout);
	else if (!err)
		err = factory(&f);
	return mkpkg_status(err);
}
