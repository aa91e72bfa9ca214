#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_json.sh - JSON of the tool against its schema, and the schema against its
# documentation.  What needs the module, stories check in the same way.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/lib/json.sh
. "$(source_dir)/tests/cli/lib/json.sh"

docs=$(source_dir)/Documentation
schema=$docs/fwslot-json.schema.json
: >conf
chmod 600 conf

# valid NAME STATUS COMMAND...
valid()
{
	local name=$1 want=$2 status

	shift 2
	"$cli_build/fwslot" --config=conf "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$want" ] && [ "$(wc -l <out)" -eq 1 ] &&
		json_as_in_schema "$schema" out >>err 2>&1
	report $? "$name"
}

# invalid NAME SED: the last output, changed, is not valid
invalid()
{
	sed "$2" out >changed
	! cmp -s out changed && ! json_as_in_schema "$schema" changed >err 2>&1
	report $? "$1"
}

need_key signer
noise image 70000
printf 'caf\303\251 \377\n' >notes
check "a package" mkpkg build --version 1.2.3 --format 1 --product p \
	--bridge 2:2.0.0 --system image --bootloader image --notes notes \
	--sign-key "$(key signer)" --sign-cert "$(cert signer)" -o a.pkg
head -c 3000 a.pkg >cut.pkg
valid "info" 0 info --json a.pkg
invalid "the check: a missing key" 's/"format":1,//'
invalid "the check: another key" 's/"format":1,/"format":1,"colour":"red",/'
invalid "the check: another type" 's/"format":1,/"format":"1",/'
invalid "the check: another schema" 's/"schema":1/"schema":2/'
valid "info: no file" 9 info --json none.pkg
valid "info: cut" 4 info --json cut.pkg
valid "info: a URI" 9 info --json http://127.0.0.1:1/a.pkg
noise other 70001
check "a release of the next format" mkpkg build --version 2.0.0 --format 2 \
	--product p --bridge 1:1.2.3 --system other --bootloader other \
	--sign-key "$(key signer)" --sign-cert "$(cert signer)" -o b.pkg
mkdir catalogue
mv b.pkg catalogue
cp a.pkg catalogue
valid "plan" 0 plan --json --from=1.2.3 --to=2.0.0 --catalogue=catalogue
valid "plan: there already" 6 plan --json --from=1.2.3 --to=1.2.3 \
	--catalogue=catalogue
valid "plan: no way" 3 plan --json --from=1.0.0:3 --to=2.0.0 \
	--catalogue=catalogue
valid "plan: no package" 4 plan --json --from=1.2.3 none.pkg
valid "doctor" 0 doctor --json
valid "upgrade: no file" 9 upgrade --json all none.pkg
if [ ! -e /dev/fwslot ]; then
	for words in "status" "verify" "seal" "monitor" "adopt primary a.pkg" \
		"repair primary" "upgrade all a.pkg"; do
		# shellcheck disable=SC2086 # words
		valid "$words: no module" 8 $words --json
	done
fi

# Every key is in the documentation.
grep -o '"[a-z_]*": {"\(type\|enum\|const\|.ref\|anyOf\)"' "$schema" |
	sed 's/^"//; s/".*//' | grep -vxE 'items|unit_word' | sort -u >keys
: >missing
while read -r name; do
	grep -qw -- "$name" "$docs/json.rst" || echo "$name" >>missing
done <keys
cp missing err
[ ! -s missing ] && [ "$(wc -l <keys)" -gt 60 ]
report $? "every key is documented"
finish
