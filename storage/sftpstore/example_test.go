package sftpstore_test

import (
	"context"
	"fmt"

	"github.com/rendition-sdk/rendition/storage/sftpstore"
)

// The server is known by its fingerprint, which ssh-keygen -l prints, and the user by a key.
func ExampleOpen() {
	ctx := context.Background()
	bkt, err := sftpstore.Open(ctx, "sftp.example.com", &sftpstore.Options{
		User:           "deliver",
		PrivateKeyFile: "/etc/rendition/id_ed25519",
		HostKey:        "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
		Root:           "incoming",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer bkt.Close()
	if err := bkt.WriteAll(ctx, "film/master.m3u8", []byte("#EXTM3U\n"), nil); err != nil {
		fmt.Println(err)
	}
}
