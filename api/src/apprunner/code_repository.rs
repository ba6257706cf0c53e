//! `CodeRepository`: source code to build from, in and out as it was supplied.
//! Never clones and never builds. Source of truth: the App Runner API reference, `CodeRepository` and `CodeConfiguration`.

use super::source_configuration::parse_port;
use crate::shape::apprunner as shape;
use model::{
    code_source::{CodeChange, CodeConfiguration, CodeSource, CodeValues, ConfigurationPlace},
    environment::Environment,
    refusal::Refusal,
};

const REPOSITORY: &str = "REPOSITORY";
const API: &str = "API";
/// The one type of a `SourceCodeVersion`.
const BRANCH: &str = "BRANCH";

/// Reads what a call says of it.
///
/// # Errors
/// A refusal of values that cannot be.
pub fn parse(code: shape::CodeRepository) -> Result<CodeChange, Refusal> {
    let shape::CodeRepository { code_configuration, repository_url, source_code_version, source_directory } = code;
    let version = source_code_version.expect("validation refuses a call without a required member");
    Ok(CodeChange {
        repository_url: repository_url.expect("validation refuses a call without a required member"),
        branch: version.value.expect("validation refuses a call without a required member"),
        directory: source_directory,
        configuration: code_configuration.map(parse_configuration).transpose()?,
    })
}

/// How it is built, which a creation has to say.
///
/// # Errors
/// A refusal where it does not.
pub fn require(configuration: Option<CodeConfiguration>) -> Result<CodeConfiguration, Refusal> {
    configuration.ok_or_else(|| {
        Refusal::invalid("SourceConfiguration.CodeRepository: CodeConfiguration is required to create a service from source code.")
    })
}

fn parse_configuration(configuration: shape::CodeConfiguration) -> Result<CodeConfiguration, Refusal> {
    let shape::CodeConfiguration { code_configuration_values, configuration_source } = configuration;
    let place = match configuration_source.as_deref() {
        Some(API) => ConfigurationPlace::Api,
        _ => ConfigurationPlace::Repository, // the enumeration has two values, and validation has seen it
    };
    if place == ConfigurationPlace::Api && code_configuration_values.is_none() {
        return Err(Refusal::invalid(
            "SourceConfiguration.CodeRepository.CodeConfiguration: ConfigurationSource API needs CodeConfigurationValues.",
        ));
    }
    Ok(CodeConfiguration { place, values: code_configuration_values.map(parse_values).transpose()? })
}

fn parse_values(values: shape::CodeConfigurationValues) -> Result<CodeValues, Refusal> {
    let shape::CodeConfigurationValues {
        build_command,
        port,
        runtime,
        runtime_environment_secrets,
        runtime_environment_variables,
        start_command,
    } = values;
    let environment = runtime_environment_variables.map(Environment::parse).transpose()?;
    if let Some(secrets) = &runtime_environment_secrets {
        // Names are held to the same rules; what they refer to is looked at by whoever resolves them.
        Environment::parse(secrets.keys().map(|name| (name.clone(), String::new())).collect())?;
        let twice = environment.iter().flat_map(|Environment(variables)| variables.keys()).find(|name| secrets.contains_key(*name));
        if let Some(name) = twice {
            return Err(Refusal::invalid(format!(
                "The environment variable {name} is both in RuntimeEnvironmentVariables and in RuntimeEnvironmentSecrets."
            )));
        }
    }
    Ok(CodeValues {
        runtime: runtime.expect("validation refuses a call without a required member"),
        build_command,
        start_command,
        port: port.as_deref().map(parse_port).transpose()?,
        environment,
        secrets: runtime_environment_secrets,
    })
}

/// Writes it as it was supplied.
pub fn render(code: &CodeSource) -> shape::CodeRepository {
    let CodeSource { repository_url, branch, directory, configuration, auto_deployments: _, connection: _, access_role: _ } = code;
    let place = match configuration.place {
        ConfigurationPlace::Repository => REPOSITORY,
        ConfigurationPlace::Api => API,
    };
    shape::CodeRepository {
        code_configuration: Some(shape::CodeConfiguration {
            code_configuration_values: configuration.values.as_ref().map(render_values),
            configuration_source: Some(place.to_owned()),
        }),
        repository_url: Some(repository_url.clone()),
        source_code_version: Some(shape::SourceCodeVersion { r#type: Some(BRANCH.to_owned()), value: Some(branch.clone()) }),
        source_directory: directory.clone(),
    }
}

fn render_values(values: &CodeValues) -> shape::CodeConfigurationValues {
    let CodeValues { runtime, build_command, start_command, port, environment, secrets } = values;
    shape::CodeConfigurationValues {
        build_command: build_command.clone(),
        port: port.map(|port| port.to_string()),
        runtime: Some(runtime.clone()),
        runtime_environment_secrets: secrets.clone(),
        runtime_environment_variables: environment.as_ref().map(|Environment(variables)| variables.clone()),
        start_command: start_command.clone(),
    }
}
