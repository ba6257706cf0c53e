//! Which action of which service a call is that we only pass on, and on what: what policies are asked about it.
//!
//! Told only where there can be no two opinions: whoever performs the call must find the same operation in it. Else no action is told, and only root may
//! make the call. Never looks into an input. Source of truth: the protocols of AWS's services; the Service Authorization Reference for the names.

use super::s3;
use http::{HeaderMap, Method, header, request::Parts};
use model::port::{Action, Facts};

/// Services whose actions do not begin with their signing names. Source: Service Authorization Reference.
const PREFIXES: [(&str, &str); 4] = [("email", "ses"), ("monitoring", "cloudwatch"), ("ses-v2", "ses"), ("tagging", "tag")];
/// Letters of an operation's name.
const NAME_CHARS: usize = 64;

/// What is called.
#[derive(Debug, PartialEq, Eq)]
pub struct Called {
    /// Everything that the caller must be allowed; nothing where it cannot be told.
    pub actions: Vec<Action>,
}

/// What a call of a service is. `body` is there where it was read.
pub fn called(service: &str, parts: &Parts, body: Option<&[u8]>) -> Called {
    if service == "s3" {
        return Called { actions: s3::actions(parts, body).unwrap_or_default() };
    }
    let prefix = PREFIXES.iter().find(|(name, _)| *name == service).map_or(service, |(_, prefix)| prefix);
    let name = operation(service, parts, body).filter(|name| is_name(name));
    // On which resource is in the input, in the service's own words: it is asked for on all of them.
    let action =
        |name: String| Action { facts: Facts::default().resource_untold(), ..Action::new(format!("{prefix}:{name}"), "*") };
    Called { actions: name.map(action).into_iter().collect() }
}

fn is_name(text: &str) -> bool {
    (1..=NAME_CHARS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn operation(service: &str, parts: &Parts, body: Option<&[u8]>) -> Option<String> {
    let is_root = parts.uri.path() == "/";
    let kind = only(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if parts.headers.contains_key("x-amz-target") {
        let target = only(&parts.headers, "x-amz-target")?;
        let is_json = is_root && parts.method == Method::POST && kind.starts_with("application/x-amz-json-1.");
        let (_, name) = target.rsplit_once('.')?;
        return (is_json && parts.uri.query().is_none_or(str::is_empty)).then(|| name.to_owned());
    }
    if parts.headers.contains_key("smithy-protocol") {
        let (_, name) = parts.uri.path().strip_prefix("/service/")?.split_once("/operation/")?;
        return (parts.method == Method::POST && !name.contains('/')).then(|| name.to_owned());
    }
    if is_root {
        return form(parts, kind, body);
    }
    // Source: Lambda API reference, "Invoke".
    let function = parts.uri.path().strip_prefix("/2015-03-31/functions/")?.strip_suffix("/invocations")?;
    let invokes = service == "lambda" && parts.method == Method::POST && !function.contains('/') && !function.is_empty();
    invokes.then(|| "InvokeFunction".to_owned())
}

/// The one action of a form, in the body or in the query, but not in both.
fn form(parts: &Parts, kind: &str, body: Option<&[u8]>) -> Option<String> {
    let in_query = parts.uri.query().unwrap_or_default();
    let text = match (in_query.is_empty(), body) {
        (true, Some(body)) if kind.starts_with("application/x-www-form-urlencoded") => body,
        (false, None | Some([])) if parts.method == Method::GET => in_query.as_bytes(),
        (true | false, _) => return None,
    };
    let mut actions = form_urlencoded::parse(text).filter(|(name, _)| name == "Action").map(|(_, value)| value.into_owned());
    let action = actions.next()?;
    actions.next().is_none().then_some(action)
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn of(service: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Option<String> {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        called(service, &parts, Some(body.as_bytes())).actions.first().map(|action| format!("{} {}", action.name, action.resource))
    }

    const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.0");
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded; charset=utf-8");

    #[test]
    fn the_operation_of_each_protocol_is_told() {
        let target = ("x-amz-target", "DynamoDB_20120810.PutItem");
        assert_eq!(of("dynamodb", "POST /", &[JSON, target], "{}").as_deref(), Some("dynamodb:PutItem *"));
        let form = "Action=Publish&Version=2010-03-31&Message=x";
        assert_eq!(of("sns", "POST /", &[FORM], form).as_deref(), Some("sns:Publish *"));
        let cbor = [("smithy-protocol", "rpc-v2-cbor")];
        let path = "POST /service/GraniteServiceVersion20100801/operation/PutMetricData";
        assert_eq!(of("monitoring", path, &cbor, "").as_deref(), Some("cloudwatch:PutMetricData *"));
        let path = "POST /2015-03-31/functions/hello/invocations";
        assert_eq!(of("lambda", path, &[], "{}").as_deref(), Some("lambda:InvokeFunction *"));
        assert_eq!(of("sns", "GET /?Action=ListTopics&Version=2010-03-31", &[], "").as_deref(), Some("sns:ListTopics *"));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_told() {
        let target = ("x-amz-target", "AmazonSQS.ListQueues");
        for (line, headers, body) in [
            ("POST /", &[FORM, target][..], "Action=DeleteQueue&Version=2012-11-05"),
            ("POST /", &[JSON, target, ("x-amz-target", "AmazonSQS.DeleteQueue")], "{}"),
            ("POST /?Action=DeleteQueue", &[JSON, target], "{}"),
            ("POST /queue", &[JSON, target], "{}"),
            ("POST /", &[FORM], "Action=ListQueues&Action=DeleteQueue"),
            ("POST /?Action=DeleteQueue", &[FORM], "Action=ListQueues"),
            ("POST /", &[FORM], "Action=List:Queues"),
            ("POST /", &[FORM], ""),
            ("POST /", &[], "Action=ListQueues"),
            ("PUT /2015-03-31/functions/hello/code", &[], ""),
        ] {
            assert_eq!(of("sqs", line, headers, body), None, "{line} {body}");
        }
    }
}
