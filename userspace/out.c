// SPDX-License-Identifier: MIT
/*
 * out.c - text and JSON for stdout
 *
 * JSON is one object on one line.  Text is made harmless for a terminal: only
 * printable characters pass, everything else is shown as an escape.
 */
#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>

#include "fwslot.h"
#include "out.h"

static void json_quote(FILE *file, const void *data, size_t len);

static void json_key(struct json *j, const char *key)
{
	if (j->depth) {
		if (j->more[j->depth - 1])
			fputc(',', j->file);
		j->more[j->depth - 1] = true;
	}
	if (key) {
		json_quote(j->file, key, strlen(key));
		fputc(':', j->file);
	}
}

static void json_open(struct json *j, const char *key, char open, char close)
{
	json_key(j, key);
	fputc(open, j->file);
	j->close[j->depth] = close;
	j->more[j->depth] = false;
	j->depth++;
}

/**
 * json_object() - begin an object
 * @j: the text; at most JSON_DEPTH deep
 * @key: its key, NULL: in an array, or the outermost one
 */
void json_object(struct json *j, const char *key)
{
	json_open(j, key, '{', '}');
}

/**
 * json_array() - begin an array
 * @j: the text; at most JSON_DEPTH deep
 * @key: its key, NULL: in an array
 */
void json_array(struct json *j, const char *key)
{
	json_open(j, key, '[', ']');
}

/**
 * json_end() - end the innermost object or array
 * @j: the text; a new line follows the outermost one
 */
void json_end(struct json *j)
{
	j->depth--;
	fputc(j->close[j->depth], j->file);
	if (!j->depth)
		fputc('\n', j->file);
}

/**
 * json_begin() - begin the outermost object
 * @j: a new text
 */
void json_begin(struct json *j)
{
	json_object(j, NULL);
	json_u64(j, "schema", JSON_SCHEMA);
}

/**
 * json_result() - begin the result of a command
 * @j: a new text
 * @command: the command
 * @result: one word for how it ended
 * @status: its exit status
 */
void json_result(struct json *j, const char *command, const char *result,
		 int status)
{
	json_begin(j);
	json_string(j, "command", command);
	json_string(j, "result", result);
	json_number(j, "exit", status);
}

/* Length of the UTF-8 sequence at @p with its character, 0: it is not one. */
static size_t utf8_length(const u8 *p, size_t left, u32 *out)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;
	u32 c;

	if (p[0] < 0x80)
		n = 1;
	else
		n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (n > left || p[0] > 0xf4 || (n > 1 && p[0] < 0xc2))
		return 0;
	c = n == 1 ? p[0] : p[0] & (0x7fU >> n);
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return n;
}

static void json_char(FILE *file, const u8 *p, size_t n, u32 c)
{
	if (c == '"' || c == '\\')
		fprintf(file, "\\%c", (int)c);
	else if (c < 0x20 || c == 0x7f)
		fprintf(file, "\\u%04" PRIx32, c);
	else
		fwrite(p, 1, n, file);
}

static void json_quote(FILE *file, const void *data, size_t len)
{
	const u8 *p = data;
	size_t n;
	u32 c;

	fputc('"', file);
	for (; len; p += n, len -= n) {
		n = utf8_length(p, len, &c);
		if (n) {
			json_char(file, p, n, c);
		} else {
			fputs("\\ufffd", file);
			n = 1;
		}
	}
	fputc('"', file);
}

/**
 * json_text() - a string of any bytes
 * @j: the text
 * @key: its key, NULL: in an array
 * @data: the bytes; what is not UTF-8 becomes U+FFFD
 * @len: how many
 */
void json_text(struct json *j, const char *key, const void *data, size_t len)
{
	json_key(j, key);
	json_quote(j->file, data, len);
}

/**
 * json_string() - a string
 * @j: the text
 * @key: its key, NULL: in an array
 * @s: the string, NULL or empty: null
 */
void json_string(struct json *j, const char *key, const char *s)
{
	if (s && *s)
		json_text(j, key, s, strlen(s));
	else
		json_null(j, key);
}

/**
 * json_number() - a signed number
 * @j: the text
 * @key: its key
 * @n: the number
 */
void json_number(struct json *j, const char *key, long long n)
{
	json_key(j, key);
	fprintf(j->file, "%lld", n);
}

/**
 * json_u64() - an unsigned number
 * @j: the text
 * @key: its key
 * @n: the number
 */
void json_u64(struct json *j, const char *key, u64 n)
{
	json_key(j, key);
	fprintf(j->file, "%" PRIu64, n);
}

/**
 * json_bool() - true or false
 * @j: the text
 * @key: its key
 * @b: which
 */
void json_bool(struct json *j, const char *key, bool b)
{
	json_key(j, key);
	fputs(b ? "true" : "false", j->file);
}

/**
 * json_null() - null
 * @j: the text
 * @key: its key
 */
void json_null(struct json *j, const char *key)
{
	json_key(j, key);
	fputs("null", j->file);
}

/**
 * json_hex() - bytes as a string of hexadecimal digits
 * @j: the text
 * @key: its key
 * @data: the bytes
 * @len: how many
 */
void json_hex(struct json *j, const char *key, const u8 *data, size_t len)
{
	json_key(j, key);
	fputc('"', j->file);
	for (; len; len--)
		fprintf(j->file, "%02x", *data++);
	fputc('"', j->file);
}

/**
 * json_units() - an array of the words for units
 * @j: the text
 * @key: its key
 * @units: mask of units
 */
void json_units(struct json *j, const char *key, u32 units)
{
	u32 i;

	json_array(j, key);
	for (i = 0; i < FWSLOT_UNITS; i++)
		if (units & 1U << i)
			json_string(j, NULL, fwslot_unit_word(i));
	json_end(j);
}

/* C1 controls, marks that turn the direction of text, line separators. */
static bool out_harmful(u32 c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* Bytes beyond ASCII are for terminals that can show them. */
static bool out_is_utf8(void)
{
	static bool asked, utf8;

	if (!asked) {
		setlocale(LC_CTYPE, "");
		utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
		asked = true;
	}
	return utf8;
}

/**
 * out_visible() - print text of unknown origin
 * @file: where to
 * @data: the bytes
 * @len: how many
 * @indent: begin of every new line, NULL: a new line is an escape, too
 *
 * What the locale's character set has not is an escape.
 */
void out_visible(FILE *file, const void *data, size_t len, const char *indent)
{
	const u8 *p = data;
	size_t n;
	u32 c;

	for (; len; p += n, len -= n) {
		n = utf8_length(p, len, &c);
		if (!n || (c >= 0x80 && !out_is_utf8())) {
			n = 1;
			c = 0;
		}
		if (c == '\n' && indent)
			fprintf(file, "\n%s", len > 1 ? indent : "");
		else if (out_harmful(c) && n == 1)
			fprintf(file, "\\x%02x", *p);
		else if (out_harmful(c))
			fprintf(file, "\\u%04" PRIx32, c);
		else
			fwrite(p, 1, n, file);
	}
}

/**
 * out_finish() - make sure that the result reached its reader
 * @status: exit status so far
 *
 * Return: @status, or TOOL_EARLY when it was TOOL_DONE and stdout is broken.
 */
int out_finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "fwslot: cannot write the result: %s\n",
		strerror(errno));
	return status == TOOL_DONE ? TOOL_EARLY : status;
}
