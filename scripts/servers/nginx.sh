# shellcheck shell=bash
# nginx: PUT and DELETE of its dav module, for storage/httpstore.
need_packages nginx
