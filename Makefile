# Everything in one environment in .venv; nothing else on the machine is touched but LibreOffice, where it may be installed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test fast check bench lowest audit clean libreoffice

demo: .venv/installed
	$(BIN)/xlcnn make docs/seven.png --output outputs/demo.xlsx --force
	$(BIN)/xlcnn verify outputs/demo.xlsx
	@echo "open outputs/demo.xlsx in Excel, LibreOffice or Google Sheets"

test: .venv/installed-dev libreoffice
	$(BIN)/python -m pytest -n 2

fast: .venv/installed-dev
	$(BIN)/python -m pytest -n 2 -m "not slow"

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lowest:
	@tests/at-lowest

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

libreoffice:
	@tests/install-libreoffice

clean:
	rm -rf .venv .venv-lowest .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build *.egg-info
