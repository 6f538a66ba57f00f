package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/answerback/answerback/rules"
)

// TestSlips: the rules are good, and each slip makes all of them bad.
func TestSlips(t *testing.T) {
	good := fmt.Sprintf(rulesText, 7)
	if !loads(t, good) {
		t.Error("the good rules don't load")
	}
	for i, slip := range slips() {
		if bad := slip(good); bad == good || loads(t, bad) {
			t.Errorf("slip %d is none", i+1)
		}
	}
}

func loads(t *testing.T, text string) bool {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := rules.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	set, _ := rules.Compile(source)
	return set != nil
}
