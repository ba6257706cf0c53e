//! The language of the house: nouns, rules and ports. Every room depends on this crate and on no other.
//!
//! Never reads the clock, a disk or dice; never awaits outside `testbed`. Time, randomness and sight arrive as arguments, so the
//! same inputs give the same answer. Derives serde for what crosses processes or is stored; never names a format.

pub mod access_log;
pub mod account;
pub mod arn;
pub mod audit;
pub mod audit_ration;
pub mod autoscale;
pub mod caller;
pub mod certificate;
pub mod chunks;
pub mod code_source;
pub mod configuration;
pub mod connection;
pub mod custom_domain;
pub mod demand;
pub mod digest;
pub mod environment;
pub mod event;
pub mod execution;
mod exit_advice;
pub mod foreign_image;
pub mod given_variables;
pub mod health;
pub mod identity_provider;
pub mod image_reference;
pub mod instance;
pub mod instance_door;
pub mod instance_size;
pub mod instance_usage;
pub mod lifecycle;
pub mod lifecycle_policy;
pub mod limit;
pub mod log_group;
pub mod log_line;
pub mod log_pattern;
pub mod log_search;
pub mod managed_policy;
pub mod managed_secret;
pub mod network;
pub mod observability_configuration;
pub mod operation;
pub mod parameter;
pub mod port;
pub mod quota;
pub mod reach;
pub mod record;
pub mod refusal;
pub mod registry_name;
pub mod repository;
pub mod repository_image;
pub mod revision;
pub mod role;
pub mod route_table;
pub mod scaling_configuration;
pub mod sealed_noun;
pub mod secret;
pub mod secret_reference;
pub mod service;
pub mod service_name;
pub mod short_host;
pub mod tag;
pub mod time;
pub mod token_key;
pub mod trouble;
pub mod user;
pub mod vpc_connector;
pub mod vpc_ingress;
pub mod web_identity;
pub mod wish;

#[cfg(feature = "testbed")]
pub mod testbed;
