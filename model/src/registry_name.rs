//! The names of ECR's registries, and the regions that have one: `<account>.dkr.ecr.<region>.amazonaws.com`.
//!
//! Never says which of them are ours: whoever keeps an account does. Source of the regions: botocore's `partitions.json`, partition `aws`.

use crate::account::{AccountId, Region, Scope};

/// Every region of the partition `aws`, in alphabetical order.
///
/// The registries' authority of an account may sign for exactly these, for ever: its name constraints cannot be changed. A region that opens later gets an
/// authority of its own, as one that AWS does not know; so it is no loss if this list is behind, but no entry may be added to it.
pub const AWS_REGIONS: [&str; 34] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The registry of an account in a region.
pub fn registry_name(scope: &Scope) -> String {
    let Scope { account, region } = scope;
    format!("{account}.dkr.ecr.{region}.amazonaws.com")
}

/// The registries of an account in every region that AWS has, in the list's order.
pub fn aws_registry_names(account: &AccountId) -> Vec<String> {
    AWS_REGIONS.iter().map(|region| format!("{account}.dkr.ecr.{region}.amazonaws.com")).collect()
}

/// The registries of an account in regions that AWS's list does not have.
pub fn other_registry_names(account: &AccountId, regions: &[Region]) -> Vec<String> {
    let unlisted = regions.iter().filter(|region| !AWS_REGIONS.contains(&region.as_str()));
    unlisted.map(|region| registry_name(&Scope { account: account.clone(), region: region.clone() })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_region_is_one_and_stands_once() {
        assert!(AWS_REGIONS.iter().all(|region| Region::parse(region).is_ok()));
        assert!(AWS_REGIONS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn a_region_of_ones_own_has_a_registry_too() {
        let account = AccountId::parse("000000000000").unwrap();
        let regions = ["us-east-1", "mars-north-1"].map(|region| Region::parse(region).unwrap());
        assert!(aws_registry_names(&account).contains(&"000000000000.dkr.ecr.us-east-1.amazonaws.com".to_owned()));
        assert_eq!(other_registry_names(&account, &regions), ["000000000000.dkr.ecr.mars-north-1.amazonaws.com"]);
    }
}
