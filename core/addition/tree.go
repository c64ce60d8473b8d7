package addition

import (
	"maps"
	"slices"
	"strings"
)

// Node is a file, or a folder with what is in it.
type Node struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // file or directory
	Size     int64  `json:"size,omitempty"`
	Children []Node `json:"children,omitempty"`
}

// maxTreeDepth is where folders end and the rest of a path becomes one name.
const maxTreeDepth = 32

// tree sorts files into their folders, folders first, as people list them.
func tree(files []file) []Node {
	var root folder
	for _, f := range files {
		root.add(strings.SplitN(strings.Trim(f.name, "/"), "/", maxTreeDepth), f.size, strings.HasSuffix(f.name, "/"))
	}
	return root.nodes()
}

type folder struct {
	files   map[string]int64
	folders map[string]*folder
}

func (d *folder) add(parts []string, size int64, isFolder bool) {
	if len(parts) == 1 && !isFolder {
		if d.files == nil {
			d.files = map[string]int64{}
		}
		d.files[parts[0]] = size
		return
	}
	if d.folders == nil {
		d.folders = map[string]*folder{}
	}
	inner := d.folders[parts[0]]
	if inner == nil {
		inner = &folder{}
		d.folders[parts[0]] = inner
	}
	if len(parts) > 1 {
		inner.add(parts[1:], size, isFolder)
	}
}

func (d *folder) nodes() []Node {
	out := make([]Node, 0, len(d.folders)+len(d.files))
	for _, name := range slices.Sorted(maps.Keys(d.folders)) {
		out = append(out, Node{Name: name, Type: "directory", Children: d.folders[name].nodes()})
	}
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		out = append(out, Node{Name: name, Type: "file", Size: d.files[name]})
	}
	return out
}
