//! App Runner: one file for each operation (parse, ask, render) and one for each structure they share.
//! Never decides what may begin: that is asked of the desk. Source of truth: the App Runner API reference.

pub mod create_auto_scaling_configuration;
pub mod create_service;
pub mod delete_auto_scaling_configuration;
pub mod delete_service;
pub mod describe_auto_scaling_configuration;
pub mod describe_service;
pub mod list_auto_scaling_configurations;
pub mod list_operations;
pub mod list_services;
pub mod list_services_for_auto_scaling_configuration;
pub mod list_tags_for_resource;
pub mod pause_service;
pub mod resume_service;
pub mod start_deployment;
pub mod tag_resource;
pub mod untag_resource;
pub mod update_service;

mod access_role;
mod auto_scaling_configuration;
mod health_check_configuration;
mod network_configuration;
pub mod service;
pub mod service_arn;
mod source_configuration;
mod tagged_resource;
mod tags;
mod unavailable;
