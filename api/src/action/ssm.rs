//! What each operation of Systems Manager needs, and on what.
//! Never asks for it: the operation does. Source of truth: Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager".

use super::{Kind, Row};

const PARAMETER: Kind =
    Kind { name: "parameter", arn: "arn:aws:ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}" };

/// By name.
pub const ROWS: &[Row] = &[
    Row::new("AddTagsToResource", &[PARAMETER]).keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys"]),
    Row::new("DeleteParameter", &[PARAMETER]),
    Row::new("DeleteParameters", &[PARAMETER]),
    Row::new("DescribeParameters", &[]),
    Row::new("GetParameter", &[PARAMETER]),
    Row::new("GetParameterHistory", &[PARAMETER]),
    Row::new("GetParameters", &[PARAMETER]),
    Row::new("GetParametersByPath", &[PARAMETER]).keys(&["ssm:Recursive"]),
    Row::new("LabelParameterVersion", &[PARAMETER]),
    Row::new("ListTagsForResource", &[PARAMETER]),
    Row::new("PutParameter", &[PARAMETER])
        .keys(&["aws:RequestTag/${TagKey}", "aws:TagKeys", "ssm:Overwrite"])
        .with(&["ssm:AddTagsToResource"]),
    Row::new("RemoveTagsFromResource", &[PARAMETER]).keys(&["aws:TagKeys"]),
    Row::new("UnlabelParameterVersion", &[PARAMETER]),
];
