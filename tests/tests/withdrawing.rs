//! Consent that is taken back, in the real window.

mod common;

use common::lived;
use tianye_tests::withdrawing::{ROUNDS, show};

#[test]
fn what_a_family_takes_back_is_gone_from_three_laptops_and_the_certificate_names_the_rows_of_an_export() {
    let left = lived("withdrawing", show);
    for (_, code, said) in ROUNDS {
        assert!(!left.exported.contains(said), "{said} is in the tables");
        for list in &left.listed {
            assert!(!list.contains(&format!("  {code} ")), "{code} is in\n{list}");
        }
    }
    let certificates = left.certificates.as_array().unwrap();
    let counted = |key: &str| certificates.iter().map(|one| one[key].as_array().unwrap().len()).collect::<Vec<_>>();
    // Of each family the interview, which tables hold, and the session of the group, which none does.
    assert_eq!((counted("answered"), counted("waiting")), (vec![3; 4], vec![0; 4]), "{certificates:#?}");
    let mut rows = counted("exports");
    rows.sort_unstable();
    assert_eq!(rows, [0, 0, 1, 1], "{certificates:#?}");
}
