// SPDX-License-Identifier: MIT
/*
 * run.c - runs the suites in userspace and prints TAP
 *
 * Arguments are names of suites or suite.case; without any, all are run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <kunit/test.h>

static struct kunit_suite *suites[32];
static void *blocks[256 << 10];
static size_t n_suites, n_blocks;
static jmp_buf aborted;
static int complaints;

void kunit_add(struct kunit_suite *suite)
{
	if (n_suites == ARRAY_SIZE(suites))
		abort();
	suites[n_suites++] = suite;
}

void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	(void)test;
	(void)gfp;
	if (n_blocks == ARRAY_SIZE(blocks))
		return NULL;
	return blocks[n_blocks++] = calloc(1, size);
}

void kunit_fail(const char *file, int line, bool abort, const char *fmt, ...)
{
	va_list ap;

	/* A loop that goes wrong need not say so a thousand times. */
	if (complaints++ < 20) {
		printf("# %s:%d: ", file, line);
		va_start(ap, fmt);
		vprintf(fmt, ap);
		va_end(ap);
		putchar('\n');
	}
	if (abort)
		longjmp(aborted, 1);
}

static bool run_case(struct kunit_suite *suite, struct kunit_case *c)
{
	struct kunit test = { 0 };

	complaints = 0;
	if (!setjmp(aborted)) {
		complaints = suite->init && suite->init(&test);
		if (!complaints)
			c->run_case(&test);
	}
	if (suite->exit)
		suite->exit(&test);
	while (n_blocks)
		free(blocks[--n_blocks]);
	return !complaints;
}

static bool chosen(const char *suite, const char *name, int argc, char **argv)
{
	size_t n = strlen(suite);
	int i;

	for (i = 1; i < argc; i++)
		if (!strncmp(argv[i], suite, n) &&
		    (!argv[i][n] || !strcmp(argv[i] + n + 1, name)))
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	struct kunit_case *c;
	int n = 0, failed = 0;
	size_t i;
	bool ok;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
	for (i = 0; i < n_suites; i++)
		for (c = suites[i]->test_cases; c->name; c++) {
			if (!chosen(suites[i]->name, c->name, argc, argv))
				continue;
			ok = run_case(suites[i], c);
			failed += !ok;
			printf("%sok %d %s.%s\n", ok ? "" : "not ", ++n,
			       suites[i]->name, c->name);
		}
	printf("1..%d\n# %d passed, %d failed\n", n, n - failed, failed);
	return failed || !n;
}
