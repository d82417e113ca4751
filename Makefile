# Everything in one environment in .venv; nothing else on the machine is touched but LibreOffice, where it may be installed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test fast check site bench lowest pythons audit clean libreoffice

demo: .venv/installed
	$(BIN)/xlcnn make docs/seven.png --output outputs/demo.xlsx --force
	$(BIN)/xlcnn verify outputs/demo.xlsx
	@echo "open outputs/demo.xlsx in Excel, LibreOffice or Google Sheets"

test: .venv/installed-dev libreoffice
	$(BIN)/python -m pytest -n 2 --dist worksteal

fast: .venv/installed-dev
	$(BIN)/python -m pytest -n 2 -m "not slow"

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The pages of docs/ and the README, in site/; a warning, such as of a link to nothing, is an error (with --quiet it would not be counted).
site: .venv/installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --site-dir site
	@echo "open site/index.html"

lowest:
	@tests/at-lowest

pythons:
	@tests/at-pythons

audit: .venv/installed
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --local --skip-editable

bench: .venv/installed-dev
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/opening.py
	$(BIN)/python -m benchmarks.scale --rounds 2 --libreoffice

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[test,lint]'
	@touch $@ .venv/installed

.venv/installed-docs: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@

libreoffice:
	@tests/install-libreoffice

clean:
	rm -rf .venv .venv-lowest .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build site *.egg-info
