//! Names as no client writes them: good ones with some letters changed, many thousands of them, always the same. What must hold of each is what the fuzz
//! targets hold it against.

#[path = "../../fuzz/src/name.rs"]
mod name;

const ID: &str = "0123456789abcdef0123456789abcdef";
/// Letters that mean something in a name, and some that are in none.
const LETTERS: [&str; 32] = [
    "/", ":", "@", ".", "-", "_", "~", "[", "]", "*", "+", "=", ",", " ", "\n", "\0", "\u{7f}", "é", "０", "A", "z", "0", "9",
    "..", "//", "::", "sha256:", "arn:", ":443", "/v2/", "%2e", "latest",
];

/// A sequence that looks drawn and is not. Source: Marsaglia, "Xorshift RNGs", 2003.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// A text with one to four things changed.
    fn changed(&mut self, text: &str) -> String {
        let mut letters: Vec<String> = text.chars().map(String::from).collect();
        for _ in 0..=self.below(4) {
            let at = self.below(letters.len() + 1);
            match self.below(5) {
                0 => letters.insert(at, LETTERS[self.below(LETTERS.len())].to_owned()),
                1 if at < letters.len() => letters[at] = LETTERS[self.below(LETTERS.len())].to_owned(),
                2 if at < letters.len() => drop(letters.remove(at)),
                3 => letters.truncate(at),
                // A part again, perhaps often: for the limits.
                _ => {
                    let again: Vec<String> = letters[at..].iter().take(40).cloned().collect();
                    (0..=self.below(8)).for_each(|_| letters.extend_from_slice(&again));
                }
            }
        }
        letters.concat()
    }
}

fn try_all(good: &[String], check: fn(&str)) {
    let mut sequence = Sequence(0x9e37_79b9_7f4a_7c15);
    for text in good {
        check(text);
        let mut text = text.clone();
        for step in 0..1_000 {
            let next = sequence.changed(&text);
            check(&next);
            // Some changes are kept, so that one leads to another.
            text = if step % 50 == 0 || next.len() > 2_000 { good[sequence.below(good.len())].clone() } else { next };
        }
    }
}

#[test]
fn an_arn_is_refused_or_written_as_it_was_read() {
    let apprunner = |rest: &str| format!("arn:aws:apprunner:us-east-1:000000000000:{rest}");
    let iam = |rest: &str| format!("arn:aws:iam::000000000000:{rest}");
    let good = [
        apprunner(&format!("service/webs/{ID}")),
        apprunner("autoscalingconfiguration/high"),
        apprunner("autoscalingconfiguration/high/7"),
        apprunner(&format!("autoscalingconfiguration/high/4294967295/{ID}")),
        apprunner(&format!("observabilityconfiguration/traced/1/{ID}")),
        apprunner(&format!("vpcconnector/plug/1/{ID}")),
        apprunner(&format!("vpcingressconnection/door/{ID}")),
        apprunner(&format!("connection/link/{ID}")),
        iam("role/service-role/puller"),
        iam("user/team/anna"),
        iam("policy/team/reads"),
        "team+anna@example.com".to_owned(),
        "token.actions.githubusercontent.com/x".to_owned(),
        "a".repeat(128),
    ];
    try_all(&good, name::arns);
}

#[test]
fn an_images_name_is_refused_or_read_again_as_itself() {
    let hello = "000000000000.dkr.ecr.us-east-1.amazonaws.com/team/hello";
    let digest = format!("sha256:{}", "ab".repeat(32));
    let good = [
        hello.to_owned(),
        format!("{hello}:v1"),
        format!("{hello}@{digest}"),
        "docker.io/nginx:1.27".to_owned(),
        format!("ghcr.io/x/y:v1@{digest}"),
        "[fd00::1]:5000/team/hello".to_owned(),
        "public.ecr.aws/docker/library/node:22-slim".to_owned(),
        "~registry.local:5000/library/nginx".to_owned(),
        "registry.local:65535".to_owned(),
        "000000000000.dkr.ecr.us-east-1.amazonaws.com".to_owned(),
        digest,
        format!("sha512:{}", "0".repeat(128)),
        "a__b---c.d/0/1".to_owned(),
        "v1.2.3-rc_1".to_owned(),
        "x".repeat(256),
    ];
    try_all(&good, name::images);
}
