/* SPDX-License-Identifier: MIT */
/*
 * text.h - small files of text, as the kernel shows them
 */
#ifndef FWSLOT_USERSPACE_TEXT_H
#define FWSLOT_USERSPACE_TEXT_H

#include <stddef.h>

int text_read(const char *path, char *buf, size_t size);

#endif /* FWSLOT_USERSPACE_TEXT_H */
