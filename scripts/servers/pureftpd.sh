# shellcheck shell=bash
# Pure-FTPd, unpacked because Debian's FTP servers conflict with each other.
unpack pureftpd pure-ftpd pure-ftpd-common
need_packages libsodium23 openssl
