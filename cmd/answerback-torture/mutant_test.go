package main

import "testing"

// TestPlantable: every bug can still be planted in the source as it is, and every invariant has one.
func TestPlantable(t *testing.T) {
	names, broken := map[string]bool{}, map[invariant]bool{}
	for _, m := range mutants() {
		if names[m.name] {
			t.Errorf("two are called %s", m.name)
		}
		names[m.name], broken[m.breaks] = true, true
		for _, e := range m.edits {
			if text, err := e.apply("../.."); err != nil {
				t.Errorf("%s: %v", m.name, err)
			} else if text == "" {
				t.Errorf("%s leaves nothing of %s", m.name, e.file)
			}
		}
	}
	for _, i := range []invariant{kept, ended, once, known, ordered, worded, alive} {
		if !broken[i] {
			t.Errorf("no bug shows that this is looked at: %s", i)
		}
	}
}
