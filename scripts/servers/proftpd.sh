# shellcheck shell=bash
# ProFTPD, unpacked because Debian's FTP servers conflict with each other.
unpack proftpd proftpd-core proftpd-mod-crypto
need_packages libhiredis0.14 libmemcached11 libmemcachedutil2 openssl
