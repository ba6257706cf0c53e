//! The one place where a refusal or trouble becomes the bytes of a fault.
//! Never sends a fault that the operation does not declare, a named list of common ones apart; never a cause of
//! trouble. Source of truth: the generated operations, the common errors of AWS's JSON and query protocols.

use crate::{
    codec::Protocol,
    limit,
    shape::{Declared, Operation},
    sigv4::Rejection,
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
    /// A fault of the model by name, where the kinds of refusals say too little.
    Declared(Declared, String),
    /// A fault that every operation may answer with.
    Common(Common),
    /// Ours.
    Trouble(Trouble),
}

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
    /// The fault that says this for `operation`.
    pub fn fault(&self, operation: &Operation, protocol: Protocol) -> Fault {
        match self {
            Self::Refused(Refusal { kind, message }) => match kind {
                RefusalKind::Denied => Common::Denied(message.clone()).fault(protocol),
                RefusalKind::Throttled => Common::Throttled(message.clone()).fault(protocol),
                RefusalKind::Invalid
                | RefusalKind::NotFound
                | RefusalKind::AlreadyExists
                | RefusalKind::WrongState
                | RefusalKind::Quota => {
                    declared(operation, candidates(*kind), shortened(message)).unwrap_or_else(|words| undeclared(protocol, words))
                }
            },
            // Not shortened to the model's 600 characters: all violations are named, as AWS does itself.
            Self::Invalid(text) => match protocol {
                Protocol::Json10 | Protocol::Json11 => declared(operation, candidates(RefusalKind::Invalid), text.clone())
                    .unwrap_or_else(|words| undeclared(protocol, words)),
                // Query services tell violations of the model in a fault that every operation may answer with.
                Protocol::Query => undeclared(protocol, text.clone()),
            },
            Self::Declared(fault, message) => {
                declared(operation, &[fault.code], shortened(message)).unwrap_or_else(|words| undeclared(protocol, words))
            }
            Self::Common(common) => common.fault(protocol),
            Self::Trouble(trouble) => {
                let words = trouble.words_for_caller().unwrap_or_else(|| "An internal error occurred.".to_owned());
                declared(operation, &INTERNAL, words).unwrap_or_else(internal)
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
            Self::UnknownOperation(words) => named("UnknownOperationException", "UnknownOperationException", 400, shortened(words)),
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

/// Names under which services declare an internal failure.
const INTERNAL: [&str; 4] = ["InternalServiceErrorException", "ServerException", "ServiceUnavailableException", "ServiceFailure"];

/// Names under which services declare a kind of refusal, the best first. The last ones are in every operation's list.
fn candidates(kind: RefusalKind) -> &'static [&'static str] {
    match kind {
        RefusalKind::NotFound => &[
            "ResourceNotFoundException",
            "RepositoryNotFoundException",
            "NoSuchEntity",
            "InvalidRequestException",
            "InvalidParameterException",
            "InvalidLookupAttributesException",
        ],
        RefusalKind::AlreadyExists => &[
            "RepositoryAlreadyExistsException",
            "ResourceAlreadyExistsException",
            "EntityAlreadyExists",
            "InvalidRequestException",
            "InvalidParameterException",
            "InvalidLookupAttributesException",
        ],
        RefusalKind::WrongState => &[
            "InvalidStateException",
            "RepositoryNotEmptyException",
            "DeleteConflict",
            "InvalidRequestException",
            "InvalidParameterException",
            "InvalidLookupAttributesException",
        ],
        RefusalKind::Quota => &[
            "ServiceQuotaExceededException",
            "LimitExceededException",
            "TooManyTagsException",
            "LimitExceeded",
            "InvalidRequestException",
            "InvalidParameterException",
            "InvalidLookupAttributesException",
        ],
        RefusalKind::Invalid | RefusalKind::Denied | RefusalKind::Throttled => {
            &["InvalidRequestException", "InvalidParameterException", "InvalidInput", "InvalidLookupAttributesException"]
        }
    }
}

/// The first of `names` that `operation` declares; else the message back.
fn declared(operation: &Operation, names: &[&str], message: String) -> Result<Fault, String> {
    let found = names.iter().find_map(|name| operation.faults.iter().find(|fault| fault.code == *name));
    match found {
        Some(Declared { code, status }) => Ok(Fault { code, status: *status, message }),
        None => Err(message),
    }
}

/// What a caller reads where its operation declares nothing that fits. In the query protocol that is common: `ListRoles` declares no fault
/// for a marker that is none.
fn undeclared(protocol: Protocol, message: String) -> Fault {
    match protocol {
        Protocol::Json10 | Protocol::Json11 => internal(message),
        Protocol::Query => Fault { code: "ValidationError", status: 400, message },
    }
}

/// The query protocol's own internal failure.
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
    const COMMON: [&str; 6] =
        ["AccessDeniedException", "ThrottlingException", "AccessDenied", "Throttling", "ValidationError", "InternalFailure"];

    #[test]
    fn no_operation_answers_with_a_fault_that_it_does_not_declare() {
        for offered in Api::ALL.iter().flat_map(|api| api.operations()) {
            let (operation, protocol) = (offered.operation(), offered.api().protocol());
            let mut wrongs: Vec<Wrong> = KINDS.iter().map(|kind| Refusal::new(*kind, "why").into()).collect();
            wrongs.push(Trouble::lasting("testing", "a cause").into());
            wrongs.push(Wrong::Invalid("1 validation error detected".to_owned()));
            for wrong in wrongs {
                let fault = wrong.fault(operation, protocol);
                // CloudTrail declares no fault for what is ours.
                let has_none = offered.api() == Api::CloudTrail && matches!(wrong, Wrong::Trouble(_));
                if protocol != Protocol::Query && !has_none {
                    assert!(!["ValidationError", "InternalFailure"].contains(&fault.code), "{} has nothing better", operation.name);
                }
                let declared = operation.faults.iter().any(|declared| declared.code == fault.code);
                let fine = declared || COMMON.contains(&fault.code) || operation.faults.is_empty();
                assert!(fine, "{} answers {}", operation.name, fault.code);
            }
        }
    }

    #[test]
    fn trouble_says_nothing_of_its_cause() {
        let trouble = Wrong::from(Trouble::lasting("reading the ledger", "disk on fire at /dev/sda"));
        let fault = trouble.fault(&crate::shape::apprunner::LIST_SERVICES, Protocol::Json10);
        assert_eq!((fault.code, fault.status), ("InternalServiceErrorException", 500));
        assert_eq!(fault.message, "An internal error occurred.");
    }

    #[test]
    fn a_caller_whose_platform_has_no_room_is_told_so() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let fault =
            Wrong::from(Trouble::passing("committing", full)).fault(&crate::shape::apprunner::CREATE_SERVICE, Protocol::Json10);
        assert_eq!((fault.code, fault.status), ("InternalServiceErrorException", 500));
        assert!(fault.message.starts_with("The platform's disk is full"), "{}", fault.message);
    }

    #[test]
    fn a_call_that_is_throttled_is_told_why() {
        let wrong = Wrong::from(Refusal::new(RefusalKind::Throttled, "The role is changed by many calls at once. Try again."));
        for protocol in [Protocol::Json10, Protocol::Query] {
            let fault = wrong.fault(&crate::shape::apprunner::LIST_SERVICES, protocol);
            assert_eq!(fault.message, "The role is changed by many calls at once. Try again.");
        }
    }

    #[test]
    fn a_message_is_cut_at_the_models_length_unless_it_names_violations() {
        let long = "é".repeat(2 * limit::FAULT_MESSAGE_CHARS);
        let operation = &crate::shape::apprunner::LIST_SERVICES;
        let cut = Wrong::from(Refusal::invalid(long.clone())).fault(operation, Protocol::Json10);
        assert_eq!(cut.message.chars().count(), limit::FAULT_MESSAGE_CHARS);
        let whole = Wrong::Invalid(long.clone()).fault(operation, Protocol::Json10);
        assert_eq!(whole.message, long);
    }
}
