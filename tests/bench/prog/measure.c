// SPDX-License-Identifier: MIT
/*
 * Run a command and print what it took, one "NAME UNIT VALUE" a line
 *
 *	measure [-m [-p PID]...] OUT COMMAND...
 *
 * The processor's time is that of the whole machine, which is otherwise idle:
 * what passed, less what all processors were idle.  So the work of the kernel's
 * own threads and of services counts, too.  With -m memory is sampled instead
 * every two milliseconds, which itself takes time; -p: the memory of this process
 * belongs to the command.  Exits as the command does.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_PIDS	8

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* idle: seconds that all processors have been idle */
static double idle(void)
{
	FILE *f = fopen("/proc/uptime", "r");
	double up, idle;

	if (!f || fscanf(f, "%lf %lf", &up, &idle) != 2)
		err(126, "/proc/uptime");
	fclose(f);
	return idle;
}

/* field: the number that follows NAME in a file; -1 if it is not there */
static long field(const char *path, const char *name)
{
	size_t len = strlen(name);
	FILE *f = fopen(path, "r");
	long value = -1;
	char line[256];

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, len))
			value = strtol(line + len, NULL, 10);
	}
	fclose(f);
	return value;
}

static long of_process(pid_t pid, const char *file, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return field(path, name);
}

static long available(void)
{
	return field("/proc/meminfo", "MemAvailable:");
}

struct peak {
	pid_t pids[MAX_PIDS];
	int n;
	long before;	/* kilobytes that were available */
	long least;
	long anon;	/* most that the processes had of their own */
};

static void sample(struct peak *peak)
{
	long least = available();
	long anon = 0;
	long one;
	int i;

	for (i = 0; i < peak->n; i++) {
		one = of_process(peak->pids[i], "status", "RssAnon:");
		anon += one > 0 ? one : 0;
	}
	if (least < peak->least)
		peak->least = least;
	if (anon > peak->anon)
		peak->anon = anon;
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		err(126, "fork");
	if (!pid) {
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	return pid;
}

/* ended: wait for the end, or only look; it stays a zombie, for /proc */
static bool ended(pid_t pid, int flags)
{
	siginfo_t info = {};

	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT | flags))
		err(126, "waitid");
	return info.si_pid == pid;
}

static int reap(pid_t pid, FILE *out, bool memory)
{
	long written = of_process(pid, "io", "wchar:");
	struct rusage use;
	int status;

	if (wait4(pid, &status, 0, &use) != pid)
		err(126, "wait4");
	if (memory)
		fprintf(out, "peak-rss KiB %ld\n", use.ru_maxrss);
	else
		fprintf(out, "written bytes %ld\n", written);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_for_memory(struct peak *peak, FILE *out, char **argv)
{
	const struct timespec pause = { .tv_nsec = 2000000 };
	pid_t pid;

	peak->before = available();
	peak->least = peak->before;
	pid = start(argv);
	peak->pids[peak->n++] = pid;
	do {
		sample(peak);
		nanosleep(&pause, NULL);
	} while (!ended(pid, WNOHANG));
	fprintf(out, "machine KiB %ld\n", peak->before - peak->least);
	fprintf(out, "anonymous KiB %ld\n", peak->anon);
	return reap(pid, out, true);
}

static int run_for_time(FILE *out, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	double rest = idle();
	double begin = now();
	double took;
	pid_t pid;

	pid = start(argv);
	ended(pid, 0);
	took = now() - begin;
	rest = idle() - rest;
	fprintf(out, "wall s %.6f\n", took);
	fprintf(out, "cpu s %.2f\n", took * processors - rest);
	return reap(pid, out, false);
}

int main(int argc, char **argv)
{
	struct peak peak = {};
	bool memory = false;
	FILE *out;
	int c;

	while ((c = getopt(argc, argv, "+mp:")) != -1) {
		if (c == 'm')
			memory = true;
		else if (c == 'p' && peak.n < MAX_PIDS - 1)
			peak.pids[peak.n++] = atoi(optarg);
		else
			return 126;
	}
	if (argc - optind < 2)
		errx(126, "usage: measure [-m [-p PID]...] OUT COMMAND...");
	out = fopen(argv[optind], "w");
	if (!out)
		err(126, "%s", argv[optind]);
	argv += optind + 1;
	c = memory ? run_for_memory(&peak, out, argv) : run_for_time(out, argv);
	if (fclose(out))
		err(126, "close");
	return c;
}
