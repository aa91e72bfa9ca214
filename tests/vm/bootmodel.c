// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Play boot ROM and bootloader on a flash device or its backing file
 *
 *   bootmodel --primary OFS+SIZE --secondary OFS+SIZE --boot OFS+SIZE...
 *             [--rom header|whole] FILE
 *
 * Prints one line of KEY=VALUE words.  Exit status 0 if a system would run, 1
 * if none would, 2 for misuse or a file that cannot be read.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "boot.h"

enum {
	EXIT_NONE = 1,
	EXIT_USAGE = 2,
};

static const struct option options[] = {
	{ "primary", required_argument, NULL, 'p' },
	{ "secondary", required_argument, NULL, 's' },
	{ "boot", required_argument, NULL, 'b' },
	{ "rom", required_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static void print_usage(void)
{
	fputs("usage: bootmodel [--primary OFS+SIZE] [--secondary OFS+SIZE]\n"
	      "                 --boot OFS+SIZE... [--rom header|whole] FILE\n",
	      stderr);
	exit(EXIT_USAGE);
}

static struct boot_part parse_part(const char *text)
{
	struct boot_part part;
	char *end;

	part.ofs = strtoull(text, &end, 0);
	if (end == text || *end != '+')
		errx(EXIT_USAGE, "%s: not OFS+SIZE", text);
	part.size = strtoull(end + 1, &end, 0);
	if (*end || !part.size)
		errx(EXIT_USAGE, "%s: not OFS+SIZE", text);
	return part;
}

static void parse_option(struct boot_layout *layout, int option)
{
	switch (option) {
	case 'p':
		layout->primary = parse_part(optarg);
		break;
	case 's':
		layout->secondary = parse_part(optarg);
		break;
	case 'b':
		if (layout->copies == BOOT_MAX_COPIES)
			errx(EXIT_USAGE, "too many bootloader copies");
		layout->boot[layout->copies++] = parse_part(optarg);
		break;
	case 'r':
		if (strcmp(optarg, "header") && strcmp(optarg, "whole"))
			print_usage();
		layout->rom_whole = !strcmp(optarg, "whole");
		break;
	default:
		print_usage();
	}
}

static const uint8_t *map_file(const char *path, uint64_t *size)
{
	off_t end;
	void *map;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(EXIT_USAGE, "%s", path);
	end = lseek(fd, 0, SEEK_END);
	if (end <= 0)
		errx(EXIT_USAGE, "%s: empty", path);
	map = mmap(NULL, end, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		err(EXIT_USAGE, "%s", path);
	close(fd);
	*size = end;
	return map;
}

int main(int argc, char **argv)
{
	struct boot_layout layout = { .rom_whole = true };
	struct boot_result result;
	const uint8_t *flash;
	uint64_t size;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		parse_option(&layout, option);
	if (optind + 1 != argc || !layout.copies)
		print_usage();

	flash = map_file(argv[optind], &size);
	if (!boot_decide(&layout, flash, size, &result)) {
		printf("boot=none reason=%s\n", result.reason);
		return EXIT_NONE;
	}
	printf("boot=%s bootloader=%u format=%u version=%s\n", result.slot,
	       result.copy, result.format, result.version);
	return EXIT_SUCCESS;
}
