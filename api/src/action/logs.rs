//! What each operation of CloudWatch Logs needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch Logs".

use super::{Kind, Row};

const GROUP: Kind = Kind { name: "log-group", arn: "arn:aws:logs:${Region}:${Account}:log-group:${LogGroupName}" };
const STREAM: Kind =
    Kind { name: "log-stream", arn: "arn:aws:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("CreateLogGroup", &[GROUP]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]).with(&["logs:TagResource"]),
    Row::new("CreateLogStream", &[GROUP]),
    Row::new("DeleteLogGroup", &[GROUP]),
    Row::new("DeleteLogStream", &[STREAM]),
    Row::new("DeleteRetentionPolicy", &[GROUP]),
    Row::new("DescribeLogGroups", &[GROUP]),
    Row::new("DescribeLogStreams", &[GROUP]),
    Row::new("DescribeQueries", &[]),
    Row::new("FilterLogEvents", &[GROUP]),
    Row::new("GetLogEvents", &[STREAM]),
    Row::new("GetLogRecord", &[GROUP]),
    Row::new("GetQueryResults", &[]),
    Row::new("ListTagsForResource", &[GROUP]),
    Row::new("ListTagsLogGroup", &[GROUP]),
    Row::new("PutLogEvents", &[STREAM]),
    Row::new("PutRetentionPolicy", &[GROUP]),
    Row::new("StartLiveTail", &[GROUP]),
    Row::new("StartQuery", &[GROUP]),
    Row::new("StopQuery", &[]),
    Row::new("TagLogGroup", &[GROUP]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]),
    Row::new("TagResource", &[GROUP]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]),
    Row::new("UntagLogGroup", &[GROUP]),
    Row::new("UntagResource", &[GROUP]).keys(&["aws:TagKeys"]),
];
