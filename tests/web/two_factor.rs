//! Two-factor authentication.

use std::time::Duration;

use dassie::domain::account::two_factor;
use dassie::protocol::secret::totp::TotpSecret;

use super::browser::{Browser, values};
use crate::support::Request;

/// The code of a secret at the present time, some seconds later.
fn code(b: &Browser, secret: &TotpSecret, later: u64) -> String {
    secret.code_at(b.alice.app.domain.now().plus(Duration::from_secs(later)))
}

fn signs_in(b: &Browser, code: &str) -> u16 {
    let form = [("username", "alice"), ("password", "correct horse"), ("code", code)];
    b.alice.send(&Request::new("POST", "/login").form(&form)).status
}

/// Turns it on, and returns the secret and the recovery codes.
fn turned_on(b: &Browser) -> (TotpSecret, Vec<String>) {
    let page = b.page("/settings/two-factor");
    assert!(page.contains("<svg class=\"qr fill\"") && page.contains("<path d=\"M"), "{page}");
    let secret = TotpSecret::parse(values(&page, "id=\"secret\" class=\"code\" value=\"")[0]).unwrap();
    let wrong = b.tries("/settings/two-factor/enable", &[("code", "000")]).expect(422).text();
    assert!(wrong.contains("The code is wrong"), "{wrong}");
    assert!(!two_factor::is_enabled(&b.alice.app.domain).unwrap());
    let codes = b.tries("/settings/two-factor/enable", &[("code", &code(b, &secret, 0))]).expect(200).text();
    let codes: Vec<String> =
        codes.split("<code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    (secret, codes.into_iter().filter(|c| c.contains('-') && !c.contains(' ')).collect())
}

#[test]
fn signing_in_requires_a_code_that_works_once() {
    let b = Browser::new();
    assert!(!b.alice.send(&Request::get("/login")).text().contains("name=\"code\""));
    let (secret, _) = turned_on(&b);
    assert!(b.alice.send(&Request::get("/login")).text().contains("name=\"code\""));
    assert_eq!(signs_in(&b, ""), 422);
    // The code that turned it on is used; the one of the next step is not.
    let next = code(&b, &secret, 30);
    assert_eq!(signs_in(&b, &next), 303);
    assert_eq!(signs_in(&b, &next), 422, "it was used");
}

#[test]
fn a_wrong_password_and_a_wrong_code_get_the_same_response() {
    let b = Browser::new();
    let (secret, _) = turned_on(&b);
    let page = |password: &str, code: &str| {
        let form = [("username", "alice"), ("password", password), ("code", code)];
        b.alice.send(&Request::new("POST", "/login").form(&form)).expect(422).text()
    };
    assert_eq!(page("wrong", &code(&b, &secret, 30)), page("correct horse", "123"));
}

#[test]
fn each_recovery_code_replaces_a_code_once() {
    let b = Browser::new();
    let (secret, codes) = turned_on(&b);
    assert_eq!(codes.len(), dassie::limits::RECOVERY_CODES);
    assert_eq!(signs_in(&b, &codes[0].to_uppercase()), 303);
    assert_eq!(signs_in(&b, &codes[0]), 422);
    assert!(b.page("/settings/two-factor").contains("9 recovery codes left"));
    let renewed = b.tries("/settings/two-factor/renew", &[("code", &code(&b, &secret, 30))]).expect(200).text();
    assert!(renewed.contains("-") && !renewed.contains(codes[1].as_str()));
    assert_eq!(signs_in(&b, &codes[1]), 422, "former codes are void");
    assert!(b.page("/settings/security").contains("On: signing in takes a code"));
}

#[test]
fn disabling_two_factor_authentication_requires_a_code() {
    let b = Browser::new();
    let (_, codes) = turned_on(&b);
    b.tries("/settings/two-factor/disable", &[("code", "nonsense")]).expect(422);
    assert!(two_factor::is_enabled(&b.alice.app.domain).unwrap());
    b.submits("/settings/two-factor/disable", &[("code", &codes[3])]);
    assert!(!two_factor::is_enabled(&b.alice.app.domain).unwrap());
    assert_eq!(signs_in(&b, ""), 303);
}
