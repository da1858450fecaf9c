//! What is in no exported table: every key of a card, and of a report, that has no row among the fields that go out.

use crate::kind;

/// Keys that are never exported, by the number of their kind. With the fields that go out ([`super::FIELDS`]) these are all keys
/// of cards and reports, but for a respondent's place, which is told as the place.
pub const KEPT: &[(u16, &[&str])] = &[
    (
        kind::PROJECT,
        &[
            "title",
            "languages",
            "consent_document",
            "study",
            "consent_gate",
            "activity",
            "carer_consents",
            "purposes",
            "retention",
            "ethics",
            "passphrases",
            "recovery_tried",
        ],
    ),
    (
        kind::MEMBER,
        &[
            "person",
            "role",
            "group",
            "device_name",
            "signing_key",
            "certificate",
            "details",
            "holder",
            "team_keys",
            "for_team",
        ],
    ),
    (kind::SITE, &["kind", "parent", "code"]),
    (kind::SUBJECT, &["kind", "birth_date", "sex", "student_number", "id_number", "grade", "contact", "of", "note"]),
    (
        kind::ASSIGNMENT,
        &[
            "form_id",
            "subject",
            "site",
            "interviewer",
            "called",
            "interview",
            "besides",
            "due",
            "agreed",
            "takes_over",
            "because",
            "begun",
            "withdrawn",
            "note",
        ],
    ),
    (
        kind::CONSENT,
        &[
            "subject", "act", "by", "purposes", "words", "how", "on", "document", "assent", "evidence", "witness",
            "note",
        ],
    ),
    (kind::TIE, &["person", "to", "relation", "custody", "since", "until", "taken_back", "note"]),
    (kind::CONTACTS, &["site", "people"]),
    (kind::EXPORTED, &["sealed"]),
    (
        kind::REPORT,
        &["words", "when", "place", "present", "seen", "safety", "about", "practice", "interview", "subject", "site"],
    ),
];
