# shellcheck shell=bash
# versitygw: S3 over a folder.
go_program versitygw github.com/versity/versitygw/cmd/versitygw@v1.8.0
