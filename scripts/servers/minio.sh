# shellcheck shell=bash
# MinIO: S3 with a token service (STS) and server-side encryption. AGPL: a peer of the tests, never a part of the product.
go_program minio github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c
