package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// disk is a small file system in memory that can be full.
type disk struct {
	path string
	*fullness
}

// fullness is changed by deeds that may be done at once. What it says and how large the disk is go together: else a disk
// could stay full that nobody knows of, and nobody frees.
type fullness struct {
	mu     sync.Mutex
	full   bool
	before bool // full since the daemon's start
}

// diskSize is room enough for what the test writes.
const diskSize = 1 << 30

func mountDisk(path string) (disk, error) {
	d := disk{path, &fullness{}}
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, fmt.Sprintf("mode=0700,size=%d", diskSize)); err != nil {
		return disk{}, fmt.Errorf("mount a file system in memory: %w", err)
	}
	return d, nil
}

func (d disk) mounted() bool { return d.path != "" }

// fill leaves room for so many pages.
func (d disk) fill(pages int) error {
	if !d.mounted() {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.full, d.before = true, true
	for {
		var now syscall.Statfs_t
		if err := syscall.Statfs(d.path, &now); err != nil {
			return err
		}
		used := int64(now.Blocks-now.Bfree) * now.Bsize
		err := d.resize(used + int64(pages)*now.Bsize)
		if !errors.Is(err, syscall.EINVAL) { // that is: more was written meanwhile
			return err
		}
	}
}

// free makes room again.
func (d disk) free() error {
	if !d.mounted() {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.full {
		return nil
	}
	if err := d.resize(diskSize); err != nil {
		return err
	}
	d.full = false
	return nil
}

func (d disk) resize(size int64) error {
	return syscall.Mount("tmpfs", d.path, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", max(size, 1)))
}

// began says that the daemon begins another life.
func (d disk) began() {
	if !d.mounted() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.before = d.full
}

// wasFull reports whether the disk was full at any time of the daemon's present life.
func (d disk) wasFull() bool {
	if !d.mounted() {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.before
}

func (d disk) unmount() error {
	if !d.mounted() {
		return nil
	}
	return syscall.Unmount(d.path, syscall.MNT_DETACH)
}

// salvage copies what is on the disk, which others don't see and which ends with this process.
func (d disk) salvage(to string) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	files, err := os.ReadDir(d.path)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := copyFile(filepath.Join(to, file.Name()), filepath.Join(d.path, file.Name())); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
