// SPDX-License-Identifier: MIT
/*
 * faults_inside.c - looks into the machine that is switched on
 */
#include "inside.h"
#include "faults_tool.h"

enum tool_fault tool_fault;
u32 tool_image;

/* Blocks of memory that the module holds. */
u32 machine_memory(void)
{
	struct shim_heap *heap = shim_heap_use(NULL);

	shim_heap_use(heap);
	return heap->count;
}

/* As min_version= does. */
void machine_floor(u16 major, u16 minor, u16 patch)
{
	fwslot_config.has_floor = true;
	fwslot_config.floor.major = major;
	fwslot_config.floor.minor = minor;
	fwslot_config.floor.patch = patch;
}
