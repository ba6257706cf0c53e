//! The service model as the generator reads it: shapes, operations, and which shapes a call can reach.
//! Never decides how a shape looks in Rust. Source of truth: the JSON files in `api/models`.

use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

/// One service's model file.
pub struct Model(Value);

/// Input or output: a shape that a caller sends has only optional members, because absence is a finding of
/// validation, not a failure to parse.
#[derive(Clone, Copy)]
pub enum Side {
    Input,
    Output,
}

impl Model {
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the model file is in the repository");
        Self(serde_json::from_str(&text).expect("the model file is JSON"))
    }

    /// Whether the service speaks the query protocol.
    pub fn is_query(&self) -> bool {
        self.0["metadata"]["protocol"] == "query"
    }

    pub fn shape(&self, name: &str) -> &Value {
        self.0["shapes"].get(name).unwrap_or_else(|| panic!("the model has no shape {name}"))
    }

    pub fn operation(&self, name: &str) -> &Value {
        self.0["operations"].get(name).unwrap_or_else(|| panic!("the model has no operation {name}"))
    }

    pub fn kind<'a>(&'a self, shape: &str) -> &'a str {
        self.shape(shape)["type"].as_str().expect("every shape has a type")
    }

    /// Names of all shapes that the input or output of `operations` reaches.
    pub fn closure(&self, operations: &[&str], side: Side) -> BTreeSet<String> {
        let member = match side {
            Side::Input => "input",
            Side::Output => "output",
        };
        let mut reached = BTreeSet::new();
        for operation in operations {
            if let Some(root) = self.operation(operation)[member].as_str() {
                self.reach(root, &mut reached);
            }
        }
        reached
    }

    fn reach(&self, name: &str, reached: &mut BTreeSet<String>) {
        if !reached.insert(name.to_owned()) {
            return;
        }
        let shape = self.shape(name);
        for part in ["member", "key", "value"] {
            if let Some(next) = shape[part].as_str() {
                self.reach(next, reached);
            }
        }
        for (_, next) in members(shape) {
            self.reach(next, reached);
        }
    }
}

/// Members of a structure with the names of their shapes, by name: the order must not depend on how JSON is read.
pub fn members(shape: &Value) -> Vec<(&str, &str)> {
    let members = shape["members"].as_object().into_iter().flatten();
    let mut members: Vec<(&str, &str)> = members.map(|(name, target)| (name.as_str(), target_shape(target))).collect();
    members.sort_unstable();
    members
}

/// A member is the name of its shape, or a document with that name and what client libraries need to know beside it.
fn target_shape(target: &Value) -> &str {
    target.as_str().or_else(|| target["shape"].as_str()).expect("a member names its shape")
}

pub fn required(shape: &Value) -> BTreeSet<&str> {
    let names = shape["required"].as_array();
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}
