//! An instance's own door to the platform: a port on its own loopback address, behind which are the credentials of its role and our API. And the role
//! itself, which says whose credentials those are.
//!
//! Never opens it: `engine` does, `daemon` serves it. Source: the container credential provider of the AWS SDKs, which takes plain HTTP from a loopback
//! address.

use serde::{Deserialize, Serialize};

use crate::arn::ServiceArn;
use crate::role::RoleArn;

/// Which role an instance has, and as whose instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceRole {
    pub role: RoleArn,
    pub service: ServiceArn,
}

/// Where the door is. Above the ports that Linux gives to outgoing connections, so that none of these is in the way when it is opened anew.
const PORT: u16 = 62_169;
/// The path of the credentials.
pub const CREDENTIALS_PATH: &str = "/credentials";
/// The variable that holds what an SDK shows at that path.
pub const TOKEN_VARIABLE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/// The variable that says where it is.
pub const CREDENTIALS_VARIABLE: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

/// The door's port in an instance whose own process listens on `own`: they never are the same.
pub const fn door_port(own: u16) -> u16 {
    if own == PORT { PORT + 1 } else { PORT }
}

/// `http://127.0.0.1:<port>`, for an instance whose own process listens on `own`.
pub fn door_url(own: u16) -> String {
    format!("http://127.0.0.1:{}", door_port(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_is_never_in_the_way_of_the_service() {
        for own in [8080, PORT, PORT + 1] {
            assert_ne!(door_port(own), own);
        }
        assert_eq!(door_url(8080), "http://127.0.0.1:62169");
    }
}
