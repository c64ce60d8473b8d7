package roadstead_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are the texts for people, by path from the top.
func documents(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, top := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "portal/README.md", "docs"} {
		err := filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || path.Ext(file) != ".md" {
				return err
			}
			text, err := os.ReadFile(file)
			found[filepath.ToSlash(file)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

var links = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// linked lists the files that a document links to, from the top.
func linked(file, text string) []string {
	var out []string
	for _, match := range links.FindAllStringSubmatch(text, -1) {
		target, _, _ := strings.Cut(match[1], "#")
		if target != "" && !strings.Contains(target, "://") {
			out = append(out, path.Join(path.Dir(file), target))
		}
	}
	return out
}

func TestEveryLinkOfTheDocumentsLeadsSomewhere(t *testing.T) {
	count := 0
	for file, text := range documents(t) {
		for _, target := range linked(file, text) {
			count++
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", file, target)
			}
		}
	}
	if count < 50 {
		t.Errorf("only %d links were found", count)
	}
}

func TestTheGuidesSayTheSameInBothLanguages(t *testing.T) {
	const english, chinese = "docs/guide/en/", "docs/guide/zh-CN/"
	all := documents(t)
	outline := regexp.MustCompile("(?ms)^#+ |^\\| |^```.*?^```$")
	for file, text := range all {
		name, isEnglish := strings.CutPrefix(file, english)
		if !isEnglish {
			continue
		}
		other, there := all[chinese+name]
		if !there {
			t.Errorf("%s is not there in Chinese", file)
			continue
		}
		if here, there := outline.FindAllString(text, -1), outline.FindAllString(other, -1); !slices.Equal(here, there) {
			t.Errorf("%s has other headings, tables or commands in Chinese:\n%q\n%q", file, here, there)
		}
		if here, there := pictures(english+name, text), pictures(chinese+name, other); !slices.Equal(here, there) {
			t.Errorf("%s shows %v in English and %v in Chinese", name, here, there)
		}
	}
	for file := range all {
		if name, isChinese := strings.CutPrefix(file, chinese); isChinese && all[english+name] == "" {
			t.Errorf("%s is not there in English", file)
		}
	}
}

func TestEveryPictureIsShownAndSmall(t *testing.T) {
	shown := map[string]bool{}
	for file, text := range documents(t) {
		for _, target := range linked(file, text) {
			shown[target] = true
		}
	}
	for _, folder := range []string{"docs/pictures", "docs/guide/pictures"} {
		err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			about, err := entry.Info()
			if err != nil {
				return err
			}
			if !shown[filepath.ToSlash(file)] {
				t.Errorf("no document shows %s", file)
			}
			if about.Size() > 150<<10 {
				t.Errorf("%s has %d KiB, more than 150", file, about.Size()>>10)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// pictures are the names of the pictures that a guide shows, in order.
func pictures(file, text string) []string {
	var out []string
	for _, target := range linked(file, text) {
		if path.Ext(target) == ".png" {
			out = append(out, path.Base(target))
		}
	}
	return out
}
