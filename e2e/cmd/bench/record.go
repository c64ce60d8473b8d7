package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// record is a file of figures, with what has to be the same for two of them to be compared.
type record struct {
	Commit  string    `json:"commit"`
	At      time.Time `json:"at"`
	Cores   int       `json:"cores"`
	Kernel  string    `json:"kernel"`
	Go      string    `json:"go"`
	Rounds  int       `json:"rounds"`
	Figures []figure  `json:"figures"`
}

func newRecord(figures []figure) record {
	return record{commit(), time.Now().UTC().Truncate(time.Second), runtime.NumCPU(), kernel(), runtime.Version(), rounds, figures}
}

func (r record) encode() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err := encoder.Encode(r)
	return text.Bytes(), err
}

func readRecord(file string) (record, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return record{}, err
	}
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return record{}, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}

// commit is what is measured, as far as git knows.
func commit() string {
	said, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(said))
}

func kernel() string {
	var name syscall.Utsname
	if err := syscall.Uname(&name); err != nil {
		return "unknown"
	}
	var out []byte
	for _, c := range name.Release {
		if c == 0 {
			break
		}
		out = append(out, byte(c))
	}
	return string(out)
}
