package sched

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const (
	meminfo = "MemTotal:        8388608 kB\nMemFree:         6291456 kB\n"
	machine = 8 << 30
	v1      = "sys/fs/cgroup/memory"
	v1None  = "9223372036854771712\n"
)

// TestDetectMemory reads synthetic systems.
func TestDetectMemory(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"nothing":              {nil, 0},
		"no cgroups":           {map[string]string{"proc/meminfo": meminfo}, machine},
		"broken meminfo":       {map[string]string{"proc/meminfo": "MemTotal: many kB\nMemTotal:\n"}, 0},
		"negative meminfo":     {map[string]string{"proc/meminfo": "MemTotal: -1 kB\n"}, 0},
		"overflowing meminfo":  {map[string]string{"proc/meminfo": "MemTotal: 9223372036854775807 kB\n"}, 0},
		"v2":                   {system("0::/job\n", map[string]string{"sys/fs/cgroup/job/memory.max": "1073741824\n"}), 1 << 30},
		"v2 in a container":    {system("0::/\n", map[string]string{"sys/fs/cgroup/memory.max": "1073741824\n"}), 1 << 30},
		"v2, the host's path":  {system("0::/../../a\n", map[string]string{"sys/fs/cgroup/memory.max": "1073741824\n"}), 1 << 30},
		"v2 max":               {system("0::/job\n", map[string]string{"sys/fs/cgroup/job/memory.max": "max\n"}), machine},
		"v2 above the machine": {system("0::/job\n", map[string]string{"sys/fs/cgroup/job/memory.max": "17179869184\n"}), machine},
		"v2 parent is less": {system("0::/a/b/c\n", map[string]string{
			"sys/fs/cgroup/a/b/c/memory.max": "3221225472\n", "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "2147483648\n",
		}), 2 << 30},
		"v2 child is less": {system("0::/a/b\n", map[string]string{
			"sys/fs/cgroup/a/b/memory.max": "1073741824\n", "sys/fs/cgroup/a/memory.max": "2147483648\n",
		}), 1 << 30},
		"v2 without the controller": {system("0::/job\n", nil), machine},
		"v2 sibling":                {system("0::/job\n", map[string]string{"sys/fs/cgroup/other/memory.max": "1\n"}), machine},
		"v1":                        {system("4:memory:/job\n", map[string]string{v1 + "/job/memory.limit_in_bytes": "1073741824\n"}), 1 << 30},
		"v1 none":                   {system("4:memory:/job\n", map[string]string{v1 + "/job/memory.limit_in_bytes": v1None}), machine},
		"v1 nested": {system("3:cpu,cpuacct:/x\n4:hugetlb,memory:/a/b\n0::/\n", map[string]string{
			v1 + "/a/b/memory.limit_in_bytes": v1None, v1 + "/a/memory.limit_in_bytes": "1073741824\n", v1 + "/memory.limit_in_bytes": v1None,
		}), 1 << 30},
		"v1 in a container": {system("4:memory:/docker/0123\n", map[string]string{v1 + "/memory.limit_in_bytes": "1073741824\n"}), 1 << 30},
		"v1 other group":    {system("4:cpu:/job\n", map[string]string{v1 + "/job/memory.limit_in_bytes": "1073741824\n"}), machine},
		"both": {system("4:memory:/a\n0::/b\n", map[string]string{
			v1 + "/a/memory.limit_in_bytes": "2147483648\n", "sys/fs/cgroup/b/memory.max": "1073741824\n",
		}), 1 << 30},
		"limit without meminfo": {map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "1024\n"}, 1024},
		"no limit nor meminfo":  {map[string]string{"proc/self/cgroup": "4:memory:/\n", v1 + "/memory.limit_in_bytes": v1None}, 0},
		"a path with colons":    {system("0::/a:b\n", map[string]string{"sys/fs/cgroup/a:b/memory.max": "1024\n"}), 1024},
		"broken":                {system("0\n\n:\n0::\nx", map[string]string{"sys/fs/cgroup/memory.max": "0\n"}), machine},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := fstest.MapFS{}
			for path, text := range c.files {
				root[path] = &fstest.MapFile{Data: []byte(text)}
			}
			require.Equal(t, c.want, detectMemory(root))
		})
	}
}

// system is a machine with 8 GiB whose process lies in the cgroups given.
func system(cgroup string, files map[string]string) map[string]string {
	all := map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": cgroup}
	for name, text := range files {
		all[name] = text
	}
	return all
}
