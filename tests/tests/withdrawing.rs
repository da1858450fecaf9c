//! Consent that is taken back, in the real window.

mod common;

use common::lived;
use tianye_tests::withdrawing::{ROUNDS, show};

#[test]
fn what_a_family_takes_back_is_gone_from_three_laptops_and_the_certificate_names_the_rows_of_an_export() {
    let left = lived("withdrawing", show);
    let taken_back = ROUNDS.iter().flat_map(|round| [round.everything, round.one_purpose]);
    for (code, said) in taken_back {
        assert!(!left.exported.contains(said), "{said} is in the tables");
        for list in &left.listed {
            assert!(!list.contains(&format!("  {code} ")), "{code} is in\n{list}");
        }
    }
    for cards in &left.cards {
        let has = |code: &str| cards.iter().any(|one| one == code);
        for round in &ROUNDS {
            assert!(!has(round.everything.0) && has(round.one_purpose.0), "{cards:?}");
        }
    }
    let certificates = left.certificates.as_array().unwrap();
    let counted = |key: &str| certificates.iter().map(|one| one[key].as_array().unwrap().len()).collect::<Vec<_>>();
    // In each round two interviews, which tables hold, the session of the group and the card, which none does.
    assert_eq!((counted("answered"), counted("waiting")), (vec![3; 8], vec![0; 8]), "{certificates:#?}");
    let mut rows = counted("exports");
    rows.sort_unstable();
    assert_eq!(rows, [0, 0, 0, 0, 1, 1, 1, 1], "{certificates:#?}");
}
