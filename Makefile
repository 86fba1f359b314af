# `make demo` and `make test` need Python 3.11+ and make, and set up everything else in .venv themselves.

PYTHON ?= python3
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/.set-up
DOCS_LOG := $(VENV)/docs.log

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test setup lint types stubs docs tests bench format clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(SET_UP) ## check the example programs in every way there is
	$(BIN)/python examples/demo.py

test: $(SET_UP) ## everything: lint, types, stubs, docs, tests; each runs even if another fails
	@$(MAKE) --no-print-directory --keep-going lint types stubs docs tests

setup: $(SET_UP) ## make .venv with what development needs

# Runs again when the requirements change. A .venv that is already there is used as it is.
$(SET_UP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or \
		sys.exit("shapetypes needs Python 3.11 or newer, this is " + sys.version.split()[0] + ": make PYTHON=python3.X")'
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

lint: $(SET_UP) ## ruff
	@echo $(BIN)/ruff check; $(BIN)/ruff check; status=$$?; \
		echo $(BIN)/ruff format --check; $(BIN)/ruff format --check && exit $$status

types: $(SET_UP) ## mypy --strict over the package
	$(BIN)/mypy

# A cache of its own: here `torch` is stubs/torch. Silent about what the stubs import: that is judged by `types`.
stubs: $(SET_UP) ## mypy --strict and pyright over the op database
	@echo $(BIN)/mypy --strict stubs; \
		$(BIN)/mypy --strict --follow-imports=silent --cache-dir=.mypy_cache/stubs stubs; status=$$?; \
		echo $(BIN)/pyright; $(BIN)/pyright && exit $$status

# `--strict` knows nothing of warnings about docstrings: those are looked for in what was printed.
docs: $(SET_UP) ## build the documentation; a warning is a failure
	@echo $(BIN)/zensical build --clean --strict
	@$(BIN)/zensical build --clean --strict > $(DOCS_LOG) 2>&1; status=$$?; cat $(DOCS_LOG); \
		if grep -qiE '^griffe:|warning' $(DOCS_LOG); then echo 'the documentation has warnings'; exit 1; fi; exit $$status

tests: $(SET_UP) ## the test suite
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

bench: $(SET_UP) ## the benchmarks, which want an idle machine
	$(BIN)/python -m pytest benchmarks --benchmark-only

format: $(SET_UP) ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## remove what was built, .venv excepted
	rm -rf site dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks .shapetypes_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
