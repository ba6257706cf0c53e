//! `SourceConfiguration`: where the code comes from, in and out.
//! Never resolves an image. Source of truth: the App Runner API reference,
//! `SourceConfiguration`, and what stock clients compare: what was supplied comes back as supplied, absent stays absent.

use crate::{limit, shape::apprunner as shape};
use model::{
    caller::Caller,
    configuration::{ImageConfiguration, ImageSource, Source, SourceChange, refuse_of_foreign},
    environment::Environment,
    foreign_image::ForeignImage,
    image_reference::{ImageReference, OwnImage},
    refusal::Refusal,
    role::RoleArn,
};

/// Names what this version cannot honour.
pub fn unavailable(source: &shape::SourceConfiguration, members: &mut Vec<&'static str>) {
    let image = source.image_repository.as_ref();
    if source.code_repository.is_some() {
        members.push("SourceConfiguration.CodeRepository");
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

/// `ImageRepositoryType` of an image of our registry.
const ECR: &str = "ECR";
/// `ImageRepositoryType` of an image of any other registry. App Runner means ECR Public alone; the model lets a stock client send no third type,
/// and any identifier, so the others come under this one.
const ECR_PUBLIC: &str = "ECR_PUBLIC";

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
    let shape::ImageRepository { image_identifier, image_configuration, image_repository_type } = image_repository;
    let identifier = image_identifier.expect("validation refuses a call without a required member");
    let reference = match image_repository_type.as_deref() {
        Some(ECR_PUBLIC) => ImageReference::Foreign(foreign_image(&identifier, registry_hosts)?),
        Some(_) | None => ImageReference::Own(own_image(&identifier, caller, registry_hosts)?),
    };
    if let ImageReference::Foreign(_) = &reference {
        let names_role =
            authentication_configuration.as_ref().is_some_and(|authentication| authentication.access_role_arn.is_some());
        refuse_of_foreign(names_role, auto_deployments_enabled)?;
    }
    Ok(Source::Image(ImageSource {
        reference,
        identifier,
        image: image_configuration.map(image).transpose()?,
        auto_deployments: auto_deployments_enabled,
        access_role: access_role(authentication_configuration, caller)?,
    }))
}

/// The path of an identifier that names our registry on this machine.
fn path_here<'a>(identifier: &'a str, registry_hosts: &[String]) -> Option<&'a str> {
    identifier.split_once('/').filter(|(host, _)| registry_hosts.iter().any(|ours| ours == host)).map(|(_, path)| path)
}

/// An identifier of type ECR_PUBLIC.
fn foreign_image(identifier: &str, registry_hosts: &[String]) -> Result<ForeignImage, Refusal> {
    if path_here(identifier, registry_hosts).is_some() {
        return Err(Refusal::invalid(format!(
            "ImageIdentifier: '{}' is an image of this platform's own registry: its ImageRepositoryType is ECR.",
            shown(identifier)
        )));
    }
    ForeignImage::parse(identifier)
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

/// The image that an identifier of type ECR means, of any account of this platform.
fn own_image(identifier: &str, caller: &Caller, registry_hosts: &[String]) -> Result<OwnImage, Refusal> {
    if let Some(path) = path_here(identifier, registry_hosts) {
        let (repository, pick) = OwnImage::split_path(path)?;
        return Ok(OwnImage { scope: caller.scope.clone(), repository, pick });
    }
    if !identifier.contains(".dkr.ecr.") {
        return Err(not_own(identifier, registry_hosts));
    }
    // Whose it is, is no question of form: without an access role the caller must be allowed to pull it, with one the role must, at every
    // deployment; across accounts the repository's policy has to agree.
    OwnImage::parse(identifier)
}

/// An identifier may be longer than a fault's whole message.
fn shown(identifier: &str) -> String {
    identifier.chars().take(limit::SHOWN_VALUE_CHARS).collect()
}

/// For an image of another registry: every form that is accepted, with the ports as they are here.
fn not_own(identifier: &str, registry_hosts: &[String]) -> Refusal {
    let hosts = std::iter::once("<account>.dkr.ecr.<region>.amazonaws.com").chain(registry_hosts.iter().map(String::as_str));
    let forms: Vec<String> = hosts.map(|host| format!("{host}/<repository>:<tag>")).collect();
    Refusal::invalid(format!(
        "ImageIdentifier: '{}' is not an image of this registry. It has the form {}. \
         An image of another registry has ImageRepositoryType ECR_PUBLIC.",
        shown(identifier),
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

/// The role's form and account are checked here; `access_role` asks whether it may be taken, and each deployment whether it may pull.
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
    let ImageSource { identifier, reference, image: configuration, auto_deployments: _, access_role } = image;
    let repository_type = match reference {
        ImageReference::Own(_) => ECR,
        ImageReference::Foreign(_) => ECR_PUBLIC,
    };
    shape::SourceConfiguration {
        code_repository: None,
        image_repository: Some(shape::ImageRepository {
            image_identifier: Some(identifier.clone()),
            image_configuration: configuration.as_ref().map(render_image),
            image_repository_type: Some(repository_type.to_owned()),
        }),
        // App Runner materialises this one: true for an image of one's own registry, false for another's.
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
