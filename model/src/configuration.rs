//! What a service is asked to run and how: the noun behind CreateService's and UpdateService's members.
//!
//! Echo rule that Terraform relies on: what was supplied is kept as supplied; absent stays absent. Defaults are applied by the
//! methods here, when somebody acts, and never written into what is echoed.

use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::code_source::{CodeChange, CodeSource};
use crate::environment::Environment;
use crate::health::Health;
use crate::image_reference::ImageReference;
use crate::instance_size::InstanceSize;
use crate::network::{Egress, Network};
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
    /// `ObservabilityEnabled` as supplied; kept because what was supplied is echoed.
    pub observability_enabled: Option<bool>,
    /// The full ARN of the observability configuration that was named. None beside true: the default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observability_configuration: Option<String>,
    #[serde(default, skip_serializing_if = "Network::is_default")]
    pub network: Network,
    /// The role whose rights instances have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_role: Option<RoleArn>,
}

/// Where the code comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    Image(ImageSource),
    Code(CodeSource),
}

/// An image, with what the caller said about running it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSource {
    /// The identifier as the caller wrote it: echoed, never rewritten.
    pub identifier: String,
    pub reference: ImageReference,
    /// Absent if the caller sent no `ImageConfiguration`.
    pub image: Option<ImageConfiguration>,
    /// As sent; absent means true for an image of the account's own repositories, and false for any other.
    pub auto_deployments: Option<bool>,
    pub access_role: Option<RoleArn>,
}

/// What an update says about where the code comes from. What is left out keeps its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChange {
    /// The image as it is named now. What was said about running the one before is gone, also if nothing is said about this one:
    /// Terraform clears variables by leaving them out.
    pub image: Option<ImageSource>,
    /// The repository as it is named now.
    pub code: Option<CodeChange>,
    pub auto_deployments: Option<bool>,
    /// `Some(None)`: a role is no longer named.
    pub access_role: Option<Option<RoleArn>>,
    /// `Some(None)`: a connection is no longer named.
    pub connection: Option<Option<String>>,
}

impl SourceChange {
    /// The source after this change. What was said of an image of one's own registry or account, and can be said of no other, goes with it.
    ///
    /// # Errors
    /// A refusal where this change says such a thing of an image of another registry, named now or before, and where it would make an image of
    /// a repository or the other way round. `account` is the service's.
    pub fn applied_to(&self, current: &Source, account: &AccountId) -> Result<Source, Refusal> {
        match current {
            Source::Image(_) if self.code.is_some() => Err(switched("an image", "ImageRepository")),
            Source::Code(_) if self.image.is_some() => Err(switched("a source code repository", "CodeRepository")),
            Source::Image(now) => self.applied_to_image(now, account).map(Source::Image),
            Source::Code(now) => Ok(Source::Code(self.applied_to_code(now))),
        }
    }

    fn applied_to_image(&self, now: &ImageSource, account: &AccountId) -> Result<ImageSource, Refusal> {
        if self.connection.iter().flatten().next().is_some() {
            return Err(refused_connection());
        }
        let after = ImageSource {
            auto_deployments: self.auto_deployments.or(now.auto_deployments),
            access_role: self.access_role.clone().unwrap_or_else(|| now.access_role.clone()),
            ..self.image.clone().unwrap_or_else(|| now.clone())
        };
        let role = self.access_role.as_ref().and_then(Option::as_ref);
        refuse_unfit(&after.reference, account, role.is_some(), self.auto_deployments)?;
        let is_followed = after.reference.is_followed_by(account);
        let auto_deployments = after.auto_deployments.filter(|automatic| !automatic || is_followed);
        let access_role = after.access_role.filter(|_| after.reference.own().is_some());
        Ok(ImageSource { auto_deployments, access_role, ..after })
    }

    fn applied_to_code(&self, now: &CodeSource) -> CodeSource {
        CodeSource {
            auto_deployments: self.auto_deployments.or(now.auto_deployments),
            access_role: self.access_role.clone().unwrap_or_else(|| now.access_role.clone()),
            connection: self.connection.clone().unwrap_or_else(|| now.connection.clone()),
            ..now.clone().changed(self.code.as_ref())
        }
    }
}

/// A service is made for one kind of source. Source: App Runner API Reference, UpdateService.
fn switched(is: &str, member: &str) -> Refusal {
    Refusal::invalid(format!(
        "SourceConfiguration: the service was created with {is}, and an update cannot switch to the other kind of source. \
         Send {member}, or create another service."
    ))
}

/// A connection leads to source code only.
pub fn refused_connection() -> Refusal {
    Refusal::invalid(
        "Authentication configuration is invalid. A connection is for source code repositories (CodeRepository); \
         leave ConnectionArn out.",
    )
}

/// Refuses what the API reference allows for private ECR repositories alone, where it is said of an image of another registry; and automatic deployment
/// of an image of another account's repository than the service's.
///
/// # Errors
/// An access role, or `AutoDeploymentsEnabled` true: the reference does not say that it is refused (unconfirmed); where the call says it, it is never silently ignored.
pub fn refuse_unfit(
    image: &ImageReference,
    account: &AccountId,
    names_role: bool,
    auto_deployments: Option<bool>,
) -> Result<(), Refusal> {
    if names_role && image.own().is_none() {
        // The first words are as App Runner was seen to answer.
        return Err(Refusal::invalid(
            "Authentication configuration is invalid. An access role is for images of your own registry (ImageRepositoryType ECR); \
             leave AccessRoleArn out.",
        ));
    }
    if auto_deployments == Some(true) && !image.is_followed_by(account) {
        return Err(Refusal::invalid(
            "AutoDeploymentsEnabled: only images of your own account's registry (ImageRepositoryType ECR) are deployed automatically. \
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

    /// Whether a push of the watched tag starts a deployment of a service of this account.
    pub fn auto_deployments(&self, account: &AccountId) -> bool {
        self.reference.is_followed_by(account) && self.auto_deployments.unwrap_or(true)
    }
}

impl Configuration {
    /// Whether it names a resource that is kept by itself, by that resource's id: what a service names is not deleted. Ids are drawn from 128 bits, so
    /// that one means one resource, whatever its kind.
    pub fn names(&self, id: &str) -> bool {
        self.scaling.id == id || self.named().any(|arn| arn.rsplit('/').next() == Some(id))
    }

    /// The full ARNs of what it names beside its auto scaling configuration.
    fn named(&self) -> impl Iterator<Item = &String> {
        let connection = match &self.source {
            Source::Image(_) => None,
            Source::Code(code) => code.connection.as_ref(),
        };
        let connector = match &self.network.egress {
            Egress::Default => None,
            Egress::Vpc { connector } => Some(connector),
        };
        self.observability_configuration.iter().chain(connection).chain(connector)
    }

    /// Refuses secret variables without a role that could read them. Source: App Runner API reference, `RuntimeEnvironmentSecrets`; the words are ours.
    ///
    /// # Errors
    /// A refusal that says what to set.
    pub fn refuse_secrets_without_role(&self) -> Result<(), Refusal> {
        if self.instance_role.is_none() && self.image().and_then(ImageSource::secrets).is_some() {
            return Err(Refusal::invalid(
                "RuntimeEnvironmentSecrets needs an instance role that may read the secrets. Set InstanceConfiguration.InstanceRoleArn.",
            ));
        }
        Ok(())
    }

    /// The image, where there is one to deploy.
    pub fn image(&self) -> Option<&ImageSource> {
        match &self.source {
            Source::Image(image) => Some(image),
            Source::Code(_) => None,
        }
    }

    /// The image of what is deployed or about to be: [`Configuration::hindrance`] keeps everything else from getting so far.
    pub fn image_source(&self) -> &ImageSource {
        self.image().expect("only what comes from an image is deployed: a source repository is a hindrance")
    }

    /// The port that the app listens on.
    pub fn port(&self) -> u16 {
        match &self.source {
            Source::Image(image) => image.port(),
            Source::Code(code) => code.port(),
        }
    }

    /// Why this version cannot deploy it, in words for the service's owner. It is then not deployed at all: never another egress, never another
    /// source than what was asked for.
    pub fn hindrance(&self) -> Option<&'static str> {
        if let Source::Code(_) = &self.source {
            return Some(
                "Building from a source code repository is not available in this version of Outrunner. Build an image, push it, \
                 and create a service from it (ImageRepository).",
            );
        }
        match &self.network.egress {
            Egress::Default => None,
            Egress::Vpc { .. } => Some(
                "Egress through a VPC connector (EgressType VPC) is not available in this version of Outrunner, and the service gets no other \
                 egress in its place. Update it with EgressType DEFAULT; the tag outrunner:reach opens single private addresses.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code_source::{CodeConfiguration, ConfigurationPlace};
    use crate::health::Health;

    fn code() -> CodeSource {
        CodeSource {
            repository_url: "https://github.com/example/hello".to_owned(),
            branch: "main".to_owned(),
            directory: None,
            configuration: CodeConfiguration { place: ConfigurationPlace::Repository, values: None },
            auto_deployments: None,
            connection: None,
            access_role: None,
        }
    }

    fn account() -> AccountId {
        AccountId::parse("000000000000").unwrap()
    }

    fn image() -> ImageSource {
        let identifier = "000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:v1";
        ImageSource {
            identifier: identifier.to_owned(),
            reference: ImageReference::parse(identifier).unwrap(),
            image: None,
            auto_deployments: None,
            access_role: None,
        }
    }

    #[test]
    fn an_update_switches_neither_from_an_image_to_code_nor_back() {
        let change = CodeChange {
            repository_url: "https://github.com/example/other".to_owned(),
            branch: "next".to_owned(),
            directory: Some("/app".to_owned()),
            configuration: None,
        };
        let to_code = SourceChange { code: Some(change), ..SourceChange::default() };
        let to_image = SourceChange { image: Some(image()), ..SourceChange::default() };
        assert!(to_code.applied_to(&Source::Image(image()), &account()).unwrap_err().message.contains("cannot switch"));
        assert!(to_image.applied_to(&Source::Code(code()), &account()).unwrap_err().message.contains("cannot switch"));
        let Source::Code(after) = to_code.applied_to(&Source::Code(code()), &account()).unwrap() else { panic!("it is code") };
        assert_eq!((after.branch.as_str(), after.directory.as_deref()), ("next", Some("/app")));
        assert_eq!(after.configuration, code().configuration, "how it is built keeps its value where nothing is said of it");
    }

    #[test]
    fn a_push_deploys_by_itself_only_what_is_of_the_services_own_account() {
        let other = AccountId::parse("111111111111").unwrap();
        let with = |auto_deployments| ImageSource { auto_deployments, ..image() };
        assert_eq!([None, Some(true), Some(false)].map(|said| with(said).auto_deployments(&account())), [true, true, false]);
        assert_eq!([None, Some(true), Some(false)].map(|said| with(said).auto_deployments(&other)), [false; 3]);
        let named = SourceChange { auto_deployments: Some(true), ..SourceChange::default() };
        assert!(named.applied_to(&Source::Image(image()), &account()).is_ok());
        let refused = named.applied_to(&Source::Image(image()), &other).unwrap_err();
        assert!(refused.message.starts_with("AutoDeploymentsEnabled: only images of your own account's registry"), "{refused}");
        // What was said of the image before goes with it.
        let moved = SourceChange { image: Some(image()), ..SourceChange::default() };
        let Source::Image(after) = moved.applied_to(&Source::Image(with(Some(true))), &other).unwrap() else { panic!("it is one") };
        assert_eq!(after.auto_deployments, None);
    }

    #[test]
    fn a_connection_is_for_code_only() {
        let named = SourceChange { connection: Some(Some("arn".to_owned())), ..SourceChange::default() };
        assert!(named.applied_to(&Source::Image(image()), &account()).unwrap_err().message.contains("leave ConnectionArn out"));
        let Source::Code(after) = named.applied_to(&Source::Code(code()), &account()).unwrap() else { panic!("it is code") };
        assert_eq!(after.connection.as_deref(), Some("arn"));
    }

    #[test]
    fn what_cannot_be_deployed_says_so_and_what_to_do() {
        let configuration = Configuration {
            source: Source::Image(image()),
            size: InstanceSize::default(),
            health: Health::default(),
            scaling: ScalingConfiguration::default(),
            observability_enabled: Some(true),
            observability_configuration: None,
            network: Network::default(),
            instance_role: None,
        };
        assert_eq!(configuration.hindrance(), None);
        let egress = Egress::Vpc { connector: "arn".to_owned() };
        let vpc = Configuration { network: Network { egress, ..Network::default() }, ..configuration.clone() };
        assert!(vpc.hindrance().unwrap().contains("EgressType DEFAULT"));
        assert!(vpc.names("arn") && vpc.names(&vpc.scaling.id) && !configuration.names("arn"));
        let built = Configuration { source: Source::Code(code()), ..configuration };
        assert!(built.hindrance().unwrap().contains("ImageRepository"));
        assert_eq!((built.port(), built.image()), (PORT_DEFAULT, None));
    }
}
