# Everything a visitor or a developer runs. `make` alone lists it.
SHELL := /bin/bash
PYTHON := .venv/bin/python
HEXIAO := .venv/bin/hexiao

.DEFAULT_GOAL := help
.PHONY: help setup demo test bench simulate screenshots package lint format

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## system packages, .venv/ and browser packages; quick when all is there
	@packaging/set-up.sh

demo: setup ## the whole story in two minutes; KEEP=1 leaves server and till open
	$(HEXIAO) demo $(if $(KEEP),--keep)

test: setup ## every check; PARTS="ruff qt" runs some
	$(PYTHON) -m tests.run $(PARTS)

bench: setup ## speed, beside the bare database; writes bench-output/
	$(HEXIAO) bench

simulate: setup ## random histories; SEEDS= STORES= scale it, MUTATION= switches a rule off
	$(PYTHON) -m tests.together.simulate $(if $(SEEDS),--seeds $(SEEDS)) \
	  $(if $(STORES),--stores $(STORES)) $(if $(MUTATION),--mutation $(MUTATION))

screenshots: setup ## pictures of every state of the till, into screenshots/
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m tests.together.screenshots

package: setup ## the till as one folder without Python, into dist/
	packaging/build.sh

lint: setup ## style, types and floors only
	$(PYTHON) -m tests.run ruff mypy floors

format: setup ## put the code into the project's format
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format --quiet .
