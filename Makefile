# The race detector needs a C compiler; the rest of the project doesn't.
CC_FOUND := $(shell command -v $${CC:-cc} 2>/dev/null)
RACE := $(if $(CC_FOUND),-race,)
# STRICT=1 turns what would be left out with a sentence into a failure.
STRICT ?=
FUZZTIME ?= 10s
BENCH ?= .
EVENTS ?= 200000
# TORTURE=short is the form for CI, in which a few planted bugs have to be found; SEED draws another plan.
TORTURE ?= full
SEED ?= 0

export CGO_ENABLED := $(if $(RACE),1,0)

.PHONY: build test lint bench bench-parts soak demo fuzz torture

build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/answerback ./cmd/answerback

test:
ifeq ($(RACE),)
	@echo "no C compiler was found: the tests run without the race detector" >&2
	@test -z "$(STRICT)"
endif
	go test $(RACE) -timeout 30m ./...

lint:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not gofmt'ed: $$unformatted" >&2; exit 1; }
	go vet ./...
	go tool staticcheck ./...

# The whole way from notification to reply, against a bare program; see cmd/answerback-bench.
bench: build
	CGO_ENABLED=0 go build -trimpath -o bin/answerback-bench ./cmd/answerback-bench
	bin/answerback-bench -answerback bin/answerback

# Whether memory, goroutines, open files or the log grow over EVENTS events; some five minutes.
soak: build
	CGO_ENABLED=0 go build -trimpath -o bin/answerback-bench ./cmd/answerback-bench
	bin/answerback-bench soak -answerback bin/answerback -events $(EVENTS)

# The binary under kills, faults, edits and a full disk; see cmd/answerback-torture.
torture: build
	CGO_ENABLED=0 go build -trimpath -o bin/answerback-torture ./cmd/answerback-torture
ifeq ($(TORTURE),short)
	bin/answerback-torture -seed $(SEED) -events 1200 -kills 40
	bin/answerback-torture -seed 7 -events 800 -kills 20 -patience 20s -planted 200-before-stored,resent-after-error
else
	bin/answerback-torture -seed $(SEED)
	bin/answerback-torture -seed 7 -events 800 -kills 20 -patience 20s -planted all
endif

bench-parts:
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

demo: build
	bin/answerback demo --once

# Every fuzz target for FUZZTIME each. The seeds run with every `make test`.
fuzz:
	@for pkg in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
			echo "$$pkg $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$pkg || exit 1; \
		done; \
	done
