#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_plan.sh - fwslot plan: the command, and the planner against a search
# over everything (plan_brute.c).

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
: >conf
chmod 600 conf
tool()
{
	"$cli_build/fwslot" --config=conf "$@"
}

check "build the search" tool_driver brute "$src/tests/cli/plan_brute.c"
check "the search ends well" ./brute
cp out cases
while IFS= read -r line; do
	case $line in
	"ok "*)
		report 0 "all pairs: ${line#ok }"
		;;
	"not ok "*)
		echo "${line#not ok }" >err
		report 1 "all pairs: ${line#not ok }"
		;;
	*)
		echo "$line"
		;;
	esac
done <cases

need_key signer
mkdir cat
noise system 70000 1
noise boot 66000 2
make()
{
	local version=$1 format=$2

	shift 2
	mkpkg build --product "${product:-switch-a}" --system system --bootloader boot \
		--version "$version" --format "$format" \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o "cat/weos-$version.pkg" "$@"
}

# Each release has images of its own.
release()
{
	noise system 70000 "$(tr -d . <<<"$1")"
	noise boot 66000 "9$(tr -d . <<<"$1")"
	make "$@"
}

check "5.20.0" release 5.20.0 1
check "5.21.2" release 5.21.2 1 --bridge 2:5.22.2
check "5.22.2" release 5.22.2 2 --bridge 1:5.21.2
check "5.23.0" release 5.23.0 2

check "5.23.1, of the same images" make 5.23.1 2

# plan NAME STATUS ARGUMENT...: its exit status; stdout in out.
plan()
{
	local name=$1 want=$2 status

	shift 2
	tool plan "$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$want" ] || echo "status $status, wanted $want" >>err
	[ "$status" -eq "$want" ]
	report $? "$name"
}

# steps: the commands of the plan in out, and where it reboots.
steps()
{
	sed -n 's/^[0-9]*\. //p; s/^   reboot$/reboot/p; s/^reboot first$/&/p' out |
		paste -sd, | sed 's/,/, /g'
}

to()
{
	printf '%s\n' "--to=$1" --catalogue=cat
}

mapfile -t up < <(to 5.23.0)
plan "up: a way" 0 "${up[@]}" --from=5.20.0
equal "up: over the bridge" \
	"upgrade primary 5.21.2, reboot, upgrade all 5.22.2, reboot, upgrade all 5.23.0, reboot" \
	"$(steps)"
grep -q '^   fwslot upgrade primary cat/weos-5.21.2.pkg$' out
report $? "up: the command line is there"
grep -q 'why: the way to format 2: 5.22.2 can be installed from 5.21.2' out
report $? "up: the reason is there"
mapfile -t down < <(to 5.20.0)
plan "down: a way" 0 "${down[@]}" --from=5.23.0
equal "down: over the bridge" \
	"upgrade primary 5.22.2, reboot, upgrade all 5.21.2, reboot, upgrade all 5.20.0, reboot" \
	"$(steps)"
plan "half-way up" 0 "${up[@]}" \
	--from=primary=5.21.2,secondary=5.22.2,bootloader=5.21.2
equal "half-way up: goes on" \
	"upgrade all 5.22.2, reboot, upgrade all 5.23.0, reboot" "$(steps)"
plan "half-way up, from secondary" 0 "${up[@]}" \
	--from=primary=incomplete,secondary=5.22.2,bootloader=5.22.2
equal "half-way up, from secondary: one step" "upgrade all 5.23.0, reboot" \
	"$(steps)"
grep -q 'booted from secondary' out
report $? "it says what is booted"
plan "a package instead" 0 cat/weos-5.22.2.pkg --from=5.21.2
equal "a package instead: its folder is the catalogue" \
	"upgrade all 5.22.2, reboot" "$(steps)"
plan "nothing to do" 6 "${up[@]}" --from=5.23.0
plan "the same images under another version" 6 --to=5.23.1 --catalogue=cat --from=5.23.0
plan "below the floor" 3 "${down[@]}" --from=5.23.0 --min-version=5.21.2
grep -q '^below-minimum: ' out
report $? "below the floor: the reason"
plan "another product" 3 "${up[@]}" --from=5.20.0:1 --product=switch-b
grep -q '^wrong-product: ' out
report $? "another product: the reason"

# Packages of two products in one folder, those of the other one first by name.
mkdir two
cp cat/*.pkg two/
other()
{
	product=switch-b "${build:-release}" "$@" -o "two/a-$1.pkg"
}
check "another product: 5.20.0" other 5.20.0 7
check "another product: 5.22.2" other 5.22.2 2 --bridge 1:5.21.2
check "another product: 5.23.0" other 5.23.0 2
plan "two products: a way" 0 --to=5.23.0 --catalogue=two --from=5.20.0 \
	--product=switch-a
equal "two products: over its own releases" \
	"two/weos-5.21.2.pkg two/weos-5.22.2.pkg two/weos-5.23.0.pkg" \
	"$(sed -n 's/^   fwslot upgrade [a-z]* //p' out | paste -sd ' ')"
# What the other one's are like says nothing of a device.
mv two/weos-5.20.0.pkg .
plan "two products: the format of the other one's" 2 --to=5.23.0 --catalogue=two \
	--from=5.20.0 --product=switch-a
grep -q 'the catalogue does not know 5.20.0: say its format' err
report $? "two products: the format of the other one's is not taken"
mv weos-5.20.0.pkg two/
build="make" check "another product: 5.23.5, images of 5.23.0" other 5.23.5 2
plan "two products: the images of the other one's" 0 --to=5.23.0 --catalogue=two \
	--from=5.23.5:2 --product=switch-a
equal "two products: they are not taken for the device's" \
	"upgrade all 5.23.0, reboot" "$(steps)"
rm two/a-5.23.5.pkg
mv two/weos-5.22.2.pkg .
plan "two products: no way" 3 --to=5.23.0 --catalogue=two --from=5.20.0 \
	--product=switch-a
grep -q '^missing in the catalogue: 5.22.2 (format 2)$' out
report $? "two products: the other one's is not at hand"
mv weos-5.22.2.pkg two/

# Nor is a release below the floor.
check "5.22.5, of the old format" release 5.22.5 1 -o two/weos-5.22.5.pkg
plan "a way below the floor" 3 --to=5.22.5 --catalogue=two --from=5.23.0 \
	--product=switch-a --min-version=5.22.2
grep -q '^no release in the catalogue leads from format 2 to format 1$' out
report $? "a way below the floor: it is none"

# JSON, of each result.
plan "JSON: a way" 0 "${up[@]}" --from=5.20.0 --json
equal "JSON: its steps" "primary 5.21.2 all 5.22.2 all 5.23.0" \
	"$(jq -r '[.steps[] | .slots, .version] | join(" ")' out)"
equal "JSON: its result" "plan planned 0 5.20.0 1 5.23.0 2 false" \
	"$(jq -r '[.command, .result, .exit, .from.version, .from.format,
		.to.version, .to.format, .reboot_first] | join(" ")' out)"
equal "JSON: what is written" "secondary,bootloader,primary true" \
	"$(jq -r '.steps[1] | (.writes | join(",")) + " " +
		(.single_copy_at_risk | tostring)' out)"
plan "JSON: nothing to do" 6 "${up[@]}" --from=5.23.0 --json
equal "JSON: nothing to do, result" nothing-to-do "$(jq -r .result out)"

# Dead ends name what is missing.
mv cat/weos-5.22.2.pkg .
plan "the far end of the bridge is missing" 3 "${up[@]}" --from=5.20.0
grep -q '^missing in the catalogue: 5.22.2 (format 2)$' out
report $? "it is named"
plan "JSON: dead end" 3 "${up[@]}" --from=5.20.0 --json
equal "JSON: dead end, reason" "no-way no-bridge 5.22.2 2" \
	"$(jq -r '[.result, .reason, .missing[0].version, .missing[0].format] |
		join(" ")' out)"
mv cat/weos-5.21.2.pkg .
plan "both are missing" 3 "${up[@]}" --from=5.20.0
grep -q '^no release in the catalogue leads from format 1 to format 2$' out
report $? "it is said so"
mv weos-5.22.2.pkg cat/
plan "the near end is missing" 3 "${up[@]}" --from=5.20.0
grep -q '^missing in the catalogue: 5.21.2 (format 1)$' out
report $? "the near end is named"
plan "from the near end it need not be there" 0 "${up[@]}" --from=5.21.2
equal "from the near end: two steps" \
	"upgrade all 5.22.2, reboot, upgrade all 5.23.0, reboot" "$(steps)"
mapfile -t gone < <(to 5.24.0)
plan "not in the catalogue" 3 "${gone[@]}" --from=5.20.0
grep -q '^missing in the catalogue: 5.24.0$' out
report $? "not in the catalogue: it is named"

# Manifests do as well; what cannot be read is passed over.
mkdir manifests
for f in cat/*.pkg weos-5.21.2.pkg; do
	member "$f" manifest >"manifests/$(basename "$f" .pkg).manifest"
done
echo junk >manifests/junk.manifest
echo junk >manifests/junk.pkg
mkfifo manifests/pipe.pkg manifests/pipe.manifest
ln -s "$PWD/cat/weos-5.23.0.pkg" manifests/link.pkg
ln -s "$PWD/manifests/weos-5.23.0.manifest" manifests/link.manifest
plan "a catalogue of manifests" 0 --to=5.23.0 --catalogue=manifests --from=5.20.0
warned=$(grep -c '^fwslot: warning: .*passed over' err)
equal "manifests: the same way" \
	"upgrade primary 5.21.2, reboot, upgrade all 5.22.2, reboot, upgrade all 5.23.0, reboot" \
	"$(steps)"
cp cat/weos-5.22.2.pkg manifests/zzz.pkg
plan "a package beside its manifest" 0 --to=5.22.2 --catalogue=manifests --from=5.21.2
grep -q '^   fwslot upgrade all manifests/zzz.pkg$' out
report $? "a package beside its manifest: the package is named"
equal "what is warned of" 6 "$warned"

# What is shown is pasted into a shell: names that mean something there, to the
# terminal, or as an option.  The folder, the user's own word, is quoted.
# shellcheck disable=SC2016 # it is no shell that must take them
odd='odd $(folder)' names=(weos-$'\e[2J'.pkg 'weos-$(touch x).pkg' 'weos 1.pkg'
	-weos.pkg .weos.pkg $'weos-\xc3\xa9.pkg' 'weos;x.manifest' $'weos\n.pkg')
mkdir "$odd"
for name in "${names[@]}"; do
	cp cat/weos-5.22.2.pkg "$odd/$name"
done
cp cat/weos-5.23.0.pkg "$odd/"
plan "odd names" 3 --to=5.23.0 "--catalogue=$odd" --from=5.21.2:1
grep -qF "passed over: $odd/weos-\\x1b[2J.pkg: " err && ! grep -q $'\e' err
report $? "odd names: what a terminal obeys is an escape"
equal "odd names: all are warned of" "${#names[@]}" \
	"$(grep -c "^fwslot: warning: passed over: $odd/.*: the name has other" err)"
cp cat/weos-5.22.2.pkg "$odd/0_weos+a-5.22.2.pkg"
plan "odd names, and a plain one" 0 --to=5.23.0 "--catalogue=$odd" --from=5.21.2
equal "odd names, and a plain one: only that" \
	"'$odd/0_weos+a-5.22.2.pkg' '$odd/weos-5.23.0.pkg'" \
	"$(sed -n 's/^   fwslot upgrade [a-z]* //p' out | paste -sd ' ')"
mv "$odd" "it's \`odd\`; \"\$x"
plan "a folder for a shell" 0 --to=5.23.0 "--catalogue=it's \`odd\`; \"\$x" --from=5.21.2
eval "set -- $(sed -n 's/^   fwslot upgrade [a-z]* //p' out | paste -sd ' ')"
equal "a folder for a shell: as it takes it" \
	"it's \`odd\`; \"\$x/0_weos+a-5.22.2.pkg|it's \`odd\`; \"\$x/weos-5.23.0.pkg" \
	"$1|$2"
set --

# Misuse.
for args in "" "--to=5.23.0" "--catalogue=cat" "cat/weos-5.23.0.pkg --to=5.23.0" \
	"--to=5 --catalogue=cat" "--to=5.23.0 --catalogue=cat --from=5.19.0" \
	"--to=5.23.0 --catalogue=cat --from=primary=5.20.0" \
	"--to=5.23.0 --catalogue=cat --from=5.20.0:x" \
	"--to=5.23.0 --catalogue=cat --from=5.20.0:4294967297" \
	"--to=5.23.0 --catalogue=cat --from=5.20.0:-1" \
	"--to=5.23.0 --catalogue=cat --from=5.20.0:+1" \
	"--to=5.23.0 --catalogue=cat --from=5.20.0:99999999999999999999" \
	"--to=5.23.0 --catalogue=cat --from=5.20.0:" \
	"--to=5.23.0 --catalogue=cat --product=a" \
	"--to=5.23.0 --catalogue=cat --from=cpu=5.20.0" "- --from=5.20.0" \
	"http://127.0.0.1/weos-5.23.0.pkg --from=5.20.0"; do
	# shellcheck disable=SC2086 # words
	plan "misuse: plan $args" 2 $args
done
plan "a release of a known format that is not at hand" 0 "${up[@]}" --from=5.22.9:2
plan "not a package" 4 conf
plan "no folder" 9 --to=5.23.0 --catalogue=none --from=5.20.0
finish
