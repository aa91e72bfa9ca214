// SPDX-License-Identifier: MIT
/*
 * SHA-256 of a file by the kernel's own code, through an AF_ALG socket
 *
 *	khash FILE
 */
#include <err.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_hash(void)
{
	struct sockaddr_alg name = {
		.salg_family = AF_ALG,
		.salg_type = "hash",
		.salg_name = "sha256",
	};
	int fd = socket(AF_ALG, SOCK_SEQPACKET, 0);
	int op;

	if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(name)))
		err(1, "AF_ALG");
	op = accept(fd, NULL, NULL);
	if (op < 0)
		err(1, "AF_ALG");
	return op;
}

int main(int argc, char **argv)
{
	static unsigned char buf[65536];
	int op = open_hash();
	int fd = open(argv[argc - 1], O_RDONLY);
	ssize_t n, i;

	if (fd < 0)
		err(1, "%s", argv[argc - 1]);
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if (send(op, buf, n, MSG_MORE) != n)
			err(1, "send");
	}
	if (n || send(op, NULL, 0, 0))
		err(1, "end");
	n = read(op, buf, 32);
	for (i = 0; i < n; i++)
		printf("%02x", buf[i]);
	putchar('\n');
	return n != 32;
}
