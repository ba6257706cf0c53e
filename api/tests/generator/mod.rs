//! Makes Rust source from a service model: structures, their constraints, the operations with their faults.
//! Never writes a file, never decides which operations are offered. Source of truth: the model files.

pub mod model;

use model::{Model, Side, members, required};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, io::Write as _, process::Stdio};

/// One service, with the operations that this version offers of it.
pub struct Api {
    pub file: &'static str,
    pub title: &'static str,
    /// How the enumeration of its operations begins: `<name>Operation`.
    pub name: &'static str,
    pub operations: &'static [&'static str],
}

/// Shapes whose pattern is too narrow for us, with the function in `pattern.rs` that says what else is fine.
/// An App Runner image is always at AWS; ours may also be named by our own registry's host.
const WIDER: &[(&str, &str)] = &[("ImageIdentifier", "any_registry")];

/// Shapes whose maximum is App Runner's own limit and not ours: the operation says what ours is.
const HIGHER: &[&str] = &["ASConfigMaxConcurrency", "ASConfigMinSize"];

/// A stream of events, or an answer that is nothing but one: its events are structures, and whoever sends them writes the stream.
fn is_event_stream(name: &str, model: &Model) -> bool {
    let streams = |name: &str| model.shape(name)["eventstream"] == true;
    streams(name) || members(model.shape(name)).iter().all(|(_, target)| streams(target))
}

/// The whole source file, not yet formatted.
pub fn source(api: &Api, model: &Model) -> String {
    let inputs = model.closure(api.operations, Side::Input);
    let outputs = model.closure(api.operations, Side::Output);
    let all: BTreeSet<&String> = inputs.union(&outputs).collect();
    let mut out = String::new();
    enumeration(api, &mut out);
    let mut faults = BTreeSet::new();
    for name in api.operations {
        operation(name, model, &mut faults, &mut out);
    }
    for name in &faults {
        fault(name, model.shape(name), &mut out);
    }
    for name in all {
        // Nothing is ever read from, or written as, a structure without members.
        if model.kind(name) == "structure" && !members(model.shape(name)).is_empty() && !is_event_stream(name, model) {
            structure(name, model, inputs.contains(name), &mut out);
        }
    }
    // How many members a map may have is for its operation to say: AWS has words of their own for it.
    let ruled = inputs.iter().filter(|name| has_rule(model.shape(name)) && model.kind(name) != "map");
    let ruled: Vec<&String> = ruled.collect();
    for name in &ruled {
        rule(name, model.shape(name), &mut out);
    }
    if !ruled.is_empty() {
        let all: Vec<String> = ruled.iter().map(|name| format!("&{}", constant(name))).collect();
        let _ = write!(
            out,
            "\n/// Every rule of this file, for the test that compiles every pattern.\n#[cfg(test)]\n\
             pub static RULES: &[&Rule] = &[{}];\n",
            all.join(", ")
        );
    }
    // What a file uses is known when it is written: a service may have no pattern, no map and no structure that callers send.
    header(api, &out) + &out
}

/// What rustfmt makes of it: the committed files are formatted like all others.
#[expect(clippy::disallowed_types, reason = "a test may start the toolchain's formatter")]
pub fn format(source: &str) -> String {
    let mut child = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is part of the toolchain");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin.write_all(source.as_bytes()).expect("rustfmt reads all of it");
    drop(stdin);
    let output = child.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt refuses the generated source");
    String::from_utf8(output.stdout).expect("Rust source is UTF-8")
}

fn header(api: &Api, body: &str) -> String {
    let Api { file, title, .. } = api;
    let mut out = format!(
        "//! {title}: the shapes of the operations that this version offers, their constraints and their faults.\n\
         //! Never edited by hand: generated; `UPDATE=1 cargo test -p api --test shapes` rewrites it.\n\
         //! Source of truth: `api/models/{file}.json`.\n\n"
    );
    let uses = |word: &str| body.contains(word);
    let named = |names: &[(&'static str, bool)]| {
        let used: Vec<&str> = names.iter().filter(|(_, used)| *used).map(|(name, _)| *name).collect();
        used.join(", ")
    };
    let shared = named(&[
        ("Blob", uses("Option<Blob>") || uses(": Blob,")),
        ("Declared", uses(": Declared =")),
        ("Entries", uses("Entries<")),
        ("Operation", true),
        ("Structure", uses("impl Structure")),
        ("structure", uses("{ structure(")),
    ]);
    let _ = writeln!(out, "use super::{{{shared}}};");
    let checks = named(&[("Checked", uses("impl Checked")), ("Rule", uses(": Rule =")), ("Walk", uses("impl Checked"))]);
    if !checks.is_empty() {
        let _ = writeln!(out, "use crate::constraint::{{{checks}}};");
    }
    if uses("Pattern::") {
        out.push_str("use crate::pattern::Pattern;\n");
    }
    let serde = named(&[("Deserialize", uses("impl<'de>")), ("Deserializer", uses("impl<'de>")), ("Serialize", uses("#[derive("))]);
    let access = if uses("impl<'de>") { ", de::MapAccess" } else { "" };
    let _ = writeln!(out, "use serde::{{{serde}{access}}};");
    if uses("BTreeMap<") {
        out.push_str("use std::collections::BTreeMap;\n");
    }
    out
}

/// Whoever answers matches on it, so that an operation that is listed and not answered stops the build.
fn enumeration(api: &Api, out: &mut String) {
    let Api { title, name, operations, .. } = api;
    let variants: String = operations.iter().map(|operation| format!("/// `{operation}`.\n{operation},")).collect();
    let all: String = operations.iter().map(|operation| format!("Self::{operation},")).collect();
    let arms: String = operations.iter().map(|operation| format!("Self::{operation} => &{},", constant(operation))).collect();
    let _ = write!(
        out,
        "\n/// An operation of {title} that this version offers.\n#[derive(Debug, Clone, Copy, PartialEq, Eq)]\n\
         pub enum {name}Operation {{ {variants} }}\n\nimpl {name}Operation {{\n/// All of them.\n\
         pub const ALL: &[Self] = &[{all}];\n\n/// Its name and the faults that it declares.\n\
         pub const fn operation(self) -> &'static Operation {{ match self {{ {arms} }} }}\n}}\n"
    );
}

fn operation(name: &str, model: &Model, faults: &mut BTreeSet<String>, out: &mut String) {
    let declared = model.operation(name)["errors"].as_array().expect("every operation lists its errors");
    let declared: Vec<&str> = declared.iter().filter_map(Value::as_str).collect();
    faults.extend(declared.iter().map(|fault| (*fault).to_owned()));
    let consts: Vec<String> = declared.iter().map(|fault| constant(fault)).collect();
    let _ = write!(
        out,
        "\n/// `{name}` and the faults that it declares.\npub const {}: Operation = Operation {{ name: \"{name}\", \
         faults: &[{}] }};\n",
        constant(name),
        consts.join(", ")
    );
}

fn fault(name: &str, shape: &Value, out: &mut String) {
    let status = match shape["error"]["httpStatusCode"].as_u64() {
        Some(status) => status,
        None if shape["fault"] == true => 500,
        None => 400,
    };
    // Query services have a shorter name on the wire.
    let code = shape["error"]["code"].as_str().unwrap_or(name);
    let _ = write!(
        out,
        "\n/// Fault `{name}`.\npub const {}: Declared = Declared {{ code: \"{code}\", status: {status} }};\n",
        constant(name)
    );
}

fn structure(name: &str, model: &Model, is_input: bool, out: &mut String) {
    let shape = model.shape(name);
    let required = required(shape);
    // Only what a caller sends is read and checked; an answer is only written.
    let derive = if is_input { "Clone, Default, Serialize" } else { "Clone, Serialize" };
    let _ = write!(out, "\n/// Shape `{name}`.\n#[derive({derive})]\npub struct {} {{", camel(name));
    let mut checks = String::new();
    let mut reads = String::new();
    for (member, target) in members(shape) {
        let field = field(member);
        let rust = rust_type(target, model);
        if is_input || !required.contains(member) {
            let _ = write!(
                out,
                "/// Member `{member}`.\n#[serde(rename = \"{member}\", skip_serializing_if = \"Option::is_none\")]\n\
                 pub {field}: Option<{rust}>,"
            );
        } else {
            let _ = write!(out, "/// Member `{member}`.\n#[serde(rename = \"{member}\")]\npub {field}: {rust},");
        }
        let _ = write!(reads, "\"{member}\" => self.{field} = value.next_value()?,");
        if required.contains(member) {
            let _ = write!(checks, "walk.required(\"{member}\", self.{field}.is_some());");
        }
        if is_input {
            check(member, &field, target, model, &mut checks);
        }
    }
    out.push_str("}\n");
    if is_input {
        input(&camel(name), &reads, &checks, out);
    }
}

/// How a shape that callers send is read and checked.
fn input(name: &str, reads: &str, checks: &str, out: &mut String) {
    let walk = if checks.is_empty() { "_walk" } else { "walk" };
    let read = format!("match member {{ {reads} _ => return Ok(false) }} Ok(true)");
    let _ = write!(
        out,
        "\nimpl Structure for {name} {{ fn read<'de, A: MapAccess<'de>>(&mut self, member: &str, value: &mut A) \
         -> Result<bool, A::Error> {{ {read} }} }}\n\
         \nimpl<'de> Deserialize<'de> for {name} {{ fn deserialize<D: Deserializer<'de>>(deserializer: D) \
         -> Result<Self, D::Error> {{ structure(deserializer) }} }}\n\
         \nimpl Checked for {name} {{ fn check(&self, {walk}: &mut Walk) {{ {checks} }} }}\n"
    );
}

/// The lines that check one member by its shape's rule.
fn check(member: &str, field: &str, target: &str, model: &Model, out: &mut String) {
    let shape = model.shape(target);
    let ruled = has_rule(shape);
    let rule = constant(target);
    let _ = match model.kind(target) {
        "structure" => write!(out, "walk.nested(\"{member}\", self.{field}.as_ref());"),
        "string" if ruled => write!(out, "walk.text(\"{member}\", self.{field}.as_deref(), &{rule});"),
        "integer" | "long" if ruled => write!(out, "walk.number(\"{member}\", self.{field}, &{rule});"),
        "double" | "float" if ruled => write!(out, "walk.real(\"{member}\", self.{field}, &{rule});"),
        "blob" if ruled => write!(out, "walk.blob(\"{member}\", self.{field}.as_ref(), &{rule});"),
        "list" => {
            let element = shape["member"].as_str().expect("a list has a member");
            let rule = if ruled { format!("Some(&{rule})") } else { "None".to_owned() };
            match model.kind(element) {
                "structure" => {
                    write!(out, "walk.structures(\"{member}\", self.{field}.as_deref(), {rule});")
                }
                "string" if ruled || has_rule(model.shape(element)) => {
                    let each = rule_of(element, model);
                    write!(out, "walk.texts(\"{member}\", self.{field}.as_deref(), {rule}, &{each});")
                }
                "string" => Ok(()),
                other => panic!("{target}: callers send a list of {other}, which is not met yet"),
            }
        }
        "map" => {
            let (key, value) = map_of(shape);
            assert_eq!(model.kind(value), "string", "{target}: callers send a map of something else, which is not met yet");
            let (key, value) = (rule_of(key, model), rule_of(value, model));
            write!(out, "walk.map(\"{member}\", self.{field}.as_ref(), &{key}, &{value});")
        }
        "string" | "integer" | "long" | "double" | "float" | "blob" if !ruled => Ok(()),
        "boolean" | "timestamp" => Ok(()),
        other => panic!("{target}: the type {other} is not met yet"),
    };
}

/// The static that holds a shape's constraints, of which there may be none.
fn rule_of(target: &str, model: &Model) -> String {
    if has_rule(model.shape(target)) { constant(target) } else { "crate::constraint::NO_RULE".to_owned() }
}

/// The shapes of a map's keys and values.
fn map_of(shape: &Value) -> (&str, &str) {
    (shape["key"].as_str().expect("a map has a key"), shape["value"].as_str().expect("a map has a value"))
}

/// The constraints of one shape as a static: a pattern is compiled once and stays.
fn rule(name: &str, shape: &Value, out: &mut String) {
    let bound = |which: &str| match shape[which].as_i64() {
        Some(_) if which == "max" && HIGHER.contains(&name) => "None".to_owned(),
        Some(number) => format!("Some({number})"),
        None => "None".to_owned(),
    };
    let pattern = match (shape["pattern"].as_str(), WIDER.iter().find(|(wider, _)| *wider == name)) {
        (Some(pattern), None) => format!("Some(Pattern::new({pattern:?}))"),
        (Some(pattern), Some((_, also))) => {
            format!("Some(Pattern::wider({pattern:?}, crate::pattern::{also}))")
        }
        (None, _) => "None".to_owned(),
    };
    let values: Vec<String> = shape["enum"].as_array().into_iter().flatten().map(Value::to_string).collect();
    let _ = write!(
        out,
        "\n/// Constraints of `{name}`.\npub static {}: Rule = Rule {{ min: {}, max: {}, pattern: {pattern}, \
         values: &[{}], sensitive: {} }};\n",
        constant(name),
        bound("min"),
        bound("max"),
        values.join(", "),
        shape["sensitive"] == true
    );
}

fn has_rule(shape: &Value) -> bool {
    ["min", "max", "pattern", "enum"].iter().any(|key| !shape[*key].is_null())
}

fn rust_type(target: &str, model: &Model) -> String {
    let shape = model.shape(target);
    match model.kind(target) {
        "string" => "String".to_owned(),
        "integer" => "i32".to_owned(),
        "long" => "i64".to_owned(),
        "double" | "float" => "f64".to_owned(),
        "boolean" => "bool".to_owned(),
        // Base64 on the wire, in every protocol.
        "blob" => "Blob".to_owned(),
        // ISO 8601 in XML; seconds since the epoch, with a fraction, in JSON: each protocol's default.
        "timestamp" if model.is_query() => "String".to_owned(),
        "timestamp" => "f64".to_owned(),
        "structure" => camel(target),
        "list" => format!("Vec<{}>", rust_type(shape["member"].as_str().expect("a list has a member"), model)),
        // XML has no objects with any key: a map is a list of entries there.
        "map" if model.is_query() => format!("Entries<{}>", rust_type(map_of(shape).1, model)),
        "map" => format!("BTreeMap<String, {}>", rust_type(map_of(shape).1, model)),
        other => panic!("{target}: the type {other} is not met yet"),
    }
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().expect("a shape has a name").to_ascii_uppercase();
    std::iter::once(first).chain(letters).collect()
}

fn constant(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

fn field(name: &str) -> String {
    match snake(name).as_str() {
        keyword @ ("type" | "match" | "ref" | "static" | "where" | "use" | "in" | "move" | "const") => format!("r#{keyword}"),
        other => other.to_owned(),
    }
}

/// `DNSTarget` becomes `dns_target`: a capital begins a word after a small letter, or before one.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (n, letter) in letters.iter().enumerate() {
        let after_small = n > 0 && !letters[n - 1].is_ascii_uppercase();
        let before_small = letters.get(n + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && n > 0 && (after_small || before_small) {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
