package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/watch"
	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
)

func (c *cli) runCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "run -c FILE",
		Short: "Run the daemon",
		Long: `run takes in notifications, judges them by the rules, and posts the replies.

SIGTERM and SIGINT stop it: what is in work is finished first, a second signal
stops it at once. SIGHUP reads the rules again; it notices edits by itself too.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.loadConfig(path)
			if err != nil {
				return err
			}
			return c.serve(cmd.Context(), cfg, c.rereader(path))
		},
	}
	cmd.Flags().StringVarP(&path, "config", "c", "answerback.yaml", "configuration file")
	return cmd
}

// loadConfig reads the configuration and prints its problems; errors end the verb with status 2.
func (c *cli) loadConfig(path string) (*config.Config, error) {
	cfg, problems, err := config.Load(path, config.Options{Getenv: c.getenv})
	if err != nil {
		return nil, err
	}
	if err := problems.Text(c.stderr); err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		return nil, fmt.Errorf("configuration %q is not usable", path)
	}
	return cfg, nil
}

// rereader loads the configuration at path again.
func (c *cli) rereader(path string) func() (*config.Config, problem.List, error) {
	return func() (*config.Config, problem.List, error) {
		return config.Load(path, config.Options{Getenv: c.getenv})
	}
}

// serve runs the daemon until a signal or a breakdown ends it.
func (c *cli) serve(ctx context.Context, cfg *config.Config, reread func() (*config.Config, problem.List, error)) error {
	log := newLog(c.stderr, cfg)
	stop, reload, done := c.signals()
	defer done()
	d, err := startDaemon(ctx, cfg, reread, log, c.now)
	if err != nil {
		return c.startError(err)
	}
	err = c.attend(d, stop, reload)
	return errors.Join(err, d.drain(stop))
}

// attend waits for the end, and reloads on the way.
func (c *cli) attend(d *daemon, stop, reload <-chan os.Signal) error {
	for {
		select {
		case s := <-stop:
			d.log.WithField("signal", s.String()).Info("stopping: what is in work is finished first")
			return nil
		case <-reload:
			d.reload(context.Background(), watch.TriggerSignal)
		case err := <-d.failed:
			d.log.WithError(err).Error("stopping")
			return failure{err}
		}
	}
}

// drain stops the daemon within the configured time, or at once on a second signal.
func (d *daemon) drain(again <-chan os.Signal) error {
	ctx, cancel := context.WithTimeout(context.Background(), d.drains)
	defer cancel()
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case <-again:
			cancel()
		case <-stopped:
		}
	}()
	if err := d.stop(ctx); err != nil {
		return failure{err}
	}
	d.log.Info("stopped")
	return nil
}

// startError prints broken rules as check does; other errors are returned.
func (c *cli) startError(err error) error {
	var refused *watch.Refused
	if !errors.As(err, &refused) {
		return failure{err}
	}
	if err := refused.Problems.Text(c.stdout); err != nil {
		return failure{err}
	}
	return errFailed
}

// newLog makes the daemon's log.
func newLog(out io.Writer, cfg *config.Config) *logrus.Logger {
	log := logrus.New()
	log.SetOutput(out)
	log.SetLevel(cfg.Log.Level)
	if cfg.Log.Format == "json" {
		log.SetFormatter(&logrus.JSONFormatter{})
	} else {
		log.SetFormatter(&logrus.TextFormatter{FullTimestamp: true})
	}
	return log
}
