//! What a service is asked to run and how: the noun behind CreateService's and UpdateService's members.
//!
//! Echo rule that Terraform relies on: what was supplied is kept as supplied; absent stays absent. Defaults are applied by the
//! methods here, when somebody acts, and never written into what is echoed.

use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::health::Health;
use crate::image_reference::ImageReference;
use crate::instance_size::InstanceSize;
use crate::refusal::Refusal;
use crate::role::RoleArn;
use crate::scaling_configuration::ScalingConfiguration;
use crate::secret_reference::SecretReferences;

/// Everything about a service that a deployment fixes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    pub source: Source,
    pub size: InstanceSize,
    pub health: Health,
    pub scaling: ScalingConfiguration,
    /// `ObservabilityEnabled` as supplied. Only false can be honoured in this version; kept because what was supplied is echoed.
    pub observability_enabled: Option<bool>,
    /// The role whose rights instances have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_role: Option<RoleArn>,
}

/// Where the code comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    Image(ImageSource),
}

/// An image, with what the caller said about running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSource {
    /// The identifier as the caller wrote it: echoed, never rewritten.
    pub identifier: String,
    pub reference: ImageReference,
    /// Absent if the caller sent no `ImageConfiguration`.
    pub image: Option<ImageConfiguration>,
    /// As sent; absent means true for an image of one's own registry, and false for any other.
    pub auto_deployments: Option<bool>,
    pub access_role: Option<RoleArn>,
}

/// What an update says about where the code comes from. What is left out keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChange {
    /// The image as it is named now. What was said about running the one before is gone, also if nothing is said about this one:
    /// Terraform clears variables by leaving them out.
    pub image: Option<ImageSource>,
    pub auto_deployments: Option<bool>,
    /// `Some(None)`: a role is no longer named.
    pub access_role: Option<Option<RoleArn>>,
}

impl SourceChange {
    /// The source after this change. What was said of an image of one's own registry, and can be said of no other, goes with it.
    ///
    /// # Errors
    /// A refusal where this change says such a thing of an image of another registry, named now or before.
    pub fn applied_to(&self, current: &Source) -> Result<Source, Refusal> {
        let Source::Image(now) = current;
        let after = ImageSource {
            auto_deployments: self.auto_deployments.or(now.auto_deployments),
            access_role: self.access_role.clone().unwrap_or_else(|| now.access_role.clone()),
            ..self.image.clone().unwrap_or_else(|| now.clone())
        };
        Ok(Source::Image(match after.reference {
            ImageReference::Own(_) => after,
            ImageReference::Foreign(_) => {
                let role = self.access_role.as_ref().and_then(Option::as_ref);
                refuse_of_foreign(role.is_some(), self.auto_deployments)?;
                let auto_deployments = after.auto_deployments.filter(|automatic| !automatic);
                ImageSource { auto_deployments, access_role: None, ..after }
            }
        }))
    }
}

/// Refuses what the API reference allows for private ECR repositories alone, where it is said of an image of another registry.
///
/// # Errors
/// An access role, or `AutoDeploymentsEnabled` true.
pub fn refuse_of_foreign(names_role: bool, auto_deployments: Option<bool>) -> Result<(), Refusal> {
    if names_role {
        // The first words are as App Runner was seen to answer.
        return Err(Refusal::invalid(
            "Authentication configuration is invalid. An access role is for images of your own registry (ImageRepositoryType ECR); \
             leave AccessRoleArn out.",
        ));
    }
    if auto_deployments == Some(true) {
        return Err(Refusal::invalid(
            "AutoDeploymentsEnabled: only images of your own registry (ImageRepositoryType ECR) are deployed automatically. \
             Set it to false.",
        ));
    }
    Ok(())
}

/// `ImageConfiguration` as supplied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageConfiguration {
    pub port: Option<u16>,
    pub start_command: Option<String>,
    pub environment: Option<Environment>,
    /// Variables whose values are secrets, by reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<SecretReferences>,
}

/// The port an app listens on unless it says otherwise. Source: App Runner service model, `Port`.
pub const PORT_DEFAULT: u16 = 8080;

impl ImageSource {
    pub fn port(&self) -> u16 {
        self.image.as_ref().and_then(|image| image.port).unwrap_or(PORT_DEFAULT)
    }

    pub fn start_command(&self) -> Option<&str> {
        self.image.as_ref().and_then(|image| image.start_command.as_deref())
    }

    pub fn environment(&self) -> Environment {
        self.image.as_ref().and_then(|image| image.environment.clone()).unwrap_or_default()
    }

    /// Where secret variables come from.
    pub fn secrets(&self) -> Option<&SecretReferences> {
        self.image.as_ref().and_then(|image| image.secrets.as_ref()).filter(|secrets| !secrets.0.is_empty())
    }

    /// Whether a push of the watched tag starts a deployment.
    pub fn auto_deployments(&self) -> bool {
        self.auto_deployments.unwrap_or(match self.reference {
            ImageReference::Own(_) => true,
            ImageReference::Foreign(_) => false,
        })
    }
}

impl Configuration {
    /// Refuses secret variables without a role that could read them. Source: App Runner API reference, `RuntimeEnvironmentSecrets`; the words are ours.
    ///
    /// # Errors
    /// A refusal that says what to set.
    pub fn refuse_secrets_without_role(&self) -> Result<(), Refusal> {
        if self.instance_role.is_none() && self.image_source().secrets().is_some() {
            return Err(Refusal::invalid(
                "RuntimeEnvironmentSecrets needs an instance role that may read the secrets. Set InstanceConfiguration.InstanceRoleArn.",
            ));
        }
        Ok(())
    }

    /// The image, wherever the code came from.
    pub fn image_source(&self) -> &ImageSource {
        match &self.source {
            Source::Image(image) => image,
        }
    }
}
