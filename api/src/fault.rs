//! The one place where a refusal or trouble becomes the bytes of a fault.
//! Never sends a fault that the operation does not declare, a named list of common ones apart; never a cause of
//! trouble. Source of truth: the generated operations, the common errors of AWS's JSON and query protocols.

use crate::{
    codec::Protocol,
    fault_name::FaultNames,
    limit,
    shape::{Declared, Operation},
    sigv4::Rejection,
    target::Offered,
};
use model::{
    refusal::{Refusal, RefusalKind},
    trouble::Trouble,
};

/// Why a call is not answered as it was meant.
#[derive(Debug)]
pub enum Wrong {
    /// The caller must mend something.
    Refused(Refusal),
    /// The input breaks the model; the text names every violation.
    Invalid(String),
    /// A page token that is none, was changed, or belongs to another list.
    Token(Refusal),
    /// A fault of the model by name, where the kinds of refusals say too little.
    Declared(Declared, String),
    /// The same with members of its own, which clients go on by.
    Detailed(Declared, String, Details),
    /// A fault that every operation may answer with.
    Common(Common),
    /// Ours.
    Trouble(Trouble),
}

/// Members of a fault beside its words, by their names in the model.
pub type Details = serde_json::Map<String, serde_json::Value>;

/// Faults that are in no service model: the front end's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Common {
    /// The signature proves nothing.
    Rejected(Rejection),
    /// The caller may not do this.
    Denied(String),
    /// Too many calls at once; what the caller reads.
    Throttled(String),
    /// No such operation here.
    UnknownOperation(String),
    /// The body is not what the protocol demands.
    Serialization(String),
    /// The body is over its operation's limit, in bytes.
    TooLarge(usize),
    /// The body did not come in time.
    TooSlow,
}

/// A fault as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name on the wire.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the caller reads.
    pub message: String,
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Trouble> for Wrong {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<Common> for Wrong {
    fn from(common: Common) -> Self {
        Self::Common(common)
    }
}

impl From<Rejection> for Wrong {
    fn from(rejection: Rejection) -> Self {
        Self::Common(Common::Rejected(rejection))
    }
}

impl Common {
    /// As AWS says it, where there is nothing more to say.
    pub fn throttled() -> Self {
        Self::Throttled("Rate exceeded".to_owned())
    }
}

impl Wrong {
    /// What it says beside its words.
    pub fn details(&self) -> Details {
        match self {
            Self::Detailed(_, _, details) => details.clone(),
            Self::Refused(_) | Self::Invalid(_) | Self::Token(_) | Self::Declared(..) | Self::Common(_) | Self::Trouble(_) => {
                Details::new()
            }
        }
    }

    /// The fault that says this for `offered`.
    pub fn fault(&self, offered: Offered) -> Fault {
        let protocol = offered.api().protocol();
        let names = FaultNames::of(offered.api().signing_name());
        match self {
            Self::Refused(Refusal { kind, message }) => match kind {
                RefusalKind::Denied => Common::Denied(message.clone()).fault(protocol),
                RefusalKind::Throttled => Common::Throttled(message.clone()).fault(protocol),
                RefusalKind::Invalid
                | RefusalKind::NotFound
                | RefusalKind::AlreadyExists
                | RefusalKind::WrongState
                | RefusalKind::Quota => told(offered, names.of_kind(*kind), shortened(message)),
            },
            Self::Token(Refusal { kind: _, message }) => told(offered, names.of_token(), shortened(message)),
            // Not shortened to the model's 600 characters: all violations are named, as AWS does itself.
            Self::Invalid(text) if names.violations_are_common => undeclared(protocol, text.clone()),
            Self::Invalid(text) => told(offered, names.of_kind(RefusalKind::Invalid), text.clone()),
            Self::Declared(fault, message) | Self::Detailed(fault, message, _) => {
                told(offered, std::iter::once(fault.code), shortened(message))
            }
            Self::Common(common) => common.fault(protocol),
            Self::Trouble(trouble) => {
                let words = trouble.words_for_caller().unwrap_or_else(|| "An internal error occurred.".to_owned());
                declared(offered.operation(), names.internal.iter().copied(), words).unwrap_or_else(internal)
            }
        }
    }
}

impl Common {
    /// The fault in the names of the protocol.
    pub fn fault(&self, protocol: Protocol) -> Fault {
        let named = |json: &'static str, query: &'static str, query_status: u16, message: String| match protocol {
            Protocol::Json10 | Protocol::Json11 => Fault { code: json, status: 400, message },
            Protocol::Query => Fault { code: query, status: query_status, message },
        };
        match self {
            Self::Rejected(rejection) => match rejection {
                Rejection::Missing => named(
                    "MissingAuthenticationTokenException",
                    "MissingAuthenticationToken",
                    403,
                    "Request is missing Authentication Token".to_owned(),
                ),
                Rejection::Incomplete(words) => named("IncompleteSignatureException", "IncompleteSignature", 400, shortened(words)),
                Rejection::UnknownKey => named(
                    "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    403,
                    "The security token included in the request is invalid.".to_owned(),
                ),
                Rejection::Expired => named(
                    "ExpiredTokenException",
                    "ExpiredToken",
                    403,
                    "The security token included in the request is expired".to_owned(),
                ),
                Rejection::Mismatch(words) => named("InvalidSignatureException", "SignatureDoesNotMatch", 403, shortened(words)),
            },
            Self::Denied(words) => named("AccessDeniedException", "AccessDenied", 403, shortened(words)),
            Self::Throttled(words) => named("ThrottlingException", "Throttling", 400, shortened(words)),
            Self::UnknownOperation(words) => named("UnknownOperationException", "InvalidAction", 400, shortened(words)),
            Self::Serialization(words) => named("SerializationException", "MalformedInput", 400, shortened(words)),
            Self::TooLarge(bytes_max) => Fault {
                code: "RequestEntityTooLargeException",
                status: 413,
                message: format!("The request body is larger than {bytes_max} bytes."),
            },
            Self::TooSlow => Fault {
                code: "RequestTimeoutException",
                status: 408,
                message: format!("The request body did not come within {} s.", limit::REQUEST_BODY_WAIT.as_secs()),
            },
        }
    }
}

/// The first of `names` that the operation declares; else the front end's own.
fn told(offered: Offered, names: impl Iterator<Item = &'static str>, message: String) -> Fault {
    declared(offered.operation(), names, message).unwrap_or_else(|words| undeclared(offered.api().protocol(), words))
}

/// The first of `names` that `operation` declares; else the message back.
fn declared(operation: &Operation, mut names: impl Iterator<Item = &'static str>, message: String) -> Result<Fault, String> {
    match names.find_map(|name| operation.faults.iter().find(|fault| fault.code == name)) {
        Some(Declared { code, status }) => Ok(Fault { code, status: *status, message }),
        None => Err(message),
    }
}

/// What a caller reads where its operation declares nothing that fits: `ListRoles` declares no fault for a marker that is none, and some services
/// tell violations of the model so. Both names are the front ends' own. Source: AWS API references, "Common Errors".
fn undeclared(protocol: Protocol, message: String) -> Fault {
    match protocol {
        Protocol::Json10 | Protocol::Json11 => Fault { code: "ValidationException", status: 400, message },
        Protocol::Query => Fault { code: "ValidationError", status: 400, message },
    }
}

/// The front ends' own internal failure, for operations that declare none.
fn internal(message: String) -> Fault {
    Fault { code: "InternalFailure", status: 500, message }
}

fn shortened(message: &str) -> String {
    message.chars().take(limit::FAULT_MESSAGE_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Api;

    const KINDS: [RefusalKind; 7] = [
        RefusalKind::Invalid,
        RefusalKind::NotFound,
        RefusalKind::AlreadyExists,
        RefusalKind::WrongState,
        RefusalKind::Quota,
        RefusalKind::Denied,
        RefusalKind::Throttled,
    ];
    const COMMON: [&str; 7] = [
        "AccessDeniedException",
        "ThrottlingException",
        "ValidationException",
        "AccessDenied",
        "Throttling",
        "ValidationError",
        "InternalFailure",
    ];
    const LIST_SERVICES: Offered = Offered::AppRunner(crate::shape::apprunner::AppRunnerOperation::ListServices);
    const CREATE_SERVICE: Offered = Offered::AppRunner(crate::shape::apprunner::AppRunnerOperation::CreateService);
    const LIST_ROLES: Offered = Offered::Iam(crate::shape::iam::IamOperation::ListRoles);

    #[test]
    fn no_operation_answers_with_a_fault_that_it_does_not_declare() {
        for offered in Api::ALL.iter().flat_map(|api| api.operations()) {
            let operation = offered.operation();
            let mut wrongs: Vec<Wrong> = KINDS.iter().map(|kind| Refusal::new(*kind, "why").into()).collect();
            wrongs.push(Trouble::lasting("testing", "a cause").into());
            wrongs.push(Wrong::Invalid("1 validation error detected".to_owned()));
            wrongs.push(Wrong::Token(Refusal::invalid("another list's")));
            wrongs.push(Wrong::Declared(Declared { code: "NobodysException", status: 400 }, "why".to_owned()));
            for wrong in wrongs {
                let fault = wrong.fault(offered);
                let foreign = matches!(wrong, Wrong::Declared(..));
                if matches!(offered.api(), Api::AppRunner | Api::Ecr | Api::Outrunner) && !foreign {
                    assert!(!fault.code.starts_with("Validation"), "{} has nothing better", operation.name);
                }
                let declared = operation.faults.iter().any(|declared| declared.code == fault.code);
                assert!(declared || COMMON.contains(&fault.code), "{} answers {}", operation.name, fault.code);
                assert_eq!(fault.status >= 500, matches!(wrong, Wrong::Trouble(_)), "{} answers {}", operation.name, fault.code);
            }
        }
    }

    #[test]
    fn trouble_says_nothing_of_its_cause() {
        let trouble = Wrong::from(Trouble::lasting("reading the ledger", "disk on fire at /dev/sda"));
        let fault = trouble.fault(LIST_SERVICES);
        assert_eq!((fault.code, fault.status), ("InternalServiceErrorException", 500));
        assert_eq!(fault.message, "An internal error occurred.");
    }

    #[test]
    fn a_caller_whose_platform_has_no_room_is_told_so() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let fault = Wrong::from(Trouble::passing("committing", full)).fault(CREATE_SERVICE);
        assert_eq!((fault.code, fault.status), ("InternalServiceErrorException", 500));
        assert!(fault.message.starts_with("The platform's disk is full"), "{}", fault.message);
    }

    #[test]
    fn a_call_that_is_throttled_is_told_why() {
        let wrong = Wrong::from(Refusal::new(RefusalKind::Throttled, "The role is changed by many calls at once. Try again."));
        for offered in [LIST_SERVICES, LIST_ROLES] {
            assert_eq!(wrong.fault(offered).message, "The role is changed by many calls at once. Try again.");
        }
    }

    #[test]
    fn violations_are_told_in_the_fault_that_the_service_has_for_them() {
        let wrong = Wrong::Invalid("1 validation error detected".to_owned());
        assert_eq!(wrong.fault(LIST_SERVICES).code, "InvalidRequestException");
        assert_eq!(wrong.fault(LIST_ROLES).code, "ValidationError");
    }

    #[test]
    fn a_message_is_cut_at_the_models_length_unless_it_names_violations() {
        let long = "é".repeat(2 * limit::FAULT_MESSAGE_CHARS);
        let cut = Wrong::from(Refusal::invalid(long.clone())).fault(LIST_SERVICES);
        assert_eq!(cut.message.chars().count(), limit::FAULT_MESSAGE_CHARS);
        let whole = Wrong::Invalid(long.clone()).fault(LIST_SERVICES);
        assert_eq!(whole.message, long);
    }
}
