package show

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rendition-sdk/rendition/transcode"
)

// fewFiles is how many files of one kind in one folder are listed by name.
const fewFiles = 3

// Tree prints files as a tree of folders below a line with the name of their
// destination, sizes right-aligned. Many segments or stills of a folder become
// one line such as "… 24 segments".
func Tree(w io.Writer, name string, files []transcode.PublishedFile) error {
	root := &folder{}
	var total int64
	for _, f := range files {
		root.add(strings.Split(f.Path, "/"), f)
		total += f.Size
	}
	rows := root.rows("")
	widest := 0
	for _, r := range rows {
		widest = max(widest, utf8.RuneCountInString(r.text))
	}
	var b strings.Builder
	fmt.Fprintln(&b, name)
	for _, r := range rows {
		size := ""
		if r.size >= 0 {
			size = Bytes(r.size)
		}
		pad := strings.Repeat(" ", widest-utf8.RuneCountInString(r.text))
		fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%s%s  %7s  %s", r.text, pad, size, r.about), " "))
	}
	fmt.Fprintf(&b, "%s, %s\n", count(len(files), "file"), Bytes(total))
	_, err := io.WriteString(w, b.String())
	return err
}

// folder is a node of the tree.
type folder struct {
	name    string
	folders []*folder
	files   []transcode.PublishedFile
}

func (d *folder) add(path []string, f transcode.PublishedFile) {
	if len(path) == 1 {
		d.files = append(d.files, f)
		return
	}
	i := slices.IndexFunc(d.folders, func(sub *folder) bool { return sub.name == path[0] })
	if i < 0 {
		i = len(d.folders)
		d.folders = append(d.folders, &folder{name: path[0]})
	}
	d.folders[i].add(path[1:], f)
}

// row is one line: size is -1 for a folder.
type row struct {
	text, about string
	size        int64
}

// rows returns d's lines, its folders first, each behind prefix.
func (d *folder) rows(prefix string) []row {
	slices.SortFunc(d.folders, func(a, b *folder) int { return cmp.Compare(a.name, b.name) })
	files := d.fileRows()
	var list []row
	for i, sub := range d.folders {
		branch, below := "├── ", "│   "
		if i == len(d.folders)-1 && len(files) == 0 {
			branch, below = "└── ", "    "
		}
		list = append(list, row{text: prefix + branch + sub.name + "/", size: -1})
		list = append(list, sub.rows(prefix+below)...)
	}
	for i, r := range files {
		branch := "├── "
		if i == len(files)-1 {
			branch = "└── "
		}
		r.text = prefix + branch + r.text
		list = append(list, r)
	}
	return list
}

// fileRows are the lines of d's own files, those of a crowd as one.
func (d *folder) fileRows() []row {
	crowds := map[transcode.FileRole][]transcode.PublishedFile{}
	for _, f := range d.files {
		crowds[f.Role] = append(crowds[f.Role], f)
	}
	var list []row
	for _, f := range d.files {
		same := crowds[f.Role]
		switch noun := crowdNames[f.Role]; {
		case noun == "" || len(same) <= fewFiles:
			name := f.Path[strings.LastIndexByte(f.Path, '/')+1:]
			list = append(list, row{text: name, size: f.Size, about: about(f)})
		case f.Path == same[0].Path:
			var sum int64
			for _, s := range same {
				sum += s.Size
			}
			list = append(list, row{text: "… " + count(len(same), noun), size: sum})
		}
	}
	return list
}

// crowdNames are the files that come in numbers.
var crowdNames = map[transcode.FileRole]string{transcode.RoleSegment: "segment", transcode.RoleImage: "still"}

// about is what the tree says of a file beside its size.
func about(f transcode.PublishedFile) string {
	var list []string
	if f.Width > 0 && f.Height > 0 {
		list = append(list, fmt.Sprintf("%dx%d", f.Width, f.Height))
	}
	if f.Role == transcode.RoleMedia || f.Role == transcode.RoleMaster {
		list = append(list, f.Codecs)
	}
	return strings.Join(list, "  ")
}

// count prints "1 file", "2 files".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// Bytes prints a size in decimal units with three digits: "812 B", "4.21 MB".
func Bytes(n int64) string { return unit(float64(n), "B") }

// unit prints v with the decimal prefix that leaves it below 1000.
func unit(v float64, symbol string) string {
	prefixes := []string{"", "k", "M", "G", "T", "P", "E"}
	i := 0
	for v >= 999.5 && i < len(prefixes)-1 {
		v /= 1000
		i++
	}
	digits := 0
	switch {
	case i > 0 && v < 9.995:
		digits = 2
	case i > 0 && v < 99.95:
		digits = 1
	}
	return fmt.Sprintf("%.*f %s%s", digits, v, prefixes[i], symbol)
}
