# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154
#
# Packages that the tool must refuse, for the guest; wants prog/slots.sh
#
# A story's host_setup copies both files to $FILES and the story reads them from
# there.

hashes() {
	echo "$(slot_hash primary) $(slot_hash secondary) $(slot_hash bootloader)"
}

# told: what the tool said, without forking: its reason, and whether it wrote
told() {
	word=none
	wrote="does not say"
	while IFS= read -r line; do
		case $line in
		"fwslot: failed: "* | "fwslot: refused: "*)
			word=${line#*: *: }
			word=${word%%: *}
			;;
		"fwslot: nothing was written") wrote=nothing ;;
		"fwslot: written to before: "*) wrote=${line##*: } ;;
		esac
	done <"$OUT"
}

# refused STATUS REASON NAME CMD...: CMD must be refused, and nothing may happen
refused() {
	must="exit $1, $2, wrote nothing, flash $(flash_work)"
	title="$3: refused, $2, nothing written"
	shift 3
	"$@" >"$OUT" 2>&1
	exit=$?
	told
	is "$title" "exit $exit, $word, wrote $wrote, flash $(flash_work)" "$must"
}
