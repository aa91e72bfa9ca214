# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# json.sh - is JSON as Documentation/fwslot-json.schema.json says

# json_as_in_schema SCHEMA FILE...: every line of every file
json_as_in_schema()
{
	local schema=$1 dir file args=()

	shift
	dir=$(mktemp -d) || return
	for file; do
		split -l 1 -a 5 "$file" "$dir/${file##*/}."
	done
	for file in "$dir"/*; do
		args+=(-i "$file")
	done
	/usr/bin/python3 -W ignore -m jsonschema "${args[@]}" "$schema"
	set -- $?
	rm -rf "$dir"
	return "$1"
}
