# Everything a developer, an operator's laptop and the build server call. `make help` lists it.
SHELL := /bin/sh
# The system's own Python where it is new enough: one built without profile guidance runs all this a third slower.
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
  2>/dev/null && echo /usr/bin/python3 || echo python3)
ARGS ?=
BIN := .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
# What runs the system is enough for a demo; a developer's set, where it is installed, holds that too.
LOCAL := $(if $(wildcard .venv/installed-dev),.venv/installed-dev,.venv/installed-local)
DEV := .venv/installed-dev

# pytest keeps its rewritten asserts between runs, whatever the caller's environment says of bytecode.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest
# Tests go in an order that is the commit's own: another with each, and a red run can be run again as it was.
ORDER = $(shell printf %d 0x0$$(git rev-parse HEAD 2>/dev/null | cut -c1-7))

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast check fix prove prove-care prove-measures prove-privacy demo-day lock lock-jars clean
.PHONY: bench-append bench-submit bench-relay bench-rebuild bench-freshness bench-worklist bench-timeline bench-search bench-measures

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

demo: $(LOCAL) ## the whole system on this machine, with two practice initiatives (ARGS="--size county --fresh")
	@$(BIN)/closeknit demo $(ARGS)

test: $(DEV) ## every test, on real PostgreSQL, Kafka and Chromium (ARGS="tests/referrals -k handoff")
	@$(BIN)/python -m deploy.local.chromium >/dev/null
	@$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder --randomly-seed=$(ORDER) $(ARGS)

test-fast: $(DEV) ## the tests that need no server and no browser, under 15 seconds
	@$(PYTEST) -q -n 2 -p no:schemathesis --hypothesis-profile=fast -m "not servers and not browser and not slow" $(ARGS)

check: $(DEV) ## format, lint, types, imports, budgets, what is generated
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m contracts.generate --check
	@$(BIN)/python -m deploy.machines_page --check
	@$(BIN)/python -m deploy.authorization_page --check
	@$(BIN)/python -m deploy.asvs_page --check
	@$(BIN)/python -m deploy.spanish_measures_page --check
	@$(PYTEST) -q tests/architecture

fix: $(DEV) ## format, and mend what the linter can mend
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix .

prove-care: $(DEV) ## the rules of care: every machine whole, sequences against a model, generated requests
	@CLOSEKNIT_PROOF=large $(PYTEST) -q -m proof --timeout=0 -s $(ARGS) tests/referrals/domain/test_machines.py \
	  tests/referrals/api/test_sequences.py tests/referrals/api/test_generated.py \
	  tests/measures/api/test_generated.py

prove-measures: $(DEV) ## figures: every measure and formula against a second opinion, on many random worlds
	@CLOSEKNIT_PROOF=large $(PYTEST) -q -m proof --timeout=0 -s $(ARGS) tests/measures

# Two at once: the runs that are compared take about as long as all the rest.
TWO_RUNS := tests/privacy/test_noninterference.py
prove-privacy: $(DEV) ## who she is: two runs compared byte for byte, planted leaks, two agencies' answers, every cell
	@export CLOSEKNIT_PROOF=large; $(PYTEST) -q -m proof --timeout=0 -s $(ARGS) $(TWO_RUNS) & runs=$$!; \
	  $(PYTEST) -q -m proof --timeout=0 -s $(ARGS) --ignore=$(TWO_RUNS) tests/privacy; \
	  rest=$$?; wait $$runs && exit $$rest

prove: $(DEV) ## the long proofs: a million events, hundreds of kills (not in CI)
	@CLOSEKNIT_PROOF=large $(PYTEST) -m proof --timeout=0 -s $(ARGS)

bench-append: $(DEV) ## append speed against the library's own recorder and a bare INSERT
bench-submit: $(DEV) ## POST /v1/referrals through gateway and referrals against a bare endpoint
bench-relay: $(DEV) ## event store to Kafka against a bare producer
bench-rebuild: $(DEV) ## all projections anew against a bare consumer
bench-freshness: $(DEV) ## how soon a submitted referral is on the timeline and in the measures
bench-worklist: $(DEV) ## what waits for an agency, of 100,000 clients and 1,000,000 events
bench-timeline: $(DEV) ## a client's timeline, of 100,000 clients and 1,000,000 events
bench-search: $(DEV) ## an agency's clients by the first letters of a name, of 100,000
bench-measures: $(DEV) ## every measure in every view of one quarter, of 1,000,000 events
bench-append bench-submit bench-relay bench-rebuild bench-freshness bench-measures:
	@$(BIN)/python -m tests.bench.$(@:bench-%=%) $(ARGS)
# Asked for together, these share one county: the first of them does the work of all.
READINGS = $(filter bench-worklist bench-timeline bench-search,$(MAKECMDGOALS))
bench-worklist bench-timeline bench-search:
	@[ $@ != $(firstword $(READINGS)) ] || $(BIN)/python -m tests.bench.readings $(READINGS:bench-%=%) $(ARGS)

demo-day: $(DEV) ## a scripted day in a county at a real browser, with pictures in .closeknit/day
	@$(BIN)/python -m deploy.local.chromium >/dev/null
	@$(BIN)/python -m tests.browser.demo_day $(ARGS)

setup: $(DEV) ## .venv with everything for development, from the hashed locks
	@true

lock: .venv/bin/uv ## requirements/*.txt anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(LOCK) $(ARGS) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) $(ARGS) pyproject.toml --group local -c requirements/runtime.txt -o requirements/local.txt
	@$(LOCK) $(ARGS) pyproject.toml --group dev -c requirements/local.txt -o requirements/dev.txt
	@$(LOCK) $(ARGS) pyproject.toml --group bench -c requirements/dev.txt -o requirements/bench.txt
	@echo 'uv>=0.5' | $(LOCK) $(ARGS) - -o requirements/uv.txt
	@! grep -nE 'https?://' requirements/*.txt
	@touch .venv/bin/uv

lock-jars: $(DEV) ## deploy/local/jgo.lock.toml anew from Kafka's own dependencies
	@$(BIN)/python -m deploy.local.jars

clean: ## stop the local system; remove its state, the caches and .venv
	@[ ! -x $(BIN)/closeknit ] || $(BIN)/closeknit down
	@rm -rf .closeknit .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Closeknit needs Python 3.11 or newer: call make with PYTHON=python3.12, say." >&2; exit 3; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is not here: install it (Debian: apt-get install python3-venv)." >&2; exit 3; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

# The stamp is newer than the lock that was installed: until that changes, there is nothing to do.
.venv/installed-%: .venv/bin/uv requirements/%.txt pyproject.toml
	@echo "installing requirements/$*.txt"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/$*.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@
