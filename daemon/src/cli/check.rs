//! `outrunner check`: whether everything that must survive is there, whole, and for root alone.
//!
//! Only looks, unless it is told to repair. Exit code 1 when something is found that is not mended.

use clap::Args;
use model::certificate::{Authority, Certificate};
use model::secret::Secret;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use serde_json::json;
use store::check::{CheckOrder, Checked, Finding, Manner, MendState, Seen, check};

use super::live_line::LiveLine;
use super::{DataDir, print_line};
use crate::failure::Failure;
use crate::limit::PROGRESS_BYTES;

#[derive(Args, Debug)]
pub struct CheckArgs {
    #[command(flatten)]
    data_dir: DataDir,
    /// Mend what can be mended; only while no platform runs on the data dir
    #[arg(long)]
    repair: bool,
    /// Print JSON: documents, blobs, blob_bytes, log_blocks, log_bytes, running, findings (each with what, wrong, advice, mend)
    #[arg(long)]
    json: bool,
}

pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let place = args.data_dir.place()?;
    if !rustix::process::geteuid().is_root() {
        return Err(Failure::other("check needs root: it reads what only the platform may read. Run it with sudo."));
    }
    if !place.data_dir.join("ledger.db").exists() {
        return Err(Failure::NotFound(format!(
            "no platform has run on the data dir {}. Is --data-dir right?",
            place.data_dir.display()
        )));
    }
    // Whatever is wrong with it is a finding.
    let key = std::fs::read(place.data_dir.join("master.key")).ok().map(Secret::new);
    let order = CheckOrder {
        data_dir: &place.data_dir,
        master_key: key.as_ref(),
        judge_certificate: &|certificate| judge_certificate(certificate),
        judge_authority: &|authority| judge_authority(authority),
        manner: if args.repair { Manner::Repair } else { Manner::Look },
    };
    let (mut line, mut drawn) = (LiveLine::on_terminal(), 0);
    let checked = check(&order, |seen| {
        let bytes = seen.blob_bytes + seen.log_bytes;
        if bytes - drawn >= PROGRESS_BYTES {
            drawn = bytes;
            line.draw(&words(seen));
        }
    })?;
    line.end(&words(checked.seen));
    print(&checked, args.json)?;
    let left = checked.findings.iter().filter(|finding| finding.mend != MendState::Mended).count();
    if left == 0 {
        Ok(())
    } else {
        Err(Failure::other(format!("{left} of what was found {} not mended", if left == 1 { "is" } else { "are" })))
    }
}

fn words(seen: Seen) -> String {
    let Seen { documents, blobs, blob_bytes, log_blocks, log_bytes } = seen;
    format!(
        "{documents} documents, {blobs} blobs ({} MiB), {log_blocks} blocks of log lines ({} MiB)",
        blob_bytes >> 20,
        log_bytes >> 20
    )
}

fn word(mend: MendState) -> &'static str {
    match mend {
        MendState::ByHand => "by hand",
        MendState::ByRepair => "by --repair",
        MendState::Mended => "mended",
    }
}

fn print(checked: &Checked, as_json: bool) -> Result<(), Failure> {
    let Checked { findings, seen, is_running } = checked;
    if as_json {
        let list = findings.iter().map(
            |Finding { what, wrong, advice, mend }| json!({ "what": what, "wrong": wrong, "advice": advice, "mend": word(*mend) }),
        );
        let told = json!({
            "documents": seen.documents, "blobs": seen.blobs, "blob_bytes": seen.blob_bytes, "log_blocks": seen.log_blocks,
            "log_bytes": seen.log_bytes, "running": is_running, "findings": list.collect::<Vec<_>>(),
        });
        return print_line(&format!("{told:#}")).map(drop);
    }
    for Finding { what, wrong, advice, mend } in findings {
        let _ = print_line(&format!("{what}: {wrong}\n    {}: {advice}", word(*mend)))?;
    }
    let verdict = if findings.is_empty() { "nothing is wrong" } else { "see above" };
    print_line(&format!("{}: {verdict}", words(*seen))).map(drop)
}

fn judge_certificate(certificate: &Certificate) -> Result<(), String> {
    let chain = certificate.chain.iter().cloned().map(CertificateDer::from).collect();
    belongs(chain, PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certificate.key.expose())))
}

fn judge_authority(authority: &Authority) -> Result<(), String> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(authority.certificate_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| format!("its certificate cannot be read: {error}"))?;
    let key = PrivateKeyDer::from_pem_slice(authority.key_pem.expose()).map_err(|_| "its key cannot be read".to_owned())?;
    belongs(chain, key)
}

fn belongs(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'_>) -> Result<(), String> {
    // Also compares the key with the first certificate.
    CertifiedKey::from_der(chain, key.clone_key(), &rustls::crypto::aws_lc_rs::default_provider())
        .map(drop)
        .map_err(|error| format!("its certificate and its key are of no use: {error}"))
}

#[cfg(test)]
mod tests {
    use model::time::Timestamp;

    use super::*;

    #[test]
    fn what_is_no_certificate_is_told_and_no_word_shows_a_key() {
        let key = Secret::new("hunter2");
        let certificate = Certificate {
            names: vec!["a.example".to_owned()],
            chain: vec![vec![1]],
            key: key.clone(),
            not_after: Timestamp::from_millis(1),
        };
        let authority = Authority { suffix: "example".to_owned(), certificate_pem: "PEM".to_owned(), key_pem: key };
        for wrong in [judge_certificate(&certificate).unwrap_err(), judge_authority(&authority).unwrap_err()] {
            assert!(!wrong.contains("hunter2"), "{wrong}");
        }
    }
}
