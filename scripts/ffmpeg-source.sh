# shellcheck shell=bash
# FFmpeg's source: Debian trixie's source package, fetched and verified by apt with a state of its own. Sourced by setup.sh.
#
# Debian keeps 7.1.x with its security fixes for years, its mirrors serve the source to any machine, and apt checks the
# signatures with the keyring that the machine already has. Nothing is written to /etc/apt or to apt's own lists.

source_suite=trixie
source_keyring=/usr/share/keyrings/debian-archive-keyring.gpg
public_mirror=http://deb.debian.org

# mirror_of SUITE prints the address that this machine uses for a suite of Debian's archive. apt itself is asked, so both
# formats of its source lists, and everything they include, are understood.
mirror_of() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -v suite="$1" '$2 == suite && $3 == "main" { sub("/$", "", $1); print $1; exit }'
}

# private_apt PROGRAM ARGUMENT... runs apt-get or apt-cache with the state in $apt_dir.
private_apt() {
  local program=$1
  shift
  "$program" -q \
    -o Dir::State="$apt_dir/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$apt_dir/cache" \
    -o Dir::Etc::sourcelist="$apt_dir/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o APT::Sandbox::User= -o Acquire::Retries=3 -o Acquire::http::Timeout=60 \
    -o APT::Update::Error-Mode=any -o Acquire::Languages=none "$@"
}

# write_sources MIRROR SECURITY-MIRROR writes the private list of sources.
write_sources() {
  local option="[signed-by=$source_keyring]"
  cat >"$apt_dir/sources.list" <<LIST
deb-src $option $1 $source_suite main
deb-src $option $1 $source_suite-updates main
deb-src $option $2 $source_suite-security main
LIST
}

# read_source_lists tries the machine's own mirror first, then Debian's public address: a private mirror may hold one
# release only.
read_source_lists() {
  local codename='' mirror='' security=''
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  if [ "$(distribution)" = debian ]; then
    mirror=$(mirror_of "$codename")
    security=$(mirror_of "$codename-security")
  fi
  mkdir -p "$apt_dir/state/lists/partial" "$apt_dir/cache/archives/partial"
  if [ -n "$mirror" ] && [ "$mirror" != "$public_mirror/debian" ]; then
    write_sources "$mirror" "${security:-$public_mirror/debian-security}"
    retry private_apt apt-get update && return 0
    echo "the machine's own mirror does not serve $source_suite; trying $public_mirror"
  fi
  write_sources "$public_mirror/debian" "$public_mirror/debian-security"
  retry private_apt apt-get update
}

# newest_source prints the newest 7.1.x that the lists hold: the one version lookup of the set-up.
newest_source() {
  private_apt apt-cache showsrc --only-source ffmpeg 2>/dev/null |
    awk '$1 == "Version:" && $2 ~ /^7:7\.1\./ { print $2 }' | sort -V | tail -n 1
}

# download_source VERSION fetches the package's files into $work/source; apt checks them against the signed lists.
download_source() {
  mkdir -p "$work/source"
  cd "$work/source"
  retry private_apt apt-get source --download-only "ffmpeg=$1"
}

# unpack_source unpacks to $work/ffmpeg and applies Debian's patches: what dpkg-source does, without its dependencies.
unpack_source() {
  local patch
  mkdir "$work/ffmpeg"
  tar -xJf "$work"/source/ffmpeg_*.orig.tar.xz -C "$work/ffmpeg" --strip-components=1
  tar -xJf "$work"/source/ffmpeg_*.debian.tar.xz -C "$work/ffmpeg"
  [ -f "$work/ffmpeg/debian/patches/series" ] || return 0
  while read -r patch _; do
    case "$patch" in '' | '#'*) continue ;; esac
    patch -d "$work/ffmpeg" -p1 <"$work/ffmpeg/debian/patches/$patch"
  done <"$work/ffmpeg/debian/patches/series"
}
