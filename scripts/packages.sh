# shellcheck shell=bash
# Distribution packages: which ones are needed, and how they get installed. Sourced by setup.sh.

# Tools that building needs, as "command:package". A command that is there already counts, whatever it came from.
tools_always=(cc:gcc make:make pkg-config:pkg-config)
tools_source=(nasm:nasm xz:xz-utils patch:patch)

# What Go needs beside a compiler: the C library's headers, and the certificates that module downloads are checked with.
packages_always=(libc6-dev ca-certificates)

# The codec and filter libraries that FFmpeg is built with. libxml2 is there for the DASH demuxer; zlib, bzip2 and
# lzma for the native decoders and demuxers that need them (PNG, Matroska, TIFF and others).
packages_source=(
  libx264-dev libx265-dev libsvtav1enc-dev libvpx-dev libdav1d-dev libwebp-dev
  libopus-dev libmp3lame-dev
  libass-dev libfreetype-dev libfontconfig-dev libharfbuzz-dev libfribidi-dev libzimg-dev
  libxml2-dev zlib1g-dev libbz2-dev liblzma-dev
)

# FFmpeg 7.1 itself, where the distribution has it.
packages_ffmpeg=(
  ffmpeg libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev
)

# missing_tools COMMAND:PACKAGE... prints the packages of the commands that are not there.
missing_tools() {
  local tool
  for tool in "$@"; do
    command -v "${tool%%:*}" >/dev/null || printf '%s\n' "${tool#*:}"
  done
}

# missing_packages PACKAGE... prints those that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" in
      'install ok installed') ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

# apt_get runs apt-get unattended, waits for another package manager, and retries single downloads.
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Acquire::Retries=3 -o Acquire::http::Timeout=60 -o DPkg::Lock::Timeout=300 "$@"
}

# apt_update refreshes the package lists. By default apt-get exits 0 when it could not reach a mirror; here that is an error.
apt_update() { apt_get -o APT::Update::Error-Mode=any update; }

# apt_knows PACKAGE tells whether the package lists are there and hold the package.
apt_knows() { [ -n "$(apt_candidate "$1")" ]; }

# apt_candidate PACKAGE prints the version that apt would install, or nothing.
apt_candidate() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

apt_install_now() {
  as_root dpkg --configure -a # mends what an interrupted installation left half done
  # Lists older than the mirror name files that are gone, so a failed install is tried once more with fresh lists.
  # One unreachable third-party source must not stop a package that the distribution's own lists hold.
  apt_get install --no-install-recommends "$@" && return 0
  retry apt_update || true
  apt_get install --no-install-recommends "$@"
}

# refresh_lists makes sure that apt has package lists at all: container images are shipped without.
refresh_lists() {
  apt_knows libx264-dev && return 0
  can_root || return 0
  step 'reading the package lists' \
    'the package mirror was not reached: check the network and /etc/apt/sources.list*, then run this again' \
    refresh_lists_now
}

refresh_lists_now() {
  retry apt_update || apt_knows libx264-dev
}

# need_packages PACKAGE... installs what is given, or says who must install what.
need_packages() {
  [ $# -gt 0 ] || return 0
  can_root ||
    die "packages are missing and this user may not install them; ask an administrator to run: apt-get update && apt-get install -y --no-install-recommends $*"
  step "installing $# distribution packages" \
    "check the network and the package mirror, then run this again; by hand it is: apt-get update && apt-get install -y --no-install-recommends $*" \
    apt_install_now "$@"
}
