//! Every limit of this room, by name; reaching one is a tested behaviour.
//! Never a rule of App Runner itself: those are in the generated shapes and in `model`.
//! Source of truth: `ARCHITECTURE.md`, and an AWS API reference where a line names it.

use std::time::Duration;

/// Bytes of a request body, where the operation has no limit of its own. More is 413, and is not read.
pub const REQUEST_BODY_BYTES: usize = 1024 * 1024;

/// Bytes of a `PutLogEvents` body: a whole batch ([`LOG_BATCH_BYTES`], 10,000 events), with each byte written as six (`\u0001`).
pub const LOG_BATCH_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Bytes of an `UploadLayerPart` body: a part of 20 MiB (source: ECR service model, `LayerPartBlob`) in base64, and what stands around it.
pub const LAYER_PART_BODY_BYTES: usize = 28 * 1024 * 1024;

/// Size of the parts that `InitiateLayerUpload` asks for: the least that ECR takes, so that a part over a slow line comes within
/// [`REQUEST_BODY_WAIT`], and several at once find room in [`LAYER_BODIES_BYTES`]. ECR itself asks for 10 or 20 MiB.
pub const LAYER_PART_BYTES_ADVISED: i64 = model::limit::LAYER_PART_BYTES_MIN as i64;

/// Bytes of a `PutImage` body: a manifest of 4 MiB (source: ECR service model, `ImageManifest`) with every second letter a quote, and what stands around it.
pub const MANIFEST_BODY_BYTES: usize = 7 * 1024 * 1024;

/// Missing layers or images that one answer names.
pub const LAYERS_NAMED: usize = 3;

/// Wildcards of one filter of a repository's tags. ECR's model has no such limit; its documentation speaks of two (unconfirmed).
pub const TAG_FILTER_WILDCARDS: usize = 2;

/// Bytes that the bodies of all calls under way may take in memory together; a call that finds no room is told to come back.
/// What is made of a body takes as much again, a few times.
pub const BODIES_BYTES: usize = 64 * 1024 * 1024;

/// The same of the parts of layers, which are large: two of the largest. They have a room of their own, so that those who push keep nobody
/// else waiting, and only calls that name a key that signs find place in it.
pub const LAYER_BODIES_BYTES: usize = 64 * 1024 * 1024;

/// Bytes of each body that do not count there: usual calls are smaller, and go on while others flood us.
pub const BODY_FREE_BYTES: usize = 32 * 1024;

/// Bytes a second that are read only to be dropped, of bodies that find no room, and of strangers' layers; strangers and the rooms of [`BODIES_BYTES`] and of
/// [`LAYER_BODIES_BYTES`] have a line each.
/// Their callers wait for their answer as long as that takes, and a flood of them that comes again at once is held to this.
pub const DROPPED_BYTES_PER_SECOND: usize = 128 * 1024 * 1024;

/// Bytes that may stand in line for it, which is about five seconds; stock clients wait sixty. Whoever finds the line full waits as long, and is not read at
/// all: its connection is closed, and a client that is still sending may see that before the answer. Stock clients try again either way.
pub const DROPPED_BYTES_IN_LINE: usize = 5 * DROPPED_BYTES_PER_SECOND;

/// How long a caller may take to send its body, and as long again what is dropped of it.
pub const REQUEST_BODY_WAIT: Duration = Duration::from_secs(30);

/// How far a caller's clock may be from ours, in either direction.
/// Source: App Runner API reference, `InvalidSignatureException`.
pub const CLOCK_SKEW: Duration = Duration::from_secs(5 * 60);

/// Characters of a fault's message, those of validation apart. Source: the model's `ErrorMessage`.
pub const FAULT_MESSAGE_CHARS: usize = 600;

/// Characters of an offending value that a violation repeats.
pub const SHOWN_VALUE_CHARS: usize = 128;

/// Violations that one answer spells out; the count in front is always the true one.
pub const VIOLATIONS_SHOWN: usize = 100;

/// Bytes of the secret that page tokens are signed with, at least: as many as the MAC's hash has.
pub const PAGE_KEY_BYTES: usize = 32;

/// Characters of a page token that is read: the longest key (a parameter's name) fits. A service's own bound is in its model.
pub const NEXT_TOKEN_CHARS: usize = 4096;

/// Seconds that `FollowLogs` may wait for a new line.
pub const FOLLOW_WAIT_SECONDS: i64 = 20;

/// Last lines that `FollowLogs` begins with at most.
pub const FOLLOW_TAIL_LINES: i64 = 1000;

/// Last lines that `FollowLogs` begins with unless told.
pub const FOLLOW_TAIL_LINES_DEFAULT: u32 = 100;

/// Followers that may wait at once; one more is told to come back later.
pub const FOLLOWERS: usize = 64;

/// Events in one `ListEvents` answer, which is also the number unless told.
pub const EVENTS: i64 = 1000;

/// Parts of a member's name in a form, such as `Tags.member.1.Key`.
pub const FORM_DEPTH: usize = 8;

/// Items of an IAM list in one answer unless told. Source: IAM API reference, `MaxItems`.
pub const IAM_ITEMS_DEFAULT: u32 = 100;

/// Answers of one simulation: every action with every resource.
pub const SIMULATED_PAIRS: usize = 10_000;
/// Bytes of all policies of one simulation: several times what a user with as many as it can have has.
pub const SIMULATED_POLICY_BYTES: usize = 512 << 10;

/// Characters of a role's trust policy, white space apart. Source: IAM quotas.
pub const ROLE_TRUST_CHARS: usize = 2_048;

/// Characters of all of a role's own policies together, white space apart. Source: IAM quotas.
pub const ROLE_INLINE_CHARS: usize = 10_240;

/// Policies of its own that one role may have. IAM has no such limit.
pub const ROLE_INLINE_POLICIES: usize = 64;

/// Bytes of a role's trust policy and its own policies together, white space counted. IAM has no such limit.
pub const ROLE_BYTES: usize = 64 * 1024;

/// Users, roles or policies that are read at once to count whom a managed policy is attached to.
pub const ROLES_COUNTED: u32 = 50;

/// Managed policies that one role or user may have attached. Source: IAM quotas.
pub const ROLE_ATTACHED: usize = 10;

/// Characters of all of a user's own policies together, white space apart. Source: IAM quotas.
pub const USER_INLINE_CHARS: usize = 2_048;

/// Characters of a customer managed policy, white space apart. Source: IAM quotas.
pub const MANAGED_POLICY_CHARS: usize = 6_144;

/// Audiences of one OpenID Connect provider. Source: IAM quotas.
pub const PROVIDER_CLIENT_IDS: usize = 100;

/// Thumbprints of one OpenID Connect provider. Source: IAM quotas.
pub const PROVIDER_THUMBPRINTS: usize = 5;

/// How often a change of a role, a user or a policy is tried anew when others change it meanwhile.
pub const ROLE_CHANGE_TRIES: u32 = 8;

/// Seconds of a session that a session took: a chain of roles cannot be prolonged. Source: IAM User Guide, role chaining.
pub const CHAINED_SESSION_SECONDS: u32 = 3_600;

/// Seconds of a session unless told. Source: STS API reference, AssumeRole.
pub const SESSION_SECONDS_DEFAULT: u32 = 3_600;

/// How long the credentials of an instance are good; half of it is left at least when they are given. Source: ECS gives its tasks up to six hours.
pub const INSTANCE_SESSION: Duration = Duration::from_secs(6 * 3600);
/// Instances whose credentials are remembered: twice as many as a platform bears, as others come while some go.
pub const INSTANCE_SESSIONS: usize = 8_000;

/// How long a key's use is not written down again: GetAccessKeyLastUsed may be this late. AWS's own is some hours late at times.
pub const KEY_USE_NOTED: Duration = Duration::from_secs(5 * 60);

/// Keys whose last writing is remembered; when there are more, all are forgotten, and written once more.
pub const KEY_USES: usize = 10_000;

/// Characters of a session's own policies together, ARNs included. Source: STS API reference, AssumeRole, `Policy`, `PolicyArns`.
pub const SESSION_POLICY_CHARS: usize = 2_048;

/// Bytes of a session's tags together, keys and values. A decision of ours, since AWS does not tell how it packs them: with the policies the token still
/// fits into the header of a call in HTTP/2, and fifty tags of eighty bytes fit in.
pub const SESSION_TAG_BYTES: usize = 4_096;

/// Managed policies that one session may be narrowed by. Source: STS API reference, AssumeRole, `PolicyArns`.
pub const SESSION_POLICY_ARNS: usize = 10;

/// Seconds of a user's own session unless told, and the most of the root's. Source: STS API reference, GetSessionToken.
pub const OWN_SESSION_SECONDS_DEFAULT: u32 = 43_200;
/// See [`OWN_SESSION_SECONDS_DEFAULT`].
pub const ROOT_SESSION_SECONDS: u32 = 3_600;

/// Calls under way at once; one more is told to come back later.
pub const CALLS: usize = 512;
/// Calls that bring a token of an outside issuer instead of a signature, until that is verified: the issuer may let them wait, and anybody can name it. They
/// take nothing of [`CALLS`] until then.
pub const UNVERIFIED_CALLS: usize = 64;

/// Repositories in one answer unless told. Source: ECR API reference, `DescribeRepositories`.
pub const REPOSITORIES_DEFAULT: u32 = 100;

/// Images, or rows of them, in one answer unless told. Source: ECR API reference, `ListImages`, `DescribeImages`.
pub const IMAGES_DEFAULT: u32 = 100;

/// Bytes of manifests in one answer: they are held in memory until it is sent. A single one fits always (ECR's longest has 4 MiB).
pub const MANIFESTS_BYTES: usize = 16 * 1024 * 1024;

/// Characters of a repository's tag key and value. Source: ECR's rules, which its model leaves out.
pub const REPOSITORY_TAG_KEY_CHARS: usize = 128;
/// See [`REPOSITORY_TAG_KEY_CHARS`].
pub const REPOSITORY_TAG_VALUE_CHARS: usize = 256;

/// Characters of a caller's target that the log repeats.
pub const LOGGED_TARGET_CHARS: usize = 128;

/// Log groups, or streams, in one answer unless told. Source: CloudWatch Logs API reference, `DescribeLogGroups`.
pub const LOG_GROUPS_DEFAULT: i32 = 50;

/// Log events in one answer unless told. Source: CloudWatch Logs API reference, `GetLogEvents`.
pub const LOG_EVENTS: u32 = 10_000;

/// Bytes of one `PutLogEvents` batch, each event with its overhead. Source: CloudWatch Logs API reference, `PutLogEvents`, as the next four.
pub const LOG_BATCH_BYTES: usize = 1_048_576;
/// What an event counts beside its message.
pub const LOG_EVENT_OVERHEAD_BYTES: usize = 26;
/// From a batch's first event to its last.
pub const LOG_BATCH_SPAN: Duration = Duration::from_secs(24 * 3600);
/// Events older than this are left out.
pub const LOG_EVENT_AGE: Duration = Duration::from_secs(14 * 24 * 3600);
/// Events further ahead of our clock than this are left out.
pub const LOG_EVENT_AHEAD: Duration = Duration::from_secs(2 * 3600);
/// Rules of a lifecycle policy of a repository. Source: Amazon ECR quotas.
pub const LIFECYCLE_RULES: usize = 50;
/// Prefixes or patterns in one of them. Source: Amazon ECR User Guide; the number is ours.
pub const LIFECYCLE_TAGS: usize = 100;
/// Wildcards in one pattern. Source: Amazon ECR User Guide, "Lifecycle policy properties", `tagPatternList`.
pub const LIFECYCLE_WILDCARDS: usize = 4;
/// Bytes of policy documents that are kept as they were read, counted as text: thousands of usual ones. What is read is several times as large.
pub const PARSED_BYTES: usize = 8 << 20;

/// Secrets, or versions of one, in one answer unless told. Source: Secrets Manager API reference, `ListSecrets`.
pub const SECRETS_DEFAULT: i32 = 100;

/// Values in one answer unless told. Source: Secrets Manager API reference, `BatchGetSecretValue`.
pub const SECRET_VALUES_DEFAULT: i32 = 20;

/// Days in which a deletion can be taken back. Source: Secrets Manager API reference, `DeleteSecret`.
pub const RECOVERY_DAYS_MIN: i64 = 7;
/// See [`RECOVERY_DAYS_MIN`]; also the number unless told.
pub const RECOVERY_DAYS_MAX: i64 = 30;

/// Characters of a drawn password unless told. Source: Secrets Manager API reference, `GetRandomPassword`.
pub const PASSWORD_CHARS_DEFAULT: i64 = 32;

/// Secrets or parameters that are read at once while a filter looks for those that are wanted: some hundred kilobytes.
pub const SEALED_STEP: u32 = 500;

/// Parameters, or versions of one, in one answer unless told. Source: Systems Manager API reference, `DescribeParameters`.
pub const PARAMETERS_DEFAULT: i32 = 50;

/// Parameters under a path in one answer unless told. Source: Systems Manager API reference, `GetParametersByPath`.
pub const PARAMETERS_BY_PATH_DEFAULT: i32 = 10;

/// Bytes that a caller's `AllowedPattern` may take when it is compiled.
pub const ALLOWED_PATTERN_BYTES: usize = 1 << 20;

/// How far back `LookupEvents` looks. Source: CloudTrail User Guide, "event history": 90 days.
pub const EVENTS_LOOKED_UP: Duration = Duration::from_secs(90 * 24 * 3600);

/// Events in one `LookupEvents` answer unless told. Source: CloudTrail API reference, LookupEvents.
pub const EVENTS_LOOKED_UP_AT_ONCE: u32 = 50;

/// Characters of a client's name that the audit log keeps.
pub const USER_AGENT_CHARS: usize = 256;

/// Revisions in one `ListRevisions` answer at most, which is also the number unless told.
pub const REVISIONS: i64 = 100;

/// Rows of a query over log lines unless told. Source: CloudWatch Logs API reference, `StartQuery`, as the next.
pub const LOG_QUERY_ROWS_DEFAULT: usize = 10_000;
/// …and at most; the model says the same.
pub const LOG_QUERY_ROWS: usize = 100_000;
/// Rows in one `GetQueryResults` answer. Source: the model's `maxItems`.
pub const LOG_QUERY_PAGE_ROWS: usize = 10_000;
/// Bytes of one query's rows: what is more is left out, the last ones first.
pub const LOG_QUERY_RESULT_BYTES: usize = 8 << 20;
/// Bytes of a text that a query's rows are sorted by: what stands behind them does not count.
pub const LOG_QUERY_SORT_BYTES: usize = 1 << 10;
/// Names of fields in one query. Source: CloudWatch Logs User Guide, "Fields in JSON logs": 200 are discovered.
pub const LOG_QUERY_FIELDS: usize = 200;
/// Calls of functions in one query: each may take a millisecond for each line.
pub const LOG_QUERY_CALLS: usize = 200;
/// Groups of one `stats`; a query with more fails.
pub const LOG_QUERY_GROUPS: usize = 100_000;
/// Bytes that one `stats` holds; a query with more fails.
pub const LOG_QUERY_STATE_BYTES: usize = 64 << 20;
/// Bytes of a text that a function of a query makes: a log line is no longer either.
pub const LOG_QUERY_TEXT_BYTES: usize = 1 << 20;
/// Operations that stand within each other in one expression.
pub const LOG_QUERY_DEPTH: usize = 64;
/// Regular expressions of one query, and what each takes when it is compiled.
pub const LOG_QUERY_REGEXES: usize = 32;
/// See [`LOG_QUERY_REGEXES`].
pub const LOG_QUERY_REGEX_BYTES: usize = 1 << 20;
/// Log groups of one query. Source: CloudWatch Logs API reference, `StartQuery`.
pub const LOG_QUERY_LOG_GROUPS: usize = 50;
/// Queries of one account that are not over yet. Source: CloudWatch Logs quotas.
pub const LOG_QUERIES_OPEN: usize = 30;
/// Queries that look at lines at once, of everybody, and of an account one; those that came later wait as `Scheduled`. Two of the four
/// readers of the catalogue stay free.
pub const LOG_QUERIES_AT_ONCE: usize = 2;
/// How long one may look at lines. CloudWatch Logs allows an hour; ours are over in minutes.
pub const LOG_QUERY_TIME: Duration = Duration::from_secs(15 * 60);
/// How long one looks at lines before it gives its reader of the catalogue back and takes another.
pub const LOG_QUERY_PIECE: Duration = Duration::from_millis(200);
/// Lines between two looks at the clock.
pub const LOG_QUERY_CLOCK_LINES: u32 = 8;
/// How long a query that is over can be asked for. CloudWatch Logs keeps them for seven days; ours are in memory.
pub const LOG_QUERY_KEPT: Duration = Duration::from_secs(24 * 3600);
/// Queries that are kept, and the bytes of all their rows; beyond either the oldest that are over go of the account that has most.
pub const LOG_QUERIES_KEPT: usize = 1_000;
/// See [`LOG_QUERIES_KEPT`].
pub const LOG_QUERIES_BYTES: usize = 64 << 20;
/// Queries in one `DescribeQueries` answer unless told. Source: CloudWatch Logs API reference.
pub const LOG_QUERIES_DEFAULT: i32 = 1_000;

/// Fields of JSON that `GetLogRecord` says of one line. Source: CloudWatch Logs User Guide, "Fields in JSON logs": 200 are discovered.
pub const LOG_RECORD_FIELDS: usize = 200;

/// Live tail sessions of one account. Source: CloudWatch Logs quotas.
pub const LIVE_TAILS: usize = 15;
/// Lines in one update of a live tail; of more, some are left out. Source: CloudWatch Logs User Guide, Live Tail.
pub const LIVE_TAIL_LINES: u32 = 500;
/// Bytes of lines in one update, passed by at most one line: the rest is left out in the same way.
pub const LIVE_TAIL_BYTES: usize = 1 << 20;
/// How often a live tail tells what is new. Source: CloudWatch Logs API reference, `StartLiveTail`, as the next.
pub const LIVE_TAIL_PACE: Duration = Duration::from_secs(1);
/// How long a live tail lasts.
pub const LIVE_TAIL_TIME: Duration = Duration::from_secs(3 * 3600);
/// Calls under way at once that are sent on to other places; one more is told to come back. They may take long, and take nothing of [`CALLS`].
pub const FORWARDED_CALLS: usize = 128;
/// The most of them that are one caller's: a user's, or an instance's.
pub const FORWARDED_CALLS_EACH: usize = 32;
/// Bytes of the body of such a call where its signature is of the body itself: it is held whole. Source: DynamoDB quotas (`BatchWriteItem`, 16 MB) is
/// the most of the services that are called so.
pub const FORWARDED_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of a body that is passed on piece by piece: S3's largest, with what the framing of its pieces takes. Source: S3 User Guide, "Uploading objects".
pub const FORWARDED_STREAM_BYTES: usize = 5 * 1024 * 1024 * 1024 + 64 * 1024 * 1024;

/// How long it is remembered that a real role is not given: each ask is one with the operator's keys, and AWS counts them.
pub const REAL_REFUSAL_KEPT: Duration = Duration::from_secs(30);
/// Instances that take real roles at once; others may have to wait for one of them.
pub const REAL_ROLES_TAKEN: usize = 256;
/// Credentials of a real role are taken anew this long before their end, or at half of a shorter life: SDKs ask for others a quarter of an hour before
/// it, and then must get them. Source: botocore's `RefreshableCredentials`.
pub const REAL_SESSION_RENEWED: Duration = Duration::from_secs(16 * 60);
/// How far an outside issuer's clock may be from ours, in either direction.
pub const TOKEN_CLOCK_SKEW: Duration = Duration::from_secs(60);

/// Characters of a token's subject. Source: the model of STS, `webIdentitySubjectType`.
pub const SUBJECT_CHARS: usize = 255;

/// Characters of a line of PEM. Source: RFC 7468, section 2.
pub const PEM_LINE: usize = 64;
