//! `SourceConfiguration`: where the code comes from, in and out.
//! Never resolves an image. Source of truth: the App Runner API reference,
//! `SourceConfiguration`, and what stock clients compare: what was supplied comes back as supplied, absent stays absent.

use crate::{limit, shape::apprunner as shape};
use model::{
    caller::Caller,
    configuration::{ImageConfiguration, ImageSource, Source, SourceChange},
    environment::Environment,
    image_reference::ImageReference,
    refusal::Refusal,
    role::RoleArn,
};

/// Names what this version cannot honour.
pub fn unavailable(source: &shape::SourceConfiguration, members: &mut Vec<&'static str>) {
    let image = source.image_repository.as_ref();
    if source.code_repository.is_some() {
        members.push("SourceConfiguration.CodeRepository");
    }
    if image.is_some_and(|image| image.image_repository_type.as_deref() == Some("ECR_PUBLIC")) {
        members.push("SourceConfiguration.ImageRepository.ImageRepositoryType ECR_PUBLIC");
    }
    let configuration = image.and_then(|image| image.image_configuration.as_ref());
    if configuration.is_some_and(|configuration| configuration.runtime_environment_secrets.is_some()) {
        members.push("SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentSecrets");
    }
    let authentication = source.authentication_configuration.as_ref();
    if authentication.is_some_and(|authentication| authentication.connection_arn.is_some()) {
        members.push("SourceConfiguration.AuthenticationConfiguration.ConnectionArn");
    }
}

/// Reads it; `registry_hosts` are names of our own registry on this machine.
///
/// # Errors
/// A refusal where it has no image, one that is not the caller's, or values that cannot be.
pub fn parse(source: shape::SourceConfiguration, caller: &Caller, registry_hosts: &[String]) -> Result<Source, Refusal> {
    let shape::SourceConfiguration {
        code_repository: _, // refused by `unavailable`
        image_repository,
        auto_deployments_enabled,
        authentication_configuration,
    } = source;
    let image_repository = image_repository
        .ok_or_else(|| Refusal::invalid("SourceConfiguration must have exactly one of CodeRepository and ImageRepository."))?;
    let shape::ImageRepository { image_identifier, image_configuration, image_repository_type: _ } = image_repository;
    let identifier = image_identifier.expect("validation refuses a call without a required member");
    Ok(Source::Image(ImageSource {
        reference: reference(&identifier, caller, registry_hosts)?,
        identifier,
        image: image_configuration.map(image).transpose()?,
        auto_deployments: auto_deployments_enabled,
        access_role: access_role(authentication_configuration, caller)?,
    }))
}

/// Reads what an update says of it.
///
/// # Errors
/// As [`parse`], but for a missing image: that keeps the present one.
pub fn parse_change(
    source: shape::SourceConfiguration,
    caller: &Caller,
    registry_hosts: &[String],
) -> Result<SourceChange, Refusal> {
    let auto_deployments = source.auto_deployments_enabled;
    let access_role = match &source.authentication_configuration {
        Some(authentication) => Some(access_role(Some(authentication.clone()), caller)?),
        None => None,
    };
    let image = match source.image_repository {
        Some(_) => {
            let Source::Image(image) = parse(source, caller, registry_hosts)?;
            Some(image)
        }
        None => None,
    };
    Ok(SourceChange { image, auto_deployments, access_role })
}

/// The image that an identifier means.
fn reference(identifier: &str, caller: &Caller, registry_hosts: &[String]) -> Result<ImageReference, Refusal> {
    let here = identifier.split_once('/').filter(|(host, _)| registry_hosts.iter().any(|ours| ours == host));
    if let Some((_, path)) = here {
        let (repository, pick) = ImageReference::split_path(path)?;
        return Ok(ImageReference { scope: caller.scope.clone(), repository, pick });
    }
    if !identifier.contains(".dkr.ecr.") {
        return Err(foreign(identifier, registry_hosts));
    }
    let reference = ImageReference::parse(identifier)?;
    if reference.scope.account != *caller.account() {
        return Err(Refusal::invalid(format!(
            "ImageIdentifier: the registry of account {} is not yours. Images of other accounts are not available in \
             this version of Outrunner.",
            reference.scope.account
        )));
    }
    Ok(reference)
}

/// For an image of another registry: every form that is accepted, with the ports as they are here.
fn foreign(identifier: &str, registry_hosts: &[String]) -> Refusal {
    let hosts = std::iter::once("<account>.dkr.ecr.<region>.amazonaws.com").chain(registry_hosts.iter().map(String::as_str));
    let forms: Vec<String> = hosts.map(|host| format!("{host}/<repository>:<tag>")).collect();
    // An identifier may be longer than a fault's whole message.
    let shown: String = identifier.chars().take(limit::SHOWN_VALUE_CHARS).collect();
    Refusal::invalid(format!(
        "ImageIdentifier: '{shown}' is not an image of this registry. It has the form {}.",
        forms.join(" or ")
    ))
}

fn image(image: shape::ImageConfiguration) -> Result<ImageConfiguration, Refusal> {
    let shape::ImageConfiguration {
        port,
        runtime_environment_secrets: _, // refused by `unavailable`
        runtime_environment_variables,
        start_command,
    } = image;
    Ok(ImageConfiguration {
        port: port.as_deref().map(parse_port).transpose()?,
        start_command,
        environment: runtime_environment_variables.map(Environment::parse).transpose()?,
    })
}

/// A port is a text on the wire. Only its plain form is taken, so that the echo is what was sent.
fn parse_port(text: &str) -> Result<u16, Refusal> {
    match text.parse::<u16>() {
        Ok(port) if port > 0 && port.to_string() == text => Ok(port),
        _ => Err(Refusal::invalid(format!("Port must be a number from 1 to 65535, not '{text}'."))),
    }
}

/// The role's form and account are checked here; whether it lets us pull is not evaluated in this version.
fn access_role(authentication: Option<shape::AuthenticationConfiguration>, caller: &Caller) -> Result<Option<RoleArn>, Refusal> {
    let Some(shape::AuthenticationConfiguration { access_role_arn, connection_arn: _ }) = authentication else {
        return Ok(None);
    };
    let Some(text) = access_role_arn else { return Ok(None) };
    let role = RoleArn::parse(&text)?;
    if role.account() != *caller.account() {
        // Source of the first words: App Runner API reference.
        return Err(Refusal::invalid(format!(
            "Error in assuming access role {text}: the role belongs to another account than the service."
        )));
    }
    Ok(Some(role))
}

/// Writes it as it was supplied.
pub fn render(source: &Source) -> shape::SourceConfiguration {
    let Source::Image(image) = source;
    let ImageSource { identifier, reference: _, image: configuration, auto_deployments: _, access_role } = image;
    shape::SourceConfiguration {
        code_repository: None,
        image_repository: Some(shape::ImageRepository {
            image_identifier: Some(identifier.clone()),
            image_configuration: configuration.as_ref().map(render_image),
            image_repository_type: Some("ECR".to_owned()),
        }),
        // App Runner materialises this one: true for an image of one's own registry.
        auto_deployments_enabled: Some(image.auto_deployments()),
        authentication_configuration: access_role
            .as_ref()
            .map(|role| shape::AuthenticationConfiguration { access_role_arn: Some(role.to_string()), connection_arn: None }),
    }
}

fn render_image(image: &ImageConfiguration) -> shape::ImageConfiguration {
    let ImageConfiguration { port, start_command, environment } = image;
    shape::ImageConfiguration {
        port: port.map(|port| port.to_string()),
        runtime_environment_secrets: None,
        runtime_environment_variables: environment.as_ref().map(|Environment(variables)| variables.clone()),
        start_command: start_command.clone(),
    }
}
