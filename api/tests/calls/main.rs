//! Whole calls through the router, over the in-memory ports of `model::testbed`.
//! Never touches a network, apart from one socket on loopback. Source of truth: the AWS API references; golden files in
//! `tests/golden`, which `UPDATE=1` rewrites.

mod house;
mod signer;

#[path = "../wire/recorded.rs"]
mod recorded;

mod accounts;
mod actions;
mod audit;
mod authentication;
mod auto_scaling_configurations;
mod aws_upstreams;
mod clients;
mod condition_cases;
mod condition_keys;
mod create_service;
mod custom_domains;
mod door;
mod ecr;
mod ecr_images;
mod foreign_roles;
mod iam;
mod identity_providers;
mod instance_doors;
mod layers;
mod limits;
mod lists;
mod live_tail;
mod log;
mod log_queries;
mod logs;
mod managed_policies;
mod members;
mod outrunner;
mod page_tokens;
mod quotas;
mod record_sequences;
mod records;
mod runtime_secrets;
mod scaling_sequences;
mod secretsmanager;
mod services;
mod simulation;
mod ssm;
mod states;
mod strange_requests;
mod sts;
mod tags;
mod update_service;
mod users;
mod validation;
mod vpc_ingress_connections;
mod web_identity;
