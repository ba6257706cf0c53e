# Two commands are enough on a fresh machine (Debian 12 or like it, kernel 5.19 or newer, root through sudo, Rust by rustup):
#
#   make demo    builds everything, starts a platform, pushes an image, creates a service, and ends with a URL that answers
#   make test    runs every test: formatting, lints, rooms, stories with real clients
#
# Both install what they need (apt and pip, by package name) and say so.
.PHONY: demo test lab build packages lab-packages venv javascript aws-v2 rust bench fuzz soak stop clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile
	@echo "make bench   prints the figures beside real peers; make stop ends the demo; make build builds the two programs"
	@echo "make lab     follows the App Runner tutorial with real clients, and prints each step with its time (after make test)"
	@echo "make soak    lives long in a short time; make fuzz throws a minute of broken images, calls and names at each of their readers (needs nightly Rust)"

packages:
	@tests/install-packages

lab-packages: packages
	@tests/lab/install

venv: packages
	@tests/make-venv

javascript: venv
	@tests/make-javascript

aws-v2: venv lab-packages
	@tests/make-aws-v2

rust: packages
	@tests/make-rust

build: packages
	@tests/build release

demo: venv build
	@examples/demo

stop:
	@examples/demo stop

test: venv javascript aws-v2 rust
	@tests/run-all

lab: venv lab-packages
	@tests/build debug
	@tests/lab/run

bench: venv build
	@bench/run

soak: venv
	@tests/soak/run $(PART)

fuzz:
	@fuzz/run 60

clean:
	cargo clean
