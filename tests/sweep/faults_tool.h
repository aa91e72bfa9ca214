/* SPDX-License-Identifier: MIT */
/*
 * faults_tool.h - what a test can have the tool do, and see of the module
 */
#ifndef SWEEP_FAULTS_TOOL_H
#define SWEEP_FAULTS_TOOL_H

#include "host.h"

enum tool_fault {
	TOOL_GOOD,
	TOOL_SPOILS,	/* a bit in each chunk of @tool_image is wrong */
	TOOL_DIES,	/* in the middle of the first chunk of @tool_image */
	TOOL_SLEEPS,	/* nothing comes any more */
};

extern enum tool_fault tool_fault;
extern u32 tool_image;

/* faults_inside.c */
u32 machine_memory(void);
void machine_floor(u16 major, u16 minor, u16 patch);

#endif /* SWEEP_FAULTS_TOOL_H */
