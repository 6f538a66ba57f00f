package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
)

// disk is a small file system in memory that can be full.
type disk struct {
	path   string
	full   *atomic.Bool
	before *atomic.Bool // full since the daemon's start
}

// diskSize is room enough for what the test writes.
const diskSize = 1 << 30

func mountDisk(path string) (disk, error) {
	d := disk{path: path, full: &atomic.Bool{}, before: &atomic.Bool{}}
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
	d.full.Store(true)
	d.before.Store(true)
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
	if !d.mounted() || !d.full.Load() {
		return nil
	}
	if err := d.resize(diskSize); err != nil {
		return err
	}
	d.full.Store(false)
	return nil
}

func (d disk) resize(size int64) error {
	return syscall.Mount("tmpfs", d.path, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", max(size, 1)))
}

// began says that the daemon begins another life.
func (d disk) began() {
	if d.mounted() {
		d.before.Store(d.full.Load())
	}
}

// wasFull reports whether the disk was full at any time of the daemon's present life.
func (d disk) wasFull() bool { return d.mounted() && d.before.Load() }

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

// apart runs this program once more where file systems can be mounted that others don't see. It reports false where
// that isn't permitted.
func apart(args []string) (status int, permitted bool) {
	self, err := os.Executable()
	if err != nil {
		return 0, false
	}
	for _, flags := range []*syscall.SysProcAttr{
		{Cloneflags: syscall.CLONE_NEWNS},
		{
			Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		},
	} {
		if flags.Cloneflags == syscall.CLONE_NEWNS && os.Geteuid() != 0 {
			continue
		}
		// Not every place that lets a process have its own mounts lets it make one.
		trial := exec.Command(self, trialVerb)
		trial.SysProcAttr = flags
		if trial.Run() != nil {
			continue
		}
		cmd := exec.Command(self, append([]string{apartVerb}, args...)...)
		cmd.SysProcAttr = flags
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		err := cmd.Run()
		var exit *exec.ExitError
		switch {
		case err == nil:
			return 0, true
		case errors.As(err, &exit) && exit.Exited():
			return exit.ExitCode(), true
		default:
			fmt.Fprintln(os.Stderr, "answerback-torture:", err)
			return 1, true
		}
	}
	return 0, false
}

// setApart keeps mounts of this process from others.
func setApart() error {
	return syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
}

// tryMount mounts, and fails where that isn't permitted.
func tryMount() error {
	if err := setApart(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "answerback-torture-")
	if err != nil {
		return err
	}
	defer os.Remove(dir)
	d, err := mountDisk(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.fill(0), d.free(), d.unmount())
}
