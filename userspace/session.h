/* SPDX-License-Identifier: MIT */
/*
 * session.h - one session: a package goes to the kernel
 */
#ifndef FWSLOT_USERSPACE_SESSION_H
#define FWSLOT_USERSPACE_SESSION_H

#include "failure.h"
#include "pkg.h"
#include "progress.h"

/**
 * struct session - a session
 * @fd: /dev/fwslot
 * @pkg: the package
 * @progress: where progress is shown
 * @begin: what was asked for, and the plan
 * @now: how far the kernel said it is, last time it was asked
 * @sent: chunks that were handed over
 * @total: chunks that the kernel wants
 * @map: which they are
 */
struct session {
	int fd;
	struct pkg *pkg;
	struct progress *progress;
	struct fwslot_begin begin;
	struct fwslot_progress now;
	u64 sent;
	u64 total;
	u8 map[FWSLOT_MAP_MAX];
};

void stop_catch(void);
bool stop_wanted(void);

int session_open(struct session *s, const struct pkg_source *src,
		 struct failure *f);
int session_begin(struct session *s, u32 slots, u32 flags, struct failure *f);
int session_stream(struct session *s, struct failure *f);
int session_complete(struct session *s, struct failure *f);
void session_close(struct session *s);

bool session_writes(const struct session *s);

#endif /* FWSLOT_USERSPACE_SESSION_H */
