package rendition

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Kind says what went wrong, so that a program can act on an error without
// reading its text. The zero Kind is not used by this SDK.
type Kind uint8

// The kinds of error. Fault says whose they are, Retryable whether trying the
// same thing again can help.
const (
	// InvalidJob is a job, option or argument that cannot work as it was given.
	InvalidJob Kind = iota + 1
	// InvalidInput is a source that is empty, broken, truncated or not media.
	InvalidInput
	// Unsupported is a valid request that this build or driver cannot serve.
	Unsupported
	// NotFound is a source, object or bucket that is not there.
	NotFound
	// Exists is an object that is there although it must not be.
	Exists
	// Permission is a refusal: bad credentials, a read-only place, status 401 or 403.
	Permission
	// Quota is a full disk, an exhausted account or a named limit that was hit.
	Quota
	// Unavailable is a server or network that does not answer as it should now.
	Unavailable
	// Integrity is bytes that are not what they were: a source that changed
	// while it was read, a checksum that differs, an output that fails verification.
	Integrity
	// Busy is an engine that takes no more work now.
	Busy
	// Canceled is work stopped by its caller; the cause is context.Cause.
	Canceled
	// Internal is a mistake in this SDK or in a library below it.
	Internal
)

var kindNames = [...]string{
	InvalidJob: "invalid_job", InvalidInput: "invalid_input", Unsupported: "unsupported", NotFound: "not_found",
	Exists: "exists", Permission: "permission", Quota: "quota", Unavailable: "unavailable", Integrity: "integrity",
	Busy: "busy", Canceled: "canceled", Internal: "internal",
}

// String returns the stable snake_case name of k, as it stands in JSON.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// MarshalText makes a Kind its name in JSON.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if name != "" && name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("rendition: unknown error kind %q", text)
}

// Error makes a Kind usable as a target of errors.Is:
//
//	if errors.Is(err, rendition.NotFound) { ... }
func (k Kind) Error() string { return strings.ReplaceAll(k.String(), "_", " ") }

// Fault is whose mistake an error is.
type Fault string

// The faults.
const (
	FaultInput       Fault = "input"       // the source: look at the file
	FaultJob         Fault = "job"         // the request: change the job
	FaultDestination Fault = "destination" // a storage: look at its state or credentials
	FaultSDK         Fault = "sdk"         // this SDK: report it
	FaultNone        Fault = "none"        // nobody's: the work was canceled
)

// Error is the error type of every exported function of this SDK. Its text is
// lower case, says what to do next where that is known, and holds no secret:
// no userinfo, token or signed query of a URL.
type Error struct {
	// Kind is what went wrong.
	Kind Kind
	// Op is the operation in "package: verb" form, such as "storage: open".
	Op string
	// Stage is the stage of a job, such as "encode video 1280x720"; empty outside jobs.
	Stage string
	// Key is the object, file or field the error is about; empty if none.
	Key string
	// Err is the cause; may be nil.
	Err error
	// Hint says what to do about it, as a clause without a full stop; may be empty.
	Hint string
	// Fault is whose mistake it is. Empty means the default of the Kind.
	Fault Fault
}

// Error returns "op: stage: key: cause (hint)", leaving out what is empty.
func (e *Error) Error() string {
	parts := make([]string, 0, 4)
	for _, s := range []string{e.Op, e.Stage, e.Key} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	} else {
		parts = append(parts, e.Kind.Error())
	}
	text := strings.Join(parts, ": ")
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Unwrap returns the cause and the sentinels of the Kind, so that errors.Is
// finds the Kind itself, the cause, and fs.ErrNotExist, fs.ErrExist,
// fs.ErrPermission or context.Canceled where they mean the same.
func (e *Error) Unwrap() []error {
	list := []error{e.Kind}
	switch e.Kind {
	case NotFound:
		list = append(list, fs.ErrNotExist)
	case Exists:
		list = append(list, fs.ErrExist)
	case Permission:
		list = append(list, fs.ErrPermission)
	case Canceled:
		if e.Err == nil {
			list = append(list, context.Canceled)
		}
	}
	if e.Err != nil {
		list = append(list, e.Err)
	}
	return list
}

// KindOf returns the Kind of the outermost Error in err's tree. A bare context
// error is Canceled, another error that is no Error is Internal, nil is 0.
func KindOf(err error) Kind {
	if err == nil {
		return 0
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Canceled
	}
	return Internal
}

// FaultOf returns whose mistake err is.
func FaultOf(err error) Fault {
	var e *Error
	if errors.As(err, &e) && e.Fault != "" {
		return e.Fault
	}
	switch KindOf(err) {
	case InvalidJob, Unsupported:
		return FaultJob
	case InvalidInput, NotFound:
		return FaultInput
	case Exists, Permission, Quota, Unavailable, Integrity:
		return FaultDestination
	case Canceled, Busy, 0:
		return FaultNone
	default:
		return FaultSDK
	}
}

// Retryable says whether the same call can succeed later without a change.
func Retryable(err error) bool {
	switch KindOf(err) {
	case Unavailable, Busy:
		return true
	default:
		return false
	}
}
