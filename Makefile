# The commands of the project. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run set-up test lint train validate evaluate bench lock

export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
PYTHON := .venv/bin/python

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

set-up: ## the environment: Python packages and front-end files
	@bin/set-up

run: set-up ## everything, from nothing: prints the addresses; Ctrl-C ends it
	@exec .venv/bin/savoir run

test: set-up ## everything that CI runs
	@bin/test

lint: set-up ## style, types, import rules
	@bin/test lint

train: set-up ## a new model from data/, domain.yml and config.yml
	@.venv/bin/savoir train

validate: set-up ## checks data, domain and copy
	@.venv/bin/savoir validate

evaluate: set-up ## how well it understands and finds: a report
	@.venv/bin/savoir evaluate all

bench: set-up ## how fast it is, beside a bare Rasa bot
	@$(PYTHON) -m tests.bench

lock: ## compiles requirements.in and requirements-dev.in into requirements.txt
	.venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		--python-version 3.10 --quiet requirements-dev.in -o requirements.txt
