# Everything a developer, an operator's laptop and the build server call. `make help` lists it.
SHELL := /bin/sh
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help setup lock

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

# A stamp holds the lock that was installed; when it is older than what it was made from, the set is installed again.
.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Closeknit needs Python 3.11 or newer: call make with PYTHON=python3.12, say." >&2; exit 3; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is not here: install it (Debian: apt-get install python3-venv)." >&2; exit 3; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/installed-%: .venv/bin/uv requirements/%.txt pyproject.toml
	@echo "installing requirements/$*.txt"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/$*.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

setup: .venv/installed-dev ## .venv with everything for development, from the hashed locks

lock: .venv/bin/uv ## requirements/*.txt anew from pyproject.toml (ARGS="--upgrade" for newer versions)
	@$(LOCK) $(ARGS) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) $(ARGS) pyproject.toml --group local -c requirements/runtime.txt -o requirements/local.txt
	@$(LOCK) $(ARGS) pyproject.toml --group dev -c requirements/local.txt -o requirements/dev.txt
	@$(LOCK) $(ARGS) pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt
	@echo 'uv>=0.5' | $(LOCK) $(ARGS) - -o requirements/uv.txt
	@! grep -nE 'https?://' requirements/*.txt
