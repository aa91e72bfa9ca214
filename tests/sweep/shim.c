// SPDX-License-Identifier: MIT
/*
 * shim.c - the kernel's memory, and its BUG()
 *
 * Nothing may be allocated while a bootloader is being written (design rule
 * R8); that is seen here.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <linux/siphash.h>
#include "inside.h"

struct block {
	struct list_head node;
	struct shim_heap *heap;
	u64 canary;
	u8 data[] __attribute__((aligned(16)));
};

#define CANARY	0x5ca1ab1e0ddba11ULL

static struct shim_heap *heap;
void (*machine_story)(FILE *out);
bool shim_random_ready = true;
u32 shim_random_drawn;
siphash_key_t shim_sip_keys[3];
u32 shim_sip_calls;

void shim_bug(const char *file, int line, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "BUG: %s:%d: %s\n", file, line, what);
	if (machine_story)
		machine_story(stderr);
	abort();
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return min_t(int, len, (int)size - 1);
}

void shim_heap_init(struct shim_heap *h)
{
	h->blocks.next = &h->blocks;
	h->blocks.prev = &h->blocks;
	h->count = 0;
}

/* From here on memory comes from @h; returns where it came from before. */
struct shim_heap *shim_heap_use(struct shim_heap *h)
{
	struct shim_heap *old = heap;

	heap = h;
	return old;
}

/* Power is off: all memory is gone. */
void shim_heap_free(struct shim_heap *h)
{
	struct block *b, *next;

	list_for_each_entry_safe(b, next, &h->blocks, node)
		free(b);
	shim_heap_init(h);
}

void *shim_alloc(size_t size, bool zero)
{
	struct block *b = malloc(sizeof(*b) + size);
	u32 unit;

	must_not(!b || !heap);
	for (unit = 0; unit < FWSLOT_UNITS; unit++)
		must_not(fwslot_devs[unit].window);
	b->heap = heap;
	b->canary = CANARY;
	list_add(&b->node, &heap->blocks);
	heap->count++;
	if (zero)
		memset(b->data, 0, size);
	return b->data;
}

void shim_free(const void *p)
{
	struct block *b;

	if (!p)
		return;
	b = container_of((u8 *)p, struct block, data[0]);
	must_not(b->canary != CANARY || b->heap != heap);
	b->canary = 0;
	list_del(&b->node);
	heap->count--;
	free(b);
}
