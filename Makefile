# The common commands. CMakeLists.txt builds, tests and installs; this file only calls it, Cargo and tools/.
.DEFAULT_GOAL := help
.PHONY: help build demo test test-asan test-valgrind header symbols install fmt lint windows-check clean

PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
CTEST_ARGS ?=
MAKEFLAGS += --no-print-directory
export PATH := $(HOME)/.cache/libtransport-tools/cmake/data/bin:$(PATH):$(HOME)/.cargo/bin

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 22

build: ## The library, in build/release
	@tools/need.sh cmake
	cmake --preset release
	cmake --build --preset release -j $(JOBS) --target transport_shared

demo: ## An echo server and its client, 200 connections over real sockets
	@tools/need.sh cmake
	@cmake --preset release > /dev/null
	@cmake --build --preset release -j $(JOBS) --target example-echo_server example-demo_client
	@tools/demo.sh build/release/examples-c

test: ## Everything: the Rust tests, then the C suite against both libraries
	@tools/need.sh cmake g++ pkg-config
	cargo test
	cmake --preset release
	cmake --build --preset release -j $(JOBS)
	ctest --preset release -j $(JOBS) $(CTEST_ARGS)

test-asan: ## The C suite under AddressSanitizer, LeakSanitizer and UndefinedBehaviorSanitizer
	@tools/need.sh cmake g++
	cmake --preset asan
	cmake --build --preset asan -j $(JOBS)
	ctest --preset asan -j $(JOBS) $(CTEST_ARGS)

test-valgrind: ## The C suite under valgrind, without the heavy tests
	@tools/need.sh cmake g++ valgrind
	cmake --preset valgrind
	cmake --build --preset valgrind -j $(JOBS)
	ctest --preset valgrind -j $(JOBS) $(CTEST_ARGS)

header: ## Writes include/transport.h anew from the Rust source
	tools/header.sh

symbols: ## Writes c-tests/symbols.txt, the list of exported functions, anew from the header
	tools/symbols.sh include/transport.h > c-tests/symbols.txt

install: build ## Installs header, libraries, pkg-config file and CMake package: make install PREFIX=/usr/local
	cmake --install build/release --prefix $(PREFIX)

fmt: ## Formats the Rust source
	cargo fmt

lint: ## Formatting and clippy, warnings are errors
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings

windows-check: ## The DLL, compiled for x86_64-pc-windows-gnu
	tools/setup-windows-cross.sh
	~/.cache/libtransport-wincross/cargo-win rustc --lib --crate-type=cdylib

clean: ## Removes build/ and target/
	rm -rf build target
