# What a fresh machine needs is Python 3.11 or later; everything else is installed into $(VENV) on first use.
# VENV=/path uses another environment; PYTHON=/path makes it with another interpreter.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
INPUTS := pyproject.toml constraints.txt
INTEROP := .interop
# More than two cores: many tests wait for a time limit of the standard to pass.
WORKERS := 4

.DEFAULT_GOAL := help
.PHONY: help demo test selftest interop bench equal browser screenshots spark release-check lint fmt clean

help:
	@echo "make demo      start the reference platform, run the whole suite against it, write the reports"
	@echo "make test      style, types, import contracts and all tests"
	@echo "make selftest  does the suite notice every wrong platform?"
	@echo "make interop   other people's tools read the published API, and clients they generate use it (needs Node 20; takes minutes)"
	@echo "make bench     speed and memory, with peers beside"
	@echo "make equal     every judge of rows says the same of 100,000 rows of each item, whatever the format (a quarter of an hour)"
	@echo "make browser   the report in a real browser, accessibility included (needs Chromium)"
	@echo "make spark     the check of files on a cluster of two workers (needs Java 17)"
	@echo "make screenshots  the pictures of the documents (needs Chromium; pngquant makes them small)"
	@echo "make lint      style, types and import contracts alone"
	@echo "make fmt       format the code"
	@echo "make clean     remove what make and the tools wrote"

demo: $(VENV)/.runtime
	$(BIN)/fcsp demo

test: lint
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

selftest: $(VENV)/.development
	$(BIN)/fcsp selftest --whole --workers 2 --cache .selftest-cache.json --json selftest.json --table selftest.md

interop: $(VENV)/.development $(INTEROP)/.tools
	$(BIN)/python -m tests.interop $(INTEROP)

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

equal: $(VENV)/.development
	$(BIN)/python -m tests.equal --workers 2

browser: $(VENV)/.browser
	@$(BIN)/python -m tests.browser --ready
	$(BIN)/python -m pytest -q tests/browser/check.py tests/browser/deliveries.py

spark: $(VENV)/.spark
	@$(BIN)/python -m tests.spark
	$(BIN)/python -m pytest -q tests/spark/check.py

screenshots: $(VENV)/.browser
	$(BIN)/python -m tests.browser docs/images

# DAY: the day of the release, YYYY-MM-DD; today in China where it is not given.
release-check: $(VENV)/.runtime
	$(BIN)/fcsp standard lint --release "$(or $(DAY),$(shell TZ=Asia/Shanghai date +%F))"

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(VENV)/.development
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf .venv $(INTEROP) build dist demo-run runs .selftest-cache.json selftest.json selftest.md benchmarks.json *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.runtime: $(INPUTS) | $(BIN)/python
	$(PIP) --editable .
	@touch $@

$(VENV)/.development: $(INPUTS) | $(BIN)/python
	$(PIP) --editable '.[dev]'
	$(BIN)/python -m tests.conformance.data.json_schema_suite $(VENV)/json-schema-test-suite
	@touch $@ $(VENV)/.runtime

$(VENV)/.browser: $(VENV)/.development
	$(PIP) --editable '.[dev,browser]'
	@touch $@

$(VENV)/.bench: $(VENV)/.development
	$(PIP) --editable '.[dev,bench]'
	@touch $@

$(VENV)/.spark: $(VENV)/.development
	$(PIP) --editable '.[dev,spark]'
	@touch $@

# schemathesis and the generator of clients pin libraries that the suite wants in other versions: an environment of their own.
$(INTEROP)/.tools: tests/interop/requirements.txt tests/interop/package.json
	$(PYTHON) -m venv $(INTEROP)/venv
	$(INTEROP)/venv/bin/python -m pip --disable-pip-version-check install --quiet --requirement tests/interop/requirements.txt
	cp tests/interop/package.json $(INTEROP)/package.json
	npm install --prefix $(INTEROP) --no-package-lock --no-audit --no-fund --silent
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed; $(PYTHON) is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
