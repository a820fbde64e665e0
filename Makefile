# Kentongan. Chosen from outside: PYTHON makes the environment, ARGS goes to the program that is run.
#   make PYTHON=python3.12 demo
#   make test ARGS="tests/rules -x"

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
# One more than there are cores: some tests wait for a browser or a server.
WORKERS = $(shell $(PYTHON) -c 'import os; print(len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else "auto")')

.DEFAULT_GOAL := help
.PHONY: install demo talk serve test check bench bench-routing bench-growth bench-flood replay chaos soak messages help

install: $(INSTALLED) ## make .venv with everything

demo: $(INSTALLED) ## a sample office in the browser: no account, no network
	@$(BIN)/kentongan demo

talk: $(INSTALLED) ## the same conversation in the terminal
	@$(BIN)/kentongan talk

serve: $(INSTALLED) ## serve real people, with the settings in .env
	@$(BIN)/kentongan serve

test: $(INSTALLED) ## run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(INSTALLED) ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(INSTALLED) ## measure the whole way of a message, beside named baselines
	@$(BIN)/python -m bench $(ARGS)

bench-routing: $(INSTALLED) ## measure how well reports find their agency, beside named baselines
	@$(BIN)/python -m bench.routing $(ARGS)

bench-flood: $(INSTALLED) ## 300 messages a second for 15 minutes, ARGS="--database postgresql --minutes 1"
	@$(BIN)/python -m bench.flood $(ARGS)

bench-growth: $(INSTALLED) ## measure with more and more tickets, ARGS="--sizes 10000,10000000 --keep FOLDER"
	@$(BIN)/python -m bench.growth $(ARGS)

replay: $(INSTALLED) ## replay real complaints, ARGS="--reporters whatsapp --officers telegram"
	@$(BIN)/python -m bench.replay $(ARGS)

chaos: $(INSTALLED) ## let everything go wrong under load, ARGS="--seed 7 --minutes 3 --database sqlite"
	@$(BIN)/python -m bench.chaos $(ARGS)

soak: $(INSTALLED) ## let a simulated year of 50,000 reports pass, ARGS="--tickets 200000 --seed 7"
	@$(BIN)/python -m tests.year --tickets 50000 $(ARGS)

messages: $(INSTALLED) ## bring the catalogues up to the sentences in the code
	@$(BIN)/python locales/refresh.py

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# .venv is made only where there is none that works; the packages are looked at again when pyproject.toml changes.
$(INSTALLED): pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { $(FIT) && $(PYTHON) -m venv --clear .venv; }
	@echo "Installing Kentongan and its tools into .venv; this takes about a minute."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

FIT = $(FOUND) && $(NEW) && $(WHOLE)
FOUND = { command -v $(PYTHON) >/dev/null \
	|| { echo "Kentongan needs Python 3.11 or newer, and there is no $(PYTHON) here: install it, or name another with make PYTHON=python3.12." >&2; false; }; }
NEW = { $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Kentongan needs Python 3.11 or newer, and $(PYTHON) is older: name another with make PYTHON=python3.12." >&2; false; }; }
WHOLE = { $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	|| { echo "$(PYTHON) cannot make environments: install its venv module (Debian, Ubuntu: sudo apt install python3-venv) and run make again." >&2; false; }; }
