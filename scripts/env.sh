# shellcheck shell=sh
# The environment that Go needs to find FFmpeg where it is not installed system-wide. Sourced by the Makefile's recipes and by
# set-up; after a set-up as root it changes nothing. POSIX sh, because make runs its recipes with /bin/sh.

rendition_ffmpeg="${RENDITION_FFMPEG_PREFIX:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/rendition/ffmpeg-7.1}"
if [ -f "$rendition_ffmpeg/env.sh" ]; then
  . "$rendition_ffmpeg/env.sh"
elif [ "$(uname -s)" = Darwin ] && command -v brew >/dev/null; then
  # Homebrew's ffmpeg@7 is keg-only: it is not linked into the default search path.
  rendition_keg=$(brew --prefix ffmpeg@7 2>/dev/null) || rendition_keg=''
  if [ -n "$rendition_keg" ] && [ -d "$rendition_keg/lib/pkgconfig" ]; then
    PKG_CONFIG_PATH="$rendition_keg/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
    PATH="$rendition_keg/bin:$PATH"
    export PKG_CONFIG_PATH PATH
  fi
fi
