# shellcheck shell=bash
# What every set-up script shares: one line per step, a log for the rest, and errors that say what to do.
# Sourced, never run.

cache_root="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/rendition"
setup_log="${RENDITION_SETUP_LOG:-$cache_root/setup.log}"

# say prints one progress line on standard error: standard output belongs to whoever calls set-up.
say() { printf '%s\n' "setup: $*" >&2; }

# die prints one line that says what is wrong and what to do, and ends the script.
die() {
  say "error: $*"
  exit 1
}

# as_root runs a command with root's rights. Callers ask can_root first.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n -- "$@"; fi
}

# can_root tells whether as_root will work without asking for a password.
can_root() {
  [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

step_pid=''

# stop_step ends the command that step started, with all its children, so that an interrupted set-up leaves no compiler
# behind. The signal is INT because dpkg finishes the package at hand when it gets that one.
stop_step() {
  [ -n "$step_pid" ] || return 0
  kill -INT -- "-$step_pid" 2>/dev/null || true
  wait "$step_pid" 2>/dev/null || true
  step_pid=''
}

# step TITLE HINT COMMAND... runs a command with its output in the log. On failure it shows the end of the log,
# says HINT and ends the script. The command runs in the background because bash defers traps while it waits for a
# command in the foreground: an interrupt must be able to stop a five-minute build at once.
step() {
  local title=$1 hint=$2 began=$SECONDS status=0
  shift 2
  say "$title"
  printf '\n=== %s\n' "$title" >>"$setup_log"
  set -m # gives the command a process group, which stop_step can end as a whole
  "$@" >>"$setup_log" 2>&1 </dev/null &
  step_pid=$!
  set +m
  wait "$step_pid" || status=$?
  step_pid=''
  if [ "$status" -ne 0 ]; then
    tail -n 15 "$setup_log" | sed 's/^/    /' >&2
    say "\"$title\" failed; the whole log is $setup_log"
    die "$hint"
  fi
  [ $((SECONDS - began)) -lt 10 ] || say "  done in $((SECONDS - began)) s"
}

# retry COMMAND... tries three times: archive mirrors drop connections and change while they are read.
retry() {
  local try
  for try in 1 2 3; do
    "$@" && return 0
    [ "$try" -eq 3 ] || sleep $((try * 3))
  done
  return 1
}
