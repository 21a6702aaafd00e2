# shellcheck shell=bash
# FFmpeg's build and its installation. Sourced by setup.sh.

# Everything that is native is on by default; autodetection is off so that every machine gets the same libraries.
# No TLS: sources and destinations are reached by the SDK's own Go code. The rpath lets programs, and the Go binaries that
# take their linker flags from pkg-config, find the libraries without an environment.
ffmpeg_flags=(
  --enable-shared --disable-static --enable-rpath
  --disable-autodetect --disable-debug --disable-doc --disable-ffplay
  --enable-gpl --enable-pthreads --enable-iconv --enable-zlib --enable-bzlib --enable-lzma --enable-libxml2
  --enable-libx264 --enable-libx265 --enable-libsvtav1 --enable-libvpx --enable-libdav1d --enable-libwebp
  --enable-libopus --enable-libmp3lame
  --enable-libass --enable-libfreetype --enable-libfontconfig --enable-libharfbuzz --enable-libfribidi --enable-libzimg
)

# flags_hash names the set of flags, so that a change of them here leads to a new build on the next set-up.
flags_hash() { printf '%s\n' "${ffmpeg_flags[@]}" | cksum | tr -d ' '; }

configure_ffmpeg() {
  cd "$work/ffmpeg"
  ./configure --prefix="$prefix" "${ffmpeg_flags[@]}" || {
    tail -n 30 ffbuild/config.log
    return 1
  }
}

compile_ffmpeg() { make -C "$work/ffmpeg" -j"$(nproc)"; }

stage_ffmpeg() {
  make -C "$work/ffmpeg" install DESTDIR="$work/stage"
  cp "$work/ffmpeg/COPYING.GPLv2" "$work/stage$prefix/share/ffmpeg/"
  mkdir -p "$work/stage$prefix/share/rendition"
  printf 'version=%s\nflags=%s\n' "$1" "$(flags_hash)" >"$work/ffmpeg.stamp"
  (cd "$work/stage$prefix" && find . -type f -o -type l) | sed 's|^\./||' | sort >"$work/ffmpeg.files"
  # Before anything is replaced: does the staged program run, with the staged libraries?
  LD_LIBRARY_PATH="$work/stage$prefix/lib" "$work/stage$prefix/bin/ffmpeg" -hide_banner -version
}

# install_ffmpeg copies the staged tree into place. The order makes an interruption harmless: a marker goes in first and out
# last, and pkg-config's files, which make the libraries visible to a build, come after the libraries.
install_ffmpeg() {
  local share="$prefix/share/rendition" root=as_root old
  [ "$prefix" = /usr/local ] || root=''
  $root mkdir -p "$share"
  $root touch "$share/ffmpeg.installing"
  $root rm -f "$share/ffmpeg.stamp"
  if [ -f "$share/ffmpeg.files" ]; then
    # What an older build of ours installed and this one does not would otherwise stay behind.
    comm -23 "$share/ffmpeg.files" "$work/ffmpeg.files" | while read -r old; do $root rm -f "$prefix/$old"; done
  fi
  mv "$work/stage$prefix/lib/pkgconfig" "$work/pkgconfig"
  # --remove-destination: a program that runs with the old library keeps it, instead of seeing it change underneath.
  $root cp -dR --remove-destination "$work/stage$prefix/." "$prefix/"
  $root mkdir -p "$prefix/lib/pkgconfig"
  $root cp --remove-destination "$work"/pkgconfig/*.pc "$prefix/lib/pkgconfig/"
  $root cp "$work/ffmpeg.files" "$work/ffmpeg.stamp" "$share/"
  if [ "$prefix" = /usr/local ]; then $root ldconfig; else write_env_file; fi
  $root rm -f "$share/ffmpeg.installing"
}

# write_env_file writes what a shell must source when FFmpeg is not in a standard place.
write_env_file() {
  cat >"$prefix/env.sh" <<ENV
# Source this to build and run programs with the FFmpeg in this folder.
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig\${PKG_CONFIG_PATH:+:\$PKG_CONFIG_PATH}"
export PATH="$prefix/bin:\$PATH"
ENV
}
