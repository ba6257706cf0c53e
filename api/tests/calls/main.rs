//! Whole calls through the router, over the in-memory ports of `model::testbed`.
//! Never touches a network, apart from one socket on loopback. Source of truth: the AWS API references; golden files in
//! `tests/golden`, which `UPDATE=1` rewrites.

mod house;
mod signer;

#[path = "../wire/recorded.rs"]
mod recorded;

mod audit;
mod authentication;
mod auto_scaling_configurations;
mod clients;
mod create_service;
mod door;
mod ecr;
mod ecr_images;
mod iam;
mod limits;
mod lists;
mod log;
mod logs;
mod outrunner;
mod services;
mod states;
mod sts;
mod tags;
mod update_service;
mod validation;
