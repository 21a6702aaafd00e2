# shellcheck shell=bash
# OpenStack Swift, all its servers on this machine, with memcached for tempauth's tokens and the client that tests compare with.
need_packages swift swift-proxy swift-account swift-container swift-object memcached python3-swiftclient
