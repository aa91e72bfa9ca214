/* SPDX-License-Identifier: MIT */
/*
 * tool_logic.h - what the files of the driver share
 */
#ifndef FWSLOT_TESTS_TOOL_LOGIC_H
#define FWSLOT_TESTS_TOOL_LOGIC_H

#include "core.h"

/* tool_logic.c: one line of output for a case */
void result(bool ok, const char *name, const char *came);

/* tool_parts.c */
void test_parts(void);

#endif /* FWSLOT_TESTS_TOOL_LOGIC_H */
