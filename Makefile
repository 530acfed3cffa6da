# Each target sets up what it needs and is safe to run again. Any Python 3.11 or newer with venv will do.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
PYTHON := $(or $(PYTHON),python3)
ARGS ?=

.PHONY: run test attacks bench check setup lock screenshots

run:     ## set up and serve the demo agency at http://localhost:8000
	@exec $(PYTHON) ecpd/bootstrap run $(ARGS)

test:    ## set up and run the whole test suite
	@exec $(PYTHON) ecpd/bootstrap test $(ARGS)

attacks: ## set up and try every guard of the database
	@exec $(PYTHON) ecpd/bootstrap attacks $(ARGS)

bench:   ## set up and print the performance tables
	@exec $(PYTHON) ecpd/bootstrap bench $(ARGS)

check:   ## linters, formats, types, import contracts
	@exec $(PYTHON) ecpd/bootstrap check

setup:   ## install everything, make the keys, run nothing
	@exec $(PYTHON) ecpd/bootstrap setup $(ARGS)

lock:    ## renew the lock files
	@exec $(PYTHON) ecpd/bootstrap lock $(ARGS)

screenshots: setup  ## walk the demo and renew the README's pictures
	@.venv/bin/python docs/screenshots.py
