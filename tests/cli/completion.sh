#!/bin/bash
# SPDX-License-Identifier: MIT
#
# completion.sh - bash and zsh: what is offered at a place of a command line

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

folder=$(source_dir)/userspace/completion
export PATH=$cli_build:$PATH
ln -s "$cli_build/fwslot" upgrade
mkdir releases
: >releases/a.pkg
: >file.pkg

# in_bash WORD...: what bash offers for the last word, sorted, on one line.
# Readline would give "--name=value" as three words.
in_bash()
{
	# shellcheck disable=SC2016 # for the other shell
	bash --norc -c '
		. "$1"; shift
		COMP_WORDS=()
		for word; do
			case $word in
			--*=) COMP_WORDS+=("${word%%=*}" =) ;;
			--*=*) COMP_WORDS+=("${word%%=*}" = "${word#*=}") ;;
			*) COMP_WORDS+=("$word") ;;
			esac
		done
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		case $1 in
		upgrade) _fwslot_weos "$1" ;;
		*) _fwslot "$1" ;;
		esac
		printf "%s\n" "${COMPREPLY[@]}" | sort' \
		bash "$folder/fwslot.bash" "$@" 2>err | paste -sd ' '
}

# in_zsh WORD...: the same of zsh, which filters and sorts by itself
in_zsh()
{
	local last=${*: -1}

	# shellcheck disable=SC2016 # for the other shell
	zsh -f -c '
		compadd() {
			while [[ $1 == -* ]]; do
				[[ $1 != -S ]] || shift
				[[ $1 != -- ]] || { shift; break; }
				shift
			done
			print -l -- "$@"
		}
		compset() { words[CURRENT]=${words[CURRENT]#*=}; }
		_files() {
			if [[ $# -gt 0 ]]; then
				print -l -- *(N/)
			else
				print -l -- *(N)
			fi
		}
		file=$1; shift
		words=("$@"); CURRENT=$#words
		_comp() { source $file; }
		_comp' zsh "$folder/_fwslot" "$@" 2>err |
		grep -e "^${*: -1}" -e "^${last##*=}" |
		sort | paste -sd ' '
}

check "bash reads it" bash -n "$folder/fwslot.bash"
check "zsh reads it" zsh -n "$folder/_fwslot"
equal "zsh: first line" "#compdef fwslot fwslot-mkpkg upgrade" \
	"$(head -n 1 "$folder/_fwslot")"

# Every command and option that --help speaks of, and no other.
commands=$(fwslot --help | sed -n 's/^  \([a-z]*\) .*/\1/p' | sort | paste -sd ' ')
equal "bash: commands" "$commands" "$(in_bash fwslot '' |
	tr ' ' '\n' | grep -v '^-' | paste -sd ' ')"
equal "zsh: commands" "$commands" "$(in_zsh fwslot '')"
for c in $commands; do
	options=$({
		fwslot "$c" --help | grep -o '^  --[a-z-]*=\?' | tr -d ' '
		echo --help
	} | sort -u | paste -sd ' ')
	equal "bash: options of $c" "$options" "$(in_bash fwslot "$c" --)"
	equal "zsh: options of $c" "$options" "$(in_zsh fwslot "$c" --)"
done
grep -q -- '--sign-key' <<<"$(in_bash fwslot-mkpkg build --s)"
report $? "bash: options of the builder"

# same_in NAME EXPECTED WORD...: in both shells
same_in()
{
	local name=$1 want=$2

	shift 2
	equal "bash: $name" "$want" "$(in_bash "$@")"
	equal "zsh: $name" "$want" "$(in_zsh "$@")"
}

same_in "a command" "upgrade" fwslot up
same_in "slots" "all bootloader primary secondary" fwslot upgrade ''
same_in "one slot" "secondary" fwslot adopt s
same_in "slots of verify, another" "primary" fwslot verify secondary p
same_in "options do not count" "primary" fwslot upgrade --dry-run p
same_in "a file" "file.pkg" fwslot upgrade all f
same_in "a file to be shown" "file.pkg" fwslot info f
same_in "ways to show progress" "plain" fwslot upgrade --progress=p
same_in "a folder" "releases" fwslot plan --to=5.23.0 --catalogue=r
same_in "nothing for seal" "" fwslot seal f
same_in "WeOS: words" "sec" upgrade force s
same_in "WeOS: a file" "file.pkg" upgrade no-reboot pri f
same_in "builder: slots" "secondary" fwslot-mkpkg factory --slot=s
finish
