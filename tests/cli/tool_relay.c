// SPDX-License-Identifier: MIT
/*
 * tool_relay.c - stands between a client and a server, and spoils it
 *
 * usage: tool_relay LOG SERVER_PORT BEHAVIOUR...
 *        tool_relay port
 *
 * Listens on a port of 127.0.0.1, which it prints.  Each connection gets the
 * next behaviour, the last one stays:
 *
 *	pass		all is passed on
 *	cut:N		after N bytes of the answer the connection is reset, which
 *			throws away what the client has not read
 *	end:N		after N bytes it is closed in good order
 *	stall:N		after N bytes nothing more comes
 *	trickle:N	after N bytes they come one by one, fifty a second
 *	reply:FILE	FILE is the answer, the server is not asked
 *
 * LOG gets the first bytes of each request.  "port" only prints a free port.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRICKLE_MS	20

/**
 * struct relay - one connection
 * @client: who asks
 * @server: who answers
 * @log: where requests are noted
 * @how: the behaviour
 * @left: bytes of the answer until it begins
 */
struct relay {
	int client;
	int server;
	int log;
	const char *how;
	unsigned long left;
};

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	return addr;
}

static int listener(int *port)
{
	struct sockaddr_in addr = loopback(0);
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, len) ||
	    listen(fd, 8) || getsockname(fd, (struct sockaddr *)&addr, &len))
		return -1;
	*port = ntohs(addr.sin_port);
	return fd;
}

static int connect_to(int port)
{
	struct sockaddr_in addr = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A reset, not an orderly end. */
static void reset(int fd)
{
	struct linger off = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &off, sizeof(off));
}

static void wait_end(int fd)
{
	char buf[512];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static int give(int fd, const char *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= n) {
		n = write(fd, buf, len);
		if (n <= 0)
			return -1;
	}
	return 0;
}

/* The behaviour's turn has come, with some of the answer left over. */
static int spoil(struct relay *r, const char *buf, size_t len)
{
	if (!strncmp(r->how, "cut:", 4)) {
		reset(r->client);
		return -1;
	}
	if (!strncmp(r->how, "end:", 4))
		return -1;
	if (!strncmp(r->how, "stall:", 6)) {
		wait_end(r->client);
		return -1;
	}
	for (; len; buf++, len--) {
		poll(NULL, 0, TRICKLE_MS);
		if (give(r->client, buf, 1))
			return -1;
	}
	return 0;
}

/* Some of the answer.  Return: -1 when that was the end. */
static int answer(struct relay *r)
{
	char buf[4096];
	ssize_t n = read(r->server, buf, sizeof(buf));
	size_t plain;

	if (n <= 0)
		return -1;
	if (!strcmp(r->how, "pass"))
		return give(r->client, buf, n);
	plain = (size_t)n < r->left ? (size_t)n : r->left;
	r->left -= plain;
	if (give(r->client, buf, plain))
		return -1;
	return (size_t)n > plain ? spoil(r, buf + plain, n - plain) : 0;
}

static int request(struct relay *r)
{
	char buf[4096];
	ssize_t n = read(r->client, buf, sizeof(buf));

	if (n <= 0)
		return -1;
	return give(r->log, buf, n) || give(r->server, buf, n) ? -1 : 0;
}

static void pass_on(struct relay *r)
{
	struct pollfd fds[2] = {
		{ .fd = r->client, .events = POLLIN },
		{ .fd = r->server, .events = POLLIN },
	};

	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents && request(r))
			break;
		if (fds[1].revents && answer(r))
			break;
	}
}

/* The request is one packet on the loopback device. */
static void reply(struct relay *r, const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	char buf[65536];
	ssize_t n;

	n = read(r->client, buf, sizeof(buf));
	if (n > 0)
		give(r->log, buf, n);
	while (file >= 0 && (n = read(file, buf, sizeof(buf))) > 0)
		if (give(r->client, buf, n))
			break;
	shutdown(r->client, SHUT_WR);
	wait_end(r->client);
	if (file >= 0)
		close(file);
}

static void serve(struct relay *r, int port)
{
	const char *colon = strchr(r->how, ':');

	if (!strncmp(r->how, "reply:", 6)) {
		reply(r, r->how + 6);
		return;
	}
	r->left = colon ? strtoul(colon + 1, NULL, 10) : 0;
	r->server = connect_to(port);
	if (r->server < 0)
		return;
	pass_on(r);
	close(r->server);
}

int main(int argc, char **argv)
{
	struct relay r;
	int port, fd;

	fd = listener(&port);
	if (fd < 0 || (argc != 2 && argc < 4))
		return 2;
	printf("%d\n", port);
	fflush(stdout);
	if (argc == 2)
		return 0;
	signal(SIGPIPE, SIG_IGN);
	r.log = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	port = atoi(argv[2]);
	for (argv += 3; r.log >= 0; argv += argv[1] ? 1 : 0) {
		r.client = accept(fd, NULL, NULL);
		if (r.client < 0)
			break;
		r.how = *argv;
		serve(&r, port);
		close(r.client);
	}
	return 9;
}
