//! The ledger's nouns, one a file: each implements its port on `Store` and holds its own SQL.
//!
//! Every change is one transaction with its audit row in it. Times and versions are the caller's; the ledger only compares them.

pub(crate) mod access_key;
mod account;
pub(crate) mod blob;
mod custom_domain;
mod event;
mod identity_provider;
mod image_copy;
pub(crate) mod image_pin;
mod image_tag;
mod managed_policy;
pub(crate) mod manifest;
mod operation;
pub(crate) mod page;
mod policy_holder;
mod quota;
pub(crate) mod record;
pub(crate) mod repository;
mod repository_image;
mod revision;
pub(crate) mod revision_secret;
mod role;
pub(crate) mod scaling_configuration;
pub(crate) mod sealed_noun;
pub(crate) mod service;
mod token_key;
mod user;
pub(crate) mod vpc_ingress;
