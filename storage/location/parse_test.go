package location_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/location"
)

type form struct {
	raw  string
	want location.Location
}

type opts = map[string]string

// forms are URLs of every form, with what they mean. All secrets in them begin with SECRET.
func forms() []form {
	var list []form
	for _, group := range [][]form{s3Forms, regionForms(), azureForms, swiftForms, akamaiForms, httpForms, fileForms, localForms} {
		list = append(list, group...)
	}
	return list
}

const (
	s3     = location.S3
	azure  = location.Azure
	presig = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20300102%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20300102T030405Z" +
		"&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=SECRET0a1b%2b+/"
	sas = "sv=2024-11-04&ss=b&sp=rwdl&se=2030-01-01T00:00:00Z&sr=c&sig=SECRETa%2Bb/c%3D"
)

var s3Forms = []form{
	{"s3://media/talks/42.mp4", location.Location{Driver: s3, Bucket: "media", Key: "talks/42.mp4"}},
	{"S3://Media_1/talks/", location.Location{Driver: s3, Bucket: "Media_1", Key: "talks/"}},
	{"s3://media", location.Location{Driver: s3, Bucket: "media"}},
	{"s3://media/a%20b%2Bc+d e%3F%23%25.mp4", location.Location{Driver: s3, Bucket: "media", Key: "a b+c+d e?#%.mp4"}},
	{"s3://media/mail/a@b.mp4", location.Location{Driver: s3, Bucket: "media", Key: "mail/a@b.mp4"}},
	{"s3://AKIA:SECRETa%2Fb%2Bc@media/k", location.Location{Driver: s3, User: "AKIA", Password: "SECRETa/b+c", Bucket: "media", Key: "k"}},
	{"s3://AKIA@media/k", location.Location{Driver: s3, User: "AKIA", Bucket: "media", Key: "k"}},
	{"s3://media/k?region=eu-west-1&acl=Public-Read&storage_class=STANDARD_IA&sse=aws:kms&sse-kms-key-id=arn:aws:kms:eu-west-1:1:key/2", location.Location{
		Driver: s3, Bucket: "media", Key: "k", Options: opts{
			"region": "eu-west-1", "acl": "public-read", "storage-class": "STANDARD_IA", "sse": "aws:kms", "sse-kms-key-id": "arn:aws:kms:eu-west-1:1:key/2",
		},
	}},
	{"s3://media/k?role-arn=arn:aws:iam::1:role/r&external-id=x%201&session-token=SECRETa+b/c==", location.Location{
		Driver: s3, Bucket: "media", Key: "k", Token: "SECRETa+b/c==", Options: opts{"role-arn": "arn:aws:iam::1:role/r", "external-id": "x 1"},
	}},
	// Endpoints.
	{"s3://media/k?region=us-east-1&endpoint=http://127.0.0.1:9000", location.Location{
		Driver: s3, Scheme: "http", Host: "127.0.0.1", Port: 9000, Bucket: "media", Key: "k", Options: opts{"region": "us-east-1"},
	}},
	{"s3://my.bucket/k?endpoint=minio.example.com", location.Location{Driver: s3, Scheme: "https", Host: "minio.example.com", Bucket: "my.bucket", Key: "k"}},
	{"s3://media/k?endpoint=https://[::1]:9000/&path-style=yes", location.Location{
		Driver: s3, Scheme: "https", Host: "::1", Port: 9000, Bucket: "media", Key: "k", Options: opts{"path-style": "yes"},
	}},
	{"s3://media/k?endpoint=https://s3.us-west-2.amazonaws.com", location.Location{Driver: s3, Bucket: "media", Key: "k", Options: opts{"region": "us-west-2"}}},
	{"s3://media/k?endpoint=https://s3.eu-central-2.wasabisys.com", location.Location{
		Driver: s3, Scheme: "https", Host: "s3.eu-central-2.wasabisys.com", Bucket: "media", Key: "k", Options: opts{"region": "eu-central-2"},
	}},
	// NetApp: host, port, then the bucket.
	{"s3://AKIA:SECRET@netapp.example.com:8082/media/talks/42.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "netapp.example.com", Port: 8082, User: "AKIA", Password: "SECRET", Bucket: "media", Key: "talks/42.mp4",
	}},
	{"s3://AKIA:SECRET@netapp.example.com/media/42.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "netapp.example.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "42.mp4",
	}},
	{"s3://AKIA:SECRET@netapp:80/media/42.mp4", location.Location{
		Driver: s3, Scheme: "http", Host: "netapp", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "42.mp4",
	}},
	{"s3://AKIA:SECRET@localhost:9000/media/42.mp4?tls=no", location.Location{
		Driver: s3, Scheme: "http", Host: "localhost", Port: 9000, User: "AKIA", Password: "SECRET", Bucket: "media", Key: "42.mp4",
	}},
	{"s3://10.0.0.7/media/42.mp4", location.Location{Driver: s3, Scheme: "https", Host: "10.0.0.7", Bucket: "media", Key: "42.mp4"}},
	// Wasabi, Backblaze and others.
	{"s3://AKIA:SECRET@s3.wasabisys.com/media/a/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "s3.wasabisys.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "a/b.mp4", Options: opts{"region": "us-east-1"},
	}},
	{"s3://AKIA:SECRET@s3.eu-central-1.wasabisys.com/media/b.mp4?acl=private", location.Location{
		Driver: s3, Scheme: "https", Host: "s3.eu-central-1.wasabisys.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "b.mp4",
		Options: opts{"region": "eu-central-1", "acl": "private"},
	}},
	{"s3://AKIA:SECRET@s3.us-west-002.backblazeb2.com/media/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "s3.us-west-002.backblazeb2.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "b.mp4", Options: opts{"region": "us-west-002"},
	}},
	{"https://AKIA:SECRET@media.s3.us-west-002.backblazeb2.com/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "s3.us-west-002.backblazeb2.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "b.mp4", Options: opts{"region": "us-west-002"},
	}},
	{"s3://AKIA:SECRET@0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com/media/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "b.mp4",
		Options: opts{"region": "auto"},
	}},
	{"s3://AKIA:SECRET@media.0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "0123456789abcdef0123456789abcdef.eu.r2.cloudflarestorage.com", User: "AKIA", Password: "SECRET", Bucket: "media", Key: "b.mp4",
		Options: opts{"region": "auto"},
	}},
	{"s3://GOOG:SECRET@storage.googleapis.com/media/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "storage.googleapis.com", User: "GOOG", Password: "SECRET", Bucket: "media", Key: "b.mp4",
	}},
	// Amazon's hosts.
	{"http://media.s3.amazonaws.com/a/b.mp4", location.Location{Driver: s3, Bucket: "media", Key: "a/b.mp4"}},
	{"https://media.s3.amazonaws.com/b.mp4?acl=public-read", location.Location{Driver: s3, Bucket: "media", Key: "b.mp4", Options: opts{"acl": "public-read"}}},
	{"https://AKIA:SECRETa%2Fb@media.s3.amazonaws.com/b.mp4", location.Location{Driver: s3, User: "AKIA", Password: "SECRETa/b", Bucket: "media", Key: "b.mp4"}},
	{"https://AKIA:SECRETa/b@media.s3.amazonaws.com/b.mp4", location.Location{Driver: s3, User: "AKIA", Password: "SECRETa/b", Bucket: "media", Key: "b.mp4"}},
	{"https://AKIA:SECRETa/b+c/d@s3.amazonaws.com/my.bucket/b.mp4", location.Location{Driver: s3, User: "AKIA", Password: "SECRETa/b+c/d", Bucket: "my.bucket", Key: "b.mp4"}},
	{"s3://s3.amazonaws.com/my.bucket/b.mp4", location.Location{Driver: s3, Bucket: "my.bucket", Key: "b.mp4"}},
	{"https://my.bucket.s3.amazonaws.com:443/b.mp4", location.Location{Driver: s3, Bucket: "my.bucket", Key: "b.mp4"}},
	{"https://s3.dualstack.eu-west-1.amazonaws.com/media/b.mp4", location.Location{
		Driver: s3, Bucket: "media", Key: "b.mp4", Options: opts{"region": "eu-west-1", "dualstack": "yes"},
	}},
	{"https://media.s3-accelerate.amazonaws.com/b.mp4", location.Location{Driver: s3, Bucket: "media", Key: "b.mp4", Options: opts{"accelerate": "yes"}}},
	{"https://media.s3-accelerate.dualstack.amazonaws.com/b.mp4", location.Location{
		Driver: s3, Bucket: "media", Key: "b.mp4", Options: opts{"accelerate": "yes", "dualstack": "yes"},
	}},
	{"https://media.s3.cn-north-1.amazonaws.com.cn/b.mp4", location.Location{Driver: s3, Bucket: "media", Key: "b.mp4", Options: opts{"region": "cn-north-1"}}},
	{"https://s3.us-gov-west-1.amazonaws.com/media/b.mp4", location.Location{Driver: s3, Bucket: "media", Key: "b.mp4", Options: opts{"region": "us-gov-west-1"}}},
	{"https://media.s3-fips.us-east-2.amazonaws.com/b.mp4", location.Location{
		Driver: s3, Scheme: "https", Host: "s3-fips.us-east-2.amazonaws.com", Bucket: "media", Key: "b.mp4", Options: opts{"region": "us-east-2"},
	}},
}

// regionForms are the hosts of the list of regions in the seed, each as path and virtual host and in both spellings.
func regionForms() (list []form) {
	for _, region := range []string{
		"us-east-2", "us-west-2", "us-west-1", "ca-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "ap-southeast-1", "ap-southeast-2",
		"ap-northeast-1", "ap-northeast-2", "ap-south-1", "sa-east-1",
	} {
		for _, host := range []string{"s3-" + region + ".amazonaws.com", "s3." + region + ".amazonaws.com"} {
			list = append(list, regional(host, region)...)
		}
	}
	return append(list, regional("s3-external-1.amazonaws.com", "us-east-1")...)
}

func regional(host, region string) []form {
	want := location.Location{Driver: s3, User: "AKIA", Password: "SECRET/", Bucket: "media", Key: "b.mp4", Options: opts{"region": region}}
	return []form{
		{"https://AKIA:SECRET%2F@" + host + "/media/b.mp4", want},
		{"http://AKIA:SECRET%2F@media." + host + "/b.mp4", want},
		{"s3://AKIA:SECRET%2F@" + host + "/media/b.mp4", want},
	}
}

var azureForms = []form{
	{"https://SECRETa%2Fb%2Bc%3D%3D@acct.blob.core.windows.net/media/a/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Password: "SECRETa/b+c==", Bucket: "media", Key: "a/b.mp4",
	}},
	{"http://SECRETa/b+c/d==@acct.blob.core.windows.net/media/a/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Password: "SECRETa/b+c/d==", Bucket: "media", Key: "a/b.mp4",
	}},
	{"https://acct:SECRET@acct.blob.core.windows.net/media/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Password: "SECRET", Bucket: "media", Key: "b.mp4",
	}},
	{"https://acct.blob.core.windows.net/media/b.mp4?" + sas, location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", SAS: sas, Bucket: "media", Key: "b.mp4",
	}},
	{"https://acct.blob.core.windows.net/media?tier=cool&" + sas, location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", SAS: sas, Bucket: "media", Options: opts{"tier": "Cool"},
	}},
	{"https://acct.blob.core.windows.net/$web/b.html", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Bucket: "$web", Key: "b.html",
	}},
	{"https://acct.z12.blob.storage.azure.net/media/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.z12.blob.storage.azure.net", Account: "acct", Bucket: "media", Key: "b.mp4",
	}},
	{"azblob://acct.blob.core.windows.net/media/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Bucket: "media", Key: "b.mp4",
	}},
	{"azblob://media/a/b.mp4?account=acct", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Bucket: "media", Key: "a/b.mp4",
	}},
	{"abs://acct:SECRET@media/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Password: "SECRET", Bucket: "media", Key: "b.mp4",
	}},
	{"azblob://media/b.mp4?account=devstoreaccount1&endpoint=http://127.0.0.1:10000/devstoreaccount1", location.Location{
		Driver: azure, Scheme: "http", Host: "127.0.0.1", Port: 10000, Account: "devstoreaccount1", Bucket: "media", Key: "b.mp4",
	}},
	{"azblob://SECRET@127.0.0.1:10000/devstoreaccount1/media/b.mp4?tls=no", location.Location{
		Driver: azure, Scheme: "http", Host: "127.0.0.1", Port: 10000, Account: "devstoreaccount1", Password: "SECRET", Bucket: "media", Key: "b.mp4",
	}},
	{"azblob://media/b.mp4?account=acct&endpoint=https://azurite", location.Location{
		Driver: azure, Scheme: "https", Host: "azurite", Account: "acct", Bucket: "media", Key: "b.mp4",
	}},
	{"wasbs://media@acct.blob.core.windows.net/a/b.mp4", location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Bucket: "media", Key: "a/b.mp4",
	}},
	{"abfss://media@acct.dfs.core.windows.net/a/b.mp4?" + sas, location.Location{
		Driver: azure, Scheme: "https", Host: "acct.blob.core.windows.net", Account: "acct", Bucket: "media", Key: "a/b.mp4", SAS: sas,
	}},
}

var swiftForms = []form{
	{"swift://tester:SECRET@swift.example.com:8080/v1/test/media/a/b.mp4", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "swift.example.com", Port: 8080, User: "tester", Password: "SECRET", Auth: "v1", Account: "test", Bucket: "media", Key: "a/b.mp4",
	}},
	{"swift://test%3Atester:SECRET:1@127.0.0.1:8080/v1/AUTH_test/media/b.mp4?tls=no", location.Location{
		Driver: location.Swift, Scheme: "http", Host: "127.0.0.1", Port: 8080, User: "test:tester", Password: "SECRET:1", Auth: "v1", Account: "AUTH_test", Bucket: "media", Key: "b.mp4",
	}},
	{"swift://u:SECRET@keystone.example.com:5000/v2.0/tenant/media/b.mp4?region=RegionOne", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "keystone.example.com", Port: 5000, User: "u", Password: "SECRET", Auth: "v2.0", Account: "tenant", Bucket: "media", Key: "b.mp4",
		Options: opts{"region": "RegionOne"},
	}},
	{"swift://u:SECRET@keystone.example.com/v3/my%20project/media/b.mp4?domain=Default&project_domain=Other", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "keystone.example.com", User: "u", Password: "SECRET", Auth: "v3", Account: "my project", Bucket: "media", Key: "b.mp4",
		Options: opts{"domain": "Default", "project-domain": "Other"},
	}},
	{"https://rsuser:SECRET@storage.cloudfiles.com/media/a/b.mp4?region=DFW", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "storage.cloudfiles.com", User: "rsuser", Password: "SECRET", Auth: "rackspace", Bucket: "media", Key: "a/b.mp4",
		Options: opts{"region": "DFW"},
	}},
	{"http://storage.cloudfiles.com/media/b.mp4", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "storage.cloudfiles.com", Auth: "rackspace", Bucket: "media", Key: "b.mp4",
	}},
	{"https://storage4.clouddrive.com/v1/MossoCloudFS_cea19775-aa94-4d78-8da9-1a7b4bbbd548/container_name/file.ext?auth-token=SECRETc2633419-7b79-3d58-8417-d63666dddfd5", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "storage4.clouddrive.com", Auth: "token", Token: "SECRETc2633419-7b79-3d58-8417-d63666dddfd5",
		Account: "MossoCloudFS_cea19775-aa94-4d78-8da9-1a7b4bbbd548", Bucket: "container_name", Key: "file.ext",
	}},
	{"swift://swift.example.com/v1/AUTH_a/media/b.mp4?auth_token=SECRET", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "swift.example.com", Auth: "token", Token: "SECRET", Account: "AUTH_a", Bucket: "media", Key: "b.mp4",
	}},
	{"https://u:SECRET@storage.us2.oraclecloud.com/v1/Storage-mydomain/media/a/b.mp4", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "storage.us2.oraclecloud.com", User: "u", Password: "SECRET", Auth: "oracle", Account: "Storage-mydomain", Bucket: "media", Key: "a/b.mp4",
	}},
	{"https://u%40corp.com:SECRET@mydomain.storage.oraclecloud.com/v1/Storage-mydomain/media/b.mp4", location.Location{
		Driver: location.Swift, Scheme: "https", Host: "mydomain.storage.oraclecloud.com", User: "u@corp.com", Password: "SECRET", Auth: "oracle", Account: "Storage-mydomain", Bucket: "media", Key: "b.mp4",
	}},
}

var akamaiForms = []form{
	{"http://keyname:SECRETk/ey@example-nsu.akamaihd.net/123456/dir/a.mp4", location.Location{
		Driver: location.NetStorage, Scheme: "http", Host: "example-nsu.akamaihd.net", User: "keyname", Password: "SECRETk/ey", Key: "123456/dir/a.mp4",
	}},
	{"https://keyname:SECRET@example-nsu.akamaihd.net/123456/", location.Location{
		Driver: location.NetStorage, Scheme: "https", Host: "example-nsu.akamaihd.net", User: "keyname", Password: "SECRET", Key: "123456/",
	}},
	{"netstorage://keyname:SECRET@127.0.0.1:8080/123456/a.mp4?tls=no", location.Location{
		Driver: location.NetStorage, Scheme: "http", Host: "127.0.0.1", Port: 8080, User: "keyname", Password: "SECRET", Key: "123456/a.mp4",
	}},
	{"http://post.acct.akamaihd.net/12345/event/playlist.m3u8", location.Location{
		Driver: location.AkamaiHLS, Scheme: "http", Host: "post.acct.akamaihd.net", Account: "acct", Key: "12345/event/playlist.m3u8",
	}},
	{"https://p-ep12345.i.akamaientrypoint.net/12345/event/playlist.m3u8", location.Location{
		Driver: location.AkamaiHLS, Scheme: "https", Host: "p-ep12345.i.akamaientrypoint.net", Key: "12345/event/playlist.m3u8",
	}},
	{"akamaihls://127.0.0.1:8080/12345/event/?tls=no", location.Location{
		Driver: location.AkamaiHLS, Scheme: "http", Host: "127.0.0.1", Port: 8080, Key: "12345/event/",
	}},
	{"fasp://u:SECRET@aspera.example.com:33001/in/a.mp4?target-rate=300m", location.Location{
		Driver: location.Aspera, Host: "aspera.example.com", Port: 33001, User: "u", Password: "SECRET", Key: "in/a.mp4", Options: opts{"target-rate": "300m"},
	}},
}

var httpForms = []form{
	{"https://example.com/a%20b.mp4?token=SECRET%2f+x", location.Location{
		Driver: location.HTTP, Scheme: "https", Host: "example.com", Key: "a b.mp4", Address: "https://example.com/a%20b.mp4?token=SECRET%2f+x",
	}},
	{"HTTP://me:SECRETp%40ss@Example.com:8080/v/?#t=10", location.Location{
		Driver: location.HTTP, Scheme: "http", Host: "example.com", Port: 8080, User: "me", Password: "SECRETp@ss", Key: "v/", Address: "http://Example.com:8080/v/?",
	}},
	{"http://me:SECRETp@ss@example.com/v", location.Location{
		Driver: location.HTTP, Scheme: "http", Host: "example.com", User: "me", Password: "SECRETp@ss", Key: "v", Address: "http://example.com/v",
	}},
	{"http://localhost:8080/mail/a@b.com", location.Location{
		Driver: location.HTTP, Scheme: "http", Host: "localhost", Port: 8080, Key: "mail/a@b.com", Address: "http://localhost:8080/mail/a@b.com",
	}},
	{"https://media.s3.amazonaws.com/a%2Bb.mp4" + presig, location.Location{
		Driver: location.HTTP, Scheme: "https", Host: "media.s3.amazonaws.com", Key: "a+b.mp4", Presigned: true,
		Address: "https://media.s3.amazonaws.com/a%2Bb.mp4" + presig,
	}},
	{"http://media.s3.amazonaws.com/b.mp4?Signature=SECRET%2Bx%3D&Expires=1900000000&AWSAccessKeyId=AKIA", location.Location{
		Driver: location.HTTP, Scheme: "http", Host: "media.s3.amazonaws.com", Key: "b.mp4", Presigned: true,
		Address: "http://media.s3.amazonaws.com/b.mp4?Signature=SECRET%2Bx%3D&Expires=1900000000&AWSAccessKeyId=AKIA",
	}},
	{"https://s3.wasabisys.com/media/b.mp4", location.Location{
		Driver: location.HTTP, Scheme: "https", Host: "s3.wasabisys.com", Key: "media/b.mp4", Address: "https://s3.wasabisys.com/media/b.mp4",
	}},
	{"http://media.s3-website-us-east-1.amazonaws.com/b.mp4", location.Location{
		Driver: location.HTTP, Scheme: "http", Host: "media.s3-website-us-east-1.amazonaws.com", Key: "b.mp4", Address: "http://media.s3-website-us-east-1.amazonaws.com/b.mp4",
	}},
	{"https://x.execute-api.us-east-1.amazonaws.com/b.mp4", location.Location{
		Driver: location.HTTP, Scheme: "https", Host: "x.execute-api.us-east-1.amazonaws.com", Key: "b.mp4", Address: "https://x.execute-api.us-east-1.amazonaws.com/b.mp4",
	}},
}

var fileForms = []form{
	{"ftp://u:SECRETp:w@ftp.example.com/dir/a.mp4?passive=yes", location.Location{
		Driver: location.FTP, Scheme: "ftp", Host: "ftp.example.com", User: "u", Password: "SECRETp:w", Key: "dir/a.mp4", Options: opts{"passive": "yes"},
	}},
	{"ftp://u:SECRETp/w@nas/dir/a.mp4?passive=no", location.Location{
		Driver: location.FTP, Scheme: "ftp", Host: "nas", User: "u", Password: "SECRETp/w", Key: "dir/a.mp4", Options: opts{"passive": "no"},
	}},
	{"ftp://u:SECRETp@w+/x@ftp.example.com/a.mp4", location.Location{
		Driver: location.FTP, Scheme: "ftp", Host: "ftp.example.com", User: "u", Password: "SECRETp@w+/x", Key: "a.mp4",
	}},
	{"ftp://u:SECRET@ftp.example.com/icons/a@2x.png", location.Location{
		Driver: location.FTP, Scheme: "ftp", Host: "ftp.example.com", User: "u", Password: "SECRET", Key: "icons/a@2x.png",
	}},
	{"ftp://ftp.example.com:2121/%2Fvar/media/", location.Location{Driver: location.FTP, Scheme: "ftp", Host: "ftp.example.com", Port: 2121, Absolute: true, Key: "var/media/"}},
	{"ftps://u:SECRET@ftp.example.com/a.mp4", location.Location{Driver: location.FTP, Scheme: "ftps", Host: "ftp.example.com", User: "u", Password: "SECRET", Key: "a.mp4"}},
	{"ftpes://u:SECRET@ftp.example.com//srv/a.mp4", location.Location{
		Driver: location.FTP, Scheme: "ftpes", Host: "ftp.example.com", User: "u", Password: "SECRET", Absolute: true, Key: "srv/a.mp4",
	}},
	{"sftp://u:SECRET@sftp.example.com:2222/srv/a.mp4?host-key=SHA256:abc+/d", location.Location{
		Driver: location.SFTP, Host: "sftp.example.com", Port: 2222, User: "u", Password: "SECRET", Absolute: true, Key: "srv/a.mp4", Options: opts{"host-key": "SHA256:abc+/d"},
	}},
	{"sftp://u@sftp.example.com/~/out/", location.Location{Driver: location.SFTP, Host: "sftp.example.com", User: "u", Key: "out/"}},
	{"sftp://u@[2001:db8::1]:22/~", location.Location{Driver: location.SFTP, Host: "2001:db8::1", Port: 22, User: "u"}},
}

var localForms = []form{
	{"talk.mp4", location.Location{Driver: location.File, Key: "talk.mp4"}},
	{"/var/media/a?b#c%d.mp4", location.Location{Driver: location.File, Key: "/var/media/a?b#c%d.mp4"}},
	{"./a:b.mp4", location.Location{Driver: location.File, Key: "./a:b.mp4"}},
	{`C:\clips\a b.mp4`, location.Location{Driver: location.File, Key: `C:\clips\a b.mp4`}},
	{"d:/clips/a.mp4", location.Location{Driver: location.File, Key: "d:/clips/a.mp4"}},
	{`\\server\share\a.mp4`, location.Location{Driver: location.File, Key: `\\server\share\a.mp4`}},
	{"file:///var/media/a%20b.mp4", location.Location{Driver: location.File, Key: "/var/media/a b.mp4"}},
	{"file://localhost/var/media/", location.Location{Driver: location.File, Key: "/var/media/"}},
	{"file:out", location.Location{Driver: location.File, Key: "out"}},
	{"file:///C:/clips/a.mp4", location.Location{Driver: location.File, Key: "C:/clips/a.mp4"}},
	{"file:///C%3A/clips/a.mp4", location.Location{Driver: location.File, Key: "/C:/clips/a.mp4"}},
	{"mem://jobs/42/a%20b.mp4", location.Location{Driver: location.Mem, Bucket: "jobs", Key: "42/a b.mp4"}},
}

func TestForms(t *testing.T) {
	t.Parallel()
	for _, f := range forms() {
		got, err := location.Parse(f.raw)
		require.NoError(t, err, f.raw)
		require.Equal(t, f.want, *got, f.raw)
		again, err := location.Parse(got.URL().Reveal())
		require.NoError(t, err, got.URL().Reveal())
		require.Equal(t, f.want, *again, "%s by way of %s", f.raw, got.URL().Reveal())
	}
}

// Where a signature is over the URL, not one byte of it changes.
func TestSignedURLsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"https://media.s3.amazonaws.com/a%2bB~c(1).mp4" + presig,
		"http://media.s3.eu-west-1.amazonaws.com/%E2%82%AC/x" + presig + "&x-id=PutObject&&odd",
		"https://minio.example.com:9000/media/a" + presig,
		"https://s3.amazonaws.com/b/k?AWSAccessKeyId=AKIA&Signature=a%2Fb%2bc=&Expires=1",
		"https://storage101.dfw1.clouddrive.com/v1/MossoCloudFS_1/c/o?temp_url_sig=0a&temp_url_expires=1",
		"https://storage.googleapis.com/b/k?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Signature=0a",
	} {
		l, err := location.Parse(raw)
		require.NoError(t, err)
		require.True(t, l.Presigned)
		require.Equal(t, raw, l.Address.Reveal())
		require.Equal(t, raw, l.URL().Reveal())
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ raw, object, objectProblem, prefix, prefixProblem string }{
		{"s3://b/a/b.mp4", "a/b.mp4", "", "a/b.mp4", ""},
		{"s3://b/a/", "", "slash", "a", ""},
		{"s3://b", "", "names no object", "", ""},
		{"s3://b/a//b", "", "empty element", "", "empty element"},
		{"s3://b/a/../b", "", "..", "", ".."},
	} {
		l, err := location.Parse(c.raw)
		require.NoError(t, err)
		object, err := l.Object()
		require.Equal(t, c.object, object)
		problem(t, err, c.objectProblem)
		prefix, err := l.Prefix()
		require.Equal(t, c.prefix, prefix)
		problem(t, err, c.prefixProblem)
	}
}

func problem(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	require.ErrorIs(t, err, rendition.InvalidJob)
	require.ErrorContains(t, err, want)
}
