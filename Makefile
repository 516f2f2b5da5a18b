# JiggaBlend. `make` shows what there is; `make run` is all you need to try it.
SHELL       := /bin/bash
BUN_VERSION := 1.4.5
ARCH        := $(subst x86_64,x64,$(subst arm64,aarch64,$(shell uname -m)))
LOCAL_BUN   := scripts/bun/node_modules/@oven/bun-linux-$(ARCH)/bin/bun
BUN         := $(shell b=$$(command -v bun 2>/dev/null); if [ -n "$$b" ] && [ "$$("$$b" --version 2>/dev/null)" = "$(BUN_VERSION)" ]; then echo "$$b"; else echo "./$(LOCAL_BUN)"; fi)
COMMIT      := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
PORT        ?= 8080
STATE       ?= .run
# No test is about speed: one that has no limit of its own may take its time on a busy machine
TEST        := $(BUN) test --timeout 60000
export BUN_INSTALL_CACHE_DIR := $(CURDIR)/.cache/bun

BINARY      := bin/jiggablend
SOURCES     := $(shell find src web -type f -not -path 'web/dist/*') package.json
BUILD_FLAGS := --compile --production --bytecode --format=esm --sourcemap=linked \
               --no-compile-autoload-dotenv --no-compile-autoload-bunfig

.DEFAULT_GOAL := help
.PHONY: help install build build-web init-test run run-manager run-runner demo test test-unit test-e2e test-blender-versions test-ffmpeg-versions check format bench clean

help: ## show this
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

install: node_modules/.stamp ## install Bun, the packages, Blender, FFmpeg and what else is missing
	scripts/setup.sh render

$(LOCAL_BUN): scripts/bun/package-lock.json
	cd scripts/bun && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

node_modules/.stamp: package.json bun.lock | $(if $(findstring $(LOCAL_BUN),$(BUN)),$(LOCAL_BUN))
	$(BUN) install --frozen-lockfile --silent
	@touch $@

build: $(BINARY) ## build the one file, bin/jiggablend

build-web: node_modules/.stamp ## prepare what the binary embeds from web/
	$(BUN) scripts/build-web.ts

$(BINARY): $(SOURCES) node_modules/.stamp
	@$(MAKE) --no-print-directory build-web
	@mkdir -p bin
	$(BUN) build $(BUILD_FLAGS) --asset web/dist --define 'JIGGABLEND_COMMIT="$(COMMIT)"' src/main.ts --outfile $(BINARY)

init-test: build ## make the test account and key in .run (they work on this machine alone)
	$(BUN) scripts/init-test.ts $(STATE)/jiggablend.db

run: install build init-test ## run a manager and one runner on this machine
	$(BUN) scripts/run.ts $(STATE) $(PORT)

run-manager: install build init-test ## run the manager alone
	$(BINARY) manager --host 127.0.0.1 --port $(PORT) --db $(STATE)/jiggablend.db --storage $(STATE)/storage

run-runner: install build ## run one runner alone
	JIGGABLEND_API_KEY=$$($(BUN) scripts/init-test.ts --key) $(BINARY) runner --manager http://127.0.0.1:$(PORT) --workspace $(STATE)/runner

demo: install ## submit an example scene to the running farm and watch it
	$(BUN) scripts/demo.ts $(STATE) $(PORT)

check: build-web ## types, format, promise lint, unused code, import direction
	scripts/check.sh $(BUN)

format: node_modules/.stamp ## format all sources
	$(BUN) fmt

test-unit: build-web ## the fast tests
	$(TEST) $$(ls -d test/*/ | grep -vE 'test/(e2e|versions|bench|support|fixtures)/')

test-e2e: export LC_ALL := C.UTF-8 # Chromium takes the names of files for what the locale says
test-e2e: build ## real Blender, FFmpeg and Chromium on the compiled binary
	scripts/setup.sh render test
	$(TEST) test/e2e

test: ## everything: install, check, all tests
	scripts/setup.sh render test
	@$(MAKE) --no-print-directory check test-unit test-e2e

# Debian 13's and the newest; the installed one is the suite's own
FFMPEG_SUITES ?= trixie sid

test-ffmpeg-versions: node_modules/.stamp ## videos and previews with other versions of FFmpeg, fetched into .cache
	scripts/setup.sh render test
	set -e; for suite in $(FFMPEG_SUITES); do \
	  scripts/fetch-ffmpeg.sh $$suite .cache/ffmpeg/$$suite; \
	  PATH=$(CURDIR)/.cache/ffmpeg/$$suite:$$PATH $(TEST) test/e2e/video-*.test.ts test/e2e/preview.test.ts; \
	done

test-blender-versions: build ## three whole Blenders of Debian's releases, from a release site to a frame (700 MB, some minutes)
	scripts/setup.sh render test
	for suite in bookworm trixie sid; do scripts/pack-debian-blender.sh $$suite .cache/blenders || exit 1; done
	$(TEST)0 test/versions

bench: install build ## figures, each beside its reference
	$(BUN) test/bench/run.ts

clean: ## remove what was built and the test farm's data
	rm -rf bin web/dist .cache .run
