## make demo      build both example sites, which ask stand-ins, a file and a command
## make test      all checks: linters, types, imports, the whole suite
## make quick     the same without the slow tests
## make suite     the tests alone; some of them: make suite ARGS="-n0 -k badge"
## make matrix    the suite at both ends of the supported range
## make bench     speed beside its bounds, in minutes; a part: make bench ARGS="sphinx"
## make gallery   pictures of badges and tables in the themes that people use
## make docs      write the generated pages of docs/, and the README's list of systems
## make docs-site build the documentation, with live badges, below build/docs
## make messages  take the words of pages from the code into the catalogues, compile
## make clean     remove everything that the others made
##
## Each sets up what it needs, in .venv, .cache and build. PYTHON=... chooses a Python.

.PHONY: help demo test quick lint suite matrix bench gallery docs messages docs-site clean
.NOTPARALLEL:
.DELETE_ON_ERROR:

VERSIONS := 3.11 3.12 3.13 3.14
PYTHON = $(shell for python in python3 $(VERSIONS:%=python%); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV := .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip
GROUP := test
ARGS :=

PACKAGES := backup_badge sphinx_backup_badge mkdocs_backup_badge backup-badge.py
# Directories too: their time changes when a file is added or removed.
SOURCES := pyproject.toml README.md LICENSE \
	$(shell find $(PACKAGES) -not -path '*__pycache__*')
WHEEL = $$(echo build/wheel/*.whl)

export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/.cache/hypothesis
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# What is tested is the wheel, never a directory that happens to be on the path.
unexport PYTHONPATH

help:
	@sed -n 's/^## \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/demo
	@$(BIN)/python examples/demo.py

test: lint suite

quick: MARKED := -m "not slow"
quick: lint suite

lint: $(VENV)/$(GROUP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

# What programs write elsewhere, Chromium into the home directory, is gone afterwards.
# Some tools do not run as root: another user must reach what is there.
TRACELESS = export TMPDIR=$$(mktemp -d) && chmod 755 "$$TMPDIR" && trap 'rm -rf "$$TMPDIR"' EXIT INT TERM && \
	export HOME=$$TMPDIR &&

# The command, as `python -m pytest` puts the checkout on the path.
suite: $(VENV)/$(GROUP)
	@$(TRACELESS) \
	$(BIN)/pytest -n auto --dist worksteal $(MARKED) $(ARGS)

bench: $(VENV)/$(GROUP)
	@$(BIN)/python bench $(ARGS)

gallery: $(VENV)/gallery
	@$(TRACELESS) $(BIN)/python gallery $(ARGS)

docs: $(VENV)/demo
	$(BIN)/python docs/_site/reference.py

docs-site: $(VENV)/docs
	@$(BIN)/python docs/_site $(ARGS)

CATALOGUES := backup_badge/locale
BABEL = $(BIN)/pybabel -q

messages: $(VENV)/$(GROUP)
	@mkdir -p build
	$(BABEL) extract -F pyproject.toml -c Translators: --no-location --no-wrap \
	  --omit-header -o build/backup_badge.pot backup_badge
	$(BABEL) update -D backup_badge -i build/backup_badge.pot -d $(CATALOGUES) \
	  --no-wrap --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date
	$(BABEL) compile -D backup_badge -d $(CATALOGUES)

# The newest of everything with each Python, and the oldest with the oldest.
matrix:
	@failed=; \
	suite() { \
	  for python in python$$1 $$HOME/.pyenv/versions/$$1.*/bin/python; do \
	    if $$python -c '' 2>/dev/null; then \
	      echo "== Python $$1, $$2 =="; \
	      $(MAKE) suite PYTHON=$$python VENV=build/matrix/$$1-$$2 GROUP=$$3 \
	        || failed="$$failed $$1-$$2"; \
	      return; \
	    fi; \
	  done; \
	  echo "== Python $$1, $$2: this machine has no such Python =="; \
	}; \
	for version in $(VERSIONS); do suite $$version newest test; done; \
	export PIP_CONSTRAINT=tests/lowest.txt; \
	suite $(firstword $(VERSIONS)) lowest suite; \
	if [ -n "$$failed" ]; then echo "Failed:$$failed"; exit 1; fi

clean:
	rm -rf .venv .cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf examples/*/.cache

# Without its package for virtual environments, Debian's Python cannot put pip into one.
$(VENV)/made: pyproject.toml
	@test -n "$(PYTHON)" || \
	  { echo 'Python 3.11 or later is needed: make PYTHON=/path/to/python'; exit 2; } >&2
	@echo 'Making $(VENV)'
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) >/dev/null || \
	  { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	    $(PYTHON) -m pip --python $(VENV) install --quiet pip; }
	@$(PIP) install --quiet --upgrade pip hatchling hatch-fancy-pypi-readme
	@touch $@

build/wheel/made: $(SOURCES) | $(VENV)/made
	@rm -rf build/wheel
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir build/wheel .
	@touch $@

$(VENV)/demo $(VENV)/docs $(VENV)/gallery $(VENV)/$(GROUP): build/wheel/made $(VENV)/made
	@echo 'Installing the package and what "$(@F)" needs into $(VENV)'
	@$(PIP) uninstall -qq --yes backup-badge
	@$(PIP) install --quiet "$(WHEEL)[sphinx,mkdocs]" --group $(@F)
	@touch $@
