# shellcheck shell=bash
# vsftpd, unpacked because Debian's FTP servers conflict with each other, and the PAM service of its tests: one user name and
# password (those of internal/servers/vsftpd.go), and no account of the system.
unpack vsftpd vsftpd
need_packages libwrap0 libcap2 libpam0g libpam-modules
vsftpd_pam() {
  printf '%s\n' \
    'auth requisite pam_succeed_if.so quiet user = rendition-ftp' \
    'auth required pam_exec.so quiet expose_authtok /bin/grep -qzxF rendition-ftp-secret' \
    'account required pam_permit.so'
}
if ! vsftpd_pam | cmp -s - /etc/pam.d/rendition-vsftpd; then
  can_root || die 'as root, write /etc/pam.d/rendition-vsftpd (scripts/servers/vsftpd.sh)'
  vsftpd_pam | as_root tee /etc/pam.d/rendition-vsftpd >/dev/null
fi
