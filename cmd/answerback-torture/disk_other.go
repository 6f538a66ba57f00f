//go:build !linux

package main

import "errors"

// disk is never full here.
type disk struct{}

var errNoDisk = errors.New("only on Linux can a disk be filled")

func mountDisk(string) (disk, error)              { return disk{}, errNoDisk }
func (disk) mounted() bool                        { return false }
func (disk) fill(int) error                       { return nil }
func (disk) free() error                          { return nil }
func (disk) began()                               {}
func (disk) wasFull() bool                        { return false }
func (disk) unmount() error                       { return nil }
func (disk) salvage(string) error                 { return nil }
func apart([]string) (status int, permitted bool) { return 0, false }
func setApart() error                             { return errNoDisk }
func tryMount() error                             { return errNoDisk }
