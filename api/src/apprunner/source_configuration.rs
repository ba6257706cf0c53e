//! `SourceConfiguration`: where the code comes from, in and out.
//! Never resolves an image. Source of truth: the App Runner API reference,
//! `SourceConfiguration`, and what stock clients compare: what was supplied comes back as supplied, absent stays absent.

use super::{code_repository, instance_role};
use crate::{limit, shape::apprunner as shape};
use model::{
    account::AccountId,
    caller::Caller,
    code_source::{CodeChange, CodeSource},
    configuration::{ImageConfiguration, ImageSource, Source, SourceChange, refuse_unfit, refused_connection},
    environment::Environment,
    foreign_image::ForeignImage,
    image_reference::{ImageReference, OwnImage},
    refusal::Refusal,
    role::RoleArn,
    secret_reference::SecretReferences,
};

/// `ImageRepositoryType` of an image of our registry.
const ECR: &str = "ECR";
/// `ImageRepositoryType` of an image of any other registry. App Runner means ECR Public alone; the model lets a stock client send no third type,
/// and any identifier, so the others come under this one.
const ECR_PUBLIC: &str = "ECR_PUBLIC";

/// Reads it; `registry_hosts` are names of our own registry on this machine.
///
/// # Errors
/// A refusal where it has not exactly one kind of source, an image that is not the caller's, or values that cannot be.
pub fn parse(source: shape::SourceConfiguration, caller: &Caller, registry_hosts: &[String]) -> Result<Source, Refusal> {
    let shape::SourceConfiguration {
        code_repository,
        image_repository,
        auto_deployments_enabled: auto_deployments,
        authentication_configuration,
    } = source;
    let (access_role, connection) = authentication(authentication_configuration, caller)?;
    match (code_repository, image_repository) {
        (Some(code), None) => {
            let CodeChange { repository_url, branch, directory, configuration } = code_repository::parse(code)?;
            let configuration = code_repository::require(configuration)?;
            Ok(Source::Code(CodeSource {
                repository_url,
                branch,
                directory,
                configuration,
                auto_deployments,
                connection,
                access_role,
            }))
        }
        (None, Some(repository)) => {
            if connection.is_some() {
                return Err(refused_connection());
            }
            let image = ImageSource { auto_deployments, ..image_repository_of(repository, caller, registry_hosts)? };
            refuse_unfit(&image.reference, caller.account(), access_role.is_some(), auto_deployments)?;
            Ok(Source::Image(ImageSource { access_role, ..image }))
        }
        (Some(_), Some(_)) | (None, None) => Err(not_one_source()),
    }
}

fn not_one_source() -> Refusal {
    Refusal::invalid("SourceConfiguration must have exactly one of CodeRepository and ImageRepository.")
}

/// The image alone: who may pull it and when it is deployed is said beside it.
fn image_repository_of(
    repository: shape::ImageRepository,
    caller: &Caller,
    registry_hosts: &[String],
) -> Result<ImageSource, Refusal> {
    let shape::ImageRepository { image_identifier, image_configuration, image_repository_type } = repository;
    let identifier = image_identifier.expect("validation refuses a call without a required member");
    let reference = match image_repository_type.as_deref() {
        Some(ECR_PUBLIC) => ImageReference::Foreign(foreign_image(&identifier, registry_hosts)?),
        Some(_) | None => ImageReference::Own(own_image(&identifier, caller, registry_hosts)?),
    };
    let source = ImageSource {
        reference,
        identifier,
        image: image_configuration.map(image).transpose()?,
        auto_deployments: None,
        access_role: None,
    };
    instance_role::refuse_foreign_of(&source, caller)?;
    Ok(source)
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
/// As [`parse`], but for a missing source: that keeps the present one.
pub fn parse_change(
    source: shape::SourceConfiguration,
    caller: &Caller,
    registry_hosts: &[String],
) -> Result<SourceChange, Refusal> {
    let shape::SourceConfiguration {
        code_repository,
        image_repository,
        auto_deployments_enabled: auto_deployments,
        authentication_configuration,
    } = source;
    if code_repository.is_some() && image_repository.is_some() {
        return Err(not_one_source());
    }
    let said = authentication_configuration.is_some();
    let (access_role, connection) = authentication(authentication_configuration, caller)?;
    let image = match image_repository {
        Some(repository) => {
            let image = ImageSource { auto_deployments, ..image_repository_of(repository, caller, registry_hosts)? };
            refuse_unfit(&image.reference, caller.account(), access_role.is_some(), auto_deployments)?;
            Some(ImageSource { access_role: access_role.clone(), ..image })
        }
        None => None,
    };
    Ok(SourceChange {
        image,
        code: code_repository.map(code_repository::parse).transpose()?,
        auto_deployments,
        access_role: said.then_some(access_role),
        connection: said.then_some(connection),
    })
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
    let shape::ImageConfiguration { port, runtime_environment_secrets, runtime_environment_variables, start_command } = image;
    let environment = runtime_environment_variables.map(Environment::parse).transpose()?;
    let secrets = runtime_environment_secrets.map(SecretReferences::parse).transpose()?;
    if let (Some(environment), Some(secrets)) = (&environment, &secrets) {
        secrets.refuse_clash(environment)?;
    }
    Ok(ImageConfiguration { port: port.as_deref().map(parse_port).transpose()?, start_command, environment, secrets })
}

/// A port is a text on the wire. Only its plain form is taken, so that the echo is what was sent.
pub(super) fn parse_port(text: &str) -> Result<u16, Refusal> {
    match text.parse::<u16>() {
        Ok(port) if port > 0 && port.to_string() == text => Ok(port),
        _ => Err(Refusal::invalid(format!("Port must be a number from 1 to 65535, not '{text}'."))),
    }
}

/// The access role and the connection. The role's form and account are checked here; `access_role` asks whether it may be taken, and each
/// deployment whether it may pull; `connection` looks at the connection. An empty structure says nothing.
fn authentication(
    authentication: Option<shape::AuthenticationConfiguration>,
    caller: &Caller,
) -> Result<(Option<RoleArn>, Option<String>), Refusal> {
    let shape::AuthenticationConfiguration { access_role_arn, connection_arn } = authentication.unwrap_or_default();
    let Some(text) = access_role_arn else { return Ok((None, connection_arn)) };
    let role = RoleArn::parse(&text)?;
    if role.account() != *caller.account() {
        // Source of the first words: App Runner API reference.
        return Err(Refusal::invalid(format!(
            "Error in assuming access role {text}: the role belongs to another account than the service."
        )));
    }
    Ok((Some(role), connection_arn))
}

/// Writes it as it was supplied; `account` is the service's.
pub fn render(source: &Source, account: &AccountId) -> shape::SourceConfiguration {
    match source {
        Source::Image(image) => shape::SourceConfiguration {
            code_repository: None,
            image_repository: Some(render_repository(image)),
            // App Runner materialises this one: true for an image of the account's own repositories, false for any other.
            auto_deployments_enabled: Some(image.auto_deployments(account)),
            authentication_configuration: render_authentication(image.access_role.as_ref(), None),
        },
        Source::Code(code) => shape::SourceConfiguration {
            code_repository: Some(code_repository::render(code)),
            image_repository: None,
            auto_deployments_enabled: Some(code.auto_deployments()),
            authentication_configuration: render_authentication(code.access_role.as_ref(), code.connection.clone()),
        },
    }
}

fn render_authentication(role: Option<&RoleArn>, connection_arn: Option<String>) -> Option<shape::AuthenticationConfiguration> {
    let access_role_arn = role.map(RoleArn::to_string);
    (access_role_arn.is_some() || connection_arn.is_some())
        .then_some(shape::AuthenticationConfiguration { access_role_arn, connection_arn })
}

fn render_repository(image: &ImageSource) -> shape::ImageRepository {
    let ImageSource { identifier, reference, image: configuration, auto_deployments: _, access_role: _ } = image;
    let repository_type = match reference {
        ImageReference::Own(_) => ECR,
        ImageReference::Foreign(_) => ECR_PUBLIC,
    };
    shape::ImageRepository {
        image_identifier: Some(identifier.clone()),
        image_configuration: configuration.as_ref().map(render_image),
        image_repository_type: Some(repository_type.to_owned()),
    }
}

fn render_image(image: &ImageConfiguration) -> shape::ImageConfiguration {
    let ImageConfiguration { port, start_command, environment, secrets } = image;
    shape::ImageConfiguration {
        port: port.map(|port| port.to_string()),
        runtime_environment_secrets: secrets.as_ref().map(|SecretReferences(secrets)| {
            secrets.iter().map(|(name, reference)| (name.clone(), reference.to_string())).collect()
        }),
        runtime_environment_variables: environment.as_ref().map(|Environment(variables)| variables.clone()),
        start_command: start_command.clone(),
    }
}
