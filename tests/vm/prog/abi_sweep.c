// SPDX-License-Identifier: MIT
/*
 * Every byte of the head of a package with other values, and its signature cut
 * at every length: nothing is accepted, and nothing happens to the flash
 */
#include "abi.h"

/**
 * struct sweep - many attempts to begin a session
 * @fd: the device
 * @tried: how many
 * @accepted: how many were accepted
 * @vague: how many were refused without a reason that fits its errno
 */
struct sweep {
	int fd;
	u32 tried;
	u32 accepted;
	u32 vague;
};

static void attempt(struct sweep *s, const struct pkg *p)
{
	struct fwslot_begin b;
	int ret;

	begin_fill(&b, p, FWSLOT_SLOTS_ALL, 0);
	ret = dev_call(s->fd, FWSLOT_IOC_BEGIN, &b);
	s->tried++;
	s->accepted += !ret;
	s->vague += b.reason == FWSLOT_REASON_NONE ||
		    ret != fwslot_reason_errno(b.reason);
}

static void each_byte(struct sweep *s, const struct pkg *p,
		      const struct blob *part)
{
	u32 i, v;

	for (i = 0; i < part->size; i++) {
		const u8 was = part->data[i];
		const u8 values[] = { was ^ 0x01, was ^ 0x80, 0x00, 0xff };

		for (v = 0; v < ARRAY_SIZE(values); v++) {
			part->data[i] = values[v];
			if (values[v] != was)
				attempt(s, p);
		}
		part->data[i] = was;
	}
}

static void each_length(struct sweep *s, const struct pkg *p)
{
	struct pkg cut = *p;

	for (cut.signature.size = 0; cut.signature.size < p->signature.size;
	     cut.signature.size++)
		attempt(s, &cut);
}

static void begin_sweep(struct sweep *s, struct flash **before)
{
	memset(s, 0, sizeof(*s));
	s->fd = dev_open();
	*before = flash_take();
}

static void end_sweep(struct sweep *s, struct flash *before, u32 least,
		      const char *when)
{
	close(s->fd);
	printf("# %s: %u tries\n", when, s->tried);
	claim(s->tried >= least, "too few", "%s: all were tried", when);
	claim_is(s->accepted, 0, "%s: none is accepted", when);
	claim_is(s->vague, 0, "%s: each has its reason", when);
	claim_untouched(before, when);
}

/**
 * test_sweep() - other bytes in manifest, signature and digest tables
 */
void test_sweep(void)
{
	const struct {
		const char *name;
		const struct blob *part;
	} parts[] = {
		{ "manifest", &pkg_a.manifest },
		{ "signature", &pkg_a.signature },
		{ "tables", &pkg_a.tables },
	};
	struct flash *before;
	struct sweep s;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		begin_sweep(&s, &before);
		each_byte(&s, &pkg_a, parts[i].part);
		end_sweep(&s, before, 3 * parts[i].part->size, parts[i].name);
	}
	begin_sweep(&s, &before);
	each_length(&s, &pkg_a);
	end_sweep(&s, before, pkg_a.signature.size, "signature cut");
	claim_good("sweep");
}

/**
 * test_each_chunk() - one flipped bit in each chunk of each image
 */
void test_each_chunk(void)
{
	const struct fwslot_image *img;
	char when[48];
	u32 i, chunk;

	for (i = 0; i < pkg_a.m.n_images; i++) {
		img = &pkg_a.m.images[i];
		for (chunk = 0; chunk < img->chunks; chunk++) {
			snprintf(when, sizeof(when), "a bit of chunk %u of %s",
				 chunk, img->kind == FWSLOT_IMAGE_SYSTEM ?
				 "system" : "bootloader");
			chunk_one_bit(img->kind, chunk, 77777 * chunk + 13,
				      when);
		}
	}
	claim_good("a bit of each chunk");
}
