//! One page of figures: samples by family, written in the OpenMetrics text format.
//! Never shows a family that is not in the list. Source of truth: OpenMetrics 1.0.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use super::family::{ALL, Family, Kind};
use crate::limit::SERIES_PER_FAMILY;

/// What the text is, for its reader.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A series' value.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    Number(f64),
    /// By range, with the ranges' upper ends; one more range has no end.
    Times {
        bounds: Vec<f64>,
        counts: Vec<u64>,
        sum_seconds: f64,
    },
}

/// Families' series, each with its labels' values.
type Families = HashMap<&'static str, Vec<(Vec<String>, Sample)>>;

/// A page that is being gathered.
#[derive(Debug, Default)]
pub struct Page(Families);

impl Page {
    /// One series. Beyond the limit of a family it is left out: what must not be lost is summed by whoever adds it.
    pub fn add(&mut self, family: &'static Family, labels: &[&str], sample: Sample) {
        debug_assert_eq!(family.labels.len(), labels.len(), "{}", family.name);
        let series = self.0.entry(family.name).or_default();
        if series.len() <= SERIES_PER_FAMILY {
            series.push((labels.iter().map(|label| (*label).to_owned()).collect(), sample));
        }
    }

    /// One series that is a number.
    pub fn number(&mut self, family: &'static Family, labels: &[&str], value: f64) {
        self.add(family, labels, Sample::Number(value));
    }

    /// One series that is a whole number.
    pub fn whole(&mut self, family: &'static Family, labels: &[&str], value: u64) {
        self.number(family, labels, value as f64);
    }

    /// Everything as text.
    pub fn text(self) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Written(Mutex::new(self.0))));
        let mut text = String::new();
        encode(&mut text, &registry).expect("a string grows");
        text
    }
}

/// A page as its encoder wants it.
struct Written(Mutex<Families>);

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of figures")
    }
}

impl Collector for Written {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let mut series = std::mem::take(&mut *self.0.lock().expect("nobody panics while he writes"));
        for family in ALL {
            let Some(mut series) = series.remove(family.name) else { continue };
            series.sort_by(|(a, _), (b, _)| a.cmp(b));
            let kind = match family.kind {
                Kind::Counter => MetricType::Counter,
                Kind::Gauge => MetricType::Gauge,
                Kind::Histogram => MetricType::Histogram,
            };
            let mut metric = encoder.encode_descriptor(family.name, family.help, None, kind)?;
            for (values, sample) in series {
                let values = values.iter().map(|value| escaped(value));
                let labels: Vec<(&str, String)> = family.labels.iter().copied().zip(values).collect();
                if labels.is_empty() {
                    write(&mut metric, family.kind, &sample)?;
                } else {
                    write(&mut metric.encode_family(&labels)?, family.kind, &sample)?;
                }
            }
        }
        Ok(())
    }
}

/// A label's value as it may stand between quotes: the encoder writes what it is given. Source: OpenMetrics 1.0, "ABNF", escaped-string.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn write(metric: &mut MetricEncoder<'_>, kind: Kind, sample: &Sample) -> fmt::Result {
    match (kind, sample) {
        (Kind::Counter, Sample::Number(number)) => metric.encode_counter::<NoLabelSet, f64, f64>(number, None),
        (Kind::Gauge, Sample::Number(number)) => metric.encode_gauge(number),
        (Kind::Histogram, Sample::Times { bounds, counts, sum_seconds }) => {
            let ends = bounds.iter().copied().chain([f64::MAX]);
            let buckets: Vec<(f64, u64)> = ends.zip(counts.iter().copied()).collect();
            metric.encode_histogram::<NoLabelSet>(*sum_seconds, counts.iter().sum(), &buckets, None)
        }
        (Kind::Counter | Kind::Gauge, Sample::Times { .. }) | (Kind::Histogram, Sample::Number(_)) => {
            unreachable!("whoever adds a sample knows its family's kind")
        }
    }
}
