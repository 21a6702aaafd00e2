// Package location is the grammar of the URLs that name objects and folders in
// every store of this SDK. It opens nothing and asks nobody: storage/all and
// storage/opener do.
//
//	loc, err := location.Parse("s3://media/talks/42.mp4?region=eu-west-1")
//
// docs/storage.md has the table of all forms, and each of its rows is a test here.
//
// # Rules for every form
//
// In front of the host may stand user:password@. Reserved characters in them are
// percent-encoded (/ is %2F, @ is %40, : is %3A, % is %25, ? is %3F, # is %23). A password
// with a bare /, @ or : is understood as long as only one reading is possible,
// and refused with a sentence when there are two. A + is a plus, everywhere.
//
// What follows a ? are options, name=value, joined by &. Each driver knows its own
// (Options); any other name is refused, and the nearest known one named. A ? or # in
// a path is percent-encoded. Plain http and https URLs have no options: their query
// belongs to the server and is kept byte for byte, as are the parts of a shared
// access signature.
//
// Whether a Location is one object or a folder is the caller's to say: Object and
// Prefix give the key as each.
package location
