# shellcheck shell=bash
# azurite: Microsoft's emulator of Azure Blob Storage, from npm, below $home/azurite.

azurite_version=3.37.0

install_azurite() {
  rm -rf "${home:?}/azurite"
  mkdir -p "$home/azurite"
  # Without scripts: it needs none of its packages' native parts.
  npm install --prefix "$home/azurite" --no-audit --no-fund --no-save --ignore-scripts --loglevel=error "azurite@$azurite_version"
}

command -v npm >/dev/null || need_packages nodejs npm
command -v rclone >/dev/null || need_packages rclone # reads and writes what the driver has written and reads
if [ ! -e "$home/azurite/.version-$azurite_version" ]; then
  step "installing azurite $azurite_version" 'check the network and the npm registry' install_azurite
  : >"$home/azurite/.version-$azurite_version"
fi
