/* SPDX-License-Identifier: MIT */
/*
 * What the files of the ABI test share
 *
 * The program knows nothing but the UAPI header and what the core says of
 * manifests and reasons.  It runs as root in the guest, prints "ok NAME" or
 * "not ok NAME # WHY" for each claim, and exits with 0 when it came to its
 * end, whatever the claims are.
 */
#ifndef ABI_H
#define ABI_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core.h"

#define SECONDARY	(1U << FWSLOT_SECONDARY)
#define BOOTLOADER	(1U << FWSLOT_BOOTLOADER)

/**
 * struct blob - bytes of a file
 * @data: the bytes
 * @size: how many
 */
struct blob {
	u8 *data;
	u32 size;
};

/**
 * struct pkg - a release in loose files
 * @m: its manifest
 * @manifest: bytes of the manifest
 * @signature: bytes of its signature
 * @tables: all digest tables in the manifest's order
 * @image: content of the images in the manifest's order
 */
struct pkg {
	struct fwslot_manifest m;
	struct blob manifest;
	struct blob signature;
	struct blob tables;
	struct blob image[FWSLOT_IMAGES_MAX];
};

/*
 * Three releases of one format.  pkg_b runs: what it has to give to the
 * secondary the kernel takes from the primary, so it is never streamed there.
 */
extern struct pkg pkg_a, pkg_b, pkg_c;

/* abi.c */
void claim(bool good, const char *why, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void claim_is(long got, long want, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void claim_refused(int err, u32 reason, u32 want, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void *need(void *memory);
void *page(size_t bytes);
struct blob load(const char *dir, const char *name);
int in_child(int (*fn)(void *arg), void *arg);

/* abi_flash.c: the flash as everybody sees it, without fwslot */

#define PARTS	3

/**
 * struct flash - contents of the slots and counters of the simulator
 * @data: contents, by enum fwslot_slot
 * @size: bytes of them
 * @erases: blocks erased so far
 * @programs: pages programmed so far
 */
struct flash {
	u8 *data[PARTS];
	u32 size[PARTS];
	u64 erases;
	u64 programs;
};

struct flash *flash_take(void);
void flash_drop(struct flash *f);
bool flash_holds(u32 part, const struct blob *image);
void flash_speed(const char *name, unsigned int value);
void flash_renew(void);
void claim_read_only(const char *when);
void claim_locked(const char *when);
void claim_untouched(struct flash *before, const char *when);
void claim_part_same(const struct flash *before, u32 part, u32 from, u32 to,
		     const char *when);

/* abi_dev.c: sessions */

/**
 * struct session - a session on an open file
 * @fd: the file
 * @pkg: the release
 * @begin: what was asked for, and the plan
 */
struct session {
	int fd;
	const struct pkg *pkg;
	struct fwslot_begin begin;
};

int dev_open(void);
int dev_call(int fd, unsigned long cmd, void *arg);
void begin_fill(struct fwslot_begin *b, const struct pkg *p, u32 slots,
		u32 flags);
int session_begin(struct session *s, int fd, const struct pkg *p, u32 slots,
		  u32 flags);
struct session *session_new(const struct pkg *p, u32 slots, u32 flags);
int session_send(struct session *s, u32 input, u32 from, u32 len);
int session_feed(struct session *s);
int session_finish(struct session *s, u32 step, u32 timeout_ms,
		   struct fwslot_progress *p);
int session_finish_all(struct session *s);
int session_commit(struct session *s);
int session_progress(struct session *s, struct fwslot_progress *p);
void session_end(struct session *s);
const struct blob *session_image(const struct session *s, u32 input);
int install(const struct pkg *p, u32 slots, bool commit);
int wait_free(unsigned int seconds);
const struct pkg *other_pkg(void);
void need_b(void);
void claim_good(const char *when);

/* abi_nl.c: the read-only side */

#define NL_ATTRS	64
#define NL_RAW		4096

/**
 * struct nl_msg - attributes of a message
 * @data: their values by number, NULL: absent; they point into @raw
 * @len: bytes of each
 * @raw: a copy of the message
 */
struct nl_msg {
	const void *data[NL_ATTRS];
	u32 len[NL_ATTRS];
	u8 raw[NL_RAW];
};

u64 nl_number(const struct nl_msg *msg, u32 attr);
int nl_join(void);
bool nl_event(int fd, struct nl_msg *msg);
u32 unit_state(u32 unit);
u64 device_number(u32 attr);
bool device_has(u32 flag);

/* abi_chunks.c */
void chunk_one_bit(u32 kind, u32 chunk, u32 bit, const char *when);

/* The groups of tests, each in a file of its own. */
void test_args(void);
void test_begin(void);
void test_protocol(void);
void test_chunks(void);
void test_stream(void);
void test_life(void);
void test_idle(void);
void test_slow(void);
void test_cred(void);
void test_netlink(void);
void test_events(void);
void test_heads(const char *dir);
void test_sweep(void);
void test_each_chunk(void);
void test_faults(void);
void test_worker_faults(void);
void test_load_faults(void);
void test_end_faults(void);
void test_storm(void);
void test_calm(void);

#endif /* ABI_H */
