# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091,SC2153
#
# Packages that are damaged, wrong or for something else, through the tool
#
# They are made by prog/damage.sh.  For each: exit status, reason, that nothing
# was erased or programmed, and that the slots are as they were.  Then pipes,
# which cannot be checked before; every exit status; and every JSON output.

FLASH_SIZE=0x280000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=300

[ ! -e /files/slots.sh ] || . /files/slots.sh
[ ! -e /files/refused.sh ] || . /files/refused.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	. "$vm_dir/prog/damage.sh"
	damage_all
	cp "$vm_dir/prog/slots.sh" "$vm_dir/prog/refused.sh" "$FILES/"
	weos_factory 5.21.2
}

untouched() {
	is "$1: nothing was written" "$(flash_work) $(hashes)" "$before"
}

# json EXIT RESULT CMD...: CMD prints one line, which says the same; the host looks
# whether it is JSON
json() {
	exit=$1
	result=$2
	shift 2
	"$@" </dev/null >/run/json 2>/run/json.err
	is "json: $*: exit status" "$?" "$exit"
	kept_count=$((${kept_count:-0} + 1))
	keep_json "$kept_count" cat /run/json
	is "json: $*: one line" "$(wc -l </run/json)" 1
	ok "json: $*: says the same" grep -q \
		"\"result\": *\"$result\", *\"exit\": *${exit}[,}]" /run/json
}

boot_1() {
	ok "status" fwslot status
	before="$(flash_work) $(hashes)"
	while read -r exit reason name slot; do
		refused "$exit" "$reason" "$name for $slot" fwslot upgrade \
			"$slot" --no-reboot "/files/$name.pkg"
	done </files/list
	all_locked "after all of them"
	ok "the largest image that fits" fwslot upgrade secondary --dry-run \
		"$(pkg 5.20.2)"
	ok "a package with one image is good for its slots" \
		fwslot upgrade secondary --dry-run "$(pkg 5.20.6)"
	untouched "dry runs"
	exit_codes
	json_outputs
	head_of_pipe
	untouched "so far"
	interrupted
	ok "a good package installs" fwslot upgrade secondary "$(pkg 5.20.0)"
	is "it is there" "$(slot_hash secondary 400000)" "$(image_hash 5.20.0)"
	all_locked "a good package"
	cut_pipe
	say "(the same command again, with the whole package)"
	ok "the same command again finishes" whole_pipe
	json 0 complete fwslot verify --json
	# shellcheck disable=SC2046 # words are wanted
	is "what came through the pipe would boot" \
		"$(bootmodel $(boot_args) /dev/vda)" \
		"boot=primary bootloader=0 format=1 version=5.20.0"
	all_locked "at the end"
}

image_hash() {
	sha256sum <"/files/images/system-$1" | cut -d' ' -f1
}

# Exit statuses of commands that do not write; 0, 1, 5 and 7 come elsewhere.
exit_codes() {
	expect_exit 2 "usage: no arguments" fwslot upgrade
	expect_exit 2 "usage: no such slot" fwslot upgrade tertiary "$(pkg 5.20.0)"
	expect_exit 2 "usage: no such option" \
		fwslot upgrade --please all "$(pkg 5.20.0)"
	expect_exit 2 "usage: too much" fwslot upgrade all "$(pkg 5.20.0)" more
	expect_exit 2 "usage: no such command" fwslot downgrade
	refused 3 force-not-allowed "force" \
		fwslot upgrade --force all "$(pkg 5.20.0)"
	refused 3 force-not-allowed "force with a package for one slot" \
		fwslot upgrade --force primary "$(pkg 5.22.2)"
	ln -s /usr/sbin/fwslot /run/upgrade
	refused 3 force-not-allowed "force, as WeOS writes it" \
		/run/upgrade force no-reboot pri "$(pkg 5.20.0)"
	expect_exit 6 "nothing to do" fwslot upgrade primary "$(pkg 5.21.2)"
	expect_exit 9 "no such file" fwslot upgrade all /files/nowhere.pkg
	out_has "no such file: says so" "nothing was written"
	expect_exit 9 "a folder" fwslot upgrade all /files
	modprobe -r fwslot
	mv "/lib/modules/$(uname -r)/extra/fwslot.ko" /run/
	expect_exit 8 "no module: upgrade" fwslot upgrade all "$(pkg 5.20.0)"
	expect_exit 8 "no module: status" fwslot status
	expect_exit 8 "no module: verify" fwslot verify
	json 8 failed fwslot status --json
	mv /run/fwslot.ko "/lib/modules/$(uname -r)/extra/"
	# Not even the option helps: this module was not built for it.
	ok "module with allow_force=1" modprobe fwslot allow_force=1
	refused 3 force-not-allowed "force, allowed at load only" \
		fwslot upgrade --force all "$(pkg 5.20.0)"
}

json_outputs() {
	json 0 ok fwslot status --json
	json 0 complete fwslot verify --json
	json 0 complete fwslot verify --quick --json
	json 0 ok fwslot info --json "$(pkg 5.20.0)"
	json 0 ok fwslot info --json "$(pkg 5.20.9)"
	fails "hostile notes: no control character in JSON" \
		grep -q "$(printf '[\001-\011\013-\037]')" /run/json
	ok "info of hostile notes" fwslot info "$(pkg 5.20.9)"
	fails "hostile notes: no control character on the terminal" \
		grep -q "$(printf '[\001-\011\013-\037]')" "$OUT"
	json 4 failed fwslot info --json /files/noise.pkg
	json 9 failed fwslot info --json /files/nowhere.pkg
	json 0 checked fwslot upgrade all --dry-run --json "$(pkg 5.20.0)"
	json 6 nothing-to-do fwslot upgrade primary --json "$(pkg 5.21.2)"
	json 3 failed fwslot upgrade primary --json "$(pkg 5.22.2)"
	ok "json: reason" grep -q '"reason": *"needs-all"' /run/json
	ok "json: nothing written" grep -q '"written": *\[\]' /run/json
	json 4 failed fwslot upgrade all --json /files/system-middle.pkg
	ok "json: reason" grep -q '"reason": *"bad-chunk"' /run/json
	json 4 failed fwslot upgrade all --json /files/only-zeros.pkg
	json 9 failed fwslot upgrade all --json /files/nowhere.pkg
	json 3 failed fwslot upgrade all --force --json "$(pkg 5.20.0)"
}

# from_pipe BYTES SLOT: the first bytes of a package through a pipe
from_pipe() {
	head -c "$1" "$(pkg 5.20.0)" | fwslot upgrade "$2" --no-reboot -
}

whole_pipe() {
	# shellcheck disable=SC2002 # the tool must not see a file
	cat "$(pkg 5.20.0)" | fwslot upgrade all --no-reboot -
}

# The head and the bootloader come first: nothing is written before the system.
head_of_pipe() {
	refused 4 truncated "empty pipe" from_pipe 0 all
	refused 4 truncated "pipe cut in the manifest" from_pipe 700 all
	refused 4 truncated "pipe cut in the bootloader" from_pipe 100000 all
	refused 4 truncated "pipe cut in the first chunk of the system" \
		from_pipe 190000 all
	all_locked "cut pipes"
}

# feed SLOT BYTES: the tool in the background, with the first bytes of a package
feed() {
	[ -p /run/fifo ] || mkfifo /run/fifo
	fwslot upgrade "$1" - </run/fifo >/run/tool 2>&1 &
	tool=$!
	exec 5>/run/fifo
	head -c "$2" "$(pkg 5.20.0)" >&5
}

# Ctrl-C before anything is written, and in the middle of a slot
interrupted() {
	feed secondary 100000
	ok "a pipe: there is a session" wait_for 30 session_open
	kill -INT $tool
	wait $tool
	is "interrupted early: exit status" "$?" 9
	exec 5>&-
	cp /run/tool "$OUT"
	told
	is "interrupted early: says so" "$wrote" nothing
	untouched "interrupted early"
	feed secondary 400000
	ok "a pipe: the slot is being written" wait_for 30 writing secondary
	expect_exit 5 "busy: a second upgrade" \
		fwslot upgrade secondary "$(pkg 5.20.0)"
	out_has "busy: says so" ": busy: "
	expect_exit 5 "busy: verify" fwslot verify
	json 5 failed fwslot upgrade secondary --json "$(pkg 5.20.0)"
	kill -INT $tool
	wait $tool
	is "interrupted: exit status" "$?" 7
	exec 5>&-
	cp /run/tool "$OUT"
	out_has "interrupted: says what was written" secondary
	out_has "interrupted: says how to go on" "fwslot upgrade secondary"
	ok "interrupted: incomplete" sh -c \
		'fwslot status | grep -q "^secondary .* incomplete "'
	all_locked "interrupted"
}

byte_behind() {
	# shellcheck disable=SC2002 # the tool must not see a file
	cat /files/byte-behind.pkg | fwslot upgrade secondary -
}

# A pipe that ends within the system image
cut_pipe() {
	primary=$(slot_hash primary)
	bootloader=$(slot_hash bootloader)
	ok "another release in the secondary" \
		fwslot upgrade secondary "$(pkg 5.21.2)"
	# All chunks were right, so it is installed, but not without a word.
	ok "a pipe with a byte behind the package" byte_behind
	out_has "a pipe with a byte behind the package: warning" \
		"data follows the end of the package"
	ok "and again another one" fwslot upgrade secondary "$(pkg 5.21.2)"
	expect_exit 1 "cut pipe" from_pipe 500000 all
	out_has "cut pipe: truncated" ": truncated: "
	out_has "cut pipe: says what was written" "written to before: secondary"
	out_has "cut pipe: says how to go on" "run the same command again"
	is "cut pipe: primary" "$(slot_hash primary)" "$primary"
	is "cut pipe: bootloader" "$(slot_hash bootloader)" "$bootloader"
	all_locked "cut pipe"
}
