package reply

import (
	"fmt"
	"runtime/debug"
)

// guarded runs a step of a delivery's. A panic of it is its error, so that the worker lives on and the fate is still
// entered.
func guarded(step func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return step()
}
