package netstorage_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	keyName = "upload_account"
	secret  = "k3y/with+SIGNED="
)

// server is NetStorage as its documentation describes it: flat paths, implicit folders, and a signature on
// every request, which is verified here with code of its own.
type server struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	objects map[string]object // by absolute path
	ids     map[string]bool   // unique ids seen
	calls   []string          // actions, without the version
	skew    time.Duration     // of its clock
	// replaces makes a rename replace; else it answers 409.
	replaces bool
	// deaf makes it overlook trailers.
	deaf bool
	// hook answers in place of the server when it returns true; it is asked after the signature was verified.
	hook func(w http.ResponseWriter, r *http.Request, action string) bool
}

type object struct {
	data []byte
	when time.Time
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, objects: map[string]object{}, ids: map[string]bool{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// verify checks the three headers of a request or its trailer, and returns the parameters of the action.
func (s *server) verify(h http.Header, path string) (url.Values, error) {
	action, data := h.Get("X-Akamai-ACS-Action"), h.Get("X-Akamai-ACS-Auth-Data")
	fields := strings.Split(data, ", ")
	if len(fields) != 6 || fields[0] != "5" || fields[1] != "0.0.0.0" || fields[2] != "0.0.0.0" || fields[5] != keyName {
		return nil, fmt.Errorf("auth data %q", data)
	}
	seconds, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 30*time.Second+s.skew {
		return nil, fmt.Errorf("time %q", fields[3])
	}
	if s.skew > time.Minute {
		return nil, fmt.Errorf("time %q", fields[3])
	}
	if s.ids[fields[4]] {
		return nil, fmt.Errorf("the id %s came twice", fields[4])
	}
	s.ids[fields[4]] = true
	h2 := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(h2, data+path+"\n"+"x-akamai-acs-action:"+action+"\n")
	if base64.StdEncoding.EncodeToString(h2.Sum(nil)) != h.Get("X-Akamai-ACS-Auth-Sign") {
		return nil, fmt.Errorf("signature of %s %q", path, action)
	}
	params, err := url.ParseQuery(action)
	if err == nil && params.Get("version") != "1" {
		err = fmt.Errorf("version %q", params.Get("version"))
	}
	return params, err
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", time.Now().Add(s.skew).UTC().Format(http.TimeFormat))
	s.mu.Lock()
	params, err := s.verify(r.Header, r.RequestURI)
	action := params.Get("action")
	s.calls = append(s.calls, action)
	hook := s.hook
	s.mu.Unlock()
	if err != nil {
		http.Error(w, "SIGNED "+err.Error(), http.StatusForbidden)
		return
	}
	if hook != nil && hook(w, r, action) {
		return
	}
	switch {
	case action == "upload" && r.Method == http.MethodPut:
		s.upload(w, r, params)
	case action == "download" && r.Method == http.MethodGet:
		s.download(w, r)
	case action == "stat" && r.Method == http.MethodGet:
		s.stat(w, r)
	case action == "list" && r.Method == http.MethodGet:
		s.list(w, r, params)
	case action == "dir" && r.Method == http.MethodGet:
		s.dir(w, r, params)
	case action == "delete" && r.Method == http.MethodPost:
		s.remove(w, r)
	case action == "rename" && r.Method == http.MethodPost:
		s.rename(w, r, params)
	case action == "mkdir" && r.Method == http.MethodPost:
		w.WriteHeader(http.StatusOK)
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
}

// upload stores nothing whose end does not come, or whose size or digest differs.
func (s *server) upload(w http.ResponseWriter, r *http.Request, params url.Values) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	want := params.Get("sha256")
	if want == "atend" {
		want = ""
		if !s.deaf {
			trailer, err := s.verify(r.Trailer, r.RequestURI)
			if err != nil {
				http.Error(w, "trailer: "+err.Error(), http.StatusForbidden)
				return
			}
			want = trailer.Get("sha256")
		}
	}
	sum := sha256.Sum256(data)
	if (want != "" && want != hex.EncodeToString(sum[:])) || (params.Has("size") && params.Get("size") != strconv.Itoa(len(data))) {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	s.objects[r.URL.Path] = object{data, time.Now()}
}

func (s *server) get(path string) (object, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.objects[path]
	return o, ok
}

func (s *server) download(w http.ResponseWriter, r *http.Request) {
	o, ok := s.get(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "x", o.when, strings.NewReader(string(o.data)))
}

type xmlFile struct {
	XMLName xml.Name `xml:"file"`
	Type    string   `xml:"type,attr"`
	Name    string   `xml:"name,attr,omitempty"`
	Base64  string   `xml:"name_base64,attr,omitempty"`
	Size    int      `xml:"size,attr"`
	MD5     string   `xml:"md5,attr,omitempty"`
	Mtime   int64    `xml:"mtime,attr"`
	Imp     bool     `xml:"implicit,attr,omitempty"`
}

func fileOf(name string, o object) xmlFile {
	sum := md5.Sum(o.data)
	f := xmlFile{Type: "file", Name: name, Size: len(o.data), MD5: hex.EncodeToString(sum[:]), Mtime: o.when.Unix()}
	if strings.Contains(name, "~") {
		f.Name, f.Base64 = "", base64.StdEncoding.EncodeToString([]byte(name))
	}
	return f
}

func (s *server) stat(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := r.URL.Path
	var files []xmlFile
	if slices.ContainsFunc(s.sorted(), func(p string) bool { return strings.HasPrefix(p, path+"/") }) {
		files = append(files, xmlFile{Type: "dir", Name: path[strings.LastIndexByte(path, '/')+1:], Imp: true})
	}
	if o, ok := s.objects[path]; ok {
		files = append(files, fileOf(path[strings.LastIndexByte(path, '/')+1:], o))
	}
	answer(w, "stat", files, "")
}

func (s *server) sorted() []string {
	paths := make([]string, 0, len(s.objects))
	for p := range s.objects {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

func answer(w http.ResponseWriter, root string, files []xmlFile, resume string) {
	if len(files) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body, _ := xml.Marshal(files)
	if resume != "" {
		tag, _ := xml.Marshal(struct {
			XMLName xml.Name `xml:"resume"`
			Start   string   `xml:"start,attr"`
		}{Start: resume})
		body = append(body, tag...)
	}
	_, _ = fmt.Fprintf(w, `<?xml version="1.0" encoding="utf-8"?><%s>%s</%s>`, root, body, root)
}

// list walks all paths from that of the request to end.
func (s *server) list(w http.ResponseWriter, r *http.Request, params url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	most, _ := strconv.Atoi(cmp.Or(params.Get("max_entries"), "1000"))
	end := cmp.Or(params.Get("end"), strings.SplitAfterN(r.URL.Path, "/", 3)[1]+"~")
	var files []xmlFile
	for _, p := range s.sorted() {
		if p < r.URL.Path || (params.Has("end") && p > end) {
			continue
		}
		if len(files) == most {
			answer(w, "list", files, p)
			return
		}
		files = append(files, fileOf(p[1:], s.objects[p]))
	}
	answer(w, "list", files, "")
}

// dir lists one folder, three entries at a time.
func (s *server) dir(w http.ResponseWriter, r *http.Request, params url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var files []xmlFile
	seen := map[string]bool{}
	for _, p := range s.sorted() {
		name, below := strings.CutPrefix(p, r.URL.Path+"/")
		if !below {
			continue
		}
		file := fileOf(name, s.objects[p])
		if folder, _, found := strings.Cut(name, "/"); found {
			name, file = folder, xmlFile{Type: "dir", Name: folder, Imp: true}
		}
		if name < params.Get("start") || seen[file.Type+name] {
			continue
		}
		if len(files) == 3 && !seen["dir"+name] && !seen["file"+name] {
			answer(w, "stat", files, name)
			return
		}
		seen[file.Type+name] = true
		files = append(files, file)
	}
	answer(w, "stat", files, "")
}

func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.objects[r.URL.Path]; !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	delete(s.objects, r.URL.Path)
}

func (s *server) rename(w http.ResponseWriter, r *http.Request, params url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.objects[r.URL.Path]
	to := params.Get("destination")
	_, taken := s.objects[to]
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	case taken && !s.replaces:
		w.WriteHeader(http.StatusConflict)
	default:
		delete(s.objects, r.URL.Path)
		s.objects[to] = o
	}
}

// temps lists the temporary objects below a path.
func (s *server) temps(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []string
	for _, p := range s.sorted() {
		if strings.HasPrefix(p, prefix) && strings.Contains(p, "/.rendition-") && strings.HasSuffix(p, ".part") {
			left = append(left, p)
		}
	}
	return left
}

func (s *server) actions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func (s *server) setHook(hook func(http.ResponseWriter, *http.Request, string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}
