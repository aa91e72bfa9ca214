// SPDX-License-Identifier: MIT
/*
 * conf.c - the configuration file
 *
 * Lines of key=value; blank lines and lines that begin with # do not count.
 * It names a command that runs as root, so a file that somebody else could
 * have changed is refused.  Documented in fwslot.8.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf.h"

#define CONF_REBOOT	"/sbin/reboot"
#define CONF_TARGET	"/var/lib/fwslot/target"
#define CONF_TIMEOUT	30
#define CONF_TIMEOUT_MAX	3600
#define CONF_BLOCK_MS_MAX	60000
#define CONF_LINE_SIZE	512

static char *conf_trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

static int conf_store(char *to, const char *value)
{
	if (strlen(value) >= CONF_VALUE_SIZE)
		return -E2BIG;
	strcpy(to, value);
	return 0;
}

static int conf_number(int *to, const char *value, int max)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (*end || end == value || n < 1 || n > max)
		return -EINVAL;
	*to = n;
	return 0;
}

static int conf_line(struct conf *conf, char *line)
{
	char *value;

	line = conf_trim(line);
	if (!*line || *line == '#')
		return 0;
	value = strchr(line, '=');
	if (!value)
		return -EINVAL;
	*value = '\0';
	value = conf_trim(value + 1);
	line = conf_trim(line);
	if (!strcmp(line, "reboot"))
		return *value ? conf_store(conf->reboot, value) : -EINVAL;
	if (!strcmp(line, "before"))
		return conf_store(conf->before, value);
	if (!strcmp(line, "support"))
		return conf_store(conf->support, value);
	if (!strcmp(line, "target"))
		return *value == '/' ? conf_store(conf->target, value) : -EINVAL;
	if (!strcmp(line, "ca"))
		return conf_store(conf->ca, value);
	if (!strcmp(line, "timeout"))
		return conf_number(&conf->timeout, value, CONF_TIMEOUT_MAX);
	if (!strcmp(line, "block_ms"))
		return conf_number(&conf->block_ms, value, CONF_BLOCK_MS_MAX);
	return -EINVAL;
}

static int conf_read(FILE *file, const char *path, struct conf *conf)
{
	char line[CONF_LINE_SIZE];
	int n = 0;

	while (fgets(line, sizeof(line), file)) {
		n++;
		if ((!strchr(line, '\n') && !feof(file)) ||
		    conf_line(conf, line)) {
			fprintf(stderr, "fwslot: %s: line %d is wrong\n",
				path, n);
			return -EINVAL;
		}
	}
	if (!ferror(file))
		return 0;
	fprintf(stderr, "fwslot: %s: %s\n", path, strerror(errno));
	return -EIO;
}

static int conf_trusted(FILE *file, const char *path)
{
	struct stat st;

	if (!fstat(fileno(file), &st) && S_ISREG(st.st_mode) &&
	    (!st.st_uid || st.st_uid == geteuid()) &&
	    !(st.st_mode & 0022))
		return 0;
	fprintf(stderr,
		"fwslot: %s is not a file that only its owner, root, can change\n",
		path);
	return -EPERM;
}

/**
 * conf_load() - read the configuration file
 * @path: its name, NULL: the default, which need not exist
 * @conf: what it says, defaults where it is silent
 *
 * Return: 0; -EINVAL for a line that is wrong; -EPERM when the file is open to
 * others; or the errno of opening and reading it.  The error was printed.
 */
int conf_load(const char *path, struct conf *conf)
{
	const char *name = path ? path : CONF_DEFAULT;
	FILE *file;
	int ret;

	strcpy(conf->reboot, CONF_REBOOT);
	strcpy(conf->target, CONF_TARGET);
	conf->before[0] = '\0';
	conf->support[0] = '\0';
	conf->ca[0] = '\0';
	conf->block_ms = 0;
	conf->timeout = CONF_TIMEOUT;
	file = fopen(name, "re");
	if (!file && errno == ENOENT && !path)
		return 0;
	if (!file) {
		ret = -errno;
		fprintf(stderr, "fwslot: %s: %s\n", name, strerror(errno));
		return ret;
	}
	ret = conf_trusted(file, name);
	if (!ret)
		ret = conf_read(file, name, conf);
	fclose(file);
	return ret;
}
