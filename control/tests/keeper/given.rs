//! What instances find in their environment beside the service's own: the door's address, the region, and what the platform gives everybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use control::ports::Ports;
use control::roster::Roster;
use control::service::{ServiceDesk, Surroundings, UpstreamVariables};
use model::configuration::Source;
use model::environment::Environment;
use model::given_variables::GivenVariables;
use model::instance_door::CREDENTIALS_VARIABLE;
use model::role::RoleArn;
use model::service::ServiceStatus;
use model::testbed::{create_service, role};
use model::wish::{CreateService, Wish};

use super::{DOMAIN, Platform, World};

/// A service that may have a role, and has these variables.
fn wish(with_role: bool, variables: &[(&str, &str)]) -> CreateService {
    let mut wish = create_service("webs");
    let Source::Image(source) = &mut wish.configuration.source else { panic!("it is an image") };
    let variables: BTreeMap<String, String> = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    source.image.as_mut().expect("it has a port").environment = Some(Environment::parse(variables).unwrap());
    wish.configuration.instance_role = with_role.then(|| role("Runner").arn());
    wish
}

/// What the one instance of such a service is given, and whether it has a door.
fn given(wish: CreateService) -> (GivenVariables, bool) {
    let mut surroundings = Surroundings::default();
    surroundings.everywhere.offer("AWS_ENDPOINT_URL_S3", "http://minio.test");
    given_in(surroundings, wish)
}

/// The same on a platform that was told other things.
fn given_in(surroundings: Surroundings, wish: CreateService) -> (GivenVariables, bool) {
    let world = World::new();
    let plain = world.boot();
    let ports = Ports { surroundings: Arc::new(surroundings), ..plain.ports };
    let desk = ServiceDesk::new(ports.clone(), DOMAIN.to_owned(), 443);
    let roster = Roster::new(ports.clone(), DOMAIN.to_owned());
    let mut platform = Platform { ports, desk, roster, keepers: Vec::new() };
    platform.begin(Wish::Create(wish));
    let service = platform.until(&world, ServiceStatus::Running);
    let [name] = &world.instances()[..] else { panic!("there is one instance") };
    let (given, instance_role) = world.engine.given(name).unwrap();
    assert!(instance_role.iter().all(|of| of.service == service.arn() && of.role == role("Runner").arn()));
    (given, instance_role.is_some())
}

#[test]
fn an_instance_with_a_role_is_told_of_its_door_and_one_without_of_none() {
    let (with, has_door) = given(wish(true, &[]));
    assert!(has_door);
    assert_eq!(with.get(CREDENTIALS_VARIABLE), Some("http://127.0.0.1:62169/credentials"));
    assert_eq!(with.get("AWS_ENDPOINT_URL"), Some("http://127.0.0.1:62169"));
    let (without, has_door) = given(wish(false, &[]));
    assert!(!has_door);
    assert_eq!((without.get(CREDENTIALS_VARIABLE), without.get("AWS_ENDPOINT_URL")), (None, None));
    for given in [with, without] {
        assert_eq!([given.get("AWS_REGION"), given.get("AWS_DEFAULT_REGION")], [Some("us-east-1"); 2]);
        assert_eq!(given.get("AWS_ENDPOINT_URL_S3"), Some("http://minio.test"), "what everybody is given");
    }
}

#[test]
fn whoever_brings_credentials_of_its_own_says_itself_whom_it_calls_with_them() {
    let (given, has_door) = given(wish(true, &[("AWS_ACCESS_KEY_ID", "AKIA")]));
    assert!(has_door && given.get(CREDENTIALS_VARIABLE).is_some());
    assert_eq!(given.get("AWS_ENDPOINT_URL"), None);
}

/// A place of S3 that instances reach, and one of SQS that they do not.
fn upstreams() -> Surroundings {
    let variables = |name: &str, url: Option<&str>| UpstreamVariables { names: vec![name.to_owned()], url: url.map(str::to_owned) };
    let upstreams = vec![variables("AWS_ENDPOINT_URL_S3", Some("https://minio.test")), variables("AWS_ENDPOINT_URL_SQS", None)];
    Surroundings { upstreams, ..Surroundings::default() }
}

#[test]
fn who_calls_with_its_role_is_sent_on_by_our_api_and_who_calls_with_keys_of_its_own_goes_there_itself() {
    let door = Some("http://127.0.0.1:62169");
    let names = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SQS"];
    let minio = Some("https://minio.test");
    for (wish, wanted) in [
        (wish(true, &[]), [door, door, door]),
        (wish(true, &[("AWS_ACCESS_KEY_ID", "AKIA")]), [None, minio, None]),
        (wish(false, &[]), [None, minio, None]),
    ] {
        let (given, _) = given_in(upstreams(), wish);
        assert_eq!(names.map(|name| given.get(name)), wanted);
    }
}

#[test]
fn an_instance_that_takes_a_real_role_with_a_token_calls_the_real_aws() {
    let surroundings = Surroundings { makes_tokens: true, ..upstreams() };
    let mut wish = wish(false, &[]);
    let foreign = RoleArn::parse("arn:aws:iam::123456789012:role/app").unwrap();
    wish.configuration.instance_role = Some(foreign.clone());
    let (given, has_door) = given_in(surroundings, wish);
    assert!(!has_door);
    assert_eq!(given.get("AWS_ROLE_ARN"), Some(foreign.as_str()));
    let names = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SQS"];
    assert_eq!(names.map(|name| given.get(name)), [None; 3], "no other place gets its credentials");
}

#[test]
fn an_instance_with_the_credentials_of_a_real_role_calls_the_real_aws() {
    let surroundings = Surroundings { real_roles: vec![role("Runner").arn()], ..upstreams() };
    let (given, has_door) = given_in(surroundings, wish(true, &[]));
    assert!(has_door && given.get(CREDENTIALS_VARIABLE).is_some());
    let names = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SQS"];
    assert_eq!(names.map(|name| given.get(name)), [None; 3]);
    assert_eq!(given.get("AWS_REGION"), Some("us-east-1"));
}
