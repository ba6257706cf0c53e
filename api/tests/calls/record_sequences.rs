//! Random sequences of calls about records (observability configurations, VPC connectors, connections), held against a small model of what they mean.
//! Never looks at how they are kept. Source of truth: the App Runner API reference: revisions, latest, deletions, pages.

use crate::house::{House, Reply, nothing_lost, paged, wait};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The first is built in where there is an observability configuration of that name, and like any other elsewhere.
const NAMES: [&str; 3] = ["DefaultConfiguration", "mine", "mine-too"];
const PREFIX: &str = "arn:aws:apprunner:us-east-1:000000000000";
/// An id that nothing has: ids are drawn.
const NOBODYS_ID: &str = "0123456789abcdef0123456789abcdef";
/// Sequences that are tried of each kind, and the steps of the longest.
const CASES: u32 = 64;
const STEPS: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// Many revisions are active; an ARN may end after the name or the number.
    Observability,
    /// One is active, and only a full ARN names it; a deleted one stays describable.
    Connector,
    /// One is active, without a number; a deleted one is gone.
    Connection,
}

use Kind::{Connection, Connector, Observability};

/// An ARN: of the name, of its revision, or the full one.
#[derive(Debug, Clone)]
struct Named {
    name: usize,
    revision: Option<usize>,
    whole: bool,
}

/// One call.
#[derive(Debug, Clone)]
enum Step {
    Create(usize),
    Describe(Named),
    Delete(Named),
    /// Page by page, with a deletion after the first.
    List {
        name: Option<usize>,
        latest_only: bool,
        page: usize,
        deleted: Named,
    },
}

/// How a call ends.
#[derive(Debug, PartialEq)]
enum End {
    /// With this one, from 1.
    Fine(usize),
    NotFound,
    Invalid,
}

struct Kept {
    arn: String,
    active: bool,
}

struct Expected {
    kind: Kind,
    kept: BTreeMap<&'static str, Vec<Kept>>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let named = || {
        (0..NAMES.len(), proptest::option::of(1..5_usize), any::<bool>()).prop_map(|(name, revision, whole)| Named {
            name,
            revision,
            whole,
        })
    };
    let step = prop_oneof![
        4 => (0..NAMES.len()).prop_map(Step::Create),
        2 => named().prop_map(Step::Describe),
        3 => named().prop_map(Step::Delete),
        2 => (proptest::option::of(0..NAMES.len()), any::<bool>(), 1..4_usize, named())
            .prop_map(|(name, latest_only, page, deleted)| Step::List { name, latest_only, page, deleted }),
    ];
    proptest::collection::vec(step, 1..STEPS)
}

impl Kind {
    /// As operations and members name it.
    fn noun(self) -> &'static str {
        match self {
            Observability => "ObservabilityConfiguration",
            Connector => "VpcConnector",
            Connection => "Connection",
        }
    }

    fn list(self) -> &'static str {
        match self {
            Observability => "ObservabilityConfigurationSummaryList",
            Connector => "VpcConnectors",
            Connection => "ConnectionSummaryList",
        }
    }

    fn has_built_in(self) -> bool {
        self == Observability
    }

    fn input(self, name: &str) -> Value {
        let mut input = json!({ (format!("{}Name", self.noun())): name });
        match self {
            Observability => input["TraceConfiguration"] = json!({ "Vendor": "AWSXRAY" }),
            Connector => input["Subnets"] = json!(["subnet-1"]),
            Connection => input["ProviderType"] = json!("GITHUB"),
        }
        input
    }

    fn arn(self, tail: &str) -> String {
        format!("{PREFIX}:{}/{tail}", self.noun().to_lowercase())
    }
}

impl Expected {
    fn new(kind: Kind) -> Self {
        let built_in = || Kept { arn: kind.arn("DefaultConfiguration/1/00000000000000000000000000000001"), active: true };
        let from_the_start = |n| if n == 0 && kind.has_built_in() { vec![built_in()] } else { Vec::new() };
        Self { kind, kept: NAMES.iter().enumerate().map(|(n, name)| (*name, from_the_start(n))).collect() }
    }

    fn latest(&self, name: &str) -> Option<usize> {
        self.kept[name].iter().rposition(|kept| kept.active).map(|at| at + 1)
    }

    fn arn(&self, named: &Named) -> String {
        let name = NAMES[named.name];
        let Some(revision) = named.revision else { return self.kind.arn(name) };
        if self.kind == Observability && !named.whole {
            return self.kind.arn(&format!("{name}/{revision}"));
        }
        let kept = self.kept[name].get(revision - 1).map(|kept| kept.arn.clone());
        kept.unwrap_or_else(|| match self.kind {
            Observability | Connector => self.kind.arn(&format!("{name}/{revision}/{NOBODYS_ID}")),
            Connection => self.kind.arn(&format!("{name}/{NOBODYS_ID}")),
        })
    }

    /// The one that an ARN means, deleted or not.
    fn meant(&self, named: &Named) -> End {
        let name = NAMES[named.name];
        match named.revision {
            None if self.kind == Connector => End::Invalid,
            None => self.latest(name).map_or(End::NotFound, End::Fine),
            Some(revision) if revision <= self.kept[name].len() => End::Fine(revision),
            Some(_) => End::NotFound,
        }
    }

    fn create(&self, name: &str) -> End {
        let is_taken = self.kind != Observability && self.latest(name).is_some();
        if is_taken || (self.kind.has_built_in() && name == NAMES[0]) {
            return End::Invalid;
        }
        End::Fine(self.kept[name].len() + 1)
    }

    fn delete(&mut self, named: &Named) -> End {
        let name = NAMES[named.name];
        let End::Fine(revision) = self.meant(named) else { return self.meant(named) };
        if self.kind.has_built_in() && name == NAMES[0] {
            return End::Invalid;
        }
        let kept = &mut self.kept.get_mut(name).expect("every name is there from the start")[revision - 1];
        if !kept.active {
            return End::NotFound;
        }
        kept.active = false;
        End::Fine(revision)
    }

    /// ARNs of what a list shows, in its order.
    fn listed(&self, name: Option<&str>, latest_only: bool) -> Vec<String> {
        let mut listed = Vec::new();
        for (own, kept) in self.kept.iter().filter(|(own, _)| name.is_none_or(|name| name == **own)) {
            for (at, kept) in kept.iter().enumerate().filter(|(_, kept)| kept.active) {
                if !latest_only || self.latest(own) == Some(at + 1) {
                    listed.push(kept.arn.clone());
                }
            }
        }
        listed
    }

    /// Holds what an answer shows of one against what it should show.
    fn check(&self, shown: &Value, name: &str, revision: usize) {
        let Kept { arn, active } = &self.kept[name][revision - 1];
        let noun = self.kind.noun();
        assert_eq!((&shown[format!("{noun}Arn")], &shown[format!("{noun}Name")]), (&json!(arn), &json!(name)), "{shown}");
        let status = match (self.kind, active) {
            (Connection, true) => "PENDING_HANDSHAKE",
            (Connection, false) => "DELETED",
            (Observability | Connector, true) => "ACTIVE",
            (Observability | Connector, false) => "INACTIVE",
        };
        assert_eq!(shown["Status"], status, "{shown}");
        if self.kind != Connection {
            assert_eq!(shown[format!("{noun}Revision")], json!(revision), "{shown}");
            assert_eq!(shown["DeletedAt"].is_null(), *active, "{shown}");
        }
        if self.kind == Observability {
            assert_eq!(shown["Latest"], json!(self.latest(name) == Some(revision)), "{shown}");
        }
    }

    /// Holds an answer against the end that it should have.
    fn ends(&self, reply: &Reply, name: &str, wanted: &End) {
        if let End::Fine(revision) = wanted {
            assert_eq!(reply.status, 200, "{}", reply.text);
            return self.check(&reply.json()[self.kind.noun()], name, *revision);
        }
        let code = match wanted {
            End::NotFound => "ResourceNotFoundException",
            End::Invalid | End::Fine(_) => "InvalidRequestException",
        };
        assert_eq!(reply.fault().0, code, "{}", reply.text);
    }
}

async fn create(house: &House, expected: &mut Expected, name: &'static str) {
    let noun = expected.kind.noun();
    let reply = house.call(&format!("Create{noun}"), expected.kind.input(name)).await;
    let wanted = expected.create(name);
    if wanted != End::Invalid && reply.status == 200 {
        let arn = reply.json()[noun][format!("{noun}Arn")].as_str().expect("an ARN").to_owned();
        let all = expected.kept.values().flatten();
        assert_eq!(all.filter(|kept| kept.arn == arn).count(), 0, "{arn} is given twice");
        expected.kept.get_mut(name).expect("every name is there from the start").push(Kept { arn, active: true });
    }
    expected.ends(&reply, name, &wanted);
}

/// A connection has no call that describes it: a list by its name does.
async fn describe(house: &House, expected: &Expected, named: &Named) {
    let (noun, name) = (expected.kind.noun(), NAMES[named.name]);
    if expected.kind == Connection {
        let body = house.call("ListConnections", json!({ "ConnectionName": name })).await.json();
        let shown = body["ConnectionSummaryList"].as_array().expect("a list").clone();
        assert_eq!(shown.len(), usize::from(expected.latest(name).is_some()), "{shown:?}");
        return shown.iter().for_each(|shown| expected.check(shown, name, expected.latest(name).expect("it is there")));
    }
    let reply = house.call(&format!("Describe{noun}"), json!({ (format!("{noun}Arn")): expected.arn(named) })).await;
    expected.ends(&reply, name, &expected.meant(named));
}

async fn delete(house: &House, expected: &mut Expected, named: &Named) {
    let noun = expected.kind.noun();
    let reply = house.call(&format!("Delete{noun}"), json!({ (format!("{noun}Arn")): expected.arn(named) })).await;
    let wanted = expected.delete(named);
    expected.ends(&reply, NAMES[named.name], &wanted);
}

async fn list(house: &House, expected: &mut Expected, asked: (Option<usize>, bool), page: usize, deleted: &Named) {
    let noun = expected.kind.noun();
    // Each list has its own filters.
    let name = asked.0.map(|name| NAMES[name]).filter(|_| expected.kind != Connector);
    let latest_only = asked.1 && expected.kind == Observability;
    let mut input = json!({ "MaxResults": page });
    if let Some(name) = name {
        input[format!("{noun}Name")] = json!(name);
    }
    if expected.kind == Observability {
        input["LatestOnly"] = json!(latest_only);
    }
    let before = expected.listed(name, latest_only);
    let named = |item: &Value| item[format!("{noun}Arn")].as_str().expect("an ARN").to_owned();
    let (operation, kind) = (format!("List{noun}s"), expected.kind);
    let between = async || delete(house, expected, deleted).await;
    let found = paged(house, &operation, input, kind.list(), named, between).await;
    nothing_lost(&before, &found, &expected.listed(name, latest_only));
}

async fn run(kind: Kind, steps: Vec<Step>) {
    let house = House::new();
    let mut expected = Expected::new(kind);
    for step in steps {
        match step {
            Step::Create(name) => create(&house, &mut expected, NAMES[name]).await,
            Step::Describe(named) => describe(&house, &expected, &named).await,
            Step::Delete(named) => delete(&house, &mut expected, &named).await,
            Step::List { name, latest_only, page, deleted } => {
                list(&house, &mut expected, (name, latest_only), page, &deleted).await;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_calls_about_observability_configurations_ends_as_the_reference_says(steps in steps()) {
        wait(run(Observability, steps));
    }

    #[test]
    fn any_sequence_of_calls_about_vpc_connectors_ends_as_the_reference_says(steps in steps()) {
        wait(run(Connector, steps));
    }

    #[test]
    fn any_sequence_of_calls_about_connections_ends_as_the_reference_says(steps in steps()) {
        wait(run(Connection, steps));
    }
}
