# What can be made here: `make help`. Needs make and Python 3.11 or later; .venv holds the rest.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: help setup dev serve test check lint format clean

help: ## say what can be made here
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/.ready ## make .venv, with the package and the command cecot in it

dev: .venv/.ready-dev ## add what tests and checks need to .venv

.venv/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Python 3.11 or later is needed. Name one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'Python cannot make a virtual environment here. On Debian and Ubuntu:' >&2; \
	  echo '  sudo apt-get install python3-venv' >&2; exit 1; }
	@echo 'Installing cecot into .venv; the first time takes about a minute.' >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/.ready-dev: .venv/.ready
	@echo 'Adding what the tests and checks need to .venv.' >&2
	@$(PIP) --editable '.[dev]'
	@touch $@

serve: setup ## serve the graph: make serve PORT=8000 HOST=127.0.0.1
	@exec $(BIN)/cecot serve --host $(HOST) --port $(PORT) $(ARGS)

test: dev ## run the tests: make test ARGS="-k name"
	@$(BIN)/python -m pytest -n auto $(ARGS)

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

clean: ## remove .venv and what was built
	rm -rf .venv build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
