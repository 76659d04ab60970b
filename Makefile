# What can be made here: `make help`. Needs make and Python 3.11 or later; .venv holds the rest.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
WEB := $(wildcard server/web/*.* server/web/src/*)
EDITOR := server/cecot/views/static/built/editor.js
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# Programs start in half the time where what Python compiles is kept; tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup dev serve test test-browser test-engines test-whole check lint format translations bench clean

help: ## say what can be made here
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/.ready ## make .venv, with the package and the command cecot in it

dev: .venv/.ready-dev ## add what tests and checks need to .venv

.venv/.ready: pyproject.toml hatch_build.py $(WEB)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or later is needed. Name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'Python cannot make a virtual environment here. On Debian and Ubuntu:' >&2; \
	  echo '  sudo apt-get install python3-venv' >&2; exit 1; }
	@echo 'Installing cecot into .venv; the first time takes about a minute.' >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@test -f $(EDITOR) || \
	  echo 'The query editor was not built (no npm, or no registry): its page is a plain form.' >&2
	@touch $@

.venv/.ready-dev: .venv/.ready
	@echo 'Adding what the tests and checks need to .venv.' >&2
	@$(PIP) --editable '.[dev]'
	@touch $@

.venv/.ready-browser: .venv/.ready-dev
	@echo 'Adding what drives a browser to .venv.' >&2
	@$(PIP) --editable '.[browser]'
	@touch $@

serve: setup ## serve the graph: make serve PORT=8000 HOST=127.0.0.1
	@exec $(BIN)/cecot serve --host $(HOST) --port $(PORT) $(ARGS)

test: dev ## run the tests: make test ARGS="-k name"
	@$(BIN)/python -m pytest -n auto --ignore=tests/browser $(ARGS)

test-browser: .venv/.ready-browser ## look at the pages in a real browser (needs chromium)
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder tests/browser $(ARGS)

test-engines: dev ## run the tests of pages over a real Oxigraph server, and those of engines
	@CECOT_TEST_ENGINE=oxigraph $(BIN)/python -m pytest -n auto tests/views tests/remote $(ARGS)

test-whole: .venv/.ready-browser ## run what the other tests hold samples of (a quarter of an hour)
	@CECOT_TEST_WHOLE=yes $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder \
	  tests/validation/test_engines.py tests/views/test_pages_all.py tests/browser/test_workbench.py \
	  tests/remote/test_same_site.py
	@$(BIN)/python -m bench agreement $(ARGS)

lint: dev ## check style, types, the form of the Turtle, and the rules; no tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cecot format --check
	$(BIN)/cecot validate

check: lint test ## everything that must hold before a change lands

format: dev ## write code and Turtle in their one form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/cecot format

translations: dev ## bring the .po files up to date with the texts of the program
	@$(BIN)/python -m cecot.locale.extraction

bench: .venv/.ready-bench ## measure and attack the service, in short: make bench (bench/README.md)
	@$(BIN)/python -m bench client --seconds 1
	@$(BIN)/python -m bench compare --rounds 1 --seconds 0.5 $(ARGS)
	@$(BIN)/python -m bench loading --triples 100000 --rounds 1
	@$(BIN)/python -m bench validation --triples 10000
	@$(BIN)/python -m bench large --triples 100000 --rows 100000 --rest 3 --times 9
	@$(BIN)/python -m bench hostile --budget 2 --most 6 --rest 3 --times 9
	@$(BIN)/python -m bench remote --engine oxigraph --triples 10000 --rounds 1

.venv/.ready-bench: .venv/.ready
	@echo 'Adding the servers that ours is compared with to .venv.' >&2
	@$(PIP) --editable '.[bench]'
	@touch $@

clean: ## remove .venv and what was built
	rm -rf server/web/node_modules $(dir $(EDITOR)) artifacts
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
