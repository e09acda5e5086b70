# Everything a fresh machine needs: `make run` (the main job) and `make test`.
# Each target makes the virtual environment when it is missing or older than pyproject.toml, then does its work.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# One thread a process: two processes on two cores are faster than two threads each.
export OMP_NUM_THREADS ?= 1
export PYTHONWARNINGS ?= ignore::FutureWarning

.PHONY: run test check docs notebooks bench soak clean help

help:
	@echo "make run        learn from failures for a few minutes, then show what was learned and why (the main job)"
	@echo "make test       run every test"
	@echo "make check      lint and type check"
	@echo "make docs       build the documentation into build/site, warnings as errors"
	@echo "make notebooks  run the notebooks and keep them with what they show, under notebooks/rendered"
	@echo "make bench      measure speed, as ratios"
	@echo "make soak       kill a session fifty times and compare it with one left in peace (about half an hour)"
	@echo "make clean      remove the virtual environment (sessions under .siren stay)"

run: $(VENV)/.run
	$(BIN)/siren learn --workers 2

test: $(VENV)/.dev
	$(BIN)/pytest --numprocesses 2 --dist loadscope
	$(BIN)/pytest --nbmake --nbmake-timeout=300 build/notebooks

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Material tells on every build until when it is cared for (CONTRIBUTING.md knows); that is no warning about this site.
docs: $(VENV)/.dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

notebooks: build/notebooks
	PYTHONWARNINGS=ignore $(BIN)/pytest --nbmake --nbmake-timeout=300 --overwrite build/notebooks
	mkdir -p notebooks/rendered
	cp build/notebooks/*.ipynb notebooks/rendered/

bench: $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python -m benchmarks.all

soak: $(VENV)/.dev
	$(BIN)/python -m benchmarks.soak --kills 50

clean:
	rm -rf $(VENV) build

$(VENV)/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SIREN needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[dev,docs,metrics,notebooks,postgres,train,web]"
	@touch $@

# Notebooks are committed as py:percent text; the test runs them as notebooks.
test: build/notebooks
build/notebooks: $(wildcard notebooks/*.py) | $(VENV)/.dev
	mkdir -p build/notebooks
	for source in notebooks/*.py; do $(BIN)/jupytext --quiet --to ipynb --output build/notebooks/$$(basename $$source .py).ipynb $$source; done
	@touch build/notebooks
