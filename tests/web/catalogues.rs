//! The catalogues of messages agree with each other, and with the templates and the code that use them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

const LANGUAGES: [&str; 3] = ["en", "de", "es"];

/// The messages of a language: their arguments by their ids.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(dir: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry, extension));
        } else if entry.extension().is_some_and(|e| e == extension) {
            let name = entry.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            found.push((name, fs::read_to_string(&entry).unwrap()));
        }
    }
    found.sort();
    found
}

fn arguments(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => argument(inline, found),
            Expression::Select { selector, variants } => {
                argument(selector, found);
                variants.iter().for_each(|variant| arguments(&variant.value, found));
            }
        }
    }
}

fn argument(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            found.insert(format!("message {}", id.name));
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        other => panic!("a message uses more of Fluent than this test knows: {other:?}"),
    }
}

fn messages(language: &str) -> Messages {
    let mut all = Messages::new();
    for (name, text) in files(&root().join("templates/locales").join(language), "ftl") {
        let resource = fluent_syntax::parser::parse(text.as_str()).unwrap_or_else(|(_, e)| panic!("{name}: {e:?}"));
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            let mut found = BTreeSet::new();
            arguments(message.value.as_ref().unwrap_or_else(|| panic!("{name}: {message:?}")), &mut found);
            let known = all.insert(message.id.name.to_owned(), found);
            assert!(known.is_none(), "{name} has {} twice", message.id.name);
        }
    }
    all
}

/// Returns `true` if a text can be the id of a message.
fn is_id(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The quoted texts in a piece of code.
fn quoted(code: &str, quote: char) -> impl Iterator<Item = &str> {
    code.split(quote).skip(1).step_by(2)
}

/// The first argument of every call of a function in a template.
fn calls(template: &str) -> Vec<&str> {
    template
        .match_indices("t(")
        .filter(|(at, _)| !template[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, call)| {
            let rest = &template[at + call.len()..];
            rest.split([',', ')']).next().unwrap_or_default()
        })
        .collect()
}

/// The ids that templates and code name, with where they do.
fn named() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (name, text) in
        files(&root().join("templates"), "html").into_iter().chain(files(&root().join("templates"), "xml"))
    {
        for id in calls(&text).into_iter().flat_map(|call| quoted(call, '\'')).filter(|id| is_id(id)) {
            found.insert(id.to_owned(), name.clone());
        }
    }
    for (name, text) in files(&root().join("src/web"), "rs") {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for id in code.split("Message::new(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')) {
            found.insert(id.split('"').next().unwrap_or_default().to_owned(), name.clone());
        }
    }
    found.retain(|_, name| !name.ends_with("locale/tests.rs"));
    found
}

/// Every id that is quoted somewhere: some are chosen from tables.
fn mentioned() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (folder, extension, quote) in [("templates", "html", '\''), ("templates", "xml", '\''), ("src/web", "rs", '"')]
    {
        for (_, text) in files(&root().join(folder), extension) {
            found.extend(quoted_anywhere(&text, quote).filter(|id| is_id(id)).map(str::to_owned));
        }
    }
    found
}

fn quoted_anywhere(text: &str, quote: char) -> impl Iterator<Item = &str> {
    // Apostrophes in texts shift the pairs, so each piece between two quotes counts.
    text.split(quote)
}

#[test]
fn every_language_has_every_message_with_the_same_arguments() {
    let english = messages("en");
    for language in &LANGUAGES[1..] {
        let other = messages(language);
        let ids = |m: &Messages| m.keys().cloned().collect::<BTreeSet<_>>();
        let (known, translated) = (ids(&english), ids(&other));
        let missing: Vec<_> = known.difference(&translated).collect();
        let surplus: Vec<_> = translated.difference(&known).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "{language}: missing {missing:?}, surplus {surplus:?}");
        for (id, arguments) in &english {
            let of =
                |found: &BTreeSet<String>| found.iter().filter(|a| *a != "count").cloned().collect::<BTreeSet<_>>();
            // A count may decide the grammar of one language only.
            assert_eq!(of(arguments), of(&other[id]), "arguments of {id} in {language}");
        }
    }
}

#[test]
fn every_message_that_is_named_exists_and_every_one_is_used() {
    let english = messages("en");
    let missing: Vec<_> = named().into_iter().filter(|(id, _)| !english.contains_key(id)).collect();
    assert!(missing.is_empty(), "named and in no catalogue: {missing:?}");
    let mentioned = mentioned();
    let referred: BTreeSet<_> = english.values().flatten().filter_map(|a| a.strip_prefix("message ")).collect();
    let unused: Vec<_> =
        english.keys().filter(|id| !mentioned.contains(*id) && !referred.contains(id.as_str())).collect();
    assert!(unused.is_empty(), "in the catalogues and not used: {unused:?}");
}

/// The arguments that code gives to messages, by their ids: those between one message and the next.
fn given(code: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    for message in code.split("Message::new(\"").skip(1) {
        let (id, rest) = message.split_once('"').unwrap();
        let names = rest.split(".with(\"").skip(1).filter_map(|name| name.split('"').next());
        found.entry(id).or_default().extend(names);
    }
    found
}

#[test]
fn every_refusal_has_the_arguments_of_its_message() {
    let english = messages("en");
    let mut sources = files(&root().join("src/web/locale/refusals"), "rs");
    sources.push(("errors.rs".into(), fs::read_to_string(root().join("src/web/locale/errors.rs")).unwrap()));
    let mut count = 0;
    for (name, code) in &sources {
        for (id, names) in given(code) {
            let known = english.get(id).unwrap_or_else(|| panic!("{name} names {id}, which is in no catalogue"));
            assert!(known.iter().eq(names.iter()), "{name} gives {names:?} to {id}, which has {known:?}");
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}

#[test]
fn texts_have_no_markup_unless_their_id_ends_with_html() {
    for language in LANGUAGES {
        for (name, text) in files(&root().join("templates/locales").join(language), "ftl") {
            let mut id = "";
            for line in text.lines() {
                if let Some((next, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                    id = next;
                }
                let has_markup = line.contains("</") || line.contains("<b>") || line.contains("&");
                assert!(!has_markup || id.ends_with("-html"), "{name}: {line}");
            }
        }
    }
}

/// Words that are the same in every language, or part of a format.
const SAME_EVERYWHERE: [&str; 9] =
    ["ALT", "Dassie", "Atom", "RSS", "JSON Feed", "en", "example.org", ":name:@", "&lt;"];

/// What is left of a template between tags, statements and comments, and in the attributes that people read.
fn visible(template: &str) -> Vec<String> {
    let mut text = template.to_owned();
    for (begin, end) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}"), ("<code>", "</code>")] {
        while let Some((at, length)) = text.find(begin).and_then(|at| Some((at, text[at..].find(end)? + end.len()))) {
            text.replace_range(at..at + length, "\n");
        }
    }
    let mut found = Vec::new();
    for attribute in ["title=\"", "placeholder=\"", "aria-label=\"", "alt=\"", "label=\"", "content=\""] {
        let values = text.match_indices(attribute).map(|(at, name)| &text[at + name.len()..]);
        let values = values.map(|rest| rest.split('"').next().unwrap_or_default().to_owned());
        // Machine-readable values are not text.
        found.extend(values.filter(|value| attribute != "content=\"" || value.contains(' ')));
    }
    let no_text = ["width=device-width", "url=", "noindex"];
    found.retain(|value| !no_text.iter().any(|known| value.contains(known)));
    let mut in_tag = false;
    let mut in_quotes = false;
    let mut piece = String::new();
    for c in text.chars() {
        match c {
            '"' if in_tag => in_quotes = !in_quotes,
            '<' if !in_quotes => in_tag = true,
            '>' if !in_quotes => in_tag = false,
            _ if !in_tag => piece.push(c),
            _ => {}
        }
        if in_tag || c == '\n' {
            found.push(std::mem::take(&mut piece));
        }
    }
    found.push(piece);
    found
}

/// Returns `true` if a text has a word of two letters.
fn has_words(text: &str) -> bool {
    let known = SAME_EVERYWHERE.iter().fold(text.to_owned(), |text, word| text.replace(word, ""));
    known.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_alphabetic))
}

#[test]
fn templates_have_no_text_of_their_own() {
    assert!(visible("<p title=\"A title\">{{ x }}</p>").iter().any(|text| has_words(text)));
    assert!(visible("<p class=\"a\">Some {{ x }} text</p>").iter().any(|text| has_words(text)));
    let mut raw = Vec::new();
    for (name, template) in files(&root().join("templates"), "html") {
        if name.ends_with("passkey_texts.html") {
            // Attributes without their tag.
            continue;
        }
        raw.extend(visible(&template).into_iter().filter(|text| has_words(text)).map(|text| format!("{name}: {text}")));
        // In statements, a capitalised literal is a text.
        for piece in template.split("{{").chain(template.split("{%")).skip(1) {
            let code = piece.split(['}', '%']).next().unwrap_or_default();
            let texts = quoted(code, '\'').filter(|text| text.starts_with(char::is_uppercase) && has_words(text));
            raw.extend(texts.map(|text| format!("{name}: {text}")));
        }
    }
    assert!(raw.is_empty(), "text that belongs into the catalogues:\n{}", raw.join("\n"));
}
