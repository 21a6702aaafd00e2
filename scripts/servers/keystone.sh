# shellcheck shell=bash
# Keystone (Identity v3) under uwsgi, and the middleware with which Swift asks it.
need_packages keystone python3-keystone python3-keystonemiddleware uwsgi-core uwsgi-plugin-python3
