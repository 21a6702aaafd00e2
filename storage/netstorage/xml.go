package netstorage

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// maxAnswer is the longest XML that is read: more than the longest page of the API.
const maxAnswer = 64 << 20

// answer is what stat, dir and list answer. Of stat and dir the names are those within the
// directory, of list whole paths from the CP code on.
type answer struct {
	Files  []entry `xml:"file"`
	Resume struct {
		Start string `xml:"start,attr"`
	} `xml:"resume"`
}

// entry is one file, symlink or directory.
type entry struct {
	Type string `xml:"type,attr"`
	Name string `xml:"name,attr"`
	// Base64 is the name where it cannot be written in XML.
	Base64 string `xml:"name_base64,attr"`
	Size   int64  `xml:"size,attr"`
	MD5    string `xml:"md5,attr"`
	Mtime  int64  `xml:"mtime,attr"`
}

// parseAnswer reads the XML. What is not of the API's form is kind Integrity.
func parseAnswer(r io.Reader) (*answer, error) {
	limited := &io.LimitedReader{R: r, N: maxAnswer}
	var a answer
	err := xml.NewDecoder(limited).Decode(&a)
	if limited.N == 0 {
		err = errors.New("it is too long")
	}
	if err == nil {
		err = a.check()
	}
	if err != nil {
		return nil, &driver.Error{Kind: rendition.Integrity, Err: fmt.Errorf("the XML of the answer is broken: %w", err)}
	}
	return &a, nil
}

func (a *answer) check() error {
	for i := range a.Files {
		e := &a.Files[i]
		if e.Name == "" && e.Base64 != "" {
			name, err := base64.StdEncoding.DecodeString(e.Base64)
			if err != nil {
				return errors.New("a name is not valid base64")
			}
			e.Name = string(name)
		}
		if e.Size < 0 {
			return errors.New("a size is negative")
		}
	}
	return nil
}

// info describes a file.
func (e *entry) info(key string) driver.Info {
	info := driver.Info{Key: key, Size: e.Size, ModTime: time.Unix(e.Mtime, 0)}
	if len(e.MD5) == 32 && strings.Trim(strings.ToLower(e.MD5), "0123456789abcdef") == "" {
		info.ETag = `"` + strings.ToLower(e.MD5) + `"`
	}
	return info
}
