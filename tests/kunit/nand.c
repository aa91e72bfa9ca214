// SPDX-License-Identifier: GPL-2.0-only
/*
 * nand.c - a small NAND chip with a map of its good blocks, and a job for it
 *
 * The map is the skip-bad layout: good blocks one after the other.
 */
#include <kunit/test.h>
#include "nand.h"

static u64 physical(const struct nand *n, u64 ofs)
{
	return (u64)n->map[ofs / NAND_ERASE] * NAND_ERASE + ofs % NAND_ERASE;
}

static int nand_read(void *ctx, u64 ofs, void *buf, u32 len)
{
	struct nand *n = ctx;
	u32 part;
	int err = 0;

	for (; !err && len; len -= part, ofs += part, buf = (u8 *)buf + part) {
		part = min_t(u32, len, NAND_ERASE - ofs % NAND_ERASE);
		err = flashsim_model_read(&n->model, physical(n, ofs), buf,
					  part);
	}
	return err;
}

static int nand_erase(void *ctx, u64 ofs)
{
	struct nand *n = ctx;

	return flashsim_model_erase(&n->model, physical(n, ofs), NAND_ERASE);
}

static int nand_program(void *ctx, u64 ofs, const void *buf, u32 len)
{
	struct nand *n = ctx;

	return flashsim_model_program(&n->model, physical(n, ofs), buf, len);
}

static int nand_retire(void *ctx, u64 ofs)
{
	struct nand *n = ctx;
	int err;

	if (n->retire_err)
		return n->retire_err;
	err = flashsim_model_mark_bad(&n->model,
				      physical(n, ofs) / NAND_ERASE *
				      NAND_ERASE);
	n->retired++;
	nand_map(n);
	return err;
}

static const struct fwslot_flash_ops nand_ops = {
	.read = nand_read,
	.erase = nand_erase,
	.program = nand_program,
	.retire = nand_retire,
};

/**
 * nand_map() - look for the good blocks; sets the size
 * @n: the chip
 */
void nand_map(struct nand *n)
{
	u32 block, good = 0;

	for (block = 0; block < NAND_BLOCKS; block++)
		if (!flashsim_model_is_bad(&n->model, (u64)block * NAND_ERASE))
			n->map[good++] = block;
	n->flash.geo.size = (good - n->own) * NAND_ERASE;
	n->flash.geo.record_size = n->own * NAND_ERASE;
}

/**
 * nand_erased() - an erased chip whose blocks are all good, no faults
 * @n: the chip
 */
void nand_erased(struct nand *n)
{
	const struct flashsim_geometry sim = {
		.size = NAND_BLOCKS * NAND_ERASE,
		.erasesize = NAND_ERASE,
		.writesize = NAND_PAGE,
		.writebufsize = NAND_PAGE,
		.nand = true,
	};

	memset(n->array, 0xff, sim.size);
	memset(n->pages, 0, flashsim_page_bytes(&sim));
	memset(n->blocks, 0, flashsim_block_bytes(&sim));
	flashsim_model_init(&n->model, &sim, n->array, NULL);
	flashsim_model_nand(&n->model, n->pages, n->blocks);
	n->retired = 0;
	nand_map(n);
}

/**
 * nand_new() - an erased chip and an image
 * @test: owner of the memory
 */
struct nand *nand_new(struct kunit *test)
{
	struct nand *n = kunit_kzalloc(test, sizeof(*n), GFP_KERNEL);
	u32 i;

	if (!n)
		return NULL;
	n->array = kunit_kzalloc(test, NAND_BLOCKS * NAND_ERASE, GFP_KERNEL);
	n->pages = kunit_kzalloc(test, NAND_BLOCKS * NAND_ERASE / NAND_PAGE,
				 GFP_KERNEL);
	n->blocks = kunit_kzalloc(test, NAND_BLOCKS, GFP_KERNEL);
	n->data = kunit_kzalloc(test, NAND_IMAGE, GFP_KERNEL);
	n->body = kunit_kzalloc(test, NAND_BODY, GFP_KERNEL);
	for (i = 0; i < ARRAY_SIZE(n->memory); i++)
		n->memory[i] = kunit_kzalloc(test, NAND_CHUNK, GFP_KERNEL);
	if (!n->array || !n->pages || !n->blocks || !n->data || !n->body ||
	    !n->memory[0] || !n->memory[1] || !n->memory[2])
		return NULL;
	n->flash.ops = &nand_ops;
	n->flash.sha256 = test_sha256;
	n->flash.ctx = n;
	n->flash.geo.erase_size = NAND_ERASE;
	n->flash.geo.write_unit = NAND_PAGE;
	n->flash.geo.ordered = true;
	nand_erased(n);
	nand_image(n, 1);
	return n;
}

/**
 * nand_image() - make another image
 * @n: the chip
 * @seed: for the content
 */
void nand_image(struct nand *n, u32 seed)
{
	u8 *table = n->body + NAND_MANIFEST + NAND_SIGNATURE;

	test_pattern(n->data, NAND_IMAGE, seed);
	n->img.kind = 1;
	n->img.slots = 3;
	n->img.size = NAND_IMAGE;
	n->img.chunk_size = NAND_CHUNK;
	n->img.chunks = 2;
	test_pattern(n->body, NAND_MANIFEST + NAND_SIGNATURE, ~seed);
	test_table(n->data, NAND_IMAGE, NAND_CHUNK, table);
	test_sha256(table, 2 * 32, n->img.table_digest);
}

/**
 * nand_begin() - make the writer ready
 * @n: the chip
 *
 * Return: what fwslot_writer_init() says.
 */
u32 nand_begin(struct nand *n)
{
	struct fwslot_writer *w = &n->w;

	memset(w, 0, sizeof(*w));
	w->flash = &n->flash;
	w->img = &n->img;
	w->table = n->body + NAND_MANIFEST + NAND_SIGNATURE;
	w->rec.manifest_size = NAND_MANIFEST;
	w->rec.signature_size = NAND_SIGNATURE;
	w->body = n->body;
	w->first = n->memory[0];
	w->block = n->memory[1];
	w->scratch = n->memory[2];
	return fwslot_writer_init(w);
}

/**
 * nand_feed() - write the image and its record
 * @n: the chip, its writer is ready
 *
 * Return: 0 or what the writer says.
 */
int nand_feed(struct nand *n)
{
	u32 chunk;
	int err = 0;

	for (chunk = 0; !err && chunk < n->img.chunks; chunk++)
		err = fwslot_writer_chunk(&n->w,
					  n->data + chunk * NAND_CHUNK);
	return err ? err : fwslot_writer_finish(&n->w);
}

/**
 * nand_install() - both of these
 * @n: the chip
 *
 * Return: 0 or what the writer says; a reason of fwslot_writer_init() as a
 * positive number.
 */
int nand_install(struct nand *n)
{
	u32 reason = nand_begin(n);

	return reason ? (int)reason : nand_feed(n);
}

/**
 * nand_image_right() - is the image on the chip
 * @n: the chip
 */
bool nand_image_right(struct nand *n)
{
	return !fwslot_content_check(&n->flash, &n->img,
				     n->body + NAND_MANIFEST + NAND_SIGNATURE,
				     n->memory[2]);
}

/**
 * nand_record_right() - is a record there, and all of it this image's
 * @n: the chip
 */
bool nand_record_right(struct nand *n)
{
	u64 head = fwslot_record_head(&n->flash.geo);
	u8 buf[sizeof(struct fwslot_disk_record)];
	struct fwslot_record rec;

	return !nand_read(n, head, buf, sizeof(buf)) &&
	       !fwslot_record_parse(&n->flash.geo, buf, &rec) &&
	       fwslot_record_body(&rec) == NAND_BODY &&
	       !fwslot_record_read(&n->flash, &rec, n->memory[2]) &&
	       !memcmp(n->memory[2], n->body, NAND_BODY);
}
