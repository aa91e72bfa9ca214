# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# bash completion of fwslot, fwslot-mkpkg and the WeOS command upgrade
#
# Commands and options are asked of the programs themselves, so that they are
# always those of the installed version.  Needs nothing but bash.

# Words that --help lists: commands, or options with "=" if they take a value.
_fwslot_commands()
{
	"$1" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p'
}

_fwslot_options()
{
	"$1" "$2" --help 2>/dev/null | grep -oE -- '^ +(-., )?--[a-z-]+[ =]?([A-Z]|$)?' |
		sed -e 's/^ *\(-., \)\{0,1\}//' -e 's/[ =][A-Z]$/=/' -e 's/ *$//' | sort -u
}

# Whatever of WORDS begins like the current word.
_fwslot_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_fwslot_files()
{
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "${1:--f}" -- "$cur")
}

# The value of an option that is written NAME=VALUE.
_fwslot_value()
{
	case $1 in
	--progress) _fwslot_words "auto bar plain json none" ;;
	--slot) _fwslot_words "primary secondary bootloader" ;;
	--compress) _fwslot_words "zstd none" ;;
	--catalogue) _fwslot_files -d ;;
	*) _fwslot_files ;;
	esac
}

# The arguments of a command that are no options; $2: how many there are already.
_fwslot_argument()
{
	case $1:$2 in
	upgrade:0) _fwslot_words "all primary secondary bootloader" ;;
	adopt:0 | repair:0) _fwslot_words "primary secondary bootloader" ;;
	verify:*) _fwslot_words "primary secondary bootloader" ;;
	status:* | seal:* | monitor:* | doctor:*) COMPREPLY=() ;;
	help:0) _fwslot_words "$(_fwslot_commands fwslot)" ;;
	*) _fwslot_files ;;
	esac
}

# Sets cmd, plain (arguments before the cursor) and option (whose value the
# cursor is in).  Readline takes "=" for a word of its own.
_fwslot_scan()
{
	local i word

	cmd='' plain=0 option=''
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ ${COMP_WORDS[i + 1]-} == = && $word == --* ]]; then
			((i + 1 < COMP_CWORD)) || break
			((i + 2 < COMP_CWORD)) || option=$word
			((i += 2))
		elif [[ $word == -* ]]; then
			:
		elif [[ -z $cmd ]]; then
			cmd=$word
		else
			((plain += 1))
		fi
	done
	[[ $cur != = ]] || { option=${COMP_WORDS[COMP_CWORD - 1]} cur=''; }
}

_fwslot()
{
	local cur=${COMP_WORDS[COMP_CWORD]} cmd plain option

	COMPREPLY=()
	_fwslot_scan
	if [[ -n $option ]]; then
		_fwslot_value "$option"
	elif [[ -z $cmd ]]; then
		_fwslot_words "$(_fwslot_commands "$1") --help --version --config="
	elif [[ $cur == -* ]]; then
		_fwslot_words "$(_fwslot_options "$1" "$cmd") --help"
	elif [[ $1 == *mkpkg ]]; then
		_fwslot_files
	else
		_fwslot_argument "$cmd" "$plain"
	fi
	[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

_fwslot_weos()
{
	local cur=${COMP_WORDS[COMP_CWORD]} i words="force no-reboot all pri sec boot"

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		force) words="no-reboot all pri sec boot" ;;
		no-reboot) words="all pri sec boot" ;;
		*) words='' ;;
		esac
	done
	if [[ -n $words ]]; then
		_fwslot_words "$words"
	else
		_fwslot_files
	fi
}

complete -F _fwslot fwslot fwslot-mkpkg
complete -F _fwslot_weos upgrade
