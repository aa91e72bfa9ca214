// SPDX-License-Identifier: MIT
/*
 * ustar.c - the ustar archive, writing side
 *
 * Every member is a regular file of mode 0644, owner and group 0, no names,
 * and the one time of the whole package, so that the same input gives the
 * same bytes.  The only thing read here is the first header of an unsigned
 * package, for attach; all other reading is the package reader's.
 */
#include "mkpkg.h"

/* Offsets of the fields of a ustar header. */
enum ustar_field {
	USTAR_NAME = 0,
	USTAR_MODE = 100,
	USTAR_UID = 108,
	USTAR_GID = 116,
	USTAR_SIZE = 124,
	USTAR_MTIME = 136,
	USTAR_CHECKSUM = 148,
	USTAR_TYPE = 156,
	USTAR_MAGIC = 257,
	USTAR_VERSION = 263,
	USTAR_DEVMAJOR = 329,
	USTAR_DEVMINOR = 337,
};

/* Digits of the number fields; a NUL ends each of them. */
#define USTAR_SHORT	7
#define USTAR_LONG	11

static void put_octal(u8 *p, u64 value, int digits)
{
	while (digits--) {
		p[digits] = '0' + (value & 7);
		value >>= 3;
	}
}

static u64 get_octal(const u8 *p, int digits)
{
	u64 value = 0;

	while (digits-- && *p >= '0' && *p <= '7')
		value = value << 3 | (*p++ - '0');
	return value;
}

/**
 * ustar_header() - make the header of a member
 * @block: the header
 * @name: name of the member
 * @size: its bytes, less than 8 GiB
 * @mtime: its time, seconds since 1970, less than 2^33
 */
void ustar_header(u8 block[USTAR_BLOCK], const char *name, u64 size, u64 mtime)
{
	u32 i, sum = 0;

	memset(block, 0, USTAR_BLOCK);
	memcpy(block + USTAR_NAME, name, strlen(name));
	put_octal(block + USTAR_MODE, 0644, USTAR_SHORT);
	put_octal(block + USTAR_UID, 0, USTAR_SHORT);
	put_octal(block + USTAR_GID, 0, USTAR_SHORT);
	put_octal(block + USTAR_SIZE, size, USTAR_LONG);
	put_octal(block + USTAR_MTIME, mtime, USTAR_LONG);
	memset(block + USTAR_CHECKSUM, ' ', 8);
	block[USTAR_TYPE] = '0';
	memcpy(block + USTAR_MAGIC, "ustar", 6);
	memcpy(block + USTAR_VERSION, "00", 2);
	put_octal(block + USTAR_DEVMAJOR, 0, USTAR_SHORT);
	put_octal(block + USTAR_DEVMINOR, 0, USTAR_SHORT);
	for (i = 0; i < USTAR_BLOCK; i++)
		sum += block[i];
	put_octal(block + USTAR_CHECKSUM, sum, 6);
	block[USTAR_CHECKSUM + 6] = '\0';
}

/**
 * ustar_first() - read a header that this builder wrote
 * @block: the header
 * @name: gets the member's name
 * @size: gets its bytes
 * @mtime: gets its time
 *
 * Return: 0, or -EBADMSG if it is not byte for byte what ustar_header() makes.
 */
int ustar_first(const u8 block[USTAR_BLOCK], const char **name, u64 *size,
		u64 *mtime)
{
	u8 again[USTAR_BLOCK];

	if (!memchr(block + USTAR_NAME, 0, USTAR_MODE - USTAR_NAME))
		return -EBADMSG;
	*name = (const char *)block + USTAR_NAME;
	*size = get_octal(block + USTAR_SIZE, USTAR_LONG);
	*mtime = get_octal(block + USTAR_MTIME, USTAR_LONG);
	ustar_header(again, *name, *size, *mtime);
	return memcmp(block, again, USTAR_BLOCK) ? -EBADMSG : 0;
}

/**
 * ustar_size() - bytes of a member in the archive
 * @size: bytes of its content
 */
u64 ustar_size(u64 size)
{
	return USTAR_BLOCK + (size + USTAR_BLOCK - 1) / USTAR_BLOCK *
	       USTAR_BLOCK;
}

/**
 * ustar_pad() - fill up to a whole block behind the data of a member
 * @o: the archive
 *
 * Return: 0 or a negative errno as of dest_write().
 */
int ustar_pad(struct dest *o)
{
	return dest_fill(o, 0, (USTAR_BLOCK - o->ofs % USTAR_BLOCK) % USTAR_BLOCK);
}

/**
 * ustar_member() - write a whole member
 * @o: the archive
 * @name: name of the member
 * @b: its content
 * @mtime: its time
 *
 * Return: 0 or a negative errno as of dest_write().
 */
int ustar_member(struct dest *o, const char *name, const struct bytes *b,
		 u64 mtime)
{
	u8 block[USTAR_BLOCK];
	int err;

	ustar_header(block, name, b->size, mtime);
	err = dest_write(o, block, sizeof(block));
	if (!err)
		err = dest_write(o, b->data, b->size);
	if (!err)
		err = ustar_pad(o);
	return err;
}

/**
 * ustar_end() - write the end of the archive
 * @o: the archive
 *
 * Return: 0 or a negative errno as of dest_write().
 */
int ustar_end(struct dest *o)
{
	return dest_fill(o, 0, 2 * USTAR_BLOCK);
}
