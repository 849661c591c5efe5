# `make check` is what CI runs. Every Maven call gets a JDK 25, whichever `java` is on the PATH.

MVN := tools/with-jdk ./mvnw -B
BIN := $(CURDIR)/.venv/bin
JAR := target/argmind.jar
RUN ?= sudoku markowitz tau
JMH ?= -f 1 -wi 3 -i 5 -w 1 -r 1

.PHONY: help run demo check test fmt bench peers experiments figures scaling-out chart chart-files client jar clean image slow fuzz soak
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: $(JAR) ## start the service on port 8080, for this machine alone and without keys (management on 8081)
	SERVER_ADDRESS=$${SERVER_ADDRESS:-127.0.0.1} ARGMIND_SECURITY_MODE=$${ARGMIND_SECURITY_MODE:-none} tools/with-jdk java @tools/jvm.options -jar $(JAR)

demo: $(JAR) ## learn Sudoku's rules by differentiating through a linear program
	tools/venv
	tools/with-service $(BIN)/python python/examples/sudoku.py

check: ## everything that must hold: format, static analysis, tests of both sides and (with Docker) of the image
	$(MVN) spotless:check verify
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

scaling-out: $(JAR) ## 1, 2 and 4 replicas behind HAProxy, and the loss of one; as root; choose with SCALING="--cpu 0.25"
	tools/venv
	PYTHONPATH=python/src $(BIN)/python benches/scaling-out/run.py --out target/scaling-out.jsonl $(SCALING)

chart: ## the Helm chart as an archive in target
	$(MVN) -q -Dtest=ChartPackageTest -Dsurefire.failIfNoSpecifiedTests=true test
	@ls target/argmind-*.tgz

chart-files: ## after a change of the chart: its table of values, and what its scenarios render to
	$(MVN) -q -Dtest=ChartFilesTest -Dchart.update=true test

experiments: $(JAR) ## run docs/experiments.md again; choose with RUN=sudoku ARGS="--seeds 1"
	tools/venv
	cd python/examples && for name in $(RUN); do ../../tools/with-service $(BIN)/python -m experiments.$$name $(ARGS) || exit 1; done

figures: ## draw docs/figures from docs/results and docs/performance.md
	tools/venv
	cd python/examples && $(BIN)/python -m experiments.figures

slow: $(JAR) ## the proofs that take long: overload, restarts, killed replicas, leaks (about 15 minutes)
	$(MVN) test -Dtest.groups=slow -Dtest.excluded=
	tools/venv
	cd python && $(BIN)/pytest --slow -m slow

fuzz: ## look for inputs that break the readers, for DURATION each (default 5m)
	for target in json cbor headers; do \
	  JAZZER_FUZZ=1 JAZZER_MAX_DURATION=$(or $(DURATION),5m) \
	    $(MVN) test -Dtest="ReadersFuzzTest#$$target" -Dsurefire.failIfNoSpecifiedTests=false || exit 1; done

soak: $(JAR) ## mixed requests for SECONDS (default 8 hours), and what they leave behind; LEAK=1 is the control
	$(MVN) -q test-compile
	tools/venv
	PYTHONPATH=python/src $(BIN)/python benches/soak/soak.py --seconds $(or $(SECONDS),28800) $(if $(LEAK),--leak)

client: ## the Python client as a wheel in python/dist
	tools/venv
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir python/dist ./python

jar: $(JAR)

image: $(JAR) ## the service as the Docker image argmind; choose base images with IMAGE="--build-arg JRE=..."
	tools/image/build $(IMAGE)

$(JAR): pom.xml $(wildcard openapi.yaml) $(shell find src/main -type f)
	$(MVN) -q package -DskipTests
	@touch $@

clean: ## remove what was built, .venv excepted
	rm -rf target python/dist
