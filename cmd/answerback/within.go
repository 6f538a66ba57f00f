package main

import (
	"context"
	"errors"
	"time"
)

// closePatience is how long the store may take to close when the time of a stop is over. A store that hangs takes
// longer, and has all that it said is stored on disk already.
const closePatience = 2 * time.Second

// within gives a step of the stop the time that ctx has left, or at least patience, and leaves it behind after that.
func within(ctx context.Context, patience time.Duration, step func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- step() }()
	over := make(chan struct{})
	timer := time.AfterFunc(patience, func() { close(over) })
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-over:
	}
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return errors.New("it doesn't end; it is left behind")
	}
}
