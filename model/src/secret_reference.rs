//! Where a service's secret variables come from: what stands in `RuntimeEnvironmentSecrets`, in place of values.
//!
//! Never a value: a reference is echoed as it was sent. Source: App Runner Developer Guide, "Referencing environment variables".

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::account::{Scope, text_noun};
use crate::environment::Environment;
use crate::managed_secret::{SecretId, VersionPick};
use crate::parameter::ParameterPick;
use crate::refusal::Refusal;

/// One reference, kept as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretReference(String);

/// References by the name of the variable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretReferences(pub BTreeMap<String, SecretReference>);

/// What a reference means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A secret of Secrets Manager: the whole of it, or one key of the JSON in it.
    Managed { id: SecretId, json_key: Option<String>, pick: VersionPick },
    /// A parameter of Systems Manager.
    Parameter(ParameterPick),
}

impl SecretReference {
    /// Reads one of the four forms.
    ///
    /// # Errors
    /// A refusal that shows them.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let reference = Self(text.to_owned());
        // The scope is only what a name without one belongs to: which does not matter here.
        let anywhere = Scope {
            account: crate::account::AccountId::parse("000000000000").expect("it has twelve digits"),
            region: crate::account::Region::parse("anywhere").expect("it is a DNS label"),
        };
        reference.read(&anywhere).map(|_| reference)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it means to a service in `scope`.
    ///
    /// # Panics
    /// Never: `parse` read it.
    pub fn source(&self, scope: &Scope) -> SecretSource {
        self.read(scope).expect("parse() read it, in any scope")
    }

    fn read(&self, scope: &Scope) -> Result<SecretSource, Refusal> {
        let text = self.0.as_str();
        let wrong = || {
            let shown: String = text.chars().take(128).collect();
            Refusal::invalid(format!(
                "'{shown}' is not a reference to a secret. Give the ARN of a secret (arn:aws:secretsmanager:<region>:<account>:secret:\
                 <name>, perhaps with :<json-key>:<version-stage>:<version-id>), the ARN of a parameter (arn:aws:ssm:<region>:<account>:\
                 parameter/<name>), or the name of a parameter in the service's region."
            ))
        };
        if text.starts_with("arn:aws:ssm:") {
            return Ok(SecretSource::Parameter(ParameterPick::parse(text, scope).map_err(|_| wrong())?));
        }
        if text.starts_with("arn:") {
            let parts: Vec<&str> = text.split(':').collect();
            let (arn, rest) = parts.split_at_checked(7).ok_or_else(wrong)?;
            let id = SecretId::parse(&arn.join(":"), scope).map_err(|_| wrong())?;
            let filled = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
            // Source of the order: ECS, which the guide's examples follow (for App Runner unconfirmed).
            let (json_key, stage, version) = match rest {
                [] => (None, None, None),
                [json_key, stage, version] => (filled(json_key), filled(stage), filled(version)),
                _ => return Err(wrong()),
            };
            return Ok(SecretSource::Managed { id, json_key, pick: VersionPick { id: version, stage } });
        }
        let pick = ParameterPick::parse(text, scope).map_err(|_| wrong())?;
        let plain = pick
            .names
            .iter()
            .all(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(&b)));
        if plain { Ok(SecretSource::Parameter(pick)) } else { Err(wrong()) }
    }
}

impl SecretReferences {
    /// Reads all of them; the same names are reserved as for variables.
    ///
    /// # Errors
    /// A refusal that names the variable.
    pub fn parse(references: BTreeMap<String, String>) -> Result<Self, Refusal> {
        // The names obey the rules of variables.
        Environment::parse(references.keys().map(|name| (name.clone(), String::new())).collect())?;
        let read = references.into_iter().map(|(name, text)| {
            let reference = SecretReference::parse(&text)
                .map_err(|refusal| Refusal::invalid(format!("RuntimeEnvironmentSecrets, {name}: {}", refusal.message)))?;
            Ok((name, reference))
        });
        Ok(Self(read.collect::<Result<_, Refusal>>()?))
    }

    /// Refuses a name that is both a variable and a secret: which of the two an app would see is nobody's guess.
    pub fn refuse_clash(&self, variables: &Environment) -> Result<(), Refusal> {
        match self.0.keys().find(|name| variables.0.contains_key(*name)) {
            None => Ok(()),
            Some(name) => Err(Refusal::invalid(format!(
                "The name {name} is used in both RuntimeEnvironmentVariables and RuntimeEnvironmentSecrets. Use it in one of them."
            ))),
        }
    }
}

text_noun!(SecretReference);

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Managed { id, .. } => write!(f, "{id}"),
            Self::Parameter(pick) => {
                f.write_str(&crate::parameter::arn_of(&pick.scope, pick.names.first().map_or("", |name| name)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testbed::scope;

    const SECRET: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:prod/db-AbCdEf";

    #[test]
    fn the_four_forms_are_read_and_nothing_else() {
        let read = |text: &str| match SecretReference::parse(text).unwrap().source(&scope()) {
            SecretSource::Managed { id, json_key, pick } => format!("{id} {json_key:?} {:?} {:?}", pick.stage, pick.id),
            SecretSource::Parameter(pick) => format!("{} {:?}", pick.names.join("|"), pick.selector),
        };
        assert_eq!(read(SECRET), format!("{SECRET} None None None"));
        assert_eq!(read(&format!("{SECRET}:user::")), format!("{SECRET} Some(\"user\") None None"));
        assert_eq!(read(&format!("{SECRET}::AWSPREVIOUS:")), format!("{SECRET} None Some(\"AWSPREVIOUS\") None"));
        assert_eq!(read("arn:aws:ssm:eu-west-1:000000000000:parameter/a/b"), "/a/b None");
        assert_eq!(read("/a/b"), "/a/b None");
        assert_eq!(read("url"), "url None");
        for bad in [
            "",
            "a b",
            "é",
            "arn:aws:s3:::b",
            "arn:aws:secretsmanager:us-east-1:1:secret:x",
            &format!("{SECRET}:user"),
            &format!("{SECRET}:a:b:c:d"),
            "arn:aws:ssm:us-east-1:000000000000:document/x",
        ] {
            let words = SecretReference::parse(bad).unwrap_err().message;
            assert!(words.contains("is not a reference to a secret"), "{bad}: {words}");
        }
    }

    #[test]
    fn names_are_held_to_the_rules_of_variables_and_to_one_side() {
        let one = |name: &str| SecretReferences::parse(BTreeMap::from([(name.to_owned(), SECRET.to_owned())]));
        for bad in ["PORT", "AWSAPPRUNNER_X", "", "A=B"] {
            assert!(one(bad).is_err(), "{bad}");
        }
        let variables = Environment::parse(BTreeMap::from([("A".to_owned(), "1".to_owned())])).unwrap();
        assert!(one("A").unwrap().refuse_clash(&variables).unwrap_err().message.contains("The name A is used in both"));
        assert!(one("B").unwrap().refuse_clash(&variables).is_ok());
    }
}
