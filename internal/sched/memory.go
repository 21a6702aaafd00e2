package sched

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// DetectMemory returns how many bytes of memory this process may use: what the
// machine has, or the limit of the process's cgroup (version 1 or 2) or of one
// that it lies in, whichever is least. It is 0 where neither is known, such as on
// systems other than Linux.
func DetectMemory() int64 { return detectMemory(os.DirFS("/")) }

func detectMemory(root fs.FS) int64 {
	least := machineMemory(root)
	list, _ := fs.ReadFile(root, "proc/self/cgroup")
	for line := range strings.Lines(string(list)) {
		if limit := cgroupMemory(root, strings.TrimSpace(line)); limit > 0 && (least == 0 || limit < least) {
			least = limit
		}
	}
	return least
}

// machineMemory reads MemTotal of /proc/meminfo, which is in units of 1024 bytes.
func machineMemory(root fs.FS) int64 {
	text, _ := fs.ReadFile(root, "proc/meminfo")
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "MemTotal:" {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			if err == nil && n > 0 && n < noLimit>>10 {
				return n << 10
			}
		}
	}
	return 0
}

// cgroupMemory returns the least limit on the way from the cgroup that a line
// of /proc/self/cgroup names up to the top, 0 for none. The line is
// "number:controllers:path", version 2 having number 0 and no controllers
// (cgroups(7)). Inside a container the path may be the host's, of which only the
// top is there: it is the container's own.
func cgroupMemory(root fs.FS, line string) int64 {
	parts := strings.SplitN(line, ":", 3)
	if len(parts) != 3 {
		return 0
	}
	var top, file string
	switch {
	case parts[0] == "0" && parts[1] == "":
		top, file = "sys/fs/cgroup", "memory.max"
	case slices.Contains(strings.Split(parts[1], ","), "memory"):
		top, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
	default:
		return 0
	}
	var least int64
	for group := path.Clean("/" + parts[2]); ; group = path.Dir(group) {
		if limit := readLimit(root, path.Join(top, group, file)); limit > 0 && (least == 0 || limit < least) {
			least = limit
		}
		if group == "/" {
			return least
		}
	}
}

// noLimit and more is what version 1 says for no limit: the largest number of
// whole pages.
const noLimit = 1 << 62

// readLimit reads one limit, 0 for "max", for none and for no such file.
func readLimit(root fs.FS, name string) int64 {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || n <= 0 || n >= noLimit {
		return 0
	}
	return n
}
