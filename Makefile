# What a person types: build, demo, test, bench. What they share: stages.
#
# `make demo` needs Go alone. `make test` needs Go, gcc, make and Node; its
# first stage says what is missing and, as root on Debian, installs the rest.

GO            ?= go
GOLANGCI      := v2.15.0
LINTER        := .bin/golangci-lint-$(GOLANGCI)
PROGRAMS      := ./installer/cmd/readmit ./agent/cmd/readmit-agent ./nativehost/cmd/readmit-host
GOBUILD       := CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w"
SAMPLESITE    := extension/test/.tmp/samplesite
NPM_INSTALLED := extension/node_modules/.package-lock.json
STAGE         := sh .ci/stage

CORPUS        ?= ../shared/corpus

.PHONY: build demo test bench score lint e2e clean

build:
	$(GOBUILD) -o bin/ $(PROGRAMS)

demo: build
	bin/readmit demo

# Stages inside one group do not touch each other, so two run at once; the
# tests that measure patience (Go, then the browsers) have the machine alone.
test:
	@$(STAGE) "what is needed" sh .ci/needs
	@$(MAKE) --no-print-directory -j2 prepared
	@$(MAKE) --no-print-directory -k -j2 linted
	@$(STAGE) "go test -race" $(GO) test -race ./...
	@$(STAGE) "node tests" npm --prefix extension run --silent test
	@$(STAGE) "browser tests" npm --prefix extension run --silent e2e

lint:
	@$(MAKE) --no-print-directory -j2 npm.stage golangci.stage
	@$(MAKE) --no-print-directory -k -j2 linted

# One file or browser at a time: make e2e E2E="--browser firefox popup"
e2e: build $(SAMPLESITE) $(NPM_INSTALLED)
	npm --prefix extension run --silent e2e -- $(E2E)

bench: build $(SAMPLESITE) $(NPM_INSTALLED)
	$(GO) test -run '^$$' -bench . -benchmem ./...
	npm --prefix extension run --silent bench

# Against recorded refusals that lie beside the project, where they do.
score: build
	@test -d $(CORPUS) || { echo "no recorded refusals in $(CORPUS)"; echo "  hint: make score CORPUS=<folder>"; exit 1; }
	$(CORPUS)/score --readmit bin/readmit $(CORPUS)/refusals-dev.jsonl
	$(CORPUS)/score-challenges --readmit bin/readmit $(CORPUS)/challenges-dev.json

clean:
	rm -rf bin .bin extension/node_modules extension/test/.tmp extension/test/screenshots

.PHONY: prepared linted $(SAMPLESITE)
prepared: npm.stage golangci.stage build.stage
linted: gofmt.stage vet.stage golint.stage types.stage eslint.stage weblint.stage

$(SAMPLESITE):
	$(GOBUILD) -o $@ ./installer/samplesite/cmd/samplesite

$(NPM_INSTALLED): extension/package-lock.json
	cd extension && npm ci --ignore-scripts --no-audit --no-fund

# The version stands in the name, so that a new one is installed where an old one is.
$(LINTER):
	GOBIN="$(CURDIR)/.bin" $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	mv .bin/golangci-lint $@

.PHONY: npm.stage golangci.stage build.stage gofmt.stage vet.stage golint.stage types.stage eslint.stage weblint.stage
npm.stage:
	@$(STAGE) "npm ci" $(MAKE) --no-print-directory $(NPM_INSTALLED)
golangci.stage:
	@$(STAGE) "golangci-lint $(GOLANGCI)" $(MAKE) --no-print-directory $(LINTER)
build.stage:
	@$(STAGE) "build" $(MAKE) --no-print-directory build $(SAMPLESITE)

gofmt.stage:
	@$(STAGE) "gofmt" sh -c 'left=$$(gofmt -l agent nativehost installer) && test -z "$$left" || { echo "not formatted: $$left"; exit 1; }'
vet.stage:
	@$(STAGE) "go vet, three systems" sh -c 'bad=0; for os in linux darwin windows; do echo $$os; CGO_ENABLED=0 GOOS=$$os $(GO) vet ./... || bad=1; done; exit $$bad'
golint.stage:
	@$(STAGE) "golangci-lint, three systems" sh -c 'bad=0; for os in linux darwin windows; do echo $$os; CGO_ENABLED=0 GOOS=$$os $(LINTER) run ./... || bad=1; done; exit $$bad'
types.stage:
	@$(STAGE) "tsc" npm --prefix extension run --silent types
eslint.stage:
	@$(STAGE) "eslint" npm --prefix extension run --silent lint
weblint.stage:
	@$(STAGE) "web-ext lint" npm --prefix extension run --silent lint:web
