# shellcheck shell=bash
# OpenSSH: sshd, and the user that tests log in as with a password. His password is random, kept below $home, and
# he has no shell. rclone is what throughput is measured against. Sourced by scripts/servers.sh.
need_packages openssh-server openssh-client openssh-sftp-server rclone

# shellcheck disable=SC2154 # home is that of scripts/servers.sh
sshd_user() {
  id rendition-sftp >/dev/null 2>&1 || as_root useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin rendition-sftp || return 1
  local password
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf 'rendition-sftp:%s\n' "$password" | as_root chpasswd || return 1
  (umask 077 && printf '%s\n' "$password" >"$home/sshd.password")
}

if can_root && { [ ! -s "$home/sshd.password" ] || ! id rendition-sftp >/dev/null 2>&1; }; then
  step 'making the user of the SFTP tests' 'make the user rendition-sftp by hand' sshd_user
fi
