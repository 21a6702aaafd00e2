package swiftstore

import (
	"context"
	"net/http"
)

// MakeContainer makes a container with the options' own login.
func MakeContainer(ctx context.Context, name string, o *Options) error {
	d, err := open(ctx, name, o.withDefaults(name))
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = d.call(ctx, &request{method: http.MethodPut, container: name})
	return err
}
