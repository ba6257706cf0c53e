//! The systemd unit that `outrunner install` writes.
//!
//! Pure. Holds no secret. Source: systemd.service(5), systemd.kill(5), systemd.resource-control(5); systemd.syntax(7) for quoting.

use std::path::PathBuf;

/// The first line of a unit of ours: what has another is somebody's.
const HEADING: &str = "# Written by outrunner install; outrunner uninstall takes it away.";
/// A line of the unit that says whose platform it starts: whoever takes the unit away must end what that platform has left.
const DATA_DIR: &str = "# Data dir: ";

/// What the unit starts.
#[derive(Debug)]
pub struct Unit<'a> {
    /// Absolute path of `outrunner`.
    pub program: &'a str,
    /// What stands behind `serve`: all that it needs, with whole paths.
    pub flags: &'a [String],
    /// What `flags` and the configuration file come to.
    pub data_dir: &'a str,
}

/// The data dir of the platform that a unit of ours starts.
pub fn data_dir(text: &str) -> Option<PathBuf> {
    text.lines().find_map(|line| line.strip_prefix(DATA_DIR)).map(PathBuf::from)
}

/// Whether a unit was written by us.
pub fn is_ours(text: &str) -> bool {
    text.lines().next() == Some(HEADING)
}

impl Unit<'_> {
    pub fn text(&self) -> String {
        let words = [self.program, "serve"].into_iter().chain(self.flags.iter().map(String::as_str));
        let command = words.map(quoted).collect::<Vec<_>>().join(" ");
        let data_dir = self.data_dir;
        format!(
            "{HEADING}\n\
             {DATA_DIR}{data_dir}\n\
             [Unit]\n\
             Description=Outrunner, App Runner that you run yourself\n\
             Wants=network-online.target\n\
             After=network-online.target nftables.service firewalld.service\n\
             # A start that cannot succeed is tried for ever, and seldom.\n\
             StartLimitIntervalSec=0\n\
             \n\
             [Service]\n\
             Type=exec\n\
             ExecStart={command}\n\
             # The front door and the instances go on while the platform is restarted or replaced; outrunner stop ends them.\n\
             KillMode=process\n\
             # The front door and what stands beside each instance stay in this unit's control group: systemd is not to tidy there.\n\
             Delegate=yes\n\
             # Not after an end that was asked for: outrunner stop is one, beside systemctl stop.\n\
             Restart=on-failure\n\
             RestartSec=1\n\
             RestartPreventExitStatus=2\n\
             TimeoutStopSec=120\n\
             LimitNOFILE=1048576\n\
             TasksMax=infinity\n\
             # What the platform makes for its owner alone has a mode that says so; the rest is for everyone to read.\n\
             UMask=0022\n\
             \n\
             [Install]\n\
             WantedBy=multi-user.target\n"
        )
    }
}

/// A word of ExecStart that systemd reads as exactly this text: neither specifier, variable nor escape.
fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=,@+".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\t', "\\t"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_leaves_the_front_door_and_the_instances_running() {
        let flags = ["--on-stop", "leave", "--domain", "apps.example.com"].map(str::to_owned);
        let text = Unit { program: "/usr/local/lib/outrunner/outrunner", flags: &flags, data_dir: "/srv/a b" }.text();
        assert_eq!(data_dir(&text), Some(PathBuf::from("/srv/a b")));
        for line in [
            "ExecStart=/usr/local/lib/outrunner/outrunner serve --on-stop leave --domain apps.example.com",
            "KillMode=process",
            "Delegate=yes",
            "Restart=on-failure",
            "WantedBy=multi-user.target",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
        }
        assert!(text.lines().all(|line| line == line.trim()), "no line is indented");
        assert!(is_ours(&text) && !is_ours(&format!("[Unit]\n{text}")));
    }

    #[test]
    fn systemd_knows_every_line_where_it_stands() {
        let text = Unit { program: "/bin/true", flags: &[], data_dir: "/d" }.text();
        let (unit, rest) = text.split_once("[Service]").unwrap();
        assert!(unit.contains("StartLimitIntervalSec=0") && !rest.contains("StartLimit"), "{text}");
        let Some(analyze) = crate::programs::find_admin("systemd-analyze") else { return };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("outrunner.service");
        std::fs::write(&path, text).unwrap();
        let done = std::process::Command::new(analyze).args(["verify", "--man=no"]).arg(&path).output().unwrap();
        // Other units of the machine may have faults of their own.
        let said = String::from_utf8_lossy(&done.stderr);
        let ours: Vec<&str> = said.lines().filter(|line| line.contains("outrunner.service")).collect();
        assert!(ours.is_empty(), "{ours:?}");
    }

    #[test]
    fn a_word_reaches_the_program_as_it_is() {
        assert_eq!(quoted("/a b/$HOME/100%"), r#""/a b/$$HOME/100%%""#);
        assert_eq!(quoted(r#"say "hi" \ "#), r#""say \"hi\" \\ ""#);
        assert_eq!(quoted(""), "\"\"");
    }
}
