/* SPDX-License-Identifier: MIT */
/*
 * text.h - small files of text, as the kernel shows them; words for a shell
 */
#ifndef FWSLOT_USERSPACE_TEXT_H
#define FWSLOT_USERSPACE_TEXT_H

#include <stddef.h>

/* Room for a quoted name of so many bytes. */
#define TEXT_SHELL(len)	(4 * (len) + 3)

int text_read(const char *path, char *buf, size_t size);
const char *text_shell(const char *word, char *buf, size_t size);

#endif /* FWSLOT_USERSPACE_TEXT_H */
