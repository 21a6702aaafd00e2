package location_test

import (
	"fmt"

	"github.com/rendition-sdk/rendition/storage/location"
)

func ExampleParse() {
	loc, err := location.Parse("https://AKIA:se/cret@media.s3-us-west-2.amazonaws.com/talks/42.mp4?acl=public-read")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(loc.Driver, loc.Bucket, loc.Key, loc.Option("region"), loc.Option("acl"))
	fmt.Println(loc)
	_, err = location.Parse("s3://media/42.mp4?regoin=us-west-2")
	fmt.Println(err)
	// Output:
	// s3 media talks/42.mp4 us-west-2 public-read
	// s3://[redacted]@media/talks/42.mp4?[redacted]
	// storage: parse URL: s3://media/42.mp4?[redacted]: the option "regoin" is unknown; did you mean region?
}
