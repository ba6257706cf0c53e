//! The table of actions: for every operation what permission it needs, on what, and what conditions may ask about it.
//! Never decides and never asks for a permission: operations do, and a test goes through the door with nothing to see that each does.
//! Source of truth: the Service Authorization Reference, service by service; the files beside this one name the page.
//!
//! An operation without a row stops the build, so the rows of operations that other versions may offer are here already.

mod apprunner;
mod cloudtrail;
mod ecr;
mod iam;
mod logs;
mod outrunner;
mod secretsmanager;
mod servicequotas;
mod ssm;
mod sts;

use crate::{
    outrunner::shape::OutrunnerOperation,
    shape::{
        Operation, apprunner::AppRunnerOperation, cloudtrail::CloudTrailOperation, ecr::EcrOperation, iam::IamOperation,
        logs::LogsOperation, secretsmanager::SecretsManagerOperation, service_quotas::ServiceQuotasOperation, ssm::SsmOperation,
        sts::StsOperation,
    },
    target::Offered,
};

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As the Service Authorization Reference calls it.
    pub name: &'static str,
    /// Its ARN, with `${…}` for what differs.
    pub arn: &'static str,
}

/// What an operation needs. The action has the operation's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub operation: &'static str,
    /// What it is asked for on; nothing where it is `*` alone.
    pub on: &'static [Kind],
    /// Condition keys that its calls may have beside those that every call has and `aws:ResourceTag` of what it is asked for on.
    pub keys: &'static [&'static str],
    /// Actions that some of its calls need too.
    pub with: &'static [&'static str],
    /// Whether everybody whose key is good may call it.
    pub free: bool,
}

impl Row {
    const fn new(operation: &'static str, on: &'static [Kind]) -> Self {
        Self { operation, on, keys: &[], with: &[], free: false }
    }

    const fn keys(self, keys: &'static [&'static str]) -> Self {
        Self { keys, ..self }
    }

    const fn with(self, with: &'static [&'static str]) -> Self {
        Self { with, ..self }
    }

    const fn free(self) -> Self {
        Self { free: true, ..self }
    }

    // The tests hold the table against itself with them; nothing else has to know yet.
    #[cfg(test)]
    /// The forms of the ARNs of what this is asked for on, with a star for what differs; `*` where there is none.
    pub fn forms(&self) -> Vec<String> {
        let form = |arn: &str| -> String {
            let mut pieces = arn.split("${");
            let first = pieces.next().unwrap_or_default().to_owned();
            pieces.fold(first, |form, piece| form + "*" + piece.split_once('}').map_or("", |(_, rest)| rest))
        };
        if self.on.is_empty() { vec!["*".to_owned()] } else { self.on.iter().map(|kind| form(kind.arn)).collect() }
    }

    #[cfg(test)]
    /// Whether an ARN has the form of what this is asked for on, or is `*` where there is no form.
    pub fn concerns(&self, resource: &str) -> bool {
        if self.on.is_empty() {
            return resource == "*";
        }
        self.forms().iter().any(|form| crate::policy::wild(form, resource, crate::policy::Case::Kept))
    }
}

/// Actions that are no operations of ours: they are asked for beside others, or by the registry's own protocol.
/// App Runner's own are in its table though no operation of its API is called so: policies name them.
const BESIDE: [&str; 11] = [
    "apprunner:AssociateWebAcl",
    "apprunner:DescribeOperation",
    "apprunner:DescribeWebAclForService",
    "apprunner:DisassociateWebAcl",
    "apprunner:ListAssociatedServicesForWebAcl",
    "iam:PassRole",
    "outrunner:PullForeignImage",
    "outrunner:SetServiceOption",
    "outrunner:UseForeignRole",
    "sts:SetSourceIdentity",
    "sts:TagSession",
];

/// The rows of a service, by its signing name.
pub fn rows(service: &str) -> Option<&'static [Row]> {
    Some(match service {
        "apprunner" => apprunner::ROWS,
        "cloudtrail" => cloudtrail::ROWS,
        "ecr" => ecr::ROWS,
        "iam" => iam::ROWS,
        "logs" => logs::ROWS,
        "outrunner" => outrunner::ROWS,
        "secretsmanager" => secretsmanager::ROWS,
        "servicequotas" => servicequotas::ROWS,
        "ssm" => ssm::ROWS,
        "sts" => sts::ROWS,
        _ => return None,
    })
}

/// Whether there is such an action, as far as it is of a service that this platform may be. Actions are not told apart by case.
pub fn is_known(action: &str) -> bool {
    let (service, name) = action.split_once(':').unwrap_or_default();
    let beside = BESIDE.iter().any(|known| known.eq_ignore_ascii_case(action));
    beside || rows(&service.to_ascii_lowercase()).is_none_or(|rows| rows.iter().any(|row| row.operation.eq_ignore_ascii_case(name)))
}

/// The row of an operation.
pub const fn row(offered: Offered) -> &'static Row {
    match offered {
        Offered::AppRunner(operation) => find(apprunner::ROWS, operation.operation()),
        Offered::Ecr(operation) => find(ecr::ROWS, operation.operation()),
        Offered::Logs(operation) => find(logs::ROWS, operation.operation()),
        Offered::Iam(operation) => find(iam::ROWS, operation.operation()),
        Offered::Sts(operation) => find(sts::ROWS, operation.operation()),
        Offered::SecretsManager(operation) => find(secretsmanager::ROWS, operation.operation()),
        Offered::Ssm(operation) => find(ssm::ROWS, operation.operation()),
        Offered::ServiceQuotas(operation) => find(servicequotas::ROWS, operation.operation()),
        Offered::CloudTrail(operation) => find(cloudtrail::ROWS, operation.operation()),
        Offered::Outrunner(operation) => find(outrunner::ROWS, operation.operation()),
    }
}

/// Stops the build where an operation has no row.
macro_rules! every_operation_has_a_row {
    ($($operations:ty => $offered:path,)*) => {
        $(const _: () = {
            let mut n = 0;
            while n < <$operations>::ALL.len() {
                row($offered(<$operations>::ALL[n]));
                n += 1;
            }
        };)*
    };
}

every_operation_has_a_row! {
    AppRunnerOperation => Offered::AppRunner,
    EcrOperation => Offered::Ecr,
    LogsOperation => Offered::Logs,
    IamOperation => Offered::Iam,
    StsOperation => Offered::Sts,
    SecretsManagerOperation => Offered::SecretsManager,
    SsmOperation => Offered::Ssm,
    ServiceQuotasOperation => Offered::ServiceQuotas,
    CloudTrailOperation => Offered::CloudTrail,
    OutrunnerOperation => Offered::Outrunner,
}

const fn find(rows: &'static [Row], operation: &Operation) -> &'static Row {
    let mut n = 0;
    while n < rows.len() {
        if same(rows[n].operation.as_bytes(), operation.name.as_bytes()) {
            return &rows[n];
        }
        n += 1;
    }
    panic!("an operation has no row in the table of actions")
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut n = 0;
    while n < one.len() {
        if one[n] != other[n] {
            return false;
        }
        n += 1;
    }
    true
}

#[cfg(test)]
mod tests;
