//! The front door's part of the page: its counters, and its services' counts.
//! Never shows more services than a family may have series: the busiest have their own, the rest are one. Source of truth: `edge::Count`.

use edge::{BOUNDS_US, Count, Figures, FrontDoor};
use model::demand::ServiceDemand;
use model::limit::HOLD_QUEUE;
use model::port::Gauge;
use model::trouble::Trouble;

use super::family as f;
use super::page::Sample;
use super::{Series, number, whole};
use crate::limit::SERVICES_SHOWN;

pub async fn gather(front_door: &FrontDoor) -> Result<Vec<Series>, Trouble> {
    let Some(figures) = front_door.figures().await? else { return Ok(vec![whole(&f::EDGE_UP, &[], 0)]) };
    let mut series = vec![whole(&f::EDGE_UP, &[], 1)];
    add_connections(&figures, &mut series);
    add_requests(&figures, &mut series);
    let demand = front_door.read().await?;
    // Each service has a queue of its own: the longest of them shows before any is full.
    let longest = demand.services.values().map(|now| now.waiting).max().unwrap_or_default();
    let mut services: Vec<(String, ServiceDemand)> = demand.services.into_iter().map(|(id, now)| (id.to_string(), now)).collect();
    if services.len() > SERVICES_SHOWN {
        services.sort_by_key(|(_, now)| std::cmp::Reverse(now.requests));
        let rest = services.split_off(SERVICES_SHOWN).into_iter().fold(ServiceDemand::default(), |sum, (_, now)| ServiceDemand {
            in_flight: sum.in_flight + now.in_flight,
            waiting: sum.waiting + now.waiting,
            requests: sum.requests + now.requests,
        });
        services.push(("other".to_owned(), rest));
    }
    let waiting: u64 = services.iter().map(|(_, now)| u64::from(now.waiting)).sum();
    series.push(whole(&f::QUEUE_LENGTH, &["requests for instances"], waiting));
    series.push(whole(&f::QUEUE_LENGTH, &["requests for instances of the service with most"], longest.into()));
    series.push(whole(&f::QUEUE_LIMIT, &["requests for instances of the service with most"], HOLD_QUEUE.into()));
    for (service, now) in &services {
        series.push(whole(&f::SERVICE_REQUESTS, &[service], now.requests));
        series.push(whole(&f::SERVICE_IN_FLIGHT, &[service], now.in_flight.into()));
        series.push(whole(&f::SERVICE_WAITING, &[service], now.waiting.into()));
    }
    Ok(series)
}

fn add_connections(figures: &Figures, series: &mut Vec<Series>) {
    let count = |count| figures.count(count);
    let mut open_in_all = 0;
    for (scheme, accepted, closed) in
        [("http", Count::AcceptedHttp, Count::ClosedHttp), ("https", Count::AcceptedHttps, Count::ClosedHttps)]
    {
        // Cores are read one after the other: a connection may have closed in between.
        let open = count(accepted).saturating_sub(count(closed));
        open_in_all += open;
        series.push(whole(&f::EDGE_CONNECTIONS, &[scheme], open));
        series.push(whole(&f::EDGE_ACCEPTED, &[scheme], count(accepted)));
    }
    series.push(whole(&f::EDGE_ACCEPT_FAILED, &[], count(Count::AcceptFailed)));
    series.push(whole(&f::EDGE_SHARE_FULL, &[], count(Count::ClientShareFull)));
    let ends = [("done", Count::HandshakeDone), ("failed", Count::HandshakeFailed), ("late", Count::HandshakeLate)];
    let ended: u64 = ends.iter().map(|(_, end)| count(*end)).sum();
    series.extend(ends.map(|(outcome, end)| whole(&f::EDGE_HANDSHAKES, &[outcome], count(end))));
    let handshakes = count(Count::HandshakeBegun).saturating_sub(ended);
    series.push(whole(&f::EDGE_HANDSHAKES_OPEN, &[], handshakes));
    series.push(whole(&f::EDGE_NOTES_WAITING, &[], figures.notes_waiting));
    let queues = [
        ("edge connections", open_in_all, figures.connections_max),
        // Every connection may be one that waits for its turn.
        ("edge handshakes", handshakes, figures.connections_max),
        ("edge access notes", figures.notes_waiting, edge::limit::ACCESS_NOTES_MAX as u64),
    ];
    for (queue, length, limit) in queues {
        series.push(whole(&f::QUEUE_LENGTH, &[queue], length));
        series.push(whole(&f::QUEUE_LIMIT, &[queue], limit));
    }
}

fn add_requests(figures: &Figures, series: &mut Vec<Series>) {
    let count = |count| figures.count(count);
    let classes = [
        ("1xx", Count::Answer1xx),
        ("2xx", Count::Answer2xx),
        ("3xx", Count::Answer3xx),
        ("4xx", Count::Answer4xx),
        ("5xx", Count::Answer5xx),
    ];
    series.extend(classes.map(|(class, answers)| whole(&f::EDGE_ANSWERS, &[class], count(answers))));
    let bounds = BOUNDS_US.iter().map(|bound| *bound as f64 / 1e6).collect();
    let times = Sample::Times { bounds, counts: figures.times.clone(), sum_seconds: figures.time_us as f64 / 1e6 };
    series.push(Series { family: &f::EDGE_ANSWER_SECONDS, labels: Vec::new(), sample: times });
    let causes = [
        ("head", Count::RefusedHead),
        ("unknown_host", Count::RefusedUnknownHost),
        ("misdirected", Count::RefusedMisdirected),
        ("queue_full", Count::RefusedQueueFull),
        ("held_too_long", Count::RefusedHeldTooLong),
        ("service_gone", Count::RefusedServiceGone),
        ("no_connection", Count::RefusedNoConnection),
        ("door_away", Count::RefusedDoorAway),
        ("broken_instance", Count::RefusedBrokenInstance),
        ("instance_too_slow", Count::RefusedInstanceTooSlow),
        ("client_too_slow", Count::RefusedClientTooSlow),
        ("client_broke", Count::RefusedClientBroke),
    ];
    series.extend(causes.map(|(cause, refusals)| whole(&f::EDGE_REFUSALS, &[cause], count(refusals))));
    series.push(whole(&f::EDGE_HELD, &[], count(Count::Held)));
    series.push(number(&f::EDGE_HELD_SECONDS, &[], count(Count::HeldMicros) as f64 / 1e6));
    series.push(whole(&f::EDGE_UPSTREAM, &["new"], count(Count::UpstreamNew)));
    series.push(whole(&f::EDGE_UPSTREAM, &["reused"], count(Count::UpstreamReused)));
    series.push(whole(&f::EDGE_RETRIES, &["elsewhere"], count(Count::RetriedElsewhere)));
    series.push(whole(&f::EDGE_RETRIES, &["stale_connection"], count(Count::Resent)));
}
