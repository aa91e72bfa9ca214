/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * env_user.h - the kernel names that the core uses, for userspace
 *
 * If this file passes 80 lines, the core has stopped being pure.
 */
#ifndef FWSLOT_CORE_ENV_USER_H
#define FWSLOT_CORE_ENV_USER_H

#include <endian.h>
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#undef static_assert
#define static_assert(expr) _Static_assert(expr, #expr)

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define U64_MAX		UINT64_MAX

#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b) ((type)(a) > (type)(b) ? (type)(a) : (type)(b))

#define le16_to_cpu(x)	le16toh((uint16_t)(x))
#define le32_to_cpu(x)	le32toh((uint32_t)(x))
#define le64_to_cpu(x)	le64toh((uint64_t)(x))
#define cpu_to_le16(x)	((__le16)htole16(x))
#define cpu_to_le32(x)	((__le32)htole32(x))
#define cpu_to_le64(x)	((__le64)htole64(x))

/**
 * memchr_inv() - find the first byte that differs from @c
 * @p: memory to look at
 * @c: the byte to expect
 * @n: length in bytes
 *
 * Return: the address of the first other byte, or NULL.
 */
static inline const void *memchr_inv(const void *p, int c, size_t n)
{
	const u8 *b = p;

	for (; n; n--, b++)
		if (*b != (u8)c)
			return b;
	return NULL;
}

#endif /* FWSLOT_CORE_ENV_USER_H */
