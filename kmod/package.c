// SPDX-License-Identifier: GPL-2.0-only
/*
 * package.c - the head of a package: copied once, then authenticated
 *
 * Manifest, signature and digest tables come from user space in one copy each;
 * what is checked here is what is used later.  Caps come before allocations,
 * the signature before the parser.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "session.h"

/**
 * struct head - the head of a package in kernel memory
 * @manifest: its bytes
 * @signature: its bytes
 * @tables: all digest tables, in manifest order
 */
struct head {
	u8 *manifest;
	u8 *signature;
	u8 *tables;
};

static u32 copy_part(u8 **out, u64 from, u32 len)
{
	void *copy = vmemdup_user(u64_to_user_ptr(from), len);

	if (!IS_ERR(copy)) {
		*out = copy;
		return FWSLOT_REASON_NONE;
	}
	return PTR_ERR(copy) == -ENOMEM ? FWSLOT_REASON_NO_MEMORY :
					  FWSLOT_REASON_WRONG_STATE;
}

static u32 copy_head(struct head *head, const struct fwslot_begin *arg)
{
	u32 reason;

	if (arg->manifest_size < sizeof(struct fwslot_disk_manifest) ||
	    arg->manifest_size > FWSLOT_MANIFEST_MAX)
		return FWSLOT_REASON_BAD_MANIFEST;
	if (!arg->signature_size || arg->signature_size > FWSLOT_SIGNATURE_MAX)
		return FWSLOT_REASON_BAD_SIGNATURE_FORM;
	if (!arg->tables_size ||
	    arg->tables_size > FWSLOT_IMAGES_MAX * FWSLOT_TABLE_MAX)
		return FWSLOT_REASON_BAD_TABLE;
	reason = copy_part(&head->manifest, arg->manifest, arg->manifest_size);
	if (!reason)
		reason = copy_part(&head->signature, arg->signature,
				   arg->signature_size);
	if (!reason)
		reason = copy_part(&head->tables, arg->tables,
				   arg->tables_size);
	return reason;
}

static void free_head(struct head *head)
{
	kvfree(head->manifest);
	kvfree(head->signature);
	kvfree(head->tables);
}

/* May what this key signed be used for what is asked. */
static u32 admit(struct fwslot_session *s, u32 reason, u32 flags)
{
	if (reason == FWSLOT_REASON_UNKNOWN_KEY &&
	    (flags & FWSLOT_BEGIN_FORCE)) {
		s->req.untrusted = true;
		return FWSLOT_REASON_NONE;
	}
	/* It identifies what is on flash, and that is all that adopt does. */
	if (reason == FWSLOT_REASON_RETIRED_KEY && (flags & FWSLOT_BEGIN_ADOPT))
		return FWSLOT_REASON_NONE;
	return reason;
}

static struct fwslot_found *make_found(const struct head *head,
				       const struct fwslot_begin *arg,
				       const struct fwslot_manifest *m,
				       const struct fwslot_key *signer,
				       u32 image)
{
	u32 table = fwslot_table_size(&m->images[image]);
	struct fwslot_found *found;
	u8 *p;

	found = fwslot_found_alloc(arg->manifest_size + arg->signature_size +
				   table);
	if (!found)
		return NULL;
	found->manifest = *m;
	found->signer = signer;
	found->rec.manifest_size = arg->manifest_size;
	found->rec.signature_size = arg->signature_size;
	found->rec.table_size = table;
	found->rec.image = image;
	p = found->body;
	memcpy(p, head->manifest, arg->manifest_size);
	p += arg->manifest_size;
	memcpy(p, head->signature, arg->signature_size);
	p += arg->signature_size;
	memcpy(p, head->tables + fwslot_table_offset(m, image), table);
	return found;
}

static u32 check_tables(const struct head *head,
			const struct fwslot_begin *arg,
			const struct fwslot_manifest *m)
{
	u8 digest[FWSLOT_DIGEST_SIZE];
	const struct fwslot_image *img;
	u32 i;

	if (arg->tables_size != fwslot_tables_size(m))
		return FWSLOT_REASON_BAD_TABLE;
	for (i = 0; i < min_t(u32, m->n_images, FWSLOT_IMAGES_MAX); i++) {
		img = &m->images[i];
		fwslot_sha256(head->tables + fwslot_table_offset(m, i),
			      fwslot_table_size(img), digest);
		if (memcmp(digest, img->table_digest, sizeof(digest)))
			return FWSLOT_REASON_BAD_TABLE;
	}
	return FWSLOT_REASON_NONE;
}

static u32 authenticate(struct fwslot_session *s, const struct head *head,
			const struct fwslot_begin *arg,
			struct fwslot_manifest *m)
{
	const struct fwslot_key *signer;
	u32 reason, i;

	reason = fwslot_signature_check(head->manifest, arg->manifest_size,
					head->signature, arg->signature_size,
					&signer);
	reason = admit(s, reason, arg->flags);
	if (!reason)
		reason = fwslot_manifest_parse(head->manifest,
					       arg->manifest_size, m);
	if (!reason)
		reason = check_tables(head, arg, m);
	if (reason)
		return reason;
	fwslot_sha256(head->manifest, arg->manifest_size, s->digest);
	for (i = 0; i < m->n_images; i++) {
		s->found[i] = make_found(head, arg, m, signer, i);
		if (!s->found[i])
			return FWSLOT_REASON_NO_MEMORY;
	}
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_package_take() - copy and authenticate the head of a package
 * @s: the session; gets @s->found, @s->digest, @s->req.untrusted
 * @arg: what user space gave
 *
 * Return: FWSLOT_REASON_NONE, or why it is refused.
 */
u32 fwslot_package_take(struct fwslot_session *s,
			const struct fwslot_begin *arg)
{
	struct head head = { NULL };
	struct fwslot_manifest *m;
	u32 reason;

	if ((arg->flags & FWSLOT_BEGIN_FORCE) && !fwslot_config.force)
		return FWSLOT_REASON_NO_FORCE;
	if (!fwslot_keys_usable())
		return FWSLOT_REASON_NO_KEYS;
	m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return FWSLOT_REASON_NO_MEMORY;
	reason = copy_head(&head, arg);
	if (!reason)
		reason = authenticate(s, &head, arg, m);
	free_head(&head);
	kfree(m);
	return reason;
}

/**
 * fwslot_package_free() - undo fwslot_package_take()
 * @s: the session
 */
void fwslot_package_free(struct fwslot_session *s)
{
	u32 i;

	for (i = 0; i < FWSLOT_IMAGES_MAX; i++)
		fwslot_found_put(s->found[i]);
}
