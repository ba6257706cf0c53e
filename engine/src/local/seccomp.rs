//! Which system calls an instance may make: Docker's default profile, reduced to this machine and to our capabilities, as the
//! OCI runtime specification wants it.
//! Never allows what the profile does not: a condition that is not understood here makes the profile unreadable.
//! Source of truth: `engine/seccomp/default.json` (see NOTICE); OCI runtime specification, config-linux.md, "Seccomp".

use std::io;

use serde::Deserialize;
use serde_json::{Value, json};

const PROFILE: &str = include_str!("../../seccomp/default.json");

/// What the profile's rules are chosen by.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// As Rust calls it: `x86_64`, `aarch64`.
    pub architecture: &'a str,
    /// The first two numbers of its release.
    pub kernel: (u32, u32),
    /// The bounding set of every instance.
    pub capabilities: &'a [&'a str],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Profile {
    default_action: String,
    default_errno_ret: u32,
    /// Which foreign architectures the kernel runs beside its own: we allow none of them.
    #[serde(rename = "archMap")]
    _architectures: Value,
    syscalls: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Rule {
    names: Vec<String>,
    action: String,
    errno_ret: Option<u32>,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    includes: Conditions,
    #[serde(default)]
    excludes: Conditions,
    #[serde(rename = "comment")]
    _comment: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Conditions {
    #[serde(default)]
    arches: Vec<String>,
    #[serde(default)]
    caps: Vec<String>,
    min_kernel: Option<String>,
}

/// The object `linux.seccomp` for a machine. Errors where there is no profile for its architecture.
pub fn filter(host: Host<'_>) -> io::Result<Value> {
    reduce(PROFILE, host)
}

fn reduce(profile: &str, host: Host<'_>) -> io::Result<Value> {
    let Some((name, constant)) = architecture(host.architecture) else {
        return Err(io::Error::other(format!("there is no seccomp profile for the architecture {}", host.architecture)));
    };
    let profile: Profile = serde_json::from_str(profile)?;
    let mut rules = Vec::with_capacity(profile.syscalls.len());
    for rule in &profile.syscalls {
        if applies(rule, name, host)? {
            let mut reduced = json!({ "names": rule.names, "action": rule.action });
            if let Some(errno) = rule.errno_ret {
                reduced["errnoRet"] = json!(errno);
            }
            if !rule.args.is_empty() {
                reduced["args"] = json!(rule.args);
            }
            rules.push(reduced);
        }
    }
    Ok(json!({
        "defaultAction": profile.default_action,
        "defaultErrnoRet": profile.default_errno_ret,
        // Each further one would cost milliseconds at every start, and opens system calls that nobody looks at any more.
        "architectures": [constant],
        "syscalls": rules,
    }))
}

/// An architecture's name in the profile and in the runtime specification.
fn architecture(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "x86_64" => Some(("amd64", "SCMP_ARCH_X86_64")),
        "aarch64" => Some(("arm64", "SCMP_ARCH_AARCH64")),
        "riscv64" => Some(("riscv64", "SCMP_ARCH_RISCV64")),
        _ => None,
    }
}

/// All that is included must be there, nothing that is excluded may be; of several architectures one is enough.
fn applies(rule: &Rule, architecture: &str, host: Host<'_>) -> io::Result<bool> {
    let has = |capability: &String| host.capabilities.contains(&capability.as_str());
    let is_ours = |arches: &[String]| arches.iter().any(|arch| arch == architecture);
    let new_enough =
        |conditions: &Conditions| conditions.min_kernel.as_deref().map(|least| is_at_least(host.kernel, least)).transpose();
    let includes = &rule.includes;
    let included = (includes.arches.is_empty() || is_ours(&includes.arches))
        && includes.caps.iter().all(has)
        && new_enough(includes)?.unwrap_or(true);
    let excludes = &rule.excludes;
    let excluded = is_ours(&excludes.arches) || excludes.caps.iter().any(has) || new_enough(excludes)?.unwrap_or(false);
    Ok(included && !excluded)
}

fn is_at_least(kernel: (u32, u32), least: &str) -> io::Result<bool> {
    let numbers = least.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    let least: (u32, u32) = numbers.ok_or_else(|| io::Error::other(format!("'{least}' is no kernel version")))?;
    Ok(kernel >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: Host<'_> = Host { architecture: "x86_64", kernel: (6, 1), capabilities: &["CAP_SYS_CHROOT"] };

    /// Every rule that speaks of a system call, as JSON, in the profile's order.
    fn rules(filter: &Value, call: &str) -> Vec<String> {
        let named = |rule: &&Value| rule["names"].as_array().unwrap().iter().any(|name| name == call);
        let without_names = |rule: &Value| {
            let mut rule = rule.clone();
            rule.as_object_mut().unwrap().remove("names");
            rule.to_string()
        };
        filter["syscalls"].as_array().unwrap().iter().filter(named).map(without_names).collect()
    }

    fn check(host: Host<'_>, call: &str, expected: &[&str]) {
        assert_eq!(rules(&filter(host).unwrap(), call), expected, "{call} on {host:?}");
    }

    const ALLOWED: &str = r#"{"action":"SCMP_ACT_ALLOW"}"#;

    #[test]
    fn what_could_reach_the_kernel_is_refused_and_what_programs_need_is_allowed() {
        let whole = filter(HOST).unwrap();
        assert_eq!(whole["defaultAction"], "SCMP_ACT_ERRNO");
        assert_eq!(whole["defaultErrnoRet"], 1);
        assert_eq!(whole["architectures"], json!(["SCMP_ARCH_X86_64"]));
        for call in [
            "unshare",
            "setns",
            "mount",
            "umount2",
            "keyctl",
            "add_key",
            "request_key",
            "bpf",
            "perf_event_open",
            "userfaultfd",
            "io_uring_setup",
            "io_uring_enter",
            "init_module",
            "finit_module",
            "delete_module",
            "open_by_handle_at",
            "kexec_load",
            "reboot",
            "swapon",
            "settimeofday",
            "clock_settime",
            "iopl",
            "ioperm",
            "syslog",
            "acct",
            "quotactl",
            "kcmp",
            "fsopen",
            "move_mount",
        ] {
            check(HOST, call, &[]);
        }
        for call in ["read", "execve", "ptrace", "chroot", "arch_prctl", "memfd_create", "landlock_create_ruleset"] {
            check(HOST, call, &[ALLOWED]);
        }
    }

    #[test]
    fn conditions_and_arguments_of_the_profile_are_kept() {
        // The C library falls back to clone only where clone3 does not seem to exist.
        check(HOST, "clone3", &[r#"{"action":"SCMP_ACT_ERRNO","errnoRet":38}"#]);
        // No bit of CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
        let no_new_namespaces = r#"{"action":"SCMP_ACT_ALLOW","args":[{"index":0,"op":"SCMP_CMP_MASKED_EQ","value":2114060288}]}"#;
        check(HOST, "clone", &[no_new_namespaces]);
        let personality =
            |value: u64| format!(r#"{{"action":"SCMP_ACT_ALLOW","args":[{{"index":0,"op":"SCMP_CMP_EQ","value":{value}}}]}}"#);
        let all = [0, 8, 0x20000, 0x20008, 0xffff_ffff].map(personality);
        check(HOST, "personality", &all.each_ref().map(String::as_str));
    }

    #[test]
    fn rules_for_other_architectures_capabilities_and_kernels_do_not_apply() {
        let arm = Host { architecture: "aarch64", ..HOST };
        assert_eq!(filter(arm).unwrap()["architectures"], json!(["SCMP_ARCH_AARCH64"]));
        check(arm, "arch_prctl", &[]);
        check(arm, "sync_file_range2", &[ALLOWED]);
        check(HOST, "sync_file_range2", &[]);
        check(Host { kernel: (4, 7), ..HOST }, "ptrace", &[]);
        check(Host { capabilities: &[], ..HOST }, "chroot", &[]);
        check(Host { capabilities: &["CAP_SYS_ADMIN"], ..HOST }, "clone3", &[ALLOWED]);
        assert!(filter(Host { architecture: "vax", ..HOST }).unwrap_err().to_string().contains("vax"));
    }

    #[test]
    fn a_condition_that_nobody_understands_is_not_taken_for_none() {
        let profile =
            |rule: &str| format!(r#"{{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":1,"archMap":[],"syscalls":[{rule}]}}"#);
        let strange = r#"{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"moon":"full"}}"#;
        assert!(reduce(&profile(strange), HOST).is_err());
        let strange = r#"{"names":["read"],"action":"SCMP_ACT_ALLOW","includes":{"minKernel":"newest"}}"#;
        assert!(reduce(&profile(strange), HOST).is_err());
    }
}
