package netstorage

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/rendition-sdk/rendition"
	"github.com/rendition-sdk/rendition/storage/driver"
)

// ListPage is one list action, or as many dir actions as a folder needs when there is a delimiter.
func (d *account) ListPage(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	var page *driver.ListPage
	var err error
	if req.Delimiter == "" {
		page, err = d.listDeep(ctx, req)
	} else {
		page, err = d.listFolder(ctx, req)
	}
	if isKind(err, rendition.NotFound) { // a folder without objects is not there
		return &driver.ListPage{}, nil
	}
	return page, err
}

// folderOf is the part of a prefix up to its last slash.
func folderOf(prefix string) string { return prefix[:strings.LastIndexByte(prefix, '/')+1] }

// listDeep lists everything below. The list action walks all paths of the CP code in the order of
// their bytes, from the path of the request to the parameter end. A page's token is where to go on.
func (d *account) listDeep(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	dir := strings.TrimSuffix(d.path(folderOf(req.Prefix)), "/")
	start := dir
	if req.PageToken != "" {
		start = "/" + req.PageToken
	}
	action := fmt.Sprintf("action=list&max_entries=%d", req.PageSize)
	if strings.Contains(dir[1:], "/") { // below the CP code, which ends by itself
		// "0" sorts behind the "/" that paths below the folder go on with.
		action += "&end=" + url.QueryEscape(dir+"0")
	}
	a, err := d.ask(ctx, start, action)
	if err != nil {
		return nil, err
	}
	page := &driver.ListPage{NextPageToken: strings.Trim(a.Resume.Start, "/")}
	for i := range a.Files {
		e := &a.Files[i]
		key, below := strings.CutPrefix("/"+strings.TrimPrefix(e.Name, "/"), d.path("")+"/")
		switch {
		case !below || e.Type != "file" || hidden(key):
		case strings.HasPrefix(key, req.Prefix):
			page.Objects = append(page.Objects, e.info(key))
		case key > req.Prefix: // and so is all that follows
			page.NextPageToken = ""
		}
	}
	return page, nil
}

// listFolder lists one folder. A dir action's order is that of names, and ours has a slash behind those of
// folders, so that the whole folder is read and sorted. A page's token is the last key of the page before.
func (d *account) listFolder(ctx context.Context, req *driver.ListRequest) (*driver.ListPage, error) {
	dir := folderOf(req.Prefix)
	path, start := strings.TrimSuffix(d.path(dir), "/"), ""
	var found []driver.Info
	for {
		a, err := d.ask(ctx, path, "action=dir&max_entries=10000"+start)
		if err != nil {
			return nil, err
		}
		for i := range a.Files {
			if info, ok := a.Files[i].folded(dir); ok && strings.HasPrefix(info.Key, req.Prefix) && info.Key > req.PageToken {
				found = append(found, info)
			}
		}
		if a.Resume.Start == "" || "&start="+url.QueryEscape(a.Resume.Start) == start {
			break
		}
		start = "&start=" + url.QueryEscape(a.Resume.Start)
	}
	slices.SortFunc(found, func(a, b driver.Info) int { return strings.Compare(a.Key, b.Key) })
	found = slices.CompactFunc(found, func(a, b driver.Info) bool { return a.Key == b.Key })
	page := &driver.ListPage{Objects: found}
	if len(found) > req.PageSize {
		page.Objects = found[:req.PageSize]
		page.NextPageToken = found[req.PageSize-1].Key
	}
	return page, nil
}

// folded is an entry of a folder as a listing with a delimiter has it.
func (e *entry) folded(dir string) (driver.Info, bool) {
	key := dir + e.Name
	switch {
	case e.Name == "" || strings.Contains(e.Name, "/"):
		return driver.Info{}, false
	case e.Type == "dir":
		return driver.Info{Key: key + "/", IsPrefix: true}, true
	case e.Type == "file" && !hidden(key):
		return e.info(key), true
	}
	return driver.Info{}, false
}

// hidden says whether a key is that of an upload that goes on.
func hidden(key string) bool { return driver.IsTempName(key[strings.LastIndexByte(key, '/')+1:]) }
