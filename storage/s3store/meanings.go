package s3store

import "github.com/rendition-sdk/rendition"

var (
	denied      = meaning{rendition.Permission, "allow it in the policy of the bucket or of the user; check whose credentials these are"}
	expired     = meaning{rendition.Permission, "the temporary credentials have ended: get new ones, or use AssumeRole, which renews them"}
	badToken    = meaning{rendition.Permission, "the session token does not belong to this access key: give the three as they were issued"}
	unknownKey  = meaning{rendition.Permission, "the server does not know this access key: check AccessKey and Endpoint"}
	wrongRegion = meaning{rendition.InvalidJob, "the bucket is in another region: set Region, or leave it empty to have it found"}
	noBucket    = meaning{rendition.NotFound, "create the bucket, or check its name and the endpoint"}
	busy        = meaning{kind: rendition.Unavailable}
	full        = meaning{rendition.Quota, "free space in the bucket or raise its quota"}
	damaged     = meaning{rendition.Integrity, "the bytes were changed on their way: write it again"}
	folder      = meaning{rendition.Exists, "this server keeps objects in folders: an object cannot be where a folder is"}
)

// meanings are the codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// with which something can be done, and those of MinIO, Ceph, Backblaze and versitygw beside them.
var meanings = map[string]meaning{
	"AccessDenied":       denied,
	"AllAccessDisabled":  denied,
	"Forbidden":          denied,
	"Unauthorized":       denied,
	"UnauthorizedAccess": denied,
	"AccountProblem":     {rendition.Permission, "the account has a problem: look at its console"},
	"NotSignedUp":        {rendition.Permission, "the account is not signed up for this service"},

	"InvalidAccessKeyId": unknownKey,
	"InvalidClientTokenId": {
		rendition.Permission, "the token service does not know this access key, or the session token does not belong to it",
	},
	"SignatureDoesNotMatch": {
		rendition.Permission, "check SecretKey: a percent-encoded one must be decoded, and a pasted one has no blanks at its ends",
	},
	"RequestTimeTooSkewed":  {rendition.Permission, "the clock of this machine is wrong: set it, best by NTP"},
	"RequestExpired":        {rendition.Permission, "the clock of this machine is wrong: set it, best by NTP"},
	"ExpiredToken":          expired,
	"ExpiredTokenException": expired,
	"TokenRefreshRequired":  expired,
	"InvalidToken":          badToken,
	"InvalidTokenId":        badToken,

	"NoSuchBucket":      noBucket,
	"NoSuchKey":         {kind: rendition.NotFound},
	"NotFound":          {kind: rendition.NotFound},
	"NoSuchVersion":     {kind: rendition.NotFound},
	"NoSuchUpload":      {rendition.NotFound, "the upload was removed in between, by a lifecycle rule or another program: write it again"},
	"InvalidBucketName": {rendition.InvalidJob, "check the bucket's name"},

	"PermanentRedirect":                  wrongRegion,
	"TemporaryRedirect":                  {rendition.Unavailable, "the bucket is new and not everywhere yet: try again"},
	"MovedPermanently":                   wrongRegion,
	"AuthorizationHeaderMalformed":       wrongRegion,
	"IllegalLocationConstraintException": wrongRegion,

	"EntityTooLarge":                  {rendition.Quota, "the server takes no object or part of this size: set another PartSize"},
	"EntityTooSmall":                  {rendition.InvalidJob, "parts have 5 MiB at least: set a larger PartSize"},
	"QuotaExceeded":                   full,
	"ServiceQuotaExceededException":   full,
	"StorageQuotaExceeded":            full,
	"XMinioAdminBucketQuotaExceeded":  full,
	"XMinioStorageFull":               full,
	"StorageFull":                     full,
	"storage_cap_exceeded":            full,
	"InsufficientStorage":             full,
	"KeyTooLongError":                 {rendition.InvalidJob, "use a shorter key"},
	"MetadataTooLarge":                {rendition.InvalidJob, "metadata has 2 KiB at most"},
	"InvalidStorageClass":             {rendition.InvalidJob, "the server does not have this StorageClass"},
	"InvalidTag":                      {rendition.InvalidJob, "check Tags: the server refuses a name or a value"},
	"InvalidEncryptionAlgorithmError": {rendition.InvalidJob, "check SSE: the server does not have this encryption"},
	"InvalidObjectState":              {rendition.Unsupported, "the object is in an archive class: restore it first"},
	"InvalidPart":                     {rendition.Integrity, "a part is gone or is not the one that was sent: write it again"},
	"InvalidPartOrder":                {rendition.Internal, ""},

	"SlowDown":                   busy,
	"SlowDownRead":               busy,
	"SlowDownWrite":              busy,
	"ServiceUnavailable":         busy,
	"Throttling":                 busy,
	"ThrottlingException":        busy,
	"RequestLimitExceeded":       busy,
	"TooManyRequests":            busy,
	"BandwidthLimitExceeded":     busy,
	"InternalError":              busy,
	"RequestTimeout":             busy,
	"IncompleteBody":             busy,
	"OperationAborted":           busy,
	"ConditionalRequestConflict": busy,
	"XMinioServerNotInitialized": busy,

	"BadDigest":                   damaged,
	"InvalidDigest":               damaged,
	"XAmzContentSHA256Mismatch":   damaged,
	"XAmzContentChecksumMismatch": damaged,
	"ChecksumMismatch":            damaged,
	"PreconditionFailed":          {kind: rendition.Integrity},

	"NotImplemented":                {kind: rendition.Unsupported},
	"MethodNotAllowed":              {kind: rendition.Unsupported},
	"AccessControlListNotSupported": {rendition.Unsupported, "the bucket has ACLs switched off: leave ACL empty and use a bucket policy"},

	"XMinioParentIsObject":          folder,
	"XMinioObjectExistsAsDirectory": folder,
	"ExistingObjectIsDirectory":     folder,
	"ObjectParentIsFile":            folder,
}
