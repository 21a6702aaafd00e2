#!/usr/bin/env bash
# servers.sh [NAME...] - installs the storage servers that tests run against (all of scripts/servers/ by default): Debian packages, and
# what is no package of the distribution below the user's cache, or below $RENDITION_SERVERS. A second run does nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/lib.sh
. "$here/lib.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"

home=${RENDITION_SERVERS:-${HOME:-/root}/.cache/rendition-servers}
mkdir -p "$home/bin" "$(dirname "$setup_log")"
updated=''

# update_once refreshes the package lists, once in a run.
update_once() {
  [ -n "$updated" ] || step 'reading package lists' 'check the network and the mirrors of apt' apt_update
  updated=yes
}

# need_packages PACKAGE... installs Debian packages that are missing. Their services are not started.
need_packages() {
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  can_root || die "install these packages as root: ${missing[*]}"
  update_once
  step "installing ${missing[*]}" 'install these packages by hand' without_services "${missing[@]}"
}

# without_services installs packages and keeps their services from starting, with Debian's hook for that.
without_services() {
  local policy=/usr/sbin/policy-rc.d mine='' status=0
  [ -e "$policy" ] || {
    mine=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
  }
  apt_get install --no-install-recommends "$@" || status=$?
  [ -z "$mine" ] || as_root rm -f "$policy"
  return "$status"
}

# go_program FILE MODULE/PACKAGE@VERSION builds a Go program as $home/bin/FILE. The version is part of what is
# looked for, so that a new pin builds anew.
go_program() {
  local file=$1 package=$2 stamp
  stamp="$home/bin/.$file-${package##*@}"
  [ ! -e "$stamp" ] || return 0
  step "building $file ${package##*@}" 'check the network and the Go module proxy' go_install "$file" "$package"
  rm -f "$home/bin/.$file-"*
  : >"$stamp"
}

go_install() {
  local build
  build=$(mktemp -d "$home/build.XXXXXX")
  GOBIN="$build" GOFLAGS=-mod=mod go install "$2" && mv "$build"/* "$home/bin/$1"
  local status=$?
  rm -rf "$build"
  return "$status"
}

# unpack FOLDER PACKAGE... unpacks Debian packages below $home/FOLDER without installing them: servers that
# conflict with each other can so lie side by side.
unpack() {
  local folder=$1
  shift
  [ ! -e "$home/$folder/.done" ] || return 0
  update_once
  step "unpacking $*" 'check the network and the mirrors of apt' unpack_packages "$home/$folder" "$@"
}

unpack_packages() {
  local to=$1 download
  shift
  download=$(mktemp -d "$home/download.XXXXXX")
  (cd "$download" && apt-get -q download "$@") || return 1
  rm -rf "$to"
  mkdir -p "$to"
  local deb
  for deb in "$download"/*.deb; do dpkg -x "$deb" "$to" || return 1; done
  rm -rf "$download"
  : >"$to/.done"
}

names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(cd "$here/servers" && printf '%s\n' *.sh | sed 's/\.sh$//')
for name in "${names[@]}"; do
  [ -e "$here/servers/$name.sh" ] || die "no server $name; known are: $(cd "$here/servers" && echo *.sh | sed 's/\.sh//g')"
  # shellcheck source=/dev/null
  . "$here/servers/$name.sh"
done
