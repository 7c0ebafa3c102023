//! The smallest traffic that shows each anomaly, as journal files beside this one.
//! None of its commands can be taken away.

use super::Anomaly;

/// The journal file of the smallest traffic that shows an anomaly.
pub fn witness(anomaly: Anomaly) -> &'static str {
    match anomaly {
        Anomaly::SplitByCase => include_str!("witness/split-by-case.json"),
        Anomaly::DuplicateByProperty => include_str!("witness/duplicate-by-property.json"),
        Anomaly::Duplicate => include_str!("witness/duplicate.json"),
        Anomaly::PlaceholderMagnet => include_str!("witness/placeholder-magnet.json"),
        Anomaly::OverMerge => include_str!("witness/over-merge.json"),
        Anomaly::StolenSoftId => include_str!("witness/stolen-soft-id.json"),
        Anomaly::SoftIdLostByCap => include_str!("witness/soft-id-lost-by-cap.json"),
        Anomaly::ReCreatedAfterAnonymize => {
            include_str!("witness/re-created-after-anonymize.json")
        }
        Anomaly::OrderDependentMerge => include_str!("witness/order-dependent-merge.json"),
        Anomaly::ValueLost => include_str!("witness/value-lost.json"),
        Anomaly::ConsentRevoked => include_str!("witness/consent-revoked.json"),
    }
}
