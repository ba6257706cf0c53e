//! A source repository to build from: `CodeRepository`, kept and echoed as it was supplied.
//!
//! Never cloned and never built in this version: `Configuration::hindrance` says so to the service's owner.
//! Source of truth: App Runner API Reference, `CodeRepository`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::configuration::PORT_DEFAULT;
use crate::environment::Environment;
use crate::role::RoleArn;

/// A repository, with what the caller said about building and running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSource {
    pub repository_url: String,
    /// `SourceCodeVersion`: there is one type, a branch.
    pub branch: String,
    /// From the root of the repository; absent means the root.
    pub directory: Option<String>,
    pub configuration: CodeConfiguration,
    /// As sent; absent means true.
    pub auto_deployments: Option<bool>,
    /// The full ARN of the connection to the provider.
    pub connection: Option<String>,
    pub access_role: Option<RoleArn>,
}

/// Where it stands how the code is built and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfigurationPlace {
    /// In the repository's own `apprunner.yaml`.
    Repository,
    /// In the values of the call.
    Api,
}

/// `CodeConfiguration` as supplied. With [`ConfigurationPlace::Repository`] the values say nothing; they are echoed all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeConfiguration {
    pub place: ConfigurationPlace,
    pub values: Option<CodeValues>,
}

/// `CodeConfigurationValues` as supplied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeValues {
    /// One of the model's runtimes.
    pub runtime: String,
    pub build_command: Option<String>,
    pub start_command: Option<String>,
    pub port: Option<u16>,
    pub environment: Option<Environment>,
    /// Variables by the references of their secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<BTreeMap<String, String>>,
}

/// What an update says of the repository. It has all its members, but for how it is built: left out, that keeps its value.
/// Source: App Runner service model, `CodeConfiguration` ("required only for CreateService").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChange {
    pub repository_url: String,
    pub branch: String,
    pub directory: Option<String>,
    pub configuration: Option<CodeConfiguration>,
}

impl CodeSource {
    /// The port that the app listens on, as far as the call says it.
    pub fn port(&self) -> u16 {
        self.configuration.values.as_ref().and_then(|values| values.port).unwrap_or(PORT_DEFAULT)
    }

    /// Whether a commit on the branch starts a deployment.
    pub fn auto_deployments(&self) -> bool {
        self.auto_deployments.unwrap_or(true)
    }

    /// The same after an update's word about the repository.
    pub fn changed(self, change: Option<&CodeChange>) -> Self {
        let Some(CodeChange { repository_url, branch, directory, configuration }) = change else { return self };
        Self {
            repository_url: repository_url.clone(),
            branch: branch.clone(),
            directory: directory.clone(),
            configuration: configuration.clone().unwrap_or(self.configuration),
            ..self
        }
    }
}
