// SPDX-License-Identifier: MIT
/*
 * flash.c - the chip of a board: copies of it, and what a factory puts on it
 *
 * Records are laid out by Documentation/package-format.rst, not by the core.
 * What a test only wants to look at is taken from the array of the model, so
 * that looking changes nothing.
 */
#include <stdlib.h>
#include "../kunit/build.h"
#include "host.h"

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "sweep: %s\n", what);
	abort();
}

static size_t memory_size(const struct board *board)
{
	return board->geo.size + flashsim_lock_bytes(&board->geo) +
	       flashsim_page_bytes(&board->geo) +
	       flashsim_block_bytes(&board->geo);
}

/* A blank chip, locked where the board has slots. */
struct flash *flash_new(const struct board *board)
{
	size_t locks = flashsim_lock_bytes(&board->geo);
	size_t pages = flashsim_page_bytes(&board->geo);
	u8 *array = malloc(memory_size(board));
	struct flash *flash = malloc(sizeof(*flash));

	must(flash && array, "no memory");
	flash->board = board;
	memset(array, 0xff, board->geo.size + locks);
	memset(array + board->geo.size + locks, 0,
	       memory_size(board) - board->geo.size - locks);
	must(!flashsim_model_init(&flash->m, &board->geo, array,
				  board->nand ? NULL : array + board->geo.size),
	     "no such chip");
	flash->m.blocks = array + board->geo.size + locks + pages;
	if (board->nand)
		must(!flashsim_model_nand(&flash->m,
					  array + board->geo.size + locks,
					  flash->m.blocks), "no such NAND");
	return flash;
}

void flash_free(struct flash *flash)
{
	free(flash->m.array);
	free(flash);
}

/* Make one chip the equal of another of the same board; no hooks, no faults. */
void flash_copy(struct flash *to, const struct flash *from)
{
	u8 *array = to->m.array, *locks = to->m.locks;
	u8 *pages = to->m.pages, *blocks = to->m.blocks;

	must(to->board == from->board, "copy of another board's flash");
	memcpy(array, from->m.array, memory_size(from->board));
	to->m = from->m;
	to->m.array = array;
	to->m.locks = locks;
	to->m.pages = pages;
	to->m.blocks = blocks;
	to->m.before = NULL;
	flashsim_power_on(&to->m);
}

/* The n-th good block of a range; -1: there are not so many. */
static s64 good_block(const struct flash *flash, u64 ofs, u64 size, u32 n)
{
	u64 end = ofs + size;

	for (; ofs < end; ofs += flash->board->erase) {
		if (flash->m.blocks[ofs >> flash->m.erase_shift] &
		    FLASHSIM_BLOCK_BAD)
			continue;
		if (!n--)
			return ofs;
	}
	return -1;
}

static s64 unit_block(const struct flash *flash, u32 unit, u32 n)
{
	const struct board_part *part = &flash->board->part[unit];

	return good_block(flash, part->ofs, part->size, n);
}

static s64 record_block(const struct flash *flash, u32 unit)
{
	s64 last = -1, at;
	u32 n;

	if (flash->board->record_area && IMAGE_OF(unit))
		return board_record(flash->board, unit);
	for (n = 0; (at = unit_block(flash, unit, n)) >= 0; n++)
		last = at;
	return last;
}

static void unlock(struct flash *flash)
{
	if (flash->m.locks)
		flashsim_model_unlock(&flash->m, 0, flash->board->geo.size);
}

/* Locked again, and what was done so far does not count. */
static void settle(struct flash *flash)
{
	if (flash->m.locks)
		flashsim_model_lock(&flash->m, 0, flash->board->geo.size);
	memset(&flash->m.count, 0, sizeof(flash->m.count));
	flash->m.steps = 0;
}

static void program(struct flash *flash, u64 ofs, const u8 *data, u32 len)
{
	u32 page = flash->board->page;
	u8 *buf = malloc(flash->board->erase);
	u32 whole = (len + page - 1) & ~(page - 1);

	memset(buf, 0xff, flash->board->erase);
	memcpy(buf, data, len);
	must(!flashsim_model_program(&flash->m, ofs, buf, whole),
	     "the chip does not take what the factory writes");
	free(buf);
}

static void put_image(struct flash *flash, u32 unit, const u8 *image, u32 size)
{
	u32 erase = flash->board->erase;
	u32 n, len;
	s64 at;

	for (n = 0; size; n++, image += len, size -= len) {
		at = unit_block(flash, unit, n);
		must(at >= 0, "too few good blocks");
		len = min_t(u32, size, erase);
		program(flash, at, image, len);
	}
}

static void put_record(struct flash *flash, u32 unit, const struct package *pkg)
{
	const struct board *board = flash->board;
	u32 body = board->page > 512 ? board->page : 512;
	u32 first = 32 * ((pkg->size[0] + 65535) / 65536);
	u32 image = IMAGE_OF(unit);
	u32 table = image ? pkg->tables_size - first : first;
	u32 len = body + pkg->manifest_size + 32 + table;
	s64 at = record_block(flash, unit);
	u8 *buf = malloc(board->erase);

	must(at >= 0 && len <= board->erase, "no room for a record");
	memset(buf, 0xff, board->erase);
	memset(buf, 0, 64);
	memcpy(buf, "fwsl.rec", 8);
	put32(buf + 8, 1);
	put32(buf + 12, board->erase);
	put32(buf + 16, body);
	put32(buf + 20, pkg->manifest_size);
	put32(buf + 24, 32);
	put32(buf + 28, table);
	put32(buf + 32, image);
	memcpy(buf + body, pkg->manifest, pkg->manifest_size);
	memcpy(buf + body + pkg->manifest_size, pkg->signature, 32);
	memcpy(buf + body + pkg->manifest_size + 32,
	       pkg->tables + (image ? first : 0), table);
	program(flash, at, buf, len);
	free(buf);
}

/* Erase a unit and its record. */
void flash_erase(struct flash *flash, u32 unit)
{
	u32 n;
	s64 at;

	unlock(flash);
	for (n = 0; (at = unit_block(flash, unit, n)) >= 0; n++)
		flashsim_model_erase(&flash->m, at, flash->board->erase);
	flashsim_model_erase(&flash->m, record_block(flash, unit),
			     flash->board->erase);
	settle(flash);
}

/* Put a release into a unit, as the production line does. */
void flash_put(struct flash *flash, u32 unit, enum release rel, bool record)
{
	const struct package *pkg = &flash->board->pkg[rel];
	u32 image = IMAGE_OF(unit);

	flash_erase(flash, unit);
	unlock(flash);
	put_image(flash, unit, pkg->image[image], pkg->size[image]);
	if (record)
		put_record(flash, unit, pkg);
	settle(flash);
}

/* Damage the content of a unit from outside, in its second half. */
void flash_spoil(struct flash *flash, u32 unit)
{
	u32 size = flash->board->pkg[RELS - 1].size[IMAGE_OF(unit)];
	u32 erase = flash->board->erase;
	s64 at = unit_block(flash, unit, size / 2 / erase);

	memset(flash->m.array + at + size / 2 % erase, 0, 16);
}

/* Which release a unit holds, whole; -1: none. */
int flash_holds(struct flash *flash, u32 unit)
{
	const struct board *board = flash->board;
	u32 image = IMAGE_OF(unit);
	const u8 *want;
	u32 n, left, len;
	int rel;

	for (rel = 0; rel < RELS; rel++) {
		want = board->pkg[rel].image[image];
		left = board->pkg[rel].size[image];
		for (n = 0; left; n++, left -= len, want += len) {
			len = min_t(u32, left, board->erase);
			if (memcmp(flash->m.array + unit_block(flash, unit, n),
				   want, len))
				break;
		}
		if (!left)
			return rel;
	}
	return -1;
}

/* Does a unit have the header of a record? */
bool flash_has_record(struct flash *flash, u32 unit)
{
	return !memcmp(flash->m.array + record_block(flash, unit), "fwsl.rec",
		       8);
}

/* Are all blocks of all slots locked?  A chip without locks: yes. */
bool flash_locked(struct flash *flash)
{
	return !flash->m.locks ||
	       flashsim_model_is_locked(&flash->m, 0, flash->board->geo.size);
}

static char *unit_text(struct flash *flash, u32 unit, char *p)
{
	static const char letters[] = "XONKML";

	*p++ = letters[flash_holds(flash, unit) + 1];
	*p++ = flash_has_record(flash, unit) ? '+' : '-';
	return p;
}

/*
 * What a chip holds: secondary, bootloaders, primary, as in the tables of the
 * boot-state model.  A letter of enum release, X: nothing whole; with (+) or
 * without (-) a record.  @text has FLASH_TEXT bytes.
 */
char *flash_text(struct flash *flash, char *text)
{
	char *p = unit_text(flash, FWSLOT_UNIT_SECONDARY, text);

	*p++ = ' ';
	p = unit_text(flash, FWSLOT_UNIT_BOOT0, p);
	if (flash->board->copies == 2)
		p = unit_text(flash, FWSLOT_UNIT_BOOT1, p);
	*p++ = ' ';
	p = unit_text(flash, FWSLOT_UNIT_PRIMARY, p);
	*p = '\0';
	return text;
}

/* Read as boot ROM and bootloader do: all good blocks of a unit in a row. */
void flash_read(struct flash *flash, u32 unit, u8 *buf)
{
	u32 n;
	s64 at;

	for (n = 0; (at = unit_block(flash, unit, n)) >= 0; n++)
		flashsim_model_read(&flash->m, at,
				    buf + (u64)n * flash->board->erase,
				    flash->board->erase);
}
