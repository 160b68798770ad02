//! The messages as templates print them.

use std::sync::Arc;

use minijinja::{Environment, context};

use super::*;
use crate::protocol::time::Timestamp;
use crate::web::templates::TEMPLATES;

fn env(language: Language) -> Environment<'static> {
    let mut catalogues = Catalogues::built_in(&TEMPLATES);
    let own = "test-text = { $what } & <b>\n\
                   test-markup-html = <b>{ $what }</b>\n\
                   test-count =\n    { $count ->\n        [one] { $count } cat\n       *[other] { $count } cats\n    }\n";
    catalogues.replace("locales/en/drafts.ftl", own).unwrap();
    bind(&Environment::new(), &Arc::new(catalogues), language)
}

fn shown(language: Language, template: &str) -> String {
    let time = time(Timestamp::from_millis(1_795_216_793_000));
    let message = Message::new("test-text").with("what", "<i>");
    env(language).render_str(template, context! { time, message }).unwrap()
}

#[test]
fn arguments_are_never_html() {
    let all = "{{ t('test-text', what='<i>') }} {{ t('test-markup-html', what='<i>') }} {{ message }}";
    let expected = "&lt;i&gt; &amp; &lt;b&gt; <b>&lt;i&gt;</b> &lt;i&gt; &amp; &lt;b&gt;";
    assert_eq!(shown(Language::English, all), expected);
    assert_eq!(shown(Language::English, "{{ t('test-markup-html', what='<i>'|safe) }}"), "<b><i></b>");
}

#[test]
fn plurals_and_numbers_follow_the_language() {
    let counts = "{{ t('test-count', count=1) }}, {{ t('test-count', count=1234) }}, {{ t('test-count', count=0) }}";
    assert_eq!(shown(Language::English, counts), "1 cat, 1,234 cats, 0 cats");
    let sizes = "{{ 999|file_size }}, {{ 12345|file_size }}, {{ 2345678|file_size }}, {{ 12345|short_number }}";
    assert_eq!(shown(Language::English, sizes), "999 bytes, 12 KB, 2.3 MB, 12.3K");
    assert_eq!(shown(Language::German, sizes), "999 Byte, 12 KB, 2,3 MB, 12,3\u{a0}Tsd.");
    assert_eq!(shown(Language::Spanish, sizes), "999 bytes, 12 kB, 2,3 MB, 12,3\u{a0}mil");
}

#[test]
fn times_have_the_names_of_months() {
    let times = "{{ time.iso }} | {{ time.full }} | {{ time.day }}";
    for (language, text) in [
        (Language::English, "20 Nov 2026, 23:19 UTC | 20 Nov 2026"),
        (Language::German, "20. Nov. 2026, 23:19 UTC | 20. Nov. 2026"),
        (Language::Spanish, "20 nov 2026, 23:19 UTC | 20 nov 2026"),
    ] {
        assert_eq!(shown(language, times), format!("2026-11-20T23:19:53Z | {text}"));
    }
}

#[test]
fn a_missing_message_is_english_or_its_id() {
    assert_eq!(shown(Language::German, "{{ t('test-text', what='x') }}"), "x &amp; &lt;b&gt;");
    assert_eq!(shown(Language::German, "{{ t('no-such<b>') }}, {{ t(none) }}"), "no-such&lt;b&gt;, ");
    assert_eq!(shown(Language::English, "{{ t('test-count') }}"), "{$count} cats");
    assert!(Catalogues::built_in(&TEMPLATES).replace("locales/es/common.ftl", "date-day = { $").is_err());
}
