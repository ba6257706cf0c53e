//! The corpus of rules: documents, requests, and what must come of them. Cases are AWS's documented ones, in documents of our own.
//! Source of truth: IAM User Guide, the section named above each table.

use super::{Context, Document, Form, Managed, Party, Request, Verdict, managed, managed_policies};
use model::{account::AccountId, caller::RoleSession, port::UNTOLD_RESOURCE, role::RoleArn, tag::Tags, time::Timestamp};
use serde_json::{Value, json};

const REPOSITORY: &str = "arn:aws:ecr:us-east-1:000000000000:repository/team/hello";

fn account(text: &str) -> AccountId {
    AccountId::parse(text).expect("an account")
}

fn session() -> RoleSession {
    RoleSession {
        role: RoleArn::parse("arn:aws:iam::000000000000:role/ci/Deployer").expect("a role"),
        role_id: "AROAEXAMPLEEXAMPLE123".to_owned(),
        name: "build".to_owned(),
        expires_at: Timestamp::from_millis(0),
        policies: Vec::new(),
        federated: None,
        tags: Tags::default(),
        issued_at: None,
    }
}

fn context() -> Context {
    Context::default()
        .with("aws:username", "*")
        .with("aws:PrincipalTag/team", "blue")
        .with("aws:SourceIp", "203.0.113.7")
        .with("aws:CurrentTime", "2026-03-01T12:00:00Z")
        .with("aws:EpochTime", "1772366400")
        .with("aws:SecureTransport", "true")
        .with("aws:MultiFactorAuthAge", "300")
        .with("aws:PrincipalArn", "arn:aws:iam::000000000000:role/ci/Deployer")
        .with_all("aws:TagKeys", vec!["team".to_owned(), "cost".to_owned()])
        .with_all("aws:Empty", Vec::new())
}

fn verdict(form: Form, statements: &Value, party: Party<'_>, action: &str) -> Verdict {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let document = Document::parse(&text, form).unwrap_or_else(|words| panic!("{text}: {words}"));
    document.evaluate(&Request { party, action, resource: REPOSITORY, context: &context() })
}

#[track_caller]
fn check_identity(statements: &Value, action: &str, wanted: Verdict) {
    let session = session();
    assert_eq!(verdict(Form::Identity, statements, Party::Session(&session), action), wanted, "{action}: {statements}");
}

/// No AWS has such calls: whoever cannot tell on which resource a call is must not let it pass a denial.
#[test]
fn where_nobody_knows_the_resource_a_denial_of_some_holds_and_only_what_allows_all_allows() {
    let tagged = |operator: &str| json!({ operator: { "aws:ResourceTag/stage": "prod" } });
    let table = "arn:aws:dynamodb:us-east-1:000000000000:table/prod";
    let of = |effect: &str, element: &str, resource: &str| json!({ "Effect": effect, "Action": "dynamodb:*", element: resource });
    let under = |mut statement: Value, condition: Value| {
        statement["Condition"] = condition;
        statement
    };
    let session = session();
    for (statement, untold, told) in [
        (of("Allow", "Resource", "*"), Verdict::Allowed, Verdict::Allowed),
        (of("Allow", "Resource", table), Verdict::Silent, Verdict::Silent),
        (of("Allow", "NotResource", table), Verdict::Silent, Verdict::Allowed),
        (under(of("Allow", "Resource", "*"), tagged("StringNotEquals")), Verdict::Silent, Verdict::Allowed),
        (under(of("Allow", "Resource", "*"), tagged("StringEqualsIfExists")), Verdict::Silent, Verdict::Allowed),
        (of("Deny", "Resource", table), Verdict::Denied, Verdict::Silent),
        (of("Deny", "NotResource", table), Verdict::Denied, Verdict::Denied),
        (under(of("Deny", "Resource", "*"), tagged("StringEquals")), Verdict::Denied, Verdict::Silent),
        // What is known of the caller decides as ever.
        (
            under(of("Deny", "Resource", table), json!({ "StringEquals": { "aws:PrincipalTag/team": "red" } })),
            Verdict::Silent,
            Verdict::Silent,
        ),
        (json!({ "Effect": "Deny", "Action": "sqs:*", "Resource": table }), Verdict::Silent, Verdict::Silent),
    ] {
        let text = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
        let document = Document::parse(&text, Form::Identity).unwrap_or_else(|words| panic!("{text}: {words}"));
        for (context, wanted) in [(context().with(UNTOLD_RESOURCE, "true"), untold), (context(), told)] {
            let request =
                Request { party: Party::Session(&session), action: "dynamodb:DeleteTable", resource: "*", context: &context };
            assert_eq!(document.evaluate(&request), wanted, "{text}");
        }
    }
}

/// Source: "Policy evaluation logic"; "IAM JSON policy elements: Action", "NotAction", "Resource", "NotResource".
#[test]
fn a_denial_wins_and_what_nobody_speaks_of_is_silent() {
    let allow = |actions: Value, resource: &str| json!([{ "Effect": "Allow", "Action": actions, "Resource": resource }]);
    for (statements, action, wanted) in [
        (allow(json!("ecr:BatchGetImage"), "*"), "ecr:BatchGetImage", Verdict::Allowed),
        (allow(json!("ECR:batchgetimage"), "*"), "ecr:BatchGetImage", Verdict::Allowed),
        (allow(json!(["ecr:Put*", "ecr:Batch???Image"]), "*"), "ecr:BatchGetImage", Verdict::Allowed),
        (allow(json!("ecr:*"), "*"), "ecr-public:GetX", Verdict::Silent),
        (allow(json!("*"), REPOSITORY), "ecr:BatchGetImage", Verdict::Allowed),
        (allow(json!("*"), "arn:aws:ecr:*:*:repository/team/*"), "ecr:BatchGetImage", Verdict::Allowed),
        (allow(json!("*"), "arn:aws:ecr:*:*:repository/TEAM/*"), "ecr:BatchGetImage", Verdict::Silent),
        (allow(json!("*"), "arn:aws:ecr:us-east-1:000000000000:repository/team"), "ecr:BatchGetImage", Verdict::Silent),
        (json!([{ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }]), "ecr:BatchGetImage", Verdict::Allowed),
        (json!([{ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }]), "iam:GetRole", Verdict::Silent),
        (json!([{ "Effect": "Allow", "Action": "*", "NotResource": REPOSITORY }]), "ecr:PutImage", Verdict::Silent),
        (
            json!([
                { "Effect": "Allow", "Action": "*", "Resource": "*" },
                { "Effect": "Deny", "Action": "ecr:BatchDeleteImage", "Resource": "*" }
            ]),
            "ecr:BatchDeleteImage",
            Verdict::Denied,
        ),
        (
            json!([
                { "Effect": "Deny", "NotAction": "ecr:*", "Resource": "*" },
                { "Effect": "Allow", "Action": "*", "Resource": "*" }
            ]),
            "ecr:PutImage",
            Verdict::Allowed,
        ),
    ] {
        check_identity(&statements, action, wanted);
    }
}

/// Source: "Condition operators", "Multivalued context keys", "Policy variables".
#[test]
fn conditions_hold_as_they_are_documented() {
    for (condition, holds) in [
        (json!({ "StringEquals": { "aws:principaltag/TEAM": ["red", "blue"] } }), true),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "Blue" } }), false),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "bl*" } }), false),
        (json!({ "StringEqualsIgnoreCase": { "aws:PrincipalTag/team": "BLUE" } }), true),
        (json!({ "StringLike": { "aws:PrincipalTag/team": "bl?e" } }), true),
        (json!({ "StringNotLike": { "aws:PrincipalTag/team": ["x*", "bl*"] } }), false),
        (json!({ "StringNotEquals": { "aws:PrincipalTag/team": ["red", "green"] } }), true),
        (json!({ "StringNotEquals": { "aws:PrincipalTag/team": ["red", "blue"] } }), false),
        // Absent keys.
        (json!({ "StringEquals": { "aws:Absent": "x" } }), false),
        (json!({ "StringNotEquals": { "aws:Absent": "x" } }), true),
        (json!({ "StringEqualsIfExists": { "aws:Absent": "x" } }), true),
        (json!({ "StringEqualsIfExists": { "aws:PrincipalTag/team": "x" } }), false),
        (json!({ "Null": { "aws:Absent": "true" } }), true),
        (json!({ "Null": { "aws:Absent": false } }), false),
        (json!({ "Null": { "aws:PrincipalTag/team": "false" } }), true),
        // Numbers, dates, truth, addresses.
        (json!({ "NumericLessThanEquals": { "aws:MultiFactorAuthAge": "300" } }), true),
        (json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": 300 } }), false),
        (json!({ "NumericNotEquals": { "aws:MultiFactorAuthAge": "5" } }), true),
        (json!({ "NumericGreaterThan": { "aws:PrincipalTag/team": "5" } }), false),
        (json!({ "DateGreaterThan": { "aws:CurrentTime": "2026-03-01T11:59:59Z" } }), true),
        (json!({ "DateLessThan": { "aws:CurrentTime": "2026-03-01" } }), false),
        (json!({ "DateEquals": { "aws:CurrentTime": "1772366400" } }), true),
        (json!({ "DateGreaterThanEquals": { "aws:EpochTime": "2026-03-01T12:00:00Z" } }), true),
        (json!({ "Bool": { "aws:SecureTransport": true } }), true),
        (json!({ "Bool": { "aws:SecureTransport": "False" } }), false),
        (json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), true),
        (json!({ "IpAddress": { "aws:SourceIp": ["2001:db8::/32", "203.0.113.7"] } }), true),
        (json!({ "IpAddress": { "aws:SourceIp": "203.0.113.8/30" } }), false),
        (json!({ "IpAddress": { "aws:SourceIp": "0.0.0.0/0" } }), true),
        (json!({ "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), false),
        // ARNs, part by part.
        (json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/ci/*" } }), true),
        (json!({ "ArnEquals": { "aws:PrincipalArn": "arn:aws:iam::*:role/ci/*" } }), true),
        (json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:*:role/ci/*" } }), false),
        (json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::000000000000:role/x" } }), true),
        // Many values.
        (json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "cost", "env"] } }), true),
        (json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }), false),
        (json!({ "ForAllValues:StringEquals": { "aws:Absent": ["team"] } }), true),
        (json!({ "ForAllValues:StringEquals": { "aws:Empty": ["team"] } }), true),
        (json!({ "ForAnyValue:StringLike": { "aws:TagKeys": "te*" } }), true),
        (json!({ "ForAnyValue:StringEquals": { "aws:TagKeys": "env" } }), false),
        (json!({ "ForAnyValue:StringEquals": { "aws:Absent": "team" } }), false),
        (json!({ "ForAnyValue:StringEquals": { "aws:Empty": "team" } }), false),
        (json!({ "ForAllValues:StringNotEquals": { "aws:TagKeys": ["team"] } }), false),
        (json!({ "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["team"] } }), true),
        // Every line must hold, and every operator.
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "blue", "aws:Absent": "x" } }), false),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "blue" }, "Bool": { "aws:SecureTransport": "false" } }), false),
        // Variables: what is put in is text, whatever it looks like.
        (json!({ "StringLike": { "aws:PrincipalTag/team": "${aws:username}" } }), false),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "${aws:PrincipalTag/team}" } }), true),
        (json!({ "StringEquals": { "aws:PrincipalTag/team": "${aws:Absent, 'blue'}" } }), true),
        (json!({ "StringNotEquals": { "aws:PrincipalTag/team": "${aws:Absent}" } }), true),
    ] {
        let statements = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition }]);
        check_identity(&statements, "ecr:PutImage", if holds { Verdict::Allowed } else { Verdict::Silent });
    }
}

#[test]
fn the_older_version_of_the_language_knows_no_variables() {
    let document = |version: &str| {
        let text = json!({ "Version": version, "Statement": { "Effect": "Allow", "Action": "*",
            "Resource": "arn:aws:ecr:us-east-1:000000000000:repository/${aws:PrincipalTag/team}" } });
        Document::parse(&text.to_string(), Form::Identity).expect("a policy")
    };
    let session = session();
    for (version, resource, wanted) in [
        ("2012-10-17", "blue", Verdict::Allowed),
        ("2012-10-17", "${aws:PrincipalTag/team}", Verdict::Silent),
        ("2008-10-17", "blue", Verdict::Silent),
        ("2008-10-17", "${aws:PrincipalTag/team}", Verdict::Allowed),
    ] {
        let resource = &format!("arn:aws:ecr:us-east-1:000000000000:repository/{resource}");
        let context = context();
        let request = Request { party: Party::Session(&session), action: "ecr:PutImage", resource, context: &context };
        assert_eq!(document(version).evaluate(&request), wanted, "{version} {resource}");
    }
}

/// Source: "AWS JSON policy elements: Principal"; "Cross-account policy evaluation logic".
#[test]
fn principals_are_who_they_are_and_an_account_is_not_each_of_its_roles() {
    let (session, own, other) = (session(), account("000000000000"), account("111111111111"));
    let (role, root) = (Party::Session(&session), Party::Root(&own));
    let build = Party::Service("build.apprunner.amazonaws.com");
    for (principal, party, wanted) in [
        (json!("*"), role, Verdict::Allowed),
        (json!({ "AWS": "*" }), role, Verdict::Allowed),
        (json!({ "AWS": "*" }), build, Verdict::Silent),
        (json!({ "AWS": "000000000000" }), role, Verdict::AllowedToAccount),
        (json!({ "AWS": "arn:aws:iam::000000000000:root" }), role, Verdict::AllowedToAccount),
        (json!({ "AWS": "arn:aws:iam::000000000000:root" }), root, Verdict::Allowed),
        (json!({ "AWS": "000000000000" }), Party::Root(&other), Verdict::Silent),
        (json!({ "AWS": "arn:aws:iam::000000000000:role/ci/Deployer" }), role, Verdict::AllowedToRole),
        (json!({ "AWS": "arn:aws:iam::000000000000:role/Deployer" }), role, Verdict::Silent),
        (json!({ "AWS": "arn:aws:sts::000000000000:assumed-role/Deployer/build" }), role, Verdict::Allowed),
        (json!({ "AWS": "arn:aws:sts::000000000000:assumed-role/Deployer/other" }), role, Verdict::Silent),
        (json!({ "AWS": "AROAEXAMPLEEXAMPLE123" }), role, Verdict::AllowedToRole),
        (json!({ "Service": ["tasks.apprunner.amazonaws.com", "build.apprunner.amazonaws.com"] }), build, Verdict::Allowed),
        (json!({ "Service": "tasks.apprunner.amazonaws.com" }), build, Verdict::Silent),
        (json!({ "Service": "build.apprunner.amazonaws.com", "AWS": "000000000000" }), build, Verdict::Allowed),
        (json!({ "Federated": "build.apprunner.amazonaws.com" }), build, Verdict::Silent),
    ] {
        let statements = json!([{ "Effect": "Allow", "Principal": principal, "Action": "*" }]);
        assert_eq!(verdict(Form::Repository, &statements, party, "ecr:PutImage"), wanted, "{party:?}: {statements}");
    }
    let deployer = "arn:aws:iam::000000000000:role/ci/Deployer";
    for (principal, party, wanted) in [
        ("000000000000", role, Verdict::Denied),
        ("arn:aws:iam::000000000000:root", role, Verdict::Denied),
        ("000000000000", root, Verdict::Silent),
        (deployer, role, Verdict::Silent),
        ("111111111111", role, Verdict::Denied),
    ] {
        let statements = json!([{ "Effect": "Deny", "NotPrincipal": { "AWS": principal }, "Action": "*" }]);
        assert_eq!(verdict(Form::Repository, &statements, party, "ecr:PutImage"), wanted, "all but {principal}: {party:?}");
    }
    let statements = json!([{ "Effect": "Deny", "Principal": { "AWS": "000000000000" }, "Action": "*" }]);
    assert_eq!(verdict(Form::Repository, &statements, role, "ecr:PutImage"), Verdict::Denied, "its account, so it too");
}

#[track_caller]
fn refused(form: Form, text: &str, words: &str) {
    let found = Document::parse(text, form).expect_err(text);
    assert!(found.contains(words), "{text}: {found}");
}

/// Source: "Grammar of the IAM JSON policy language"; the sentences begin as AWS's do where those are known.
#[test]
fn a_malformed_document_is_told_what_is_wrong_and_where() {
    refused(Form::Identity, "", "invalid Json");
    refused(Form::Identity, "{\"Version\": }", "line 1 column 13");
    refused(Form::Identity, "[]", "must be a JSON object");
    refused(Form::Identity, r#"{"Statements":[]}"#, "no element Statements");
    refused(Form::Identity, r#"{"Version":"2012-10-18","Statement":[]}"#, "2012-10-17");
    refused(Form::Identity, r#"{"Version":"2012-10-17","Statement":[]}"#, "must have a Statement");
    let one = |statement: Value| json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    for (form, statement, words) in [
        (Form::Identity, json!({ "Action": "*", "Resource": "*" }), "Statement 1: Effect"),
        (Form::Identity, json!({ "Effect": "allow", "Action": "*", "Resource": "*" }), "\"Allow\" or \"Deny\""),
        (Form::Identity, json!({ "Effect": "Allow", "Actions": "*", "Resource": "*" }), "no element Actions"),
        (Form::Identity, json!({ "Effect": "Allow", "Resource": "*" }), "needs an Action"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": "*" }), "needs a Resource"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": [], "Resource": "*" }), "not empty"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": "*", "NotAction": "a:b", "Resource": "*" }), "both Action and"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": "PutImage", "Resource": "*" }), "service:Action"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": "*", "Resource": "hello" }), "ARN format"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*" }), "should not specify"),
        (Form::Identity, json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "StringIs": {} } }), "StringIs"),
        (
            Form::Identity,
            json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "StringEquals": { "a": {} } } }),
            "list of texts",
        ),
        (
            Form::Identity,
            json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "NullIfExists": {} } }),
            "NullIf",
        ),
        (Form::Trust, json!({ "Effect": "Allow", "Action": "sts:AssumeRole" }), "needs a Principal"),
        (Form::Trust, json!({ "Effect": "Allow", "Principal": "*", "Action": "ecr:PutImage" }), "STS AssumeRole actions"),
        (
            Form::Trust,
            json!({ "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*" }),
            "prohibited field Resource",
        ),
        (Form::Trust, json!({ "Effect": "Allow", "Principal": {}, "Action": "sts:AssumeRole" }), "must be \"*\" or an object"),
        (
            Form::Trust,
            json!({ "Effect": "Allow", "Principal": { "AWS": "somebody" }, "Action": "sts:AssumeRole" }),
            "Invalid principal in policy: \"AWS\":\"somebody\"",
        ),
        (
            Form::Trust,
            json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::000000000000:role/*" }, "Action": "sts:AssumeRole" }),
            "Invalid principal",
        ),
        (
            Form::Trust,
            json!({ "Effect": "Allow", "Principal": { "Services": "x.y" }, "Action": "sts:AssumeRole" }),
            "no kind Services",
        ),
    ] {
        refused(form, &one(statement), words);
    }
    refused(Form::Trust, &one(json!({ "Effect": "Allow", "Principal": "*", "Action": "*" })), "STS AssumeRole actions");
    for action in ["sts:AssumeRole*", "STS:*", "sts:tagSession"] {
        let text = json!({ "Statement": { "Effect": "Allow", "Principal": "*", "Action": action } }).to_string();
        Document::parse(&text, Form::Trust).unwrap_or_else(|words| panic!("{action}: {words}"));
    }
}

#[test]
fn an_element_that_its_kind_of_policy_cannot_have_is_refused() {
    for (form, statement, words) in [
        (
            Form::Trust,
            json!({ "Effect": "Deny", "NotPrincipal": { "AWS": "000000000000" }, "Action": "sts:AssumeRole" }),
            "prohibited field NotPrincipal",
        ),
        (
            Form::Repository,
            json!({ "Effect": "Allow", "Principal": "*", "Action": "ecr:*", "Resource": REPOSITORY }),
            "prohibited field Resource",
        ),
    ] {
        refused(form, &json!({ "Version": "2012-10-17", "Statement": statement }).to_string(), words);
    }
    refused(Form::Identity, "{} {}", "trailing characters");
    refused(Form::Identity, &"[".repeat(1000), "recursion limit");
}

#[test]
fn a_key_that_is_there_twice_is_refused_and_not_dropped() {
    let narrow = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*",
        "Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"},"StringEquals":{"aws:PrincipalTag/cost":"7"}}}]}"#;
    refused(Form::Identity, narrow, "the key 'StringEquals' is there twice");
    refused(Form::Identity, narrow, "line 2");
    let twice = r#"{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}"#;
    refused(Form::Identity, twice, "the key 'Effect' is there twice");
    refused(Form::Identity, r#"{"Statement":{},"Statement":{}}"#, "the key 'Statement' is there twice");
}

#[test]
fn a_condition_value_that_its_operator_cannot_read_is_refused() {
    for (condition, words) in [
        (json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/33" } }), "'203.0.113.0/33' is no address"),
        (json!({ "NotIpAddress": { "aws:SourceIp": ["10.0.0.0/8", "10.0.0"] } }), "'10.0.0' is no address"),
        (json!({ "DateLessThan": { "aws:CurrentTime": "tomorrow" } }), "'tomorrow' is no date"),
        (json!({ "NumericLessThanIfExists": { "aws:EpochTime": "many" } }), "'many' is no number"),
        (json!({ "Bool": { "aws:ViaAWSService": "yes" } }), "'yes' is neither true nor false"),
        (json!({ "Null": { "aws:PrincipalTag/team": "maybe" } }), "'maybe' is neither true nor false"),
    ] {
        let statement = json!({ "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition });
        refused(Form::Identity, &json!({ "Statement": statement }).to_string(), words);
    }
    let variable = json!({ "Effect": "Deny", "Action": "*", "Resource": "*",
        "Condition": { "DateLessThan": { "aws:CurrentTime": "${aws:PrincipalTag/until}" } } });
    refused(Form::Identity, &json!({ "Version": "2012-10-17", "Statement": variable }).to_string(), "is no date");
}

/// Each of these keys would make a denial hold for nobody.
#[test]
fn a_condition_key_that_no_call_ever_has_is_refused_by_name() {
    let read = |key: &str, form: Form| {
        let mut statement = json!({ "Effect": "Deny", "Action": "sts:AssumeRole", "Condition": { "StringEquals": { key: "x" } } });
        match form {
            Form::Identity => statement["Resource"] = json!("*"),
            Form::Trust | Form::Repository | Form::Resource => statement["Principal"] = json!("*"),
        }
        let text = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
        Document::parse(&text, form).expect("it is a policy").check_keys()
    };
    for form in [Form::Identity, Form::Trust, Form::Repository] {
        for key in [
            "aws:SourceVpc",
            "aws:VpcSourceIp",
            "aws:ResourceTag/",
            "apprunner:Colour",
            "aws:PrincipalTag/",
            "aws:PrincipalTag",
            "team",
        ] {
            let words = read(key, form).expect_err(key);
            assert!(words.contains(key), "{words}");
        }
        for key in [
            "aws:CurrentTime",
            "aws:ResourceTag/team",
            "iam:PolicyARN",
            "AWS:principalARN",
            "aws:PrincipalTag/any",
            "aws:PrincipalIsAWSService",
            "sts:ExternalId",
        ] {
            read(key, form).unwrap_or_else(|words| panic!("{key}: {words}"));
        }
    }
    let variable = json!({ "Effect": "Deny", "Action": "*", "Resource": "arn:aws:ecr:*:*:repository/${aws:SourceVpc}" });
    let text = json!({ "Version": "2012-10-17", "Statement": variable }).to_string();
    let words = Document::parse(&text, Form::Identity).expect("it is a policy").check_keys().expect_err("a variable");
    assert!(words.contains("aws:SourceVpc"), "{words}");
}

#[test]
fn every_managed_policy_is_read_and_found_by_its_arn() {
    let arns: Vec<String> = managed_policies().iter().map(Managed::arn).collect();
    assert_eq!(arns.len(), 12);
    for arn in &arns {
        let policy = managed(arn).expect("it is found");
        assert_eq!((policy.arn(), policy.id().len()), (arn.clone(), 21));
    }
    let pull = managed("arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess").expect("the tutorial's");
    let session = session();
    for (action, wanted) in [("ecr:BatchGetImage", Verdict::Allowed), ("ecr:PutImage", Verdict::Silent)] {
        let context = Context::default();
        let request = Request { party: Party::Session(&session), action, resource: REPOSITORY, context: &context };
        assert_eq!(pull.document.evaluate(&request), wanted, "{action}");
    }
    assert!(managed("arn:aws:iam::aws:policy/AWSAppRunnerServicePolicyForECRAccess").is_none(), "the path belongs to it");
}
