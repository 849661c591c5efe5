# `make check` is what CI runs. Every Maven call gets a JDK 25, whichever `java` is on the PATH.

MVN := tools/with-jdk ./mvnw -B
BIN := $(CURDIR)/.venv/bin
JAR := target/argmind.jar
RUN ?= sudoku markowitz tau
JMH ?= -f 1 -wi 3 -i 5 -w 1 -r 1

.PHONY: help run demo check test fmt bench peers experiments figures client jar clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 13

run: $(JAR) ## start the service on port 8080 (management on 8081)
	tools/with-jdk java @tools/jvm.options -jar $(JAR)

demo: $(JAR) ## learn Sudoku's rules by differentiating through a linear program
	tools/venv
	tools/with-service $(BIN)/python python/examples/sudoku.py

check: ## everything that must hold: format, static analysis, tests of both sides
	$(MVN) verify
	tools/venv
	cd python && $(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy src
	cd python && ../tools/with-service $(BIN)/pytest

test: ## the Java tests only
	$(MVN) test

fmt: ## format all sources
	$(MVN) -q spotless:apply
	tools/venv
	cd python && $(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: ## every figure as a table: JMH, then `make peers`; choose with JMH="-f 1 NAME" and PEERS="..."
	$(MVN) -q -Pbenches test-compile exec:exec -Djmh.args="$(JMH)"
	$(MAKE) peers

peers: $(JAR) ## the service against its peers, end to end; choose with PEERS="--cases qp --sizes 10"
	tools/venv-peers
	tools/with-service .venv-peers/bin/python benches/peers/run.py --out target/peers.jsonl $(PEERS)

experiments: $(JAR) ## run docs/experiments.md again; choose with RUN=sudoku ARGS="--seeds 1"
	tools/venv
	cd python/examples && for name in $(RUN); do ../../tools/with-service $(BIN)/python -m experiments.$$name $(ARGS) || exit 1; done

figures: ## draw docs/figures from docs/results and docs/performance.md
	tools/venv
	cd python/examples && $(BIN)/python -m experiments.figures

client: ## the Python client as a wheel in python/dist
	tools/venv
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir python/dist ./python

jar: $(JAR)

$(JAR): pom.xml $(wildcard openapi.yaml) $(shell find src/main -type f)
	$(MVN) -q package -DskipTests
	@touch $@

clean: ## remove what was built, .venv excepted
	rm -rf target python/dist
