/* SPDX-License-Identifier: MIT */
/*
 * session.h - one session: a package goes to the kernel
 */
#ifndef FWSLOT_USERSPACE_SESSION_H
#define FWSLOT_USERSPACE_SESSION_H

#include "failure.h"
#include "pkg.h"
#include "progress.h"

struct session;

/* Gets a chunk that the kernel wants.  Return: 0, or -1 with the failure set. */
typedef int (*session_chunk)(struct session *s, u32 image, u32 chunk, u8 *buf,
			     struct failure *f);

/**
 * struct session - a session
 * @fd: /dev/fwslot
 * @head: what the kernel wants before it decides
 * @chunk: where image data comes from
 * @ctx: for @chunk, not used here
 * @pkg: the package, NULL: data comes from elsewhere
 * @progress: where progress is shown
 * @begin: what was asked for, and the plan
 * @changes: mask of the units that the package changes, valid if @checked
 * @checked: there was a session that only checked
 * @now: how far the kernel said it is, last time it was asked
 * @sent: chunks that were handed over
 * @total: chunks that the kernel wants
 * @map: which they are
 */
struct session {
	int fd;
	const struct pkg_head *head;
	session_chunk chunk;
	void *ctx;
	struct pkg *pkg;
	struct progress *progress;
	struct fwslot_begin begin;
	u32 changes;
	bool checked;
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
