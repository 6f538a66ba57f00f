package reply

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// errPanic says that an error is a panic's.
var errPanic = errors.New("panic")

// guarded runs a step of a delivery's. A panic of it is its error, so that the worker lives on and the fate is still
// entered.
func guarded(step func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, p, debug.Stack())
		}
	}()
	return step()
}
