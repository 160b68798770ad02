use proptest::prelude::*;

use super::query::{Clause, Part, Person, Query, Scope, Term, Trait};
use super::words::{self, Phrase};
use super::{Period, query};

fn terms(text: &str) -> Vec<(bool, Term)> {
    Query::parse(text).clauses.into_iter().map(|Clause { is_excluded, term }| (is_excluded, term)).collect()
}

fn text(words: &[&str], is_open: bool) -> Term {
    Term::Text(Phrase { words: words.iter().map(|w| (*w).to_owned()).collect(), is_open })
}

#[test]
fn words_are_folded_and_scripts_without_spaces_are_cut_into_pairs() {
    for (written, indexed) in [
        ("Hello, World! don't", "hello world don t "),
        ("Élodie naïve Straße ŁÓDŹ İstanbul ﬁne", "elodie naive strasse lodz istanbul fine "),
        ("Ёлка και ΣΊΣΥΦΟΣ", "елка και σισυφοσ "),
        ("日本語です", "日本 本語 語で です す "),
        ("東京 tower", "東京 京 tower "),
        ("がか ｶﾞ", "がか か ガ "),
        ("고양이가", "고양 양이 이가 가 "),
        ("हिन्दी", "हिन्दी "),
        ("a🦝b ❤️", "a 🦝 b ❤ "),
        ("https://a.example/x_y", "https a example x y "),
        ("… — !", ""),
    ] {
        assert_eq!(words::index(written), indexed, "{written}");
    }
    assert_eq!(words::index(&"x".repeat(100)).len(), 49);
    assert!(words::index(&"\u{FDFA}".repeat(100_000)).len() < 60_000);
}

#[test]
fn words_of_a_query_match_those_of_the_index() {
    for (written, words, is_open) in [
        ("日本", vec!["日本"], false),
        ("日", vec!["日"], true),
        ("東京 tower", vec!["東京", "京", "tower"], false),
        ("tower 東", vec!["tower", "東"], true),
    ] {
        let expected = Phrase { words: words.into_iter().map(str::to_owned).collect(), is_open };
        assert_eq!(words::phrase(written, false), expected, "{written}");
    }
    assert!(words::phrase("cat", true).is_open);
    assert!(!words::phrase("ca", true).is_open, "too short");
}

#[test]
fn operators_are_parsed_in_every_spelling() {
    let ada = |host: Option<&str>| Person::Handle { username: "ada".into(), host: host.map(str::to_owned) };
    let day = Period::parse("2026-02-28").unwrap();
    for (written, term) in [
        ("from:me", Term::From(Person::Me)),
        ("FROM:Me", Term::From(Person::Me)),
        ("from:@ada@A.example", Term::From(ada(Some("a.example")))),
        ("from:ada@a.example", Term::From(ada(Some("a.example")))),
        ("from:\"@ada\"", Term::From(ada(None))),
        ("to:@ada", Term::To(ada(None))),
        ("has:Image", Term::Has(Part::Image)),
        ("has:embed", Term::Has(Part::Embed)),
        ("is:reply", Term::Is(Trait::Reply)),
        ("in:library", Term::In(Scope::Library)),
        ("language:pt_BR", Term::Language("pt-br".into())),
        ("before:2026-02-28", Term::Before(day)),
        ("after:2026-02-28", Term::After(day)),
        ("during:2026-02-28", Term::During(day)),
        ("#Birds", Term::Hashtag("birds".into())),
    ] {
        assert_eq!(terms(written), [(false, term.clone())], "{written}");
        assert_eq!(terms(&format!("-{written}")), [(true, term)], "-{written}");
    }
    assert_eq!(terms("in:all cat"), [(false, text(&["cat"], false))]);
}

#[test]
fn unknown_operators_are_searched_as_words() {
    for (written, words) in [
        ("has:cats", vec!["has", "cats"]),
        ("is:", vec!["is"]),
        ("before:yesterday", vec!["before", "yesterday"]),
        ("before:2026-02-30", vec!["before", "2026", "02", "30"]),
        ("during:26-1", vec!["during", "26", "1"]),
        ("note:this", vec!["note", "this"]),
        ("language:english", vec!["language", "english"]),
        ("12:30", vec!["12", "30"]),
        ("\"from:me\"", vec!["from", "me"]),
        ("+cats", vec!["cats"]),
        ("from:", vec!["from"]),
        ("#12", vec!["12"]),
    ] {
        assert_eq!(terms(written), [(false, text(&words, false))], "{written}");
    }
}

#[test]
fn phrases_are_between_quotation_marks() {
    let two = || text(&["two", "cats"], false);
    for written in ["\"Two cats\"", "“two cats”", "„two  cats“", "+\"two, cats!\""] {
        assert_eq!(terms(written), [(false, two())], "{written}");
    }
    assert_eq!(terms("-\"two cats\" dog"), [(true, two()), (false, text(&["dog"], false))]);
    assert_eq!(terms("\"two cats"), [(false, text(&["two"], false)), (false, text(&["cats"], false))]);
    assert_eq!(terms("cat*"), [(false, text(&["cat"], true))]);
    assert_eq!(terms(" - \"\" … "), []);
    assert_eq!(terms(&"x ".repeat(1_000)).len(), crate::limits::SEARCH_CLAUSES);
}

#[test]
fn periods_are_days_months_and_years() {
    let dates = |text| Period::parse(text).map(|p| (p.start.to_date(), p.end.to_date()));
    let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    assert_eq!(dates("2024-02-29"), pair("2024-02-29", "2024-03-01"));
    assert_eq!(dates("2026-12"), pair("2026-12-01", "2027-01-01"));
    assert_eq!(dates("2026"), pair("2026-01-01", "2027-01-01"));
    for text in ["", "2026-02-29", "2026-13", "26-01-01", "2026-1-1", "+2026-01", "9999", "2026/01/01", "٢٠٢٦"] {
        assert_eq!(dates(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_query(written in any::<String>()) {
        prop_assert!(Query::parse(&written).clauses.len() <= crate::limits::SEARCH_CLAUSES);
    }

    /// Whatever is written is found by itself and by each of its parts between spaces.
    #[test]
    fn a_part_of_a_text_is_found(before in "\\PC{0,12}", part in "[a-zé日本がー한ไ']{1,8}( [A-ZÄ語カ글]{1,4}){0,2}", after in "\\PC{0,12}") {
        let indexed = words::index(&format!("{before} {part} {after}"));
        let phrase = words::phrase(&part, false);
        let found: Vec<&str> = indexed.split_terminator(' ').collect();
        let (last, first) = phrase.words.split_last().map_or((None, &[][..]), |(last, first)| (Some(last), first));
        let is_met = |window: &[&str]| {
            let end = window[window.len() - 1];
            window[..window.len() - 1] == *first && last.is_none_or(|l| if phrase.is_open { end.starts_with(l.as_str()) } else { end == l })
        };
        prop_assert!(last.is_none() || found.windows(phrase.words.len()).any(is_met), "{indexed:?} {phrase:?}");
    }

    #[test]
    fn words_need_no_escaping(written in any::<String>()) {
        let is_word = |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || !c.is_ascii());
        prop_assert!(words::phrase(&written, true).words.iter().all(|w| is_word(w)));
        prop_assert!(words::index(&written).split_terminator(' ').all(is_word));
    }
}

#[test]
fn names_are_resolved_once() {
    let query: query::Query<u8> = Query::parse("from:me to:me cat").resolve(|_| Ok::<_, ()>(7)).unwrap();
    let people = query.clauses.iter().filter(|c| matches!(c.term, Term::From(7) | Term::To(7))).count();
    assert_eq!((people, query.clauses.len()), (2, 3));
    assert_eq!(Query::parse("from:me").resolve(|_| Err::<u8, _>("no")), Err("no"));
}
