package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"
)

const mebi = 1 << 20

// scrape reads the daemon's metrics. Those that have several series are added up, and each is there by itself too.
func scrape(ctx context.Context, admin string) (map[string]float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+admin+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the metrics answer %s", response.Status)
	}
	figures := map[string]float64{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		series, number, ok := strings.Cut(lines.Text(), " ")
		// A label's value may hold a space.
		if end := strings.LastIndexByte(lines.Text(), '}'); end >= 0 {
			series, number, ok = lines.Text()[:end+1], strings.TrimSpace(lines.Text()[end+1:]), true
		}
		value, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil || strings.HasPrefix(series, "#") {
			continue
		}
		figures[series] = value
		if name, _, several := strings.Cut(series, "{"); several {
			figures[name] += value
		}
	}
	return figures, lines.Err()
}

// take measures a daemon whose database is the given file.
func take(ctx context.Context, p *process, database string, events int) (sample, error) {
	figures, err := scrape(ctx, p.admin)
	if err != nil {
		return sample{}, err
	}
	size, err := megabytes(database)
	if err != nil {
		return sample{}, err
	}
	log, err := megabytes(database + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	resident, _ := p.memory()
	return sample{
		events: events, goroutines: figures["go_goroutines"], files: figures["process_open_fds"],
		// The collector begins anew when as much again has been allocated as it left alive.
		heap: figures["go_memstats_next_gc_bytes"] / 2 / mebi, resident: resident, log: log, database: size,
	}, err
}

func megabytes(path string) (float64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return float64(info.Size()) / mebi, nil
}
