//! What each service calls the kinds of wrong: the names of its own model, the best first.
//! Never decides whether an operation declares one; `fault` takes the first that it does.
//! Source of truth: the services' models and API references; where a service has a word for a case that no kind says, its operations name it
//! themselves (`Wrong::Declared`).

use model::refusal::RefusalKind;

/// The names of one service.
pub struct FaultNames {
    /// What is left when nothing fits better.
    invalid: &'static [&'static str],
    not_found: &'static [&'static str],
    already_exists: &'static [&'static str],
    wrong_state: &'static [&'static str],
    quota: &'static [&'static str],
    /// A token of another list, or none at all.
    pub token: &'static [&'static str],
    /// Ours.
    pub internal: &'static [&'static str],
    /// Whether violations of the model are told in the front end's own fault, which no operation declares, and not in `invalid`.
    pub violations_are_common: bool,
}

const APP_RUNNER: FaultNames = FaultNames {
    invalid: &["InvalidRequestException"],
    not_found: &["ResourceNotFoundException"],
    already_exists: &[],
    wrong_state: &["InvalidStateException"],
    quota: &["ServiceQuotaExceededException"],
    token: &[],
    internal: &["InternalServiceErrorException"],
    violations_are_common: false,
};

const ECR: FaultNames = FaultNames {
    invalid: &["InvalidParameterException"],
    not_found: &["RepositoryNotFoundException", "ImageNotFoundException"],
    already_exists: &["RepositoryAlreadyExistsException"],
    wrong_state: &["RepositoryNotEmptyException"],
    quota: &["LimitExceededException", "TooManyTagsException"],
    token: &[],
    internal: &["ServerException"],
    violations_are_common: false,
};

const LOGS: FaultNames = FaultNames {
    invalid: &["InvalidParameterException"],
    not_found: &["ResourceNotFoundException"],
    already_exists: &["ResourceAlreadyExistsException"],
    wrong_state: &["OperationAbortedException", "InvalidOperationException"],
    quota: &["LimitExceededException", "TooManyTagsException"],
    token: &[],
    internal: &["ServiceUnavailableException"],
    violations_are_common: false,
};

const IAM: FaultNames = FaultNames {
    invalid: &["InvalidInput"],
    not_found: &["NoSuchEntity"],
    already_exists: &["EntityAlreadyExists"],
    wrong_state: &["DeleteConflict", "UnmodifiableEntity"],
    quota: &["LimitExceeded"],
    token: &[],
    internal: &["ServiceFailure"],
    violations_are_common: true,
};

/// It declares faults for single cases only.
const STS: FaultNames = FaultNames {
    invalid: &[],
    not_found: &[],
    already_exists: &[],
    wrong_state: &[],
    quota: &[],
    token: &[],
    internal: &[],
    violations_are_common: true,
};

const SECRETS_MANAGER: FaultNames = FaultNames {
    invalid: &["InvalidParameterException", "InvalidRequestException"],
    not_found: &["ResourceNotFoundException"],
    already_exists: &["ResourceExistsException"],
    wrong_state: &["InvalidRequestException"],
    quota: &["LimitExceededException"],
    token: &["InvalidNextTokenException"],
    internal: &["InternalServiceError"],
    violations_are_common: true,
};

/// It has no word for an input that is wrong in general.
const SSM: FaultNames = FaultNames {
    invalid: &[],
    not_found: &["ParameterNotFound", "InvalidResourceId"],
    already_exists: &["ParameterAlreadyExists"],
    wrong_state: &["TooManyUpdates"],
    quota: &["ParameterLimitExceeded", "TooManyTagsError", "ParameterMaxVersionLimitExceeded"],
    token: &["InvalidNextToken"],
    internal: &["InternalServerError"],
    violations_are_common: true,
};

const CLOUD_TRAIL: FaultNames = FaultNames {
    invalid: &["InvalidLookupAttributesException", "InvalidTrailNameException"],
    not_found: &["TrailNotFoundException"],
    already_exists: &[],
    wrong_state: &["OperationNotPermittedException"],
    quota: &[],
    token: &["InvalidNextTokenException"],
    internal: &[],
    violations_are_common: true,
};

const SERVICE_QUOTAS: FaultNames = FaultNames {
    invalid: &["IllegalArgumentException"],
    not_found: &["NoSuchResourceException"],
    already_exists: &["ResourceAlreadyExistsException"],
    wrong_state: &["InvalidResourceStateException"],
    quota: &["QuotaExceededException"],
    token: &["InvalidPaginationTokenException"],
    internal: &["ServiceException"],
    violations_are_common: false,
};

impl FaultNames {
    /// Those of a service, by its signing name; our own extension speaks as App Runner does.
    pub fn of(signing_name: &str) -> &'static Self {
        match signing_name {
            "ecr" => &ECR,
            "logs" => &LOGS,
            "iam" => &IAM,
            "sts" => &STS,
            "secretsmanager" => &SECRETS_MANAGER,
            "ssm" => &SSM,
            "cloudtrail" => &CLOUD_TRAIL,
            "servicequotas" => &SERVICE_QUOTAS,
            _ => &APP_RUNNER,
        }
    }

    /// The names of a kind, the best first; at the end what fits anything.
    pub fn of_kind(&self, kind: RefusalKind) -> impl Iterator<Item = &'static str> {
        let own = match kind {
            RefusalKind::NotFound => self.not_found,
            RefusalKind::AlreadyExists => self.already_exists,
            RefusalKind::WrongState => self.wrong_state,
            RefusalKind::Quota => self.quota,
            // The last two are common faults, which every operation may answer with.
            RefusalKind::Invalid | RefusalKind::Denied | RefusalKind::Throttled => &[],
        };
        own.iter().chain(self.invalid).copied()
    }

    /// The names of a token that cannot be read.
    pub fn of_token(&self) -> impl Iterator<Item = &'static str> {
        self.token.iter().chain(self.invalid).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// Every fault of a model, as it is on the wire.
    fn declared(file: &str) -> BTreeSet<String> {
        let path = format!("{}/models/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let model: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("the model")).expect("JSON");
        let shapes = model["shapes"].as_object().expect("shapes").iter();
        let faults = shapes.filter(|(_, shape)| shape["exception"] == true);
        faults.map(|(name, shape)| shape["error"]["code"].as_str().unwrap_or(name).to_owned()).collect()
    }

    #[test]
    fn every_name_is_one_of_the_services_own_model() {
        for (signing_name, file) in [
            ("apprunner", "apprunner"),
            ("outrunner", "apprunner"),
            ("ecr", "ecr"),
            ("logs", "logs"),
            ("iam", "iam"),
            ("sts", "sts"),
            ("secretsmanager", "secretsmanager"),
            ("ssm", "ssm"),
            ("cloudtrail", "cloudtrail"),
            ("servicequotas", "service_quotas"),
        ] {
            let (names, declared) = (FaultNames::of(signing_name), declared(file));
            let FaultNames { invalid, not_found, already_exists, wrong_state, quota, token, internal, violations_are_common: _ } =
                names;
            for name in [invalid, not_found, already_exists, wrong_state, quota, token, internal].into_iter().copied().flatten() {
                assert!(declared.contains(*name), "{signing_name} has no {name}");
            }
        }
    }
}
