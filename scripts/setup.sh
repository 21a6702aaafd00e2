#!/usr/bin/env bash
# Installs what building and testing Rendition needs: distribution packages and FFmpeg 7.1. See docs/setup.md.
#
#   scripts/setup.sh             does what is missing; a second run finds nothing to do
#   scripts/setup.sh --rebuild   builds FFmpeg again, from the newest 7.1.x source
#
# RENDITION_FFMPEG_PREFIX=DIR puts FFmpeg into DIR instead of /usr/local (root) or the user's cache (everybody else).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/env.sh
. scripts/env.sh
# shellcheck source=scripts/packages.sh
. scripts/packages.sh
# shellcheck source=scripts/ffmpeg-source.sh
. scripts/ffmpeg-source.sh
# shellcheck source=scripts/ffmpeg-build.sh
. scripts/ffmpeg-build.sh

distribution() {
  # shellcheck source=/dev/null
  (. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}")
}

# check_go ends with a clear message where Go is missing or older than go.mod asks for.
check_go() {
  local need have
  need=$(awk '$1 == "go" { print $2; exit }' go.mod)
  command -v go >/dev/null ||
    die "Go is not on PATH: install Go $need or newer from https://go.dev/dl/ and run this again"
  # Go 1.21 and later fetch the version that go.mod names by themselves, unless they are told not to.
  have=$(go env GOVERSION 2>/dev/null) || have=$(GOTOOLCHAIN=local go version | awk '{ print $3 }')
  have=${have#go}
  [ "$(printf '%s\n' "$need" "$have" | sort -V | head -n 1)" = "$need" ] ||
    die "Go $have is too old: install Go $need or newer from https://go.dev/dl/ and run this again"
}

# have_compiler tells whether cgo can work.
have_compiler() { command -v "${CC:-cc}" >/dev/null || command -v gcc >/dev/null; }

# have_ffmpeg tells whether pkg-config finds FFmpeg 7.1's libraries (libavcodec 61) and the programs are there, and, for a
# build of ours, whether it is complete and made with today's flags.
have_ffmpeg() {
  local at share
  command -v pkg-config >/dev/null || return 1
  case "$(pkg-config --modversion libavcodec 2>/dev/null)" in 61.*) ;; *) return 1 ;; esac
  pkg-config --exists libavdevice libavfilter libavformat libavutil libswresample libswscale || return 1
  command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || return 1
  at=$(pkg-config --variable=prefix libavcodec)
  share=$at/share/rendition
  [ -e "$share/ffmpeg.installing" ] && return 1
  [ ! -f "$share/ffmpeg.stamp" ] || grep -qx "flags=$(flags_hash)" "$share/ffmpeg.stamp"
}

# have_all is the fast check: nothing but a handful of local look-ups.
have_all() { have_compiler && have_ffmpeg; }

setup_darwin() {
  command -v brew >/dev/null ||
    die 'Homebrew is missing: install it from https://brew.sh, or FFmpeg 7.1 with headers, so that pkg-config finds libavcodec 61'
  have_compiler || die 'the C compiler is missing: run xcode-select --install, then this again'
  step 'installing ffmpeg@7 and pkgconf with Homebrew' 'run it by hand to see why: brew install ffmpeg@7 pkgconf' \
    brew install ffmpeg@7 pkgconf
  # shellcheck source=scripts/env.sh
  . scripts/env.sh
  have_ffmpeg || die "Homebrew's ffmpeg@7 is installed but pkg-config does not find libavcodec 61: see docs/setup.md"
}

# need_lock makes a second set-up wait for the first one, which then finds the work done.
need_lock() {
  local lock=$cache_root/setup.lock
  if can_root && [ -d /run/lock ]; then lock=/run/lock/rendition-setup.lock; fi
  [ -e "$lock" ] || : >>"$lock"
  exec 9<"$lock" # for reading: the file may be another user's
  flock -n 9 && return 0
  say 'waiting for another set-up on this machine'
  flock 9
}

# install_packaged_ffmpeg takes FFmpeg from the distribution where that has 7.1 (Debian 13). It returns 1 where it has not.
install_packaged_ffmpeg() {
  local -a missing
  case "$(apt_candidate libavcodec-dev)" in 7:7.[01]*) ;; *) return 1 ;; esac
  mapfile -t missing < <(missing_tools "${tools_always[@]}" && missing_packages "${packages_always[@]}" "${packages_ffmpeg[@]}")
  need_packages "${missing[@]}"
}

install_source_ffmpeg() {
  local -a missing
  local version
  mapfile -t missing < <(missing_tools "${tools_always[@]}" "${tools_source[@]}" &&
    missing_packages "${packages_always[@]}" "${packages_source[@]}" &&
    { [ -f "$source_keyring" ] || echo debian-archive-keyring; })
  need_packages "${missing[@]}"

  [ "$(df -Pk "$work" | awk 'NR == 2 { print $4 }')" -gt 1000000 ] ||
    die "the build needs 1 GB of free space in $work: set TMPDIR to a folder that has it, then run this again"
  step "reading Debian $source_suite's source lists" \
    "Debian's archive was not reached, or its signature is by a newer key than $source_keyring holds (Ubuntu before 24.04): check the network, or install FFmpeg 7.1 with headers by hand" \
    read_source_lists
  version=$(newest_source)
  [ -n "$version" ] ||
    die "Debian $source_suite's lists hold no FFmpeg 7.1: install FFmpeg 7.1 with headers by hand, so that pkg-config finds libavcodec 61"
  version=${version#7:}
  step "downloading FFmpeg $version" 'the download failed: check the network, then run this again' download_source "7:$version"
  step 'unpacking' 'the source did not unpack: check the free space in TMPDIR, then run this again' unpack_source
  step 'configuring' 'a library is missing or too old: the lines above name it; install its -dev package, then run this again' \
    configure_ffmpeg
  step "compiling FFmpeg $version (4 to 6 minutes on two cores; log: $setup_log)" \
    'the compiler failed: the lines above say where; usually memory or disk space ran out' compile_ffmpeg
  step 'staging' 'the built programs do not run: the lines above say why' stage_ffmpeg "$version"
  step "installing into $prefix" "check the rights and the free space of $prefix, then run this again" install_ffmpeg
}

clean_up() {
  stop_step
  [ -z "${work:-}" ] || rm -rf "$work"
}

rebuild=''
case "${1:-}" in
  '') ;;
  --rebuild) rebuild=yes ;;
  *) die "unknown argument $1: only --rebuild is known" ;;
esac

check_go
[ -z "$rebuild" ] && have_all && exit 0
mkdir -p "$cache_root" || die "cannot write $cache_root: set XDG_CACHE_HOME to a folder that this user may write, then run this again"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ "$(uname -s)" = Darwin ]; then
  setup_darwin
  exit 0
fi
command -v apt-get >/dev/null ||
  die 'this is not a Debian or Ubuntu: install a C compiler, pkg-config and FFmpeg 7.1 with headers, so that pkg-config finds libavcodec 61'

if [ -n "${RENDITION_FFMPEG_PREFIX:-}" ]; then
  prefix=$RENDITION_FFMPEG_PREFIX
elif can_root; then
  prefix=/usr/local
else
  prefix=$rendition_ffmpeg
fi

need_lock
# shellcheck source=scripts/env.sh
. scripts/env.sh
[ -z "$rebuild" ] && have_all && exit 0 # another set-up did it while this one waited

date >"$setup_log"
work=$(mktemp -d "${TMPDIR:-/tmp}/rendition-setup.XXXXXX") || die 'cannot write to the temporary folder: set TMPDIR, then run this again'
apt_dir=$work/apt
mkdir "$apt_dir"
refresh_lists
if ! have_ffmpeg || [ -n "$rebuild" ]; then
  install_packaged_ffmpeg || install_source_ffmpeg
else
  mapfile -t missing < <(missing_tools "${tools_always[@]}" && missing_packages "${packages_always[@]}")
  need_packages "${missing[@]}"
fi

hash -r
# shellcheck source=scripts/env.sh
. scripts/env.sh
have_all || die "FFmpeg is installed but not found: another libavcodec may come first; see what pkg-config --debug libavcodec says, and docs/setup.md"
say "ready: FFmpeg $(ffmpeg -version | awk 'NR == 1 { print $3 }'), libavcodec $(pkg-config --modversion libavcodec)"
case "$prefix" in
  /usr/local) ;;
  *) [ ! -f "$prefix/env.sh" ] || say "make does so by itself; for go, editors and gopls: source $prefix/env.sh" ;;
esac
