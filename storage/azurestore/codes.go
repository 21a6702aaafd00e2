package azurestore

import (
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage"
)

const (
	blobNotFound = "BlobNotFound"

	anew      = storage.MaxRetryAfter + time.Second // repeating the request cannot help
	rehydrate = time.Hour
)

// meaning is what an error code of the service says to a program and to its user.
type meaning struct {
	kind rendition.Kind
	hint string
	wait time.Duration
}

// meanings of codes whose status does not say it all.
var meanings = map[string]meaning{
	blobNotFound:        {kind: rendition.NotFound},
	"ContainerNotFound": {kind: rendition.NotFound, hint: "create the container, or check its name"},
	"ContainerBeingDeleted": {
		kind: rendition.NotFound, hint: "the container is being deleted; create it again in some minutes",
	},
	"ContainerDisabled":   {kind: rendition.Permission, hint: "an administrator has disabled the container"},
	"AccountIsDisabled":   {kind: rendition.Permission, hint: "the storage account is disabled"},
	"AccountBeingCreated": {kind: rendition.Unavailable, hint: "the storage account is being created"},
	"CannotVerifyCopySource": {
		kind: rendition.NotFound, hint: "the source of the copy is not there, or the credential may not read it",
	},

	"ServerBusy":        {kind: rendition.Unavailable, hint: "the storage account is at its limit of requests"},
	"InternalError":     {kind: rendition.Unavailable},
	"OperationTimedOut": {kind: rendition.Unavailable},

	"Md5Mismatch":   {kind: rendition.Integrity, hint: "the bytes changed on their way; write the object again"},
	"Crc64Mismatch": {kind: rendition.Integrity, hint: "the bytes changed on their way; write the object again"},
	"InvalidBlockList": {
		kind: rendition.Unavailable, wait: anew, hint: "another write of this object ended first, or a week went by; write it again",
	},
	"InvalidBlobOrBlock": {
		kind: rendition.Exists, hint: "another program left unfinished blocks under this name; write a small object there, or wait a week",
	},
	"InvalidBlobType":      {kind: rendition.Exists, hint: "a page or append blob is there; delete it"},
	"SnapshotsPresent":     {kind: rendition.Exists, hint: "the blob has snapshots; delete them first"},
	"ResourceTypeMismatch": {kind: rendition.Exists},

	"BlobArchived": {
		kind: rendition.Unsupported, hint: "the blob is in the archive tier; set its tier to Hot or Cool and wait until it is back",
	},
	"BlobBeingRehydrated": {
		kind: rendition.Unavailable, wait: rehydrate, hint: "the blob is on its way back from the archive tier, which takes hours",
	},
	"PendingCopyOperation": {
		kind: rendition.Unavailable, hint: "a copy to this name is under way",
	},

	"LeaseIdMissing": {
		kind: rendition.Permission, hint: "somebody has a lease on the blob; break or release it",
	},
	"LeaseLost": {
		kind: rendition.Permission, hint: "somebody has a lease on the blob; break or release it",
	},
	"BlobImmutableDueToPolicy": {
		kind: rendition.Permission, hint: "the container's immutability policy or a legal hold keeps this blob as it is",
	},
	"BlobImmutableDueToLegalHold": {
		kind: rendition.Permission, hint: "a legal hold keeps this blob as it is",
	},

	"RequestBodyTooLarge": {kind: rendition.Quota},
	"BlockCountExceedsLimit": {
		kind: rendition.Quota, hint: "blocks of unfinished writes of this name are in the way; wait a week, or use another name",
	},
	"BlockListTooLong": {kind: rendition.Quota, hint: "set a larger PartSize"},

	"UnsupportedHeader": {
		kind: rendition.Unsupported, hint: "this kind of account does not have what an option asks for",
	},
	"FeatureVersionMismatch":            {kind: rendition.Unsupported},
	"AccessTierNotSupportedForBlobType": {kind: rendition.Unsupported, hint: "leave Tier empty"},
	"BlobAccessTierNotSupportedForAccountType": {
		kind: rendition.Unsupported, hint: "leave Tier empty, or use an account of another kind",
	},
	"BlobUsesCustomerSpecifiedEncryption": {
		kind: rendition.Permission, hint: "the blob was written with another EncryptionKey, or with one while none is given",
	},
	"BlobDoesNotUseCustomerSpecifiedEncryption": {
		kind: rendition.Permission, hint: "the blob was written without EncryptionKey",
	},
	"BlobCustomerSpecifiedEncryptionMismatch": {
		kind: rendition.Permission, hint: "the blob was written with another EncryptionKey or EncryptionScope",
	},
}
