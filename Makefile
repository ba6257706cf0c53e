# Two commands are enough on a fresh machine (Debian 12 or like it, kernel 5.19 or newer, root through sudo, Rust by rustup):
#
#   make demo    builds everything, starts a platform, pushes an image, creates a service, and ends with a URL that answers
#   make test    runs every test: formatting, lints, rooms, stories with real clients
#
# Both install what they need (apt and pip, by package name) and say so.
.PHONY: demo test build packages venv bench soak stop clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^#   //p' Makefile
	@echo "make bench   prints the figures beside real peers; make soak lives long in a short time; make stop ends the demo; make build builds the two programs"

packages:
	@tests/install-packages

venv: packages
	@tests/make-venv

build: packages
	@tests/build release

demo: venv build
	@examples/demo

stop:
	@examples/demo stop

test: venv
	@tests/run-all

bench: venv build
	@bench/run

soak: packages
	@tests/soak

clean:
	cargo clean
