// SPDX-License-Identifier: MIT
/*
 * status.c - the state of everything, and how it is shown
 *
 * Keys of JSON objects are promised to users: never rename one, only add.
 */
#include "fwslot.h"
#include "status.h"

/**
 * status_get() - ask the module; this also loads it, where that is possible
 * @st: the state
 * @f: why there is none
 *
 * Return: 0, or -1.
 */
int status_get(struct nl_status *st, struct failure *f)
{
	char message[NL_NAME_SIZE * 2] = "";
	struct nl *nl;
	int ret;

	memset(st, 0, sizeof(*st));
	ret = nl_open(&nl);
	if (!ret) {
		ret = nl_get_status(nl, st);
		snprintf(message, sizeof(message), "%s", nl_message(nl));
		nl_close(nl);
	}
	if (!ret)
		return 0;
	if (ret == -ENOENT)
		return failure_plain(f, TOOL_NO_DEVICE,
				     "the kernel module fwslot is not loaded and cannot be loaded by itself (modprobe fwslot)");
	if (ret == -EPROTO)
		return failure_plain(f, TOOL_NO_DEVICE,
				     "the kernel module speaks another version of the protocol than this tool");
	if (ret == -EPERM || ret == -EACCES)
		return failure_plain(f, TOOL_EARLY,
				     "asking the kernel module: this must be done by root");
	return failure_plain(f, TOOL_NO_DEVICE,
			     "asking the kernel module failed: %s",
			     message[0] ? message : strerror(-ret));
}

/**
 * status_units() - the units that this board has
 * @st: the state
 *
 * Return: mask of units.
 */
u32 status_units(const struct nl_status *st)
{
	u32 i, mask = 0;

	for (i = 0; i < FWSLOT_UNITS; i++)
		if (st->units[i].flags & FWSLOT_UNIT_CONFIGURED ||
		    st->units[i].state != FWSLOT_STATE_ABSENT)
			mask |= 1U << i;
	return mask;
}

static void status_unit_record_json(const struct nl_unit *u, struct json *j)
{
	json_string(j, "version", u->version);
	if (nl_has(u->seen, FWSLOT_A_FORMAT))
		json_u64(j, "format", u->format);
	else
		json_null(j, "format");
	if (nl_has(u->seen, FWSLOT_A_IMAGE_SIZE))
		json_u64(j, "image_size", u->image_size);
	else
		json_null(j, "image_size");
	if (nl_has(u->seen, FWSLOT_A_DIGEST))
		json_hex(j, "digest", u->digest, sizeof(u->digest));
	else
		json_null(j, "digest");
	json_string(j, "signer", u->signer);
}

static void status_unit_flash_json(const struct nl_unit *u, struct json *j)
{
	if (nl_has(u->seen, FWSLOT_A_MTD_INDEX))
		json_u64(j, "mtd", u->mtd_index);
	else
		json_null(j, "mtd");
	json_string(j, "mtd_name", u->mtd_name);
	json_string(j, "master", u->master);
	json_u64(j, "offset", u->offset);
	json_u64(j, "size", u->size);
	json_u64(j, "erase_size", u->erase_size);
	json_string(j, "lock", fwslot_lock_word(u->lock));
	json_bool(j, "protected", u->flags & FWSLOT_UNIT_PROTECTED);
}

/**
 * status_unit_json() - a unit as members of an object
 * @u: the unit
 * @j: an open object
 */
void status_unit_json(const struct nl_unit *u, struct json *j)
{
	json_string(j, "unit", fwslot_unit_word(u->unit));
	json_string(j, "slot", fwslot_unit_word(fwslot_unit_slot(u->unit)));
	json_string(j, "state", fwslot_state_word(u->state));
	json_string(j, "reason", fwslot_reason_word(u->reason));
	json_number(j, "error", u->error);
	json_bool(j, "booted", u->flags & FWSLOT_UNIT_BOOTED);
	json_bool(j, "changed", u->flags & FWSLOT_UNIT_CHANGED);
	json_bool(j, "own_record", u->flags & FWSLOT_UNIT_OWN_RECORD);
	status_unit_record_json(u, j);
	status_unit_flash_json(u, j);
}

static void status_keys_json(const struct nl_device *dev, struct json *j)
{
	u32 i;

	json_array(j, "keys");
	for (i = 0; i < dev->n_keys; i++) {
		json_object(j, NULL);
		json_string(j, "name", dev->keys[i].name);
		json_bool(j, "usable", dev->keys[i].flags & FWSLOT_KEY_USABLE);
		json_bool(j, "retired",
			  dev->keys[i].flags & FWSLOT_KEY_RETIRED);
		json_end(j);
	}
	json_end(j);
}

static void status_device_json(const struct nl_device *dev, struct json *j)
{
	json_string(j, "product", dev->product);
	json_string(j, "booted", fwslot_booted_word(dev->booted));
	json_string(j, "running_version", dev->running);
	if (dev->format)
		json_u64(j, "running_format", dev->format);
	else
		json_null(j, "running_format");
	json_string(j, "min_version", dev->floor);
	json_bool(j, "sealed", dev->flags & FWSLOT_DEVICE_SEALED);
	json_bool(j, "tampered", dev->flags & FWSLOT_DEVICE_TAMPERED);
	json_bool(j, "development_key", dev->flags & FWSLOT_DEVICE_DEVKEY);
	json_bool(j, "force_allowed", dev->flags & FWSLOT_DEVICE_FORCE);
	json_bool(j, "reboot_pending", dev->flags & FWSLOT_DEVICE_REBOOT);
	json_bool(j, "session_open", dev->flags & FWSLOT_DEVICE_SESSION);
	json_u64(j, "sessions", dev->sessions);
	json_u64(j, "refused", dev->refused);
	json_u64(j, "generation", dev->generation);
	status_keys_json(dev, j);
}

/**
 * status_json() - everything as members of an object
 * @st: the state
 * @v: the verdict on it
 * @j: an open object
 */
void status_json(const struct nl_status *st, const struct verdict *v,
		 struct json *j)
{
	char next[sizeof(v->next)];
	u32 units = status_units(st);
	u32 i;

	status_device_json(&st->device, j);
	json_array(j, "units");
	for (i = 0; i < FWSLOT_UNITS; i++) {
		if (!(units & 1U << i))
			continue;
		json_object(j, NULL);
		status_unit_json(&st->units[i], j);
		json_end(j);
	}
	json_end(j);
	json_string(j, "verdict", v->word);
	json_string(j, "verdict_text", v->text);
	verdict_next(st, v, next, sizeof(next));
	json_string(j, "next", next);
}

/**
 * status_fail() - tell a failure of a command that writes nothing
 * @command: its name
 * @f: the failure
 * @json: as an object on stdout, too
 *
 * Return: the exit status.
 */
int status_fail(const char *command, const struct failure *f, bool json)
{
	struct json j = { .file = stdout };

	failure_print(f, false);
	if (!json)
		return failure_status(f);
	json_result(&j, command, "failed", failure_status(f));
	failure_json(f, &j);
	json_end(&j);
	return out_finish(failure_status(f));
}
