# `make` alone lists the targets. Everything runs in .venv, which is rebuilt only when the pinned requirements change.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-runtime
TOOLS := $(VENV)/.installed-tools

# The newest Python of the range in pyproject.toml; override with `make PYTHON=… `.
PYTHON ?= $(firstword $(foreach name,python3.13 python3.12 python3.11 python3,\
	$(shell command -v $(name) >/dev/null 2>&1 && \
	$(name) -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $(name))))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.txt
	@# `python -m bot` of this .venv then works in any folder
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "mekongwatch.pth").write_text("$(CURDIR)\n")'
	@touch $@

$(TOOLS): requirements-dev.txt $(RUNTIME)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

.PHONY: setup run serve
setup: $(TOOLS) ## install what tests and checks need

run: $(RUNTIME) ## the playground on http://127.0.0.1:8080: villagers, headmen, two centres; no tokens
	@$(BIN)/python -m bot try

serve: $(RUNTIME) ## start the bot with the settings of .env
	@$(BIN)/python -m bot serve

.PHONY: test check format-check lint types imports catalogues-check
# The tests' databases lie in memory where there are 2 GB of it to spare: no commit then waits for a disk, and what is
# tested about durability is tested with processes that are killed, not with a power cut.
ROOMY = $(shell test "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 2000000 2>/dev/null && echo /dev/shm)
# Compiled modules are kept even where the environment says otherwise: the tests start many processes that load the same.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(TOOLS) ## every test
	@TMPDIR="$${TMPDIR:-$(ROOMY)}" $(BIN)/python -m pytest -n 4 --dist worksteal

check: format-check lint types imports catalogues-check test ## everything that must be green before a commit

format-check: $(TOOLS)
	@$(BIN)/ruff format --check .

lint: $(TOOLS)
	@$(BIN)/ruff check .

types: $(TOOLS)
	@$(BIN)/mypy

imports: $(TOOLS)
	@$(BIN)/lint-imports

catalogues-check: $(TOOLS)
	@$(BIN)/python -m locales.maintain --check

.PHONY: format catalogues flow bench requirements
format: $(TOOLS) ## rewrite the code in the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

catalogues: $(RUNTIME) ## collect the texts of the code and update the translators' files
	@$(BIN)/python -m locales.maintain

flow: $(RUNTIME) ## draw docs/flow.md from the conversation's table
	@$(BIN)/python -m docs.draw_flow

bench: $(TOOLS) ## steps per second beside the floor, billed messages, lookups of places
	@$(BIN)/python -m bench

requirements: $(TOOLS) ## pin the newest allowed versions, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--constraint requirements.txt pyproject.toml requirements-dev.in --output-file requirements-dev.txt
