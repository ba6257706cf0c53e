//! Compares the committed shapes with what the generator makes of the models; `UPDATE=1` rewrites them.
//! Never runs in a build: the committed files are what everybody reads and compiles.
//! Source of truth: `api/models/*.json` and the list of offered operations below.

mod generator;

use generator::{Api, model::Model};
use std::path::Path;

/// What this version offers, service by service. An operation enters here first.
const OFFERED: &[Api] = &[
    Api {
        file: "apprunner",
        title: "App Runner",
        name: "AppRunner",
        operations: &[
            "CreateAutoScalingConfiguration",
            "CreateService",
            "DeleteAutoScalingConfiguration",
            "DeleteService",
            "DescribeAutoScalingConfiguration",
            "DescribeService",
            "ListAutoScalingConfigurations",
            "ListOperations",
            "ListServices",
            "ListServicesForAutoScalingConfiguration",
            "ListTagsForResource",
            "PauseService",
            "ResumeService",
            "StartDeployment",
            "TagResource",
            "UntagResource",
            "UpdateService",
        ],
    },
    Api { file: "cloudtrail", title: "CloudTrail", name: "CloudTrail", operations: &["LookupEvents"] },
    Api {
        file: "ecr",
        title: "ECR",
        name: "Ecr",
        operations: &[
            "BatchDeleteImage",
            "BatchGetImage",
            "CreateRepository",
            "DeleteRepository",
            "DeleteRepositoryPolicy",
            "DescribeImages",
            "DescribeRepositories",
            "GetAuthorizationToken",
            "GetRepositoryPolicy",
            "ListImages",
            "ListTagsForResource",
            "PutImageTagMutability",
            "SetRepositoryPolicy",
            "TagResource",
            "UntagResource",
        ],
    },
    Api {
        file: "iam",
        title: "IAM",
        name: "Iam",
        operations: &[
            "AttachRolePolicy",
            "CreateRole",
            "DeleteRole",
            "DeleteRolePolicy",
            "DetachRolePolicy",
            "GetPolicy",
            "GetPolicyVersion",
            "GetRole",
            "GetRolePolicy",
            "ListAttachedRolePolicies",
            "ListInstanceProfilesForRole",
            "ListPolicies",
            "ListPolicyVersions",
            "ListRolePolicies",
            "ListRoleTags",
            "ListRoles",
            "PutRolePolicy",
            "TagRole",
            "UntagRole",
            "UpdateAssumeRolePolicy",
            "UpdateRole",
        ],
    },
    Api {
        file: "logs",
        title: "CloudWatch Logs",
        name: "Logs",
        operations: &[
            "CreateLogGroup",
            "CreateLogStream",
            "DeleteLogGroup",
            "DeleteLogStream",
            "DeleteRetentionPolicy",
            "DescribeLogGroups",
            "DescribeLogStreams",
            "FilterLogEvents",
            "GetLogEvents",
            "ListTagsForResource",
            "PutLogEvents",
            "PutRetentionPolicy",
        ],
    },
    Api { file: "sts", title: "STS", name: "Sts", operations: &["AssumeRole", "GetCallerIdentity"] },
];

#[test]
#[expect(clippy::disallowed_methods, reason = "the shapes are written on request only")]
fn the_committed_shapes_are_what_the_models_say() {
    let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    for api in OFFERED {
        let model = Model::read(&crate_dir.join("models").join(format!("{}.json", api.file)));
        let wanted = generator::format(&generator::source(api, &model));
        let path = crate_dir.join("src/shape").join(format!("{}.rs", api.file));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &wanted).expect("the shape file can be written");
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == wanted,
            "{} is not what the model says: run `UPDATE=1 cargo test -p api --test shapes`",
            path.display()
        );
    }
}
