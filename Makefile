# make run | test | check | fix | bench | screens | deb | clean; each sets up what it needs first.

# What `make bench` measures: nothing said is the quick round, BENCH=--full the one of docs/PERFORMANCE.md.
BENCH ?=

# Any Python from 3.11 on, for example: make test PYTHON=python3.12
PYTHON ?= python3

BIN := .venv/bin
# Made anew whenever the requirements change.
READY := .venv/is-ready

.PHONY: run test check fix bench screens deb clean python libraries test-libraries
.NOTPARALLEL:

run: libraries $(READY)
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/python -m saasdesk demo; \
	else $(BIN)/python -m saasdesk demo --headless; fi

test: test-libraries check
	@# Three processes at once, for many a test waits now and then; each has whole files, in the order that
	@# tests/conftest.py gives them.
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: libraries $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/codespell
	$(BIN)/mypy

fix: libraries $(READY)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: libraries $(READY)
	$(BIN)/python -m benchmarks $(BENCH)

screens: test-libraries $(READY)
	$(BIN)/python packaging/screens.py

deb: libraries $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint packaging/constraints.txt --editable '.[package]'
	$(BIN)/python packaging/build_deb.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

python:
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer, or say make PYTHON=/path/to/python." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "saasdesk needs Python 3.11 or newer, and $(PYTHON) is older: say make PYTHON=python3.11, or a path." >&2; exit 1; }

libraries: python
	@"$(PYTHON)" packaging/system_libraries.py

test-libraries: python
	@"$(PYTHON)" packaging/system_libraries.py --tests

$(READY): pyproject.toml packaging/constraints.txt
	@echo "Setting up .venv; the first time takes a minute or two."
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint packaging/constraints.txt --editable '.[dev]'
	@touch $(READY)
