//! Desks: an operation is durable when it is granted, and every refusal says what is wrong.

use std::time::Duration;

use crate::arn::ServiceArn;
use crate::port::{Desk, LogQuery};
use crate::refusal::RefusalKind;
use crate::service::ServiceStatus;
use crate::tag::Tags;
use crate::testbed::{caller, create_service};
use crate::wish::{LogPosition, PageRequest, Wish};

const ALL: PageRequest = PageRequest { after: None, items_max: None };

/// Promises that need nobody to carry anything out.
pub async fn desk(desk: &dyn Desk) {
    let caller = caller();
    let accepted = desk.begin(&caller, Wish::Create(create_service("webs"))).await.unwrap().unwrap();
    let operation = accepted.operation.clone().expect("a creation is an operation");
    let service = &accepted.view.service;
    assert_eq!(service.status(), ServiceStatus::OperationInProgress, "the answer says so already");
    assert!(accepted.view.url.starts_with(service.label.as_str()), "{}", accepted.view.url);
    let arn = service.arn();
    let described = desk.describe(&caller, &arn).await.unwrap().unwrap();
    assert_eq!(described.service.arn(), arn);
    let operations = desk.operations(&caller, &arn, &ALL).await.unwrap().unwrap().items;
    assert_eq!(operations.iter().map(|o| o.id.clone()).collect::<Vec<_>>(), vec![operation]);

    let refused = desk.begin(&caller, Wish::Create(create_service("webs"))).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Invalid, "CreateService declares no other fault for a name in use: {refused}");
    assert!(refused.message.contains("webs"), "{refused}");
    let listed = desk.list(&caller, &ALL).await.unwrap().items;
    assert_eq!(listed.len(), 1);
    assert!(desk.tags(&caller, &arn).await.unwrap().unwrap().0.is_empty());
    tags_are_changed_at_any_time(desk, &arn).await;
    let events = desk.events(&caller, &arn, LogPosition(0), 100).await.unwrap().unwrap();
    assert!(events.iter().any(|placed| placed.event.message.contains("creation started")), "{events:?}");
    let query = LogQuery::After { position: LogPosition(0), wait: Duration::ZERO };
    desk.logs(&caller, &arn, query).await.unwrap().unwrap();

    let mut elsewhere: ServiceArn = arn.clone();
    elsewhere.id = crate::testbed::service_id(0xee);
    for unknown in [elsewhere] {
        let wish = Wish::Delete { arn: unknown.clone() };
        assert_eq!(desk.begin(&caller, wish).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.describe(&caller, &unknown).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.operations(&caller, &unknown, &ALL).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.tags(&caller, &unknown).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.tag(&caller, &unknown, Tags::default()).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.untag(&caller, &unknown, Vec::new()).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.events(&caller, &unknown, LogPosition(0), 1).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
        assert_eq!(desk.logs(&caller, &unknown, query).await.unwrap().unwrap_err().kind, RefusalKind::NotFound);
    }
    let mut stranger = caller.clone();
    stranger.scope.account = crate::account::AccountId::parse("111111111111").expect("twelve digits");
    assert_eq!(desk.describe(&stranger, &arn).await.unwrap().unwrap_err().kind, RefusalKind::NotFound, "an account sees its own");
    assert!(desk.list(&stranger, &ALL).await.unwrap().items.is_empty());
}

/// Also while an operation is under way; options are checked as they would be after the change, and a refused change leaves everything.
async fn tags_are_changed_at_any_time(desk: &dyn Desk, arn: &ServiceArn) {
    let caller = caller();
    let tags = |pairs: &[(&str, &str)]| Tags(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect());
    let two = tags(&[("team", "web"), ("outrunner:stop-grace", "5s")]);
    desk.tag(&caller, arn, two.clone()).await.unwrap().unwrap();
    assert_eq!(desk.tags(&caller, arn).await.unwrap().unwrap(), two);
    let refused = desk.tag(&caller, arn, tags(&[("team", "shop"), ("outrunner:stop-grace", "soon")])).await.unwrap().unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Invalid, "{refused}");
    assert_eq!(desk.tags(&caller, arn).await.unwrap().unwrap(), two, "a refused change changes nothing");
    desk.tag(&caller, arn, tags(&[("team", "shop")])).await.unwrap().unwrap();
    desk.untag(&caller, arn, vec!["outrunner:stop-grace".to_owned(), "nowhere".to_owned()]).await.unwrap().unwrap();
    assert_eq!(desk.tags(&caller, arn).await.unwrap().unwrap(), tags(&[("team", "shop")]));
    assert_eq!(desk.operations(&caller, arn, &ALL).await.unwrap().unwrap().items.len(), 1, "a change of tags begins no operation");
    desk.untag(&caller, arn, vec!["team".to_owned()]).await.unwrap().unwrap();
}
