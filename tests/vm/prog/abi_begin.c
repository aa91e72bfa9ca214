// SPDX-License-Identifier: MIT
/*
 * FWSLOT_IOC_BEGIN: every field, the head of the package, the wanted map, and
 * sessions that only check
 */
#include <dirent.h>
#include <sys/mman.h>

#include "abi.h"

#define FIELD(name)	offsetof(struct fwslot_begin, name)
#define ANY_REASON	FWSLOT_REASON_MAX
#define KERNEL_ADDRESS	0xffff888000000000
#define POISON		0xa5

/**
 * struct bad_field - a value that a field must not have
 * @name: of the claim
 * @ofs: offset of the field, an address or a __u32
 * @value: the value
 * @err: what BEGIN returns
 * @reason: the reason, ANY_REASON: any
 */
struct bad_field {
	const char *name;
	u32 ofs;
	u64 value;
	int err;
	u32 reason;
};

static const struct bad_field bad_fields[] = {
	{ "reserved 1", FIELD(reserved), 1, -EINVAL, FWSLOT_REASON_WRONG_STATE },
	{ "reserved all ones", FIELD(reserved), UINT32_MAX, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "lowest unknown flag", FIELD(flags), 8, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "highest unknown flag", FIELD(flags), 1U << 31, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "unknown flag beside CHECK", FIELD(flags), 9, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "ADOPT and CHECK", FIELD(flags),
	  FWSLOT_BEGIN_ADOPT | FWSLOT_BEGIN_CHECK, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "ADOPT and FORCE", FIELD(flags),
	  FWSLOT_BEGIN_ADOPT | FWSLOT_BEGIN_FORCE, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "FORCE, not allowed", FIELD(flags), FWSLOT_BEGIN_FORCE, -EPERM,
	  FWSLOT_REASON_NO_FORCE },
	{ "FORCE and CHECK, not allowed", FIELD(flags),
	  FWSLOT_BEGIN_FORCE | FWSLOT_BEGIN_CHECK, -EPERM,
	  FWSLOT_REASON_NO_FORCE },
	{ "ADOPT of other content", FIELD(flags), FWSLOT_BEGIN_ADOPT, -EPERM,
	  FWSLOT_REASON_CONTENT_DIFFERS },
	{ "no slot", FIELD(slots), 0, -EINVAL, FWSLOT_REASON_WRONG_STATE },
	{ "lowest unknown slot", FIELD(slots), 8, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "unknown slot beside all", FIELD(slots), 15, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "highest unknown slot", FIELD(slots), 1U << 31, -EINVAL,
	  FWSLOT_REASON_WRONG_STATE },
	{ "manifest of 0 bytes", FIELD(manifest_size), 0, -EBADMSG,
	  FWSLOT_REASON_BAD_MANIFEST },
	{ "manifest smaller than its head", FIELD(manifest_size), 159,
	  -EBADMSG, FWSLOT_REASON_BAD_MANIFEST },
	{ "manifest over the cap", FIELD(manifest_size),
	  FWSLOT_MANIFEST_MAX + 1, -EBADMSG, FWSLOT_REASON_BAD_MANIFEST },
	{ "manifest of 4 GiB - 1", FIELD(manifest_size), UINT32_MAX, -EBADMSG,
	  FWSLOT_REASON_BAD_MANIFEST },
	{ "signature of 0 bytes", FIELD(signature_size), 0, -EBADMSG,
	  FWSLOT_REASON_BAD_SIGNATURE_FORM },
	{ "signature over the cap", FIELD(signature_size),
	  FWSLOT_SIGNATURE_MAX + 1, -EBADMSG,
	  FWSLOT_REASON_BAD_SIGNATURE_FORM },
	{ "signature of 4 GiB - 1", FIELD(signature_size), UINT32_MAX,
	  -EBADMSG, FWSLOT_REASON_BAD_SIGNATURE_FORM },
	{ "tables of 0 bytes", FIELD(tables_size), 0, -EBADMSG,
	  FWSLOT_REASON_BAD_TABLE },
	{ "tables over the cap", FIELD(tables_size),
	  FWSLOT_IMAGES_MAX * FWSLOT_TABLE_MAX + 1, -EBADMSG,
	  FWSLOT_REASON_BAD_TABLE },
	{ "tables of 4 GiB - 1", FIELD(tables_size), UINT32_MAX, -EBADMSG,
	  FWSLOT_REASON_BAD_TABLE },
	{ "manifest at NULL", FIELD(manifest), 0, -EFAULT, FWSLOT_REASON_WRONG_STATE },
	{ "manifest at 8", FIELD(manifest), 8, -EFAULT, FWSLOT_REASON_WRONG_STATE },
	{ "manifest in the kernel", FIELD(manifest), KERNEL_ADDRESS, -EFAULT,
	  FWSLOT_REASON_WRONG_STATE },
	{ "manifest at the end", FIELD(manifest), UINT64_MAX, -EFAULT, FWSLOT_REASON_WRONG_STATE },
	{ "signature at NULL", FIELD(signature), 0, -EFAULT, FWSLOT_REASON_WRONG_STATE },
	{ "signature in the kernel", FIELD(signature), KERNEL_ADDRESS, -EFAULT,
	  FWSLOT_REASON_WRONG_STATE },
	{ "tables at NULL", FIELD(tables), 0, -EFAULT, FWSLOT_REASON_WRONG_STATE },
	{ "tables in the kernel", FIELD(tables), KERNEL_ADDRESS, -EFAULT,
	  FWSLOT_REASON_WRONG_STATE },
	{ "map at 8", FIELD(map), 8, -EFAULT, ANY_REASON },
	{ "map in the kernel", FIELD(map), KERNEL_ADDRESS, -EFAULT,
	  ANY_REASON },
};

static void set_field(struct fwslot_begin *b, const struct bad_field *bad)
{
	u32 value = bad->value;

	if (bad->ofs >= FIELD(manifest) && bad->ofs <= FIELD(map))
		memcpy((u8 *)b + bad->ofs, &bad->value, sizeof(bad->value));
	else
		memcpy((u8 *)b + bad->ofs, &value, sizeof(value));
}

static void claim_no_session(int fd, const char *when)
{
	struct fwslot_progress p = { .size = sizeof(p) };

	claim_is(dev_call(fd, FWSLOT_IOC_PROGRESS, &p), -EINVAL,
		 "BEGIN: %s: there is no session", when);
}

static void fields(int fd)
{
	const struct bad_field *bad;
	struct fwslot_begin b;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(bad_fields); i++) {
		bad = &bad_fields[i];
		begin_fill(&b, &pkg_a, SECONDARY, 0);
		b.map_size = FWSLOT_MAP_MAX;
		set_field(&b, bad);
		ret = dev_call(fd, FWSLOT_IOC_BEGIN, &b);
		claim_is(ret, bad->err, "BEGIN: %s", bad->name);
		if (bad->reason != ANY_REASON)
			claim_is(b.reason, bad->reason, "BEGIN: %s: reason",
				 bad->name);
		claim_no_session(fd, bad->name);
	}
}

/* Map of @size bytes for a session that checks all slots. */
static int map_session(int fd, u8 *map, u32 size, struct session *s)
{
	s->fd = fd;
	s->pkg = &pkg_a;
	begin_fill(&s->begin, &pkg_a, FWSLOT_SLOTS_ALL, FWSLOT_BEGIN_CHECK);
	s->begin.map = (uintptr_t)map;
	s->begin.map_size = size;
	memset(map, POISON, FWSLOT_MAP_MAX);
	return dev_call(fd, FWSLOT_IOC_BEGIN, &s->begin);
}

static const char *map_input(const u8 *map, const struct fwslot_input *in,
			     u32 chunks)
{
	u32 bits = (chunks + 63) / 64 * 64;
	u32 i;

	if (in->wanted != chunks || in->reserved)
		return "the input does not want all chunks";
	for (i = 0; i < bits; i++)
		if ((map[in->map_offset + i / 8] & 1U << i % 8) ? i >= chunks :
								 i < chunks)
			return i < chunks ? "a chunk is not wanted" :
					    "a chunk too many";
	return NULL;
}

static void map_content(const u8 *map, const struct session *s)
{
	const struct fwslot_input *in = s->begin.inputs;
	const char *why = NULL;
	u32 i, end = 0;

	for (i = 0; i < s->begin.n_inputs && !why; i++) {
		why = in[i].map_offset == end ? NULL : "the offset is odd";
		if (!why)
			why = map_input(map, &in[i],
					pkg_a.m.images[in[i].image].chunks);
		end += (in[i].wanted + 63) / 64 * 8;
	}
	claim(!why, why, "map: exactly the chunks of every input");
	claim(!memchr_inv(map + end, POISON, FWSLOT_MAP_MAX - end),
	      "bytes behind it were written", "map: ends where it must");
}

static void maps(int fd)
{
	u8 *map = page(FWSLOT_MAP_MAX);
	struct session s;

	claim_is(map_session(fd, map, 0, &s), -ENOSPC, "map: size 0");
	claim_no_session(fd, "map of size 0");
	claim(!memchr_inv(map, POISON, FWSLOT_MAP_MAX), "it was written to",
	      "map: size 0 writes nothing");
	claim_is(map_session(fd, map, 15, &s), -ENOSPC, "map: a byte too small");
	claim_no_session(fd, "map too small");
	claim(!memchr_inv(map + 15, POISON, FWSLOT_MAP_MAX - 15),
	      "it was written beyond its size",
	      "map: too small, nothing behind its end");
	claim_is(map_session(fd, map, 16, &s), 0, "map: just large enough");
	claim_is(map_session(fd, map, UINT32_MAX, &s), 0, "map: size of 4 GiB");
	claim_is(s.begin.n_inputs, 2, "map: two inputs");
	map_content(map, &s);
	munmap(map, FWSLOT_MAP_MAX);
}

/* A head with one part replaced; it must be refused. */
static void head(int fd, const struct pkg *p, u32 want, const char *name)
{
	struct fwslot_begin b;
	int ret;

	begin_fill(&b, p, SECONDARY, FWSLOT_BEGIN_CHECK);
	ret = dev_call(fd, FWSLOT_IOC_BEGIN, &b);
	claim_refused(ret, b.reason, want, "BEGIN: %s", name);
	claim_is(b.n_steps + b.n_inputs, 0, "BEGIN: %s: no plan", name);
}

static void flip(int fd, struct blob *part, u32 ofs, u32 want,
		 const struct pkg *p, const char *name)
{
	part->data[ofs] ^= 0x10;
	head(fd, p, want, name);
	part->data[ofs] ^= 0x10;
}

static void swap(u8 *a, u8 *b, size_t len)
{
	u8 c;

	for (; len; len--) {
		c = *a;
		*a++ = *b;
		*b++ = c;
	}
}

static void heads(int fd)
{
	struct pkg p = pkg_a;
	u8 *t = p.tables.data;

	flip(fd, &p.manifest, 0, FWSLOT_REASON_BAD_SIGNATURE, &p,
	     "bit of the magic flipped");
	flip(fd, &p.manifest, 50, FWSLOT_REASON_BAD_SIGNATURE, &p,
	     "bit of the version flipped");
	flip(fd, &p.manifest, p.manifest.size - 1, FWSLOT_REASON_BAD_SIGNATURE,
	     &p, "last bit of the manifest flipped");
	flip(fd, &p.signature, p.signature.size - 1,
	     FWSLOT_REASON_BAD_SIGNATURE, &p, "bit of the signature flipped");
	flip(fd, &p.signature, 0, FWSLOT_REASON_BAD_SIGNATURE_FORM, &p,
	     "first bit of the signature flipped");
	flip(fd, &p.tables, 0, FWSLOT_REASON_BAD_TABLE, &p,
	     "bit of the first table flipped");
	flip(fd, &p.tables, p.tables.size - 1, FWSLOT_REASON_BAD_TABLE, &p,
	     "bit of the last table flipped");
	swap(t, t + FWSLOT_DIGEST_SIZE, FWSLOT_DIGEST_SIZE);
	head(fd, &p, FWSLOT_REASON_BAD_TABLE, "two digests swapped");
	swap(t, t + FWSLOT_DIGEST_SIZE, FWSLOT_DIGEST_SIZE);
	p.tables.size -= FWSLOT_DIGEST_SIZE;
	head(fd, &p, FWSLOT_REASON_BAD_TABLE, "tables a digest short");
	p.tables.size += FWSLOT_DIGEST_SIZE - 1;
	head(fd, &p, FWSLOT_REASON_BAD_TABLE, "tables a byte short");
	p.tables = pkg_b.tables;
	head(fd, &p, FWSLOT_REASON_BAD_TABLE, "tables of another release");
	p.tables.size = pkg_a.tables.size + FWSLOT_DIGEST_SIZE;
	p.tables.data = need(calloc(1, p.tables.size));
	memcpy(p.tables.data, pkg_a.tables.data, pkg_a.tables.size);
	head(fd, &p, FWSLOT_REASON_BAD_TABLE, "tables a digest long");
	free(p.tables.data);
	p.tables = pkg_a.tables;
	p.signature = pkg_b.signature;
	head(fd, &p, FWSLOT_REASON_BAD_SIGNATURE,
	     "signature of another manifest");
	p = pkg_a;
	p.manifest.size--;
	head(fd, &p, FWSLOT_REASON_BAD_SIGNATURE, "manifest a byte short");
}

/* A session that checks works to its end and changes nothing. */
static void check(u32 slots)
{
	struct flash *before = flash_take();
	struct session *s = session_new(&pkg_a, slots, FWSLOT_BEGIN_CHECK);
	struct fwslot_progress p;

	claim_is(session_commit(s), -EBUSY, "CHECK %x: COMMIT before the data",
		 slots);
	claim_is(session_feed(s), 0, "CHECK %x: takes all data", slots);
	claim_is(session_finish_all(s), 0, "CHECK %x: FINISH", slots);
	claim_is(session_commit(s), 0, "CHECK %x: COMMIT", slots);
	session_progress(s, &p);
	claim_is(p.written, 0, "CHECK %x: nothing is written", slots);
	claim_is(p.flags, 0, "CHECK %x: no reboot is wanted", slots);
	claim(!device_has(FWSLOT_DEVICE_REBOOT), "it is",
	      "CHECK %x: no reboot is pending", slots);
	session_end(s);
	claim_untouched(before, "CHECK");
}

/**
 * test_begin() - BEGIN and CHECK
 */
void test_begin(void)
{
	struct flash *before;
	int fd = dev_open();

	need_b();
	before = flash_take();
	fields(fd);
	maps(fd);
	heads(fd);
	close(fd);
	claim_untouched(before, "BEGIN");
	check(SECONDARY);
	check(BOOTLOADER);
	check(FWSLOT_SLOTS_ALL);
	claim_good("CHECK");
}

static u32 reason_of(const char *word)
{
	u32 reason = 0;

	while (reason < FWSLOT_REASON_MAX &&
	       strcmp(fwslot_reason_word(reason), word))
		reason++;
	return reason;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/**
 * test_heads() - manifests that are wrong, but rightly signed
 * @folder: holds heads/NAME/manifest, manifest.p7s and reason; the tables are
 *	those of pkg_a
 */
void test_heads(const char *folder)
{
	struct flash *before = flash_take();
	struct pkg p = pkg_a;
	struct dirent **list;
	char dir[512], word[64];
	struct blob reason;
	int fd = dev_open();
	int i, n;

	snprintf(dir, sizeof(dir), "%s/heads", folder);
	n = scandir(dir, &list, visible, alphasort);
	claim(n > 40, "there are too few", "heads of many kinds");
	for (i = 0; i < n; i++) {
		snprintf(dir, sizeof(dir), "%s/heads/%s", folder,
			 list[i]->d_name);
		p.manifest = load(dir, "manifest");
		p.signature = load(dir, "manifest.p7s");
		reason = load(dir, "reason");
		snprintf(word, sizeof(word), "%.*s", (int)reason.size - 1,
			 (char *)reason.data);
		head(fd, &p, reason_of(word), list[i]->d_name);
	}
	close(fd);
	claim_untouched(before, "heads");
	claim_good("heads");
}
