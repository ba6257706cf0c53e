//! STS through the door.

use crate::{
    house::{House, order},
    signer::Order,
};
use model::{role::Role, tag::Tags, testbed::role};

#[tokio::test]
async fn get_caller_identity_names_the_root_of_the_account_in_any_region() {
    let house = House::new();
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    for region in ["us-east-1", "eu-west-3"] {
        let reply = house.order(&Order { target: None, region, ..order("", "sts", body) }).await;
        assert_eq!(reply.status, 200);
        let id = reply.headers["x-amzn-requestid"].to_str().expect("ASCII");
        assert_eq!(
            reply.text,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
                 <GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
                 <Account>000000000000</Account><Arn>arn:aws:iam::000000000000:root</Arn><UserId>000000000000</UserId>\
                 </GetCallerIdentityResult><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata>\
                 </GetCallerIdentityResponse>"
            )
        );
    }
}

#[tokio::test]
async fn another_query_operation_is_unknown_in_xml() {
    let house = House::new();
    for (body, namespace) in [
        ("Action=GetFederationToken&Version=2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
        ("Action=ListGroups&Version=2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"),
    ] {
        let reply = house.order(&Order { target: None, ..order("", "sts", body) }).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains(&format!("<ErrorResponse xmlns=\"{namespace}\">")), "{}", reply.text);
        assert!(reply.text.contains("<Code>InvalidAction</Code>"), "{}", reply.text);
    }
}

/// Credentials of a session, as AssumeRole answers them.
pub struct Session {
    key: String,
    secret: String,
    token: String,
}

const LAMBDA: &str = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

fn trusting(principal: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}]}}"#
    )
}

/// A role that trusts the account, with a policy of its own.
fn deployer(name: &str, statements: &str) -> Role {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Role { trust: trusting("000000000000"), inline: [("own".to_owned(), text)].into(), ..role(name) }
}

fn assume(role: &str, more: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new("Action=AssumeRole&Version=2011-06-15".to_owned());
    let arn = format!("arn:aws:iam::000000000000:role/{role}");
    form.append_pair("RoleArn", &arn).append_pair("RoleSessionName", "build-7").extend_pairs(more).finish()
}

fn part<'a>(text: &'a str, name: &str) -> &'a str {
    let found = text.split(&format!("<{name}>")).nth(1).and_then(|rest| rest.split('<').next());
    found.unwrap_or_else(|| panic!("{text} has no {name}"))
}

pub async fn session(house: &House, role: &str) -> Session {
    let reply = house.form("sts", &assume(role, &[])).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let text = &reply.text;
    assert_eq!(part(text, "Arn"), format!("arn:aws:sts::000000000000:assumed-role/{role}/build-7"));
    assert_eq!(part(text, "AssumedRoleId"), "AROAEXAMPLEEXAMPLE123:build-7");
    assert_eq!(part(text, "Expiration"), "2027-01-15T09:00:00Z");
    let text = |name: &str| part(text, name).to_owned();
    Session { key: text("AccessKeyId"), secret: text("SecretAccessKey"), token: text("SessionToken") }
}

impl Session {
    pub fn sign<'a>(&'a self, order: Order<'a>) -> Order<'a> {
        Order { key: &self.key, secret: &self.secret, token: Some(&self.token), ..order }
    }
}

const ME: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[tokio::test]
async fn a_session_is_who_it_is_until_it_is_over_and_also_after_a_restart() {
    let house = House::new();
    house.keep(&deployer("Deployer", r#"{"Effect":"Allow","Action":"apprunner:List*","Resource":"*"}"#));
    let session = session(&house, "Deployer").await;
    assert!(session.key.starts_with("ASIA") && session.secret.len() == 40);
    let house = house.restarted();
    let me = || session.sign(Order { target: None, ..order("", "sts", ME) });
    let reply = house.order(&me()).await;
    assert_eq!(part(&reply.text, "Arn"), "arn:aws:sts::000000000000:assumed-role/Deployer/build-7");
    assert_eq!(part(&reply.text, "UserId"), "AROAEXAMPLEEXAMPLE123:build-7");
    assert_eq!(part(&reply.text, "Account"), "000000000000");

    let strange = house.order(&Order { token: None, ..me() }).await;
    assert!(strange.text.contains("<Code>InvalidClientTokenId</Code>"), "without its token: {}", strange.text);
    let other = house.order(&Order { key: crate::signer::KEY, secret: crate::signer::SECRET, ..me() }).await;
    assert!(other.text.contains("<Code>InvalidClientTokenId</Code>"), "another key with its token: {}", other.text);
    let wrong = house.order(&Order { secret: crate::signer::SECRET, ..me() }).await;
    assert!(wrong.text.contains("<Code>SignatureDoesNotMatch</Code>"), "another secret: {}", wrong.text);

    house.clock.turn(std::time::Duration::from_secs(3_600));
    let late = Order { date: "20270115T090000Z", ..me() };
    let reply = house.order(&late).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains("<Code>ExpiredToken</Code>"), "{}", reply.text);
    let list = session.sign(Order { date: "20270115T090000Z", ..order("AppRunner.ListServices", "apprunner", "{}") });
    assert_eq!(house.order(&list).await.fault().0, "ExpiredTokenException");
}

#[tokio::test]
async fn a_session_may_do_what_its_role_may_and_nothing_else() {
    let house = House::new();
    let passes = r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"apprunner.amazonaws.com"}}}"#;
    let creates = r#"{"Effect":"Allow","Action":["apprunner:CreateService","apprunner:List*"],"Resource":"*"}"#;
    house.keep(&deployer("Deployer", &format!("{creates},{passes}")));
    house.keep(&deployer("NoPass", creates));
    let mut input = crate::house::service("webs");
    input["SourceConfiguration"]["AuthenticationConfiguration"] =
        serde_json::json!({ "AccessRoleArn": "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole" });
    let body = input.to_string();
    let (deployer, no_pass) = (session(&house, "Deployer").await, session(&house, "NoPass").await);
    let create = order("AppRunner.CreateService", "apprunner", &body);
    let (code, words) = house.order(&no_pass.sign(create.clone())).await.fault();
    assert_eq!(code, "AccessDeniedException");
    assert!(
        words.starts_with(
            "User: arn:aws:sts::000000000000:assumed-role/NoPass/build-7 is not authorized to perform: iam:PassRole on"
        ),
        "{words}"
    );
    assert_eq!(house.order(&deployer.sign(create)).await.status, 200);
    let list = order("AppRunner.ListServices", "apprunner", "{}");
    assert_eq!(house.order(&deployer.sign(list)).await.json()["ServiceSummaryList"][0]["ServiceName"], "webs");
    let ecr = order("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "ecr", "{}");
    let (code, words) = house.order(&deployer.sign(ecr)).await.fault();
    assert_eq!(code, "AccessDeniedException");
    assert!(words.contains("ecr:GetAuthorizationToken on resource: * because no identity-based policy allows"), "{words}");
    let body = crate::iam::form("GetRole", &[("RoleName", "Deployer")]);
    let get = Order { target: None, ..order("", "iam", &body) };
    let reply = house.order(&deployer.sign(get)).await;
    assert_eq!(reply.status, 403);
    assert!(reply.text.contains("<Code>AccessDenied</Code>") && reply.text.contains("iam:GetRole"), "{}", reply.text);
}

#[tokio::test]
async fn a_role_is_taken_only_by_whom_it_trusts() {
    let house = House::new();
    house.keep(&Role { trust: LAMBDA.to_owned(), ..role("Lambda") });
    house.keep(&Role { trust: trusting("111111111111"), ..role("Theirs") });
    house.keep(&deployer("First", r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#));
    house.keep(&deployer("Second", r#"{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}"#));
    house.keep(&Role { trust: trusting("arn:aws:iam::000000000000:role/Second"), ..role("OfSecond") });
    let external = trusting("000000000000").replace(
        r#""Action":"sts:AssumeRole""#,
        r#""Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"secret-7"}}"#,
    );
    house.keep(&Role { trust: external, ..role("External") });
    for role in ["Absent", "Lambda", "Theirs", "External"] {
        let reply = house.form("sts", &assume(role, &[])).await;
        assert_eq!(reply.status, 403, "{}", reply.text);
        assert!(reply.text.contains("<Code>AccessDenied</Code>"), "{}", reply.text);
        let words = format!(
            "User: arn:aws:iam::000000000000:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000000:role/{role}<"
        );
        assert!(reply.text.contains(&words), "{}", reply.text);
    }
    assert_eq!(house.form("sts", &assume("External", &[("ExternalId", "secret-7")])).await.status, 200);
    // One role takes another: its own policy says so, or the other's trust names it.
    let (first, second) = (session(&house, "First").await, session(&house, "Second").await);
    for (session, role, status) in
        [(&first, "Second", 200), (&second, "First", 403), (&second, "OfSecond", 200), (&first, "OfSecond", 403)]
    {
        let body = assume(role, &[]);
        let reply = house.order(&session.sign(Order { target: None, ..order("", "sts", &body) })).await;
        assert_eq!(reply.status, status, "{role}: {}", reply.text);
    }
    let body = assume("Second", &[("DurationSeconds", "3601")]);
    let reply = house.order(&first.sign(Order { target: None, ..order("", "sts", &body) })).await;
    assert!(reply.text.contains("<Code>ValidationError</Code>") && reply.text.contains("MaxSessionDuration"), "{}", reply.text);
    house.keep(&Role {
        session_max_seconds: 43_200,
        ..deployer("Long", "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}")
    });
    let body = assume("Long", &[("DurationSeconds", "43200")]);
    assert_eq!(house.form("sts", &body).await.status, 200);
    let reply = house.order(&first.sign(Order { target: None, ..order("", "sts", &body) })).await;
    assert!(reply.text.contains("role chaining"), "{}", reply.text);
}

#[tokio::test]
async fn a_session_of_a_role_that_was_made_anew_takes_no_role_that_trusts_its_name() {
    let house = House::new();
    let old = deployer("Old", r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    house.keep(&old);
    house.keep(&Role { trust: trusting("arn:aws:iam::000000000000:role/Old"), ..role("OfOld") });
    let session = session(&house, "Old").await;
    let body = assume("OfOld", &[]);
    let take = || session.sign(Order { target: None, ..order("", "sts", &body) });
    assert_eq!(house.order(&take()).await.status, 200);
    for body in [
        crate::iam::form("DeleteRolePolicy", &[("RoleName", "Old"), ("PolicyName", "own")]),
        crate::iam::form("DeleteRole", &[("RoleName", "Old")]),
    ] {
        let reply = house.form("iam", &body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
    assert_eq!(house.order(&take()).await.status, 403, "it is gone");
    house.keep(&Role { id: "AROAEXAMPLEEXAMPLE999".to_owned(), ..old });
    let reply = house.order(&take()).await;
    assert!(reply.status == 403 && reply.text.contains("<Code>AccessDenied</Code>"), "{}", reply.text);
}

/// A session of a role with these statements, that calls App Runner.
async fn runner(house: &House, name: &str, statements: &str) -> Session {
    house.keep(&deployer(name, statements));
    session(house, name).await
}

async fn app_runner(house: &House, session: &Session, operation: &str, input: &serde_json::Value) -> crate::house::Reply {
    let (target, body) = (format!("AppRunner.{operation}"), input.to_string());
    house.order(&session.sign(order(&target, "apprunner", &body))).await
}

const RUNS: &str = r#"{"Effect":"Allow","Action":["apprunner:*","iam:PassRole"],"Resource":"*"}"#;
const PULLS: &str = r#"{"Effect":"Allow","Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],"Resource":"arn:aws:ecr:us-east-1:000000000000:repository/hello"}"#;
const ACCESS_ROLE: &str = "arn:aws:iam::000000000000:role/service-role/AppRunnerECRAccessRole";

#[tokio::test]
async fn a_session_makes_no_service_of_an_image_that_it_may_not_pull_itself() {
    let house = House::new();
    let runs = runner(&house, "Runs", RUNS).await;
    let pulls = runner(&house, "Pulls", &format!("{RUNS},{PULLS}")).await;
    let kept = runner(&house, "Kept", &format!(r#"{RUNS},{PULLS},{{"Effect":"Deny","Action":"ecr:*","Resource":"*"}}"#)).await;
    let plain = crate::house::service("webs");
    for session in [&runs, &kept] {
        let (code, words) = app_runner(&house, session, "CreateService", &plain).await.fault();
        assert_eq!(code, "AccessDeniedException");
        assert!(words.contains("ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:000000000000:repository/hello"), "{words}");
    }
    let mut with_role = plain.clone();
    with_role["SourceConfiguration"]["AuthenticationConfiguration"] = serde_json::json!({ "AccessRoleArn": ACCESS_ROLE });
    with_role["ServiceName"] = serde_json::json!("shop");
    let reply = app_runner(&house, &runs, "CreateService", &with_role).await;
    assert_eq!(reply.status, 200, "the role pulls: {}", reply.text);
    assert_eq!(app_runner(&house, &pulls, "CreateService", &plain).await.status, 200);
    let foreign = |name: &str, image: &str| {
        let image = serde_json::json!({ "ImageIdentifier": image, "ImageRepositoryType": "ECR_PUBLIC" });
        serde_json::json!({ "ServiceName": name, "SourceConfiguration": { "ImageRepository": image } })
    };
    let public = app_runner(&house, &runs, "CreateService", &foreign("open", "public.ecr.aws/nginx/nginx:1")).await;
    assert_eq!(public.status, 200, "anybody may have it: {}", public.text);
    let private = foreign("closed", "private.example/secret/app:1");
    let (code, words) = app_runner(&house, &runs, "CreateService", &private).await.fault();
    assert!(code == "AccessDeniedException" && words.contains("outrunner:PullForeignImage on resource: *"), "{code} {words}");
    let reply = house.call("CreateService", private).await;
    assert_eq!(reply.status, 200, "root may: {}", reply.text);
}

#[tokio::test]
async fn a_session_takes_no_role_from_a_service_and_names_no_image_that_it_may_not_pull_itself() {
    let house = House::new();
    let runs = runner(&house, "Runs", RUNS).await;
    let pulls = runner(&house, "Pulls", &format!("{RUNS},{PULLS}")).await;
    let mut with_role = crate::house::service("shop");
    with_role["SourceConfiguration"]["AuthenticationConfiguration"] = serde_json::json!({ "AccessRoleArn": ACCESS_ROLE });
    let shop = house.call("CreateService", with_role.clone()).await.json()["Service"]["ServiceArn"].clone();
    let webs = serde_json::json!(house.service("webs").await);
    for arn in [&shop, &webs] {
        house.rest(arn.as_str().expect("an ARN"), model::service::Standing::Running { revision: 1 }).await;
    }
    let change = |arn: &serde_json::Value, source: serde_json::Value| serde_json::json!({ "ServiceArn": arn, "SourceConfiguration": source });
    let image = |tag: &str| {
        let identifier = format!("000000000000.dkr.ecr.us-east-1.amazonaws.com/hello:{tag}");
        serde_json::json!({ "ImageIdentifier": identifier, "ImageRepositoryType": "ECR" })
    };
    let no_role = change(&shop, serde_json::json!({ "AuthenticationConfiguration": {} }));
    let other_image = change(&webs, serde_json::json!({ "ImageRepository": image("v2") }));
    for refused in [&no_role, &other_image] {
        let (code, words) = app_runner(&house, &runs, "UpdateService", refused).await.fault();
        assert!(code == "AccessDeniedException" && words.contains("ecr:BatchGetImage"), "{code} {words}");
    }
    // The service keeps its role, and the role pulls.
    let under_role = change(&shop, serde_json::json!({ "ImageRepository": image("v2") }));
    let reply = app_runner(&house, &runs, "UpdateService", &under_role).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json()["Service"]["SourceConfiguration"]["AuthenticationConfiguration"]["AccessRoleArn"], ACCESS_ROLE);
    // What is there already may be said again.
    let same = change(&webs, serde_json::json!({ "ImageRepository": image("v1") }));
    let reply = app_runner(&house, &runs, "UpdateService", &same).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    for arn in [&shop, &webs] {
        house.rest(arn.as_str().expect("an ARN"), model::service::Standing::Running { revision: 1 }).await;
    }
    for granted in [&no_role, &other_image] {
        let reply = app_runner(&house, &pulls, "UpdateService", granted).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
}

#[tokio::test]
async fn a_session_pins_a_service_to_no_auto_scaling_configuration_that_it_was_not_given() {
    let house = House::new();
    let services = r#"{"Effect":"Allow","Action":"apprunner:*","Resource":"arn:aws:apprunner:*:*:service/*"}"#;
    let mine = r#"{"Effect":"Allow","Action":"apprunner:*","Resource":"arn:aws:apprunner:*:*:autoscalingconfiguration/mine/*"}"#;
    let (few, all) = (format!("{services},{PULLS}"), format!("{services},{PULLS},{mine}"));
    let (few, all) = (runner(&house, "Few", &few).await, runner(&house, "All", &all).await);
    let made = house.call("CreateAutoScalingConfiguration", serde_json::json!({ "AutoScalingConfigurationName": "mine" })).await;
    let arn = made.json()["AutoScalingConfiguration"]["AutoScalingConfigurationArn"].clone();
    let mut input = crate::house::service("webs");
    input["AutoScalingConfigurationArn"] = arn.clone();
    let (code, words) = app_runner(&house, &few, "CreateService", &input).await.fault();
    assert_eq!(code, "AccessDeniedException");
    assert!(words.contains(&format!("apprunner:CreateService on resource: {}", arn.as_str().expect("an ARN"))), "{words}");
    let reply = app_runner(&house, &all, "CreateService", &input).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[tokio::test]
async fn a_session_works_with_log_groups_by_a_policy_that_ends_with_a_colon_and_a_star() {
    let house = House::new();
    let allow = r#"{"Effect":"Allow","Action":"logs:*","Resource":"arn:aws:logs:us-east-1:000000000000:log-group:*:*"}"#;
    let deny = r#"{"Effect":"Deny","Action":"logs:*","Resource":"arn:aws:logs:us-east-1:000000000000:log-group:*:*"}"#;
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let allowed = runner(&house, "Allowed", allow).await;
    let denied = runner(&house, "Denied", &format!("{all},{deny}")).await;
    for (operation, body) in [
        ("CreateLogGroup", r#"{"logGroupName":"g"}"#),
        ("DescribeLogGroups", "{}"),
        ("PutRetentionPolicy", r#"{"logGroupName":"g","retentionInDays":7}"#),
        ("DeleteRetentionPolicy", r#"{"logGroupName":"g"}"#),
        ("CreateLogStream", r#"{"logGroupName":"g","logStreamName":"s"}"#),
        ("DescribeLogStreams", r#"{"logGroupName":"g"}"#),
        ("FilterLogEvents", r#"{"logGroupName":"g"}"#),
        ("GetLogEvents", r#"{"logGroupName":"g","logStreamName":"s"}"#),
        ("DeleteLogStream", r#"{"logGroupName":"g","logStreamName":"s"}"#),
        ("DeleteLogGroup", r#"{"logGroupName":"g"}"#),
    ] {
        let target = format!("Logs_20140328.{operation}");
        let (code, words) = house.order(&denied.sign(order(&target, "logs", body))).await.fault();
        assert!(code == "AccessDeniedException" && words.contains("explicit deny"), "{operation}: {code} {words}");
        let reply = house.order(&allowed.sign(order(&target, "logs", body))).await;
        assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
    }
}

#[tokio::test]
async fn what_an_assume_role_cannot_say_here_is_refused_by_name() {
    let house = House::new();
    house.keep(&deployer("Deployer", r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#));
    for (member, value, words) in [
        ("SourceIdentity", "ann", "Not available in this version of Outrunner: SourceIdentity."),
        ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/Nothing", "policy/Nothing does not exist or is not attachable."),
        ("TransitiveTagKeys.member.1", "a", "Not available in this version of Outrunner: TransitiveTagKeys."),
        ("Tags.member.1.Key", "a", "tags.1.member.value"),
        ("DurationSeconds", "60", "durationSeconds"),
        ("RoleSessionName", "a b", "roleSessionName"),
        ("RoleArn", "arn:aws:iam::000000000000:user/somebody", "is invalid"),
    ] {
        let reply = house.form("sts", &assume("Deployer", &[(member, value)])).await;
        assert_eq!(reply.status, 400, "{member}: {}", reply.text);
        assert!(reply.text.contains("<Code>ValidationError</Code>") && reply.text.contains(words), "{member}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_session_may_be_narrowed_by_policies_of_a_certain_size() {
    let house = House::new();
    house.keep(&deployer("Deployer", r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#));
    let narrow = |policy: &str| {
        assume("Deployer", &[("Policy", policy), ("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess")])
    };
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apprunner:*","Resource":"*"}]}"#;
    let reply = house.form("sts", &narrow(policy)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let chars = policy.len() + "arn:aws:iam::aws:policy/ReadOnlyAccess".len();
    assert_eq!(part(&reply.text, "PackedPolicySize"), (chars * 100).div_ceil(2_048).to_string());
    let long = policy.replace("apprunner:*", &format!("s3:{}", "x".repeat(1_950)));
    let reply = house.form("sts", &narrow(&long)).await;
    assert!(reply.status == 400 && reply.text.contains("<Code>PackedPolicyTooLarge</Code>"), "{}", reply.text);
    let reply = house.form("sts", &narrow("{}")).await;
    assert!(reply.status == 400 && reply.text.contains("<Code>MalformedPolicyDocument</Code>"), "{}", reply.text);
}

/// Tags of a session, as a form has them.
fn tagged(tags: &[(&str, &str)]) -> Vec<(String, String)> {
    let pair = |(n, (key, value)): (usize, &(&str, &str))| {
        let member = format!("Tags.member.{}", n + 1);
        [(format!("{member}.Key"), (*key).to_owned()), (format!("{member}.Value"), (*value).to_owned())]
    };
    tags.iter().enumerate().flat_map(pair).collect()
}

fn assume_tagged(role: &str, tags: &[(&str, &str)]) -> String {
    let members = tagged(tags);
    let members: Vec<(&str, &str)> = members.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assume(role, &members)
}

/// A role whose trust policy lets the account take it, and tag its sessions where the condition holds.
fn taggable(name: &str, condition: &str, statements: &str) -> Role {
    let own = deployer(name, statements);
    let tags = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"000000000000"}},"Action":"sts:TagSession","Condition":{{{condition}}}}}"#
    );
    Role { trust: own.trust.replace("}]}", &format!("}},{tags}]}}")), ..own }
}

const BY_TEAM: &str =
    r#"{"Effect":"Allow","Action":"apprunner:List*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"web"}}}"#;

#[tokio::test]
async fn a_session_has_the_tags_that_it_was_taken_with_and_they_win_over_its_roles() {
    let house = House::new();
    let role = taggable("Tagged", "", BY_TEAM);
    house.keep(&Role { tags: Tags([("Team".to_owned(), "ops".to_owned())].into()), ..role });
    let list = order("AppRunner.ListServices", "apprunner", "{}");
    for (tags, status) in [(&[("team", "web"), ("site", "a b")][..], 200), (&[("team", "shop")][..], 400), (&[][..], 400)] {
        let reply = house.form("sts", &assume_tagged("Tagged", tags)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert_eq!(reply.text.contains("PackedPolicySize"), !tags.is_empty(), "{}", reply.text);
        let text = |name: &str| part(&reply.text, name).to_owned();
        let session = Session { key: text("AccessKeyId"), secret: text("SecretAccessKey"), token: text("SessionToken") };
        let reply = house.order(&session.sign(list.clone())).await;
        assert_eq!(reply.status, status, "{tags:?}: {}", reply.text);
    }
}

#[tokio::test]
async fn tags_of_a_session_need_a_permission_of_their_own_on_both_sides() {
    let house = House::new();
    house.keep(&deployer("Untagged", BY_TEAM));
    let condition = r#""StringEquals":{"aws:RequestTag/team":"web"},"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}"#;
    house.keep(&taggable("Team", condition, BY_TEAM));
    let take = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#;
    house.keep(&deployer("Takes", take));
    house.keep(&deployer("Tags", &take.replace(r#""sts:AssumeRole""#, r#"["sts:AssumeRole","sts:TagSession"]"#)));
    let told = "is not authorized to perform: sts:TagSession on resource: arn:aws:iam::000000000000:role/";
    let held = |reply: &crate::house::Reply, granted: bool, what: &str| {
        assert_eq!(reply.status, if granted { 200 } else { 403 }, "{what}: {}", reply.text);
        assert!(granted || reply.text.contains(told) && reply.text.contains("<Code>AccessDenied</Code>"), "{what}: {}", reply.text);
    };
    for (role, tags, granted) in [
        ("Untagged", &[("team", "web")][..], false),
        ("Untagged", &[][..], true),
        ("Team", &[("team", "web")][..], true),
        ("Team", &[("team", "shop")][..], false),
        ("Team", &[("team", "web"), ("site", "a")][..], false),
    ] {
        held(&house.form("sts", &assume_tagged(role, tags)).await, granted, &format!("{role} {tags:?}"));
    }
    let body = assume_tagged("Team", &[("team", "web")]);
    for (taker, granted) in [("Takes", false), ("Tags", true)] {
        let session = session(&house, taker).await;
        let reply = house.order(&session.sign(Order { target: None, ..order("", "sts", &body) })).await;
        held(&reply, granted, taker);
    }
}

#[tokio::test]
async fn tags_of_a_session_are_held_against_their_limits() {
    let house = House::new();
    house.keep(&taggable("Tagged", "", BY_TEAM));
    let many: Vec<(String, String)> = (0..51).map(|n| (format!("key-{n}"), "x".repeat(70))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let long = "x".repeat(256);
    let large: Vec<(&str, &str)> = many.iter().take(17).map(|(key, _)| (*key, long.as_str())).collect();
    let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
    for (tags, code, words) in [
        (&many[..50], "", "<PackedPolicySize>"),
        (&many[..], "ValidationError", "tags"),
        (&large[..], "PackedPolicyTooLarge", "% of allotted space"),
        (&[("Team", "a"), ("team", "b")][..], "ValidationError", "Duplicate tag keys found"),
        (&[("AWS:team", "a")][..], "ValidationError", "begin with aws:"),
        (&[(long_key.as_str(), "a")][..], "ValidationError", "tags.1.member.key"),
        (&[("a", long_value.as_str())][..], "ValidationError", "tags.1.member.value"),
        (&[("a", "#")][..], "ValidationError", "tags.1.member.value"),
        (&[("", "a")][..], "ValidationError", "tags.1.member.key"),
    ] {
        let reply = house.form("sts", &assume_tagged("Tagged", tags)).await;
        assert_eq!(reply.status, if code.is_empty() { 200 } else { 400 }, "{words}: {}", reply.text);
        assert!(code.is_empty() || reply.text.contains(&format!("<Code>{code}</Code>")), "{words}: {}", reply.text);
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
        if code.is_empty() {
            // A header of HTTP/2 has room for it beside the others.
            assert!(part(&reply.text, "SessionToken").len() < 16 << 10);
        }
    }
}

#[tokio::test]
async fn a_user_takes_a_role_that_trusts_it_by_its_name() {
    let house = House::new();
    let make = |operation: &str| format!("Action={operation}&Version=2010-05-08&UserName=ann");
    assert_eq!(house.form("iam", &make("CreateUser")).await.status, 200);
    let made = house.form("iam", &make("CreateAccessKey")).await.text;
    let (key, secret) = (part(&made, "AccessKeyId").to_owned(), part(&made, "SecretAccessKey").to_owned());
    house.keep(&Role { trust: trusting("arn:aws:iam::000000000000:user/ann"), ..role("OfAnn") });
    house.keep(&Role { trust: trusting("arn:aws:iam::000000000000:user/bob"), ..role("OfBob") });
    for (name, status) in [("OfAnn", 200), ("OfBob", 403)] {
        let body = assume(name, &[]);
        let reply = house.order(&Order { key: &key, secret: &secret, target: None, ..order("", "sts", &body) }).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.text);
    }
}
