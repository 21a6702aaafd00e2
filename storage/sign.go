package storage

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rendition-sdk/rendition/storage/driver"
)

func (o *SignOptions) driver() (*driver.SignOptions, error) {
	d := &driver.SignOptions{Method: http.MethodGet, Expiry: time.Hour}
	if o == nil {
		return d, nil
	}
	if o.Method != "" {
		d.Method = o.Method
	}
	if o.Expiry != 0 {
		d.Expiry = o.Expiry
	}
	if d.Method != http.MethodGet && d.Method != http.MethodPut {
		return nil, fmt.Errorf("method %q cannot be signed; use GET or PUT", o.Method)
	}
	if d.Expiry < 0 {
		return nil, errors.New("a signed URL cannot expire in the past")
	}
	return d, nil
}
