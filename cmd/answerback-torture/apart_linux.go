package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

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
		return statusOf(runForwarding(cmd)), true
	}
	return 0, false
}

// runForwarding runs a program that gets the signals which end this one.
func runForwarding(cmd *exec.Cmd) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = cmd.Process.Signal(s)
		case err := <-ended:
			return err
		}
	}
}

// statusOf is the exit status of a program that ended so.
func statusOf(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.Exited():
		return exit.ExitCode()
	default:
		fmt.Fprintln(os.Stderr, "answerback-torture:", err)
		return 1
	}
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
