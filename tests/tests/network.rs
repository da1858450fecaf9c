//! Real processes over a faulty network.

use tianye_tests::network::meet;

/// Bytes of the recording: `TIANYE_RECORDING` (200000000 is the field's), or what a test run has time for.
fn recording() -> usize {
    std::env::var("TIANYE_RECORDING").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000_000)
}

#[test]
fn three_laptops_and_a_lead_converge_and_a_recording_arrives_once_and_whole() {
    let folder = tempfile::Builder::new().prefix("tianye-network").tempdir().unwrap();
    let met = meet(folder.path(), recording()).unwrap();
    assert!(met.lacking.is_empty(), "everybody has what the lead has: {met:#?}");
    assert!(met.waiting.iter().all(|waiting| *waiting == 0), "everything has its receipt: {met:#?}");
    assert_eq!(met.interviews, 3 * 3 + 1);
    assert!(met.recording, "the recording is there once, and whole: {met:#?}");
    for fate in ["cut on the way there", "cut on the way back", "never answered", "fell silent", "slow"] {
        assert!(met.fates.iter().any(|one| one.starts_with(fate)), "{fate} never happened: {:?}", met.fates);
    }
}
