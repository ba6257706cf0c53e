//! The rules of records, over nouns of every form.

use std::convert::Infallible;

use super::*;
use crate::account::{AccountId, Region};
use crate::connection::{Connection, ConnectionArn, SourceProvider};
use crate::observability_configuration::{ObservabilityArn, ObservabilityConfiguration};
use crate::vpc_connector::{VpcConnector, VpcConnectorArn};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn scope() -> Scope {
    Scope { account: AccountId::parse("000000000000").unwrap(), region: Region::parse("us-east-1").unwrap() }
}

fn new<N: Noun>(name: &str, noun: N) -> NewRecord<N> {
    let at = Timestamp::from_millis(5);
    NewRecord { scope: scope(), name: name.to_owned(), id: "a".repeat(32), noun, tags: Tags::default(), at }
}

fn traced() -> ObservabilityConfiguration {
    ObservabilityConfiguration::built_in().unwrap()
}

fn connector() -> VpcConnector {
    VpcConnector { subnets: vec!["subnet-1".to_owned()], security_groups: None }
}

fn arn<N: Noun>(tail: &str) -> Option<RecordArn<N>> {
    RecordArn::parse(&format!("arn:aws:apprunner:us-east-1:000000000000:{}/{tail}", N::RESOURCE)).ok()
}

/// `count` active revisions of a name.
fn kept(name: &str, count: usize) -> Vec<Record<ObservabilityConfiguration>> {
    let mut kept = with_built_in(&scope(), Vec::new());
    for _ in 0..count {
        let made = next(&kept, &new(name, traced())).unwrap();
        kept.push(made);
    }
    kept
}

#[test]
fn each_form_of_an_arn_survives_a_round_trip_and_no_other_parses() {
    let (numbered, plain) = (format!("mine/12/{ID}"), format!("mine/{ID}"));
    let forms = |tail: &str| {
        let ends = |text: Option<String>| text.map(|text| assert!(text.ends_with(tail), "{text}")).is_some();
        (
            ends(arn::<ObservabilityConfiguration>(tail).map(|arn: ObservabilityArn| arn.to_string())),
            ends(arn::<VpcConnector>(tail).map(|arn: VpcConnectorArn| arn.to_string())),
            ends(arn::<Connection>(tail).map(|arn: ConnectionArn| arn.to_string())),
        )
    };
    assert_eq!(forms("mine"), (true, false, true));
    assert_eq!(forms("mine/12"), (true, false, false));
    assert_eq!(forms(&numbered), (true, true, false));
    assert_eq!(forms(&plain), (false, false, true));
    let longer = format!("{numbered}/x");
    for bad in ["", "abc", "mine/", "mine/0", "mine/01", "mine/x", "mine/1/", "mine/1/xyz", "-ine", &longer, &"x".repeat(41)] {
        assert_eq!(forms(bad), (false, false, false), "{bad}");
    }
    assert_eq!(forms(&format!("{}/1/{ID}", "x".repeat(40))), (false, true, false), "a VPC connector's name may be longer");
    let refused = ConnectionArn::parse("arn:aws:apprunner:us-east-1:000000000000:service/mine").unwrap_err();
    assert!(refused.message.contains(":connection/<name>/<id>"), "{refused}");
}

#[test]
fn a_name_alone_means_its_latest_active_revision() {
    let mut kept = kept("mine", 3);
    let revision = |kept: &[Record<_>], tail: &str| meant(kept, &arn(tail).unwrap()).map(|found| found.revision);
    assert_eq!(revision(&kept, "mine"), Some(3));
    kept[3].deleted_at = Some(Timestamp::from_millis(9));
    assert_eq!((revision(&kept, "mine"), revision(&kept, "mine/3")), (Some(2), Some(3)), "a deleted one is found by its number");
    assert_eq!(next(&kept, &new("mine", traced())).unwrap().revision, 4, "numbers are not given again");
    assert_eq!(revision(&kept, &format!("mine/1/{ID}")), None, "another id");
    let names = |name: Option<&str>, latest_only, after: Option<(&str, u32)>| {
        let filter = RecordFilter { name: name.map(str::to_owned), latest_only };
        listed(&kept, &filter, after).iter().map(|kept| format!("{}/{}", kept.name, kept.revision)).collect::<Vec<_>>()
    };
    assert_eq!(names(None, true, None), ["DefaultConfiguration/1", "mine/2"]);
    assert_eq!(names(Some("mine"), false, None), ["mine/1", "mine/2"]);
    assert_eq!(names(None, false, Some(("a", 1))), ["mine/1", "mine/2"]);
    assert_eq!(names(None, false, Some(("mine", 1))), ["mine/2"]);
}

#[test]
fn one_of_a_name_is_active_where_there_are_no_revisions_to_choose_from() {
    let made = next(&[], &new("mine", connector())).unwrap();
    let refused = next(std::slice::from_ref(&made), &new("mine", connector())).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::AlreadyExists, "{refused}");
    let gone = Record { deleted_at: Some(Timestamp::from_millis(6)), ..made };
    assert_eq!(next(std::slice::from_ref(&gone), &new("mine", connector())).unwrap().revision, 2);
    assert_eq!(meant(std::slice::from_ref(&gone), &gone.arn()), Some(&gone), "still described");
    let made = next(&[], &new("mine", Connection::pending(SourceProvider::GitHub))).unwrap();
    assert!(made.arn().to_string().ends_with(&format!("connection/mine/{}", "a".repeat(32))));
    let gone = Record { deleted_at: Some(Timestamp::from_millis(6)), ..made.clone() };
    assert_eq!(meant(std::slice::from_ref(&gone), &gone.arn()), None, "a deleted connection is gone");
    let again = Record { revision: 2, id: "b".repeat(32), ..made };
    let both = [gone.clone(), again.clone()];
    assert_eq!(meant(&both, &arn("mine").unwrap()), Some(&again));
    assert_eq!(meant(&both, &gone.arn()), None, "its ARN does not mean the next one of the name");
}

#[test]
fn the_built_in_one_is_there_reserved_and_stays() {
    let kept = with_built_in::<ObservabilityConfiguration>(&scope(), Vec::new());
    assert!(kept[0].arn().to_string().ends_with("DefaultConfiguration/1/00000000000000000000000000000001"));
    let refused = next(&kept, &new(BUILT_IN_NAME, traced())).unwrap_err();
    assert!(refused.message.contains("reserved"), "{refused}");
    let refused = deleted(&kept, &kept[0].arn(), Timestamp::from_millis(9), |_| Ok::<_, Infallible>(false)).unwrap().unwrap_err();
    assert!(refused.message.contains("cannot be deleted"), "{refused}");
    assert!(next(&[], &new(BUILT_IN_NAME, connector())).is_ok(), "the name is free where nothing is built in");
    assert!(with_built_in::<VpcConnector>(&scope(), Vec::new()).is_empty());
}

#[test]
fn a_deletion_takes_what_is_there_and_not_used() {
    let mut kept = kept("mine", 2);
    let delete = |kept: &[Record<_>], tail: &str, used: bool| {
        let answer = deleted(kept, &arn(tail).unwrap(), Timestamp::from_millis(9), |_| Ok::<_, Infallible>(used)).unwrap();
        answer.map(|gone: Record<ObservabilityConfiguration>| gone.revision).map_err(|refusal| refusal.kind)
    };
    assert_eq!(delete(&kept, "mine", false), Ok(2));
    assert_eq!(delete(&kept, "mine", true), Err(RefusalKind::Invalid));
    assert_eq!(delete(&kept, "yours", false), Err(RefusalKind::NotFound));
    kept[2].deleted_at = Some(Timestamp::from_millis(8));
    assert_eq!(delete(&kept, "mine/2", false), Err(RefusalKind::NotFound));
    assert_eq!(kept[2].retagged(&TagChange::Remove(Vec::new())).unwrap_err().kind, RefusalKind::WrongState);
}

#[test]
fn limits_are_told_as_quotas() {
    let full = kept("mine", limit::RECORD_REVISIONS);
    assert_eq!(next(&full, &new("mine", traced())).unwrap_err().kind, RefusalKind::Quota);
    let mut names = Vec::new();
    while names.len() < limit::RECORD_NAMES {
        let more = next(&names, &new(&format!("name-{}", names.len()), connector())).unwrap();
        names.push(more);
    }
    assert_eq!(next(&names, &new("another", connector())).unwrap_err().kind, RefusalKind::Quota);
    let gone = Record { deleted_at: Some(Timestamp::from_millis(6)), ..names[0].clone() };
    let refused = next(&vec![gone; limit::RECORDS_KEPT], &new("mine", connector())).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Quota, "{refused}");
}
