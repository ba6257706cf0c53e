//! Which states a VPC ingress connection goes through, and what may be asked in each.

use super::*;
use crate::lifecycle::bench;
use crate::network::{Ingress, Network};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A service that runs.
fn service(ingress: Ingress) -> Service {
    let mut service = bench::service(Phase::Still(Standing::Running { revision: 1 }));
    service.configuration.network = Network { ingress, ..Network::default() };
    service
}

fn one(name: &str, asked: IngressAsked) -> VpcIngress {
    VpcIngress {
        scope: service(Ingress::Private).scope,
        name: name.to_owned(),
        id: "0".repeat(32),
        service: service(Ingress::Private).arn(),
        from: IngressVpc { vpc: Some("vpc-1".to_owned()), endpoint: Some("vpce-1".to_owned()) },
        created_at: at(1_000),
        asked,
        asked_at: at(1_000),
        tags: Tags::default(),
    }
}

#[test]
fn what_was_asked_is_under_way_for_a_while_and_then_has_failed_or_is_gone() {
    let settled = 1_000 + i64::try_from(limit::VPC_INGRESS_SETTLES.as_millis()).unwrap();
    for (asked, first, then) in [
        (IngressAsked::Creation, IngressStatus::PendingCreation, IngressStatus::FailedCreation),
        (IngressAsked::Update, IngressStatus::PendingUpdate, IngressStatus::FailedUpdate),
        (IngressAsked::Deletion, IngressStatus::PendingDeletion, IngressStatus::Deleted),
    ] {
        let one = one("mine", asked);
        let seen: Vec<IngressStatus> = [1_000, settled - 1, settled, i64::MAX].map(|now| one.status(at(now))).to_vec();
        assert_eq!(seen, [first, first, then, then]);
        let changes = [IngressChange::Update(IngressVpc::default()), IngressChange::Delete];
        for change in &changes {
            assert_eq!(one.changed(change, at(1_000)).unwrap_err().kind, RefusalKind::WrongState, "{first:?}");
        }
        match one.changed(&changes[1], at(settled)) {
            Ok(changed) => assert_eq!(changed.status(at(settled)), IngressStatus::PendingDeletion),
            Err(refusal) => assert_eq!((refusal.kind, then), (RefusalKind::NotFound, IngressStatus::Deleted)),
        }
        assert_eq!(one.deleted_at(at(settled)), (then == IngressStatus::Deleted).then_some(at(settled)));
    }
}

#[test]
fn one_leads_to_a_private_service_that_runs_and_has_no_other() {
    let new = one("mine", IngressAsked::Creation);
    let private = service(Ingress::Private);
    assert_eq!(admit(&[], 0, Some(&private), &new, at(5_000)), Ok(()));
    let kind = |kept: &[VpcIngress], service: Option<&Service>| {
        admit(kept, kept.len(), service, &new, at(5_000)).map_err(|refusal| refusal.kind)
    };
    assert_eq!(kind(&[], None), Err(RefusalKind::NotFound));
    assert_eq!(kind(&[], Some(&service(Ingress::Public))), Err(RefusalKind::Invalid));
    let paused = Service { phase: Phase::Still(Standing::Paused { revision: 1 }), ..private.clone() };
    assert_eq!(kind(&[], Some(&paused)), Err(RefusalKind::WrongState));
    assert_eq!(kind(&[one("mine", IngressAsked::Creation)], Some(&private)), Err(RefusalKind::AlreadyExists));
    assert_eq!(kind(&[one("other", IngressAsked::Creation)], Some(&private)), Err(RefusalKind::Quota));
    assert_eq!(kind(&[one("mine", IngressAsked::Deletion)], Some(&private)), Ok(()), "what is gone holds neither name nor service");
    let many = vec![one("gone", IngressAsked::Deletion); limit::VPC_INGRESSES_KEPT];
    assert_eq!(kind(&many, Some(&private)), Err(RefusalKind::Quota));
}

#[test]
fn an_arn_survives_a_round_trip_and_nothing_else_parses() {
    let text = one("mine", IngressAsked::Creation).arn().to_string();
    assert_eq!(VpcIngressArn::parse(&text).unwrap().to_string(), text);
    let service = service(Ingress::Private).arn().to_string();
    for bad in ["", "mine", &service, &text.replace("/0", "/X"), &text.replace("/mine", ""), &format!("{text}/0")] {
        assert!(VpcIngressArn::parse(bad).is_err(), "{bad}");
    }
}
