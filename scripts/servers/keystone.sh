# shellcheck shell=bash
# Keystone (Identity v3), and the middleware with which Swift asks it.
need_packages keystone python3-keystone python3-keystonemiddleware
