/* SPDX-License-Identifier: MIT */
/*
 * faults_feed.h - lets kmod/input.c wait for a tool that is not there
 *
 * Included before kmod/input.c when it is built for this test.  There is one
 * thread: whoever waits for data has the tool write some, here and now.
 */
#ifndef SWEEP_FAULTS_FEED_H
#define SWEEP_FAULTS_FEED_H

#include <stdbool.h>
#include <string.h>

struct fwslot_session;

bool feed_more(struct fwslot_session *s);

#define copy_from_user(to, from, n) (memcpy(to, from, n), 0UL)

/* Only fwslot_input_wait() waits like that. */
#define wait_event_idle_timeout(wq, cond, timeout) ({ \
	long yes = 0; \
	(void)(timeout); \
	while (!(yes = (cond)) && feed_more(s)) \
		; \
	yes; \
})

#endif /* SWEEP_FAULTS_FEED_H */
