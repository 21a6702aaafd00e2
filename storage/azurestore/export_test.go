package azurestore

import "github.com/rendition-sdk/rendition/storage/driver"

// CopyInBlocks makes a driver copy what is larger than most bytes in blocks of step.
func CopyInBlocks(d driver.Driver, most, step int64) {
	if b, ok := d.(*blobs); ok {
		b.maxCopy, b.copyBlock = most, step
	}
}
