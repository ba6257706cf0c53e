//! STS through the door.

use crate::{
    house::{House, order},
    signer::Order,
};

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
        ("Action=AssumeRole&Version=2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/"),
        ("Action=ListRoles&Version=2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/"),
    ] {
        let reply = house.order(&Order { target: None, ..order("", "sts", body) }).await;
        assert_eq!(reply.status, 400);
        assert!(reply.text.contains(&format!("<ErrorResponse xmlns=\"{namespace}\">")), "{}", reply.text);
        assert!(reply.text.contains("<Code>UnknownOperationException</Code>"), "{}", reply.text);
    }
}
