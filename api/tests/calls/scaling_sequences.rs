//! Random sequences of calls about auto scaling configurations, held against a small model of what they mean.
//! Never looks at how they are kept. Source of truth: the App Runner API reference, auto scaling configurations: revisions, latest, deletions, pages.

use crate::house::{House, Reply, nothing_lost, paged, wait};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NAMES: [&str; 3] = ["DefaultConfiguration", "mine", "mine-too"];
const PREFIX: &str = "arn:aws:apprunner:us-east-1:000000000000:autoscalingconfiguration";
/// Sequences that are tried, and the steps of the longest.
const CASES: u32 = 96;
const STEPS: usize = 40;

/// One call.
#[derive(Debug, Clone)]
enum Step {
    Create {
        name: usize,
    },
    Describe {
        name: usize,
        revision: Option<u32>,
    },
    Delete {
        name: usize,
        revision: Option<u32>,
        all: bool,
    },
    /// What services get that name none.
    Default {
        name: usize,
        revision: Option<u32>,
    },
    /// Page by page, with a deletion after the first.
    List {
        name: Option<usize>,
        latest_only: bool,
        page: u32,
        deleted: (usize, u32),
    },
}

/// Whether each revision of a name is active, from the first on; and which is the default.
#[derive(Debug, Clone)]
struct Expected(BTreeMap<&'static str, Vec<bool>>, (&'static str, u32));

/// How a call ends.
#[derive(Debug, PartialEq)]
enum End {
    Fine(u32),
    NotFound,
    Invalid,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let name = 0..NAMES.len();
    let revision = || proptest::option::of(1..5_u32);
    let step = prop_oneof![
        4 => name.clone().prop_map(|name| Step::Create { name }),
        2 => (name.clone(), revision()).prop_map(|(name, revision)| Step::Describe { name, revision }),
        3 => (name.clone(), revision(), any::<bool>()).prop_map(|(name, revision, all)| Step::Delete { name, revision, all }),
        2 => (name.clone(), revision()).prop_map(|(name, revision)| Step::Default { name, revision }),
        2 => (proptest::option::of(name.clone()), any::<bool>(), 1..4_u32, (name, 1..5_u32))
            .prop_map(|(name, latest_only, page, deleted)| Step::List { name, latest_only, page, deleted }),
    ];
    proptest::collection::vec(step, 1..STEPS)
}

impl Expected {
    fn new() -> Self {
        let from_the_start = |n| if n == 0 { vec![true] } else { Vec::new() };
        Self(NAMES.iter().enumerate().map(|(n, name)| (*name, from_the_start(n))).collect(), (NAMES[0], 1))
    }

    fn latest(&self, name: &str) -> Option<u32> {
        self.0[name].iter().rposition(|active| *active).map(|at| number(at) + 1)
    }

    /// The revision that an ARN means.
    fn meant(&self, name: &str, revision: Option<u32>) -> Option<u32> {
        let revision = revision.or_else(|| self.latest(name))?;
        (index(revision) < self.0[name].len()).then_some(revision)
    }

    fn delete(&mut self, name: &'static str, revision: Option<u32>, all: bool) -> End {
        if all && revision.is_some() {
            return End::Invalid;
        }
        let revisions = &self.0[name];
        let gone: Vec<u32> = if all {
            (1..=number(revisions.len())).filter(|revision| revisions[index(*revision)]).collect()
        } else {
            self.meant(name, revision).filter(|revision| revisions[index(*revision)]).into_iter().collect()
        };
        if gone.is_empty() {
            let was_there = self.meant(name, revision).is_some() || (revision.is_none() && !revisions.is_empty());
            return if was_there { End::Invalid } else { End::NotFound };
        }
        if name == self.1.0 && gone.contains(&self.1.1) {
            return End::Invalid;
        }
        let revisions = self.0.get_mut(name).expect("every name is there from the start");
        gone.iter().for_each(|revision| revisions[index(*revision)] = false);
        End::Fine(*gone.last().expect("it is not empty"))
    }

    fn choose(&mut self, name: &'static str, revision: Option<u32>) -> End {
        match self.meant(name, revision) {
            None => End::NotFound,
            Some(revision) if self.0[name][index(revision)] => {
                self.1 = (name, revision);
                End::Fine(revision)
            }
            Some(_) => End::Invalid,
        }
    }

    /// `name/revision` of what a list shows.
    fn listed(&self, name: Option<&str>, latest_only: bool) -> Vec<String> {
        let mut listed = Vec::new();
        for (own, revisions) in self.0.iter().filter(|(own, _)| name.is_none_or(|name| name == **own)) {
            for (at, _) in revisions.iter().enumerate().filter(|(_, active)| **active) {
                if !latest_only || self.latest(own) == Some(number(at) + 1) {
                    listed.push(format!("{own}/{}", at + 1));
                }
            }
        }
        listed
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("revisions are few")
}

fn index(revision: u32) -> usize {
    revision as usize - 1
}

fn arn(name: &str, revision: Option<u32>) -> String {
    revision.map_or_else(|| format!("{PREFIX}/{name}"), |revision| format!("{PREFIX}/{name}/{revision}"))
}

/// How a call ended; what it answers is held against the model on the way.
fn end(reply: &Reply, expected: &Expected, name: &str) -> End {
    if reply.status == 200 {
        let found = &reply.json()["AutoScalingConfiguration"];
        let revision = number(found["AutoScalingConfigurationRevision"].as_u64().expect("a number") as usize);
        let active = expected.0[name][index(revision)];
        assert_eq!(found["Status"], if active { "active" } else { "inactive" }, "{found}");
        assert_eq!(found["Latest"], json!(expected.latest(name) == Some(revision)), "{found}");
        assert_eq!(found["DeletedAt"].is_null(), active, "{found}");
        assert_eq!(found["IsDefault"], json!((name, revision) == expected.1), "{found}");
        return End::Fine(revision);
    }
    match reply.fault().0.as_str() {
        "ResourceNotFoundException" => End::NotFound,
        "InvalidRequestException" => End::Invalid,
        other => panic!("{other}: {}", reply.text),
    }
}

async fn delete(house: &House, expected: &mut Expected, name: &'static str, revision: Option<u32>, all: bool) {
    let input = json!({ "AutoScalingConfigurationArn": arn(name, revision), "DeleteAllRevisions": all });
    let reply = house.call("DeleteAutoScalingConfiguration", input).await;
    let wanted = expected.delete(name, revision, all);
    assert_eq!(end(&reply, expected, name), wanted, "{}", reply.text);
}

async fn list(house: &House, expected: &mut Expected, step: (Option<usize>, bool, u32), deleted: (usize, u32)) {
    let (name, latest_only, page) = step;
    let name = name.map(|name| NAMES[name]);
    let before = expected.listed(name, latest_only);
    let mut input = json!({ "LatestOnly": latest_only, "MaxResults": page });
    if let Some(name) = name {
        input["AutoScalingConfigurationName"] = json!(name);
    }
    let named = |item: &Value| {
        let name = item["AutoScalingConfigurationName"].as_str().expect("a name");
        format!("{name}/{}", item["AutoScalingConfigurationRevision"])
    };
    let (operation, list) = ("ListAutoScalingConfigurations", "AutoScalingConfigurationSummaryList");
    let between = async || delete(house, expected, NAMES[deleted.0], Some(deleted.1), false).await;
    let found = paged(house, operation, input, list, named, between).await;
    nothing_lost(&before, &found, &expected.listed(name, latest_only));
}

async fn run(steps: Vec<Step>) {
    let house = House::new();
    let mut expected = Expected::new();
    for step in steps {
        match step {
            Step::Create { name } => {
                let reply =
                    house.call("CreateAutoScalingConfiguration", json!({ "AutoScalingConfigurationName": NAMES[name] })).await;
                let revisions = expected.0.get_mut(NAMES[name]).expect("every name is there from the start");
                revisions.push(true);
                let wanted = End::Fine(number(revisions.len()));
                assert_eq!(end(&reply, &expected, NAMES[name]), wanted, "{}", reply.text);
            }
            Step::Describe { name, revision } => {
                let input = json!({ "AutoScalingConfigurationArn": arn(NAMES[name], revision) });
                let reply = house.call("DescribeAutoScalingConfiguration", input).await;
                let wanted = expected.meant(NAMES[name], revision).map_or(End::NotFound, End::Fine);
                assert_eq!(end(&reply, &expected, NAMES[name]), wanted, "{}", reply.text);
            }
            Step::Default { name, revision } => {
                let input = json!({ "AutoScalingConfigurationArn": arn(NAMES[name], revision) });
                let reply = house.call("UpdateDefaultAutoScalingConfiguration", input).await;
                let wanted = expected.choose(NAMES[name], revision);
                assert_eq!(end(&reply, &expected, NAMES[name]), wanted, "{}", reply.text);
            }
            Step::Delete { name, revision, all } => delete(&house, &mut expected, NAMES[name], revision, all).await,
            Step::List { name, latest_only, page, deleted } => {
                list(&house, &mut expected, (name, latest_only, page), deleted).await;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_calls_ends_as_the_reference_says(steps in steps()) {
        wait(run(steps));
    }
}
