# shellcheck shell=bash
# shellcheck disable=SC2154 # scripts/servers.sh sets home
# vsftpd, unpacked because Debian's FTP servers conflict with each other, and the PAM service of its tests: a user that is
# in a file of its own (the password is that of internal/servers/ftp.go) and no account of the system.
unpack vsftpd vsftpd
need_packages libwrap0 libcap2 libpam-pwdfile
vsftpd_pam() {
  printf '%s\n' "auth required pam_pwdfile.so pwdfile=$home/vsftpd/users" 'account required pam_permit.so'
}
# shellcheck disable=SC2016 # it is a hash
printf '%s\n' 'rendition-ftp:$6$renditionftp$uz2ged7KWHRVA4XMxmvAphKEy4ylSQ53xOx1L90YcHeotEhjQ7eMcgzbvPqhQZSfmZ5UXtyYX6brfPQq7KI5L/' >"$home/vsftpd/users"
if ! vsftpd_pam | cmp -s - /etc/pam.d/rendition-vsftpd; then
  can_root || die 'as root, write /etc/pam.d/rendition-vsftpd (scripts/servers/vsftpd.sh)'
  vsftpd_pam | as_root tee /etc/pam.d/rendition-vsftpd >/dev/null
fi
