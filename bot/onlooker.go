package bot

import (
	"runtime/debug"
	"time"

	"github.com/sirupsen/logrus"
)

// onlooker is an observer that can't get into the way of what it is told of: its panic ends with it.
type onlooker struct {
	of  Observer
	log logrus.FieldLogger
}

// Decided implements [Observer].
func (o onlooker) Decided(verdict, because string) {
	defer o.recover()
	o.of.Decided(verdict, because)
}

// Delivered implements [Observer].
func (o onlooker) Delivered(action, fate string) {
	defer o.recover()
	o.of.Delivered(action, fate)
}

// Story implements [Observer].
func (o onlooker) Story(account string, figures map[string]int) {
	defer o.recover()
	o.of.Story(account, figures)
}

// Posted implements [Observer].
func (o onlooker) Posted(sinceReceived time.Duration) {
	defer o.recover()
	o.of.Posted(sinceReceived)
}

func (o onlooker) recover() {
	if p := recover(); p != nil {
		o.log.Errorf("nobody could be told what happened: panic: %v\n%s", p, debug.Stack())
	}
}
