/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - what the states of all slots mean together
 */
#ifndef FWSLOT_USERSPACE_VERDICT_H
#define FWSLOT_USERSPACE_VERDICT_H

#include "nl.h"

/**
 * struct verdict - what the states of all slots mean together
 * @status: TOOL_DONE, or TOOL_HALF_UP to TOOL_CORRUPT
 * @word: one word for it
 * @text: one sentence for it
 * @next: command line or action that mends it, empty: none
 */
struct verdict {
	int status;
	const char *word;
	char text[200];
	char next[200];
};

void verdict_make(const struct nl_status *st, u32 units, bool quick,
		  struct verdict *v);
void verdict_next(const struct nl_status *st, const struct verdict *v,
		  char *buf, size_t size);

#endif /* FWSLOT_USERSPACE_VERDICT_H */
