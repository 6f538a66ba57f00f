package webhook_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
)

func TestTheSameIsSaidOnceAMinute(t *testing.T) {
	d := newDoor(t)
	for range 1000 {
		d.send(signed("{}", "another"))
	}
	if n := len(d.log.AllEntries()); n != 1 {
		t.Errorf("%d lines", n)
	}
	d.clock.pass(time.Minute)
	d.send(signed("{}", "another"))
	if n := len(d.log.AllEntries()); n != 2 {
		t.Fatalf("%d lines after a minute", n)
	}
	if got := d.log.LastEntry().Data["hushed"]; got != 999 {
		t.Errorf("hushed %v", got)
	}
	d.clock.pass(time.Minute)
	d.send(signed("{}", "another"))
	if got, there := d.log.LastEntry().Data["hushed"]; there {
		t.Errorf("hushed %v, though nothing was", got)
	}
}

func TestDifferentThingsAreSaidBesideEachOther(t *testing.T) {
	d := newDoor(t)
	d.send(signed("{}", "another"))
	d.post("{")
	d.post(notification("99", comment("5", "hi")))
	d.post(notification("98", comment("5", "hi")))
	if n := len(d.log.AllEntries()); n != 4 {
		t.Errorf("%d lines:\n%s", n, d.logged(t))
	}
}

func TestLogLevels(t *testing.T) {
	for _, test := range []struct {
		name, body string
		level      logrus.Level
		says       string
	}{
		{"test button", notification("0", comment("5", "hi")), logrus.InfoLevel, "never answered"},
		{"direct message", `{"object":"instagram","entry":[{"id":"1","messaging":[{"message":{}}]}]}`, logrus.InfoLevel, "not ours"},
		{"unknown account", notification("99", comment("5", "hi")), logrus.WarnLevel, "aliases"},
		{"values off", `{"object":"instagram","entry":[{"id":"1","changed_fields":["comments"]}]}`, logrus.WarnLevel, "Include Values"},
		{"junk in it", notification(account, comment("../..", "hi")), logrus.WarnLevel, "signed"},
		{"junk", "{", logrus.WarnLevel, "can't be read"},
	} {
		d := newDoor(t)
		d.post(test.body)
		entry := d.log.LastEntry()
		if entry == nil || entry.Level != test.level || !strings.Contains(entry.Message, test.says) {
			t.Errorf("%s: log:\n%s", test.name, d.logged(t))
		}
	}
}

func TestNoTextOfStrangersInTheLog(t *testing.T) {
	d := newDoor(t)
	const text = "what a stranger wrote"
	d.post(notification(account, comment("5", text)))
	d.post(notification("99", comment("5", text)))
	d.post(notification("0", comment("5", text)))
	d.post(notification(account, comment("../..", text)))
	d.post(text)
	if log := d.logged(t); strings.Contains(log, text) {
		t.Errorf("log:\n%s", log)
	}
}

// The memory for what was said doesn't grow with what is sent.
func TestManyDifferentThings(t *testing.T) {
	d := newDoor(t)
	for i := range 2000 {
		d.post(notification(fmt.Sprint(5000+i), comment("5", "hi")))
	}
	before := len(d.log.AllEntries())
	d.post(notification("6999", comment("5", "hi")))
	if after := len(d.log.AllEntries()); before != 2000 || after != before {
		t.Errorf("%d lines, then %d", before, after)
	}
}
