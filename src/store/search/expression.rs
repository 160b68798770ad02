//! A query as FTS5 expression, and the ids that its times allow.

use super::document::Mark;
use crate::protocol::ids::{ActorId, first_id_at};
use crate::protocol::search::words::Phrase;
use crate::protocol::search::{Query, Scope, Term};
use crate::protocol::time::Timestamp;

/// Every post has one of these.
const ALL: &str = "(\"in:public\" OR \"in:unlisted\" OR \"in:private\" OR \"in:direct\")";

/// The expression of a query; `None` if it has no clause. Several authors or languages mean any of them, because a post has
/// one only.
pub(super) fn of(query: &Query<ActorId>) -> Option<String> {
    if query.clauses.is_empty() {
        return None;
    }
    let (mut all, mut authors, mut languages, mut excluded) = (vec![], vec![], vec![], vec![]);
    for clause in &query.clauses {
        let Some(term) = term(&clause.term) else { continue };
        let place = match clause.term {
            _ if clause.is_excluded => &mut excluded,
            Term::From(_) => &mut authors,
            Term::Language(_) => &mut languages,
            _ => &mut all,
        };
        place.push(term);
    }
    for alternatives in [authors, languages].into_iter().filter(|a| !a.is_empty()) {
        all.push(format!("({})", alternatives.join(" OR ")));
    }
    all.extend(query.author.map(|author| format!("\"{}\"", Mark::From(author.0))));
    if all.is_empty() {
        all.push(ALL.to_owned());
    }
    let all = all.join(" AND ");
    Some(match excluded.is_empty() {
        true => all,
        false => format!("({all}) NOT ({})", excluded.join(" OR ")),
    })
}

/// The expression of a term; `None` for times, which are conditions on ids.
fn term(term: &Term<ActorId>) -> Option<String> {
    let mark = match term {
        Term::Text(Phrase { words, is_open }) => {
            return Some(format!("\"{}\"{}", words.join(" "), if *is_open { " *" } else { "" }));
        }
        Term::Hashtag(tag) => Mark::Hashtag(tag),
        Term::From(actor) => Mark::From(actor.0),
        Term::To(actor) => Mark::To(actor.0),
        Term::Has(part) => Mark::Has(*part),
        Term::Is(one) => Mark::Is(*one),
        Term::In(Scope::Library) => Mark::Library,
        Term::In(Scope::Public) => Mark::Public,
        Term::Language(tag) => Mark::Language(tag),
        Term::Before(_) | Term::After(_) | Term::During(_) => return None,
    };
    Some(format!("\"{mark}\""))
}

/// The ids that the times of a query allow.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// Smaller than this.
    pub(super) below: i64,
    /// Larger than this.
    pub(super) above: i64,
    /// Not from the first of these up to the second.
    pub(super) gaps: Vec<(i64, i64)>,
}

impl Times {
    pub(super) fn of(query: &Query<ActorId>) -> Self {
        let mut times = Self { below: i64::MAX, above: -1, gaps: Vec::new() };
        for clause in &query.clauses {
            match (clause.is_excluded, &clause.term) {
                (false, Term::Before(period)) => times.end_at(period.start),
                (true, Term::Before(period)) => times.begin_at(period.start),
                (false, Term::After(period)) => times.begin_at(period.end),
                (true, Term::After(period)) => times.end_at(period.end),
                (false, Term::During(period)) => {
                    times.begin_at(period.start);
                    times.end_at(period.end);
                }
                (true, Term::During(period)) => times.gaps.push((first_id(period.start), first_id(period.end))),
                _ => {}
            }
        }
        times
    }

    fn begin_at(&mut self, time: Timestamp) {
        self.above = self.above.max(first_id(time) - 1);
    }

    fn end_at(&mut self, time: Timestamp) {
        self.below = self.below.min(first_id(time));
    }
}

/// The first id at a time. Times after the year 6000 have none.
fn first_id(at: Timestamp) -> i64 {
    first_id_at(at.min(crate::protocol::ids::time_of(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Query<ActorId> {
        Query::parse(text).resolve(|_| Ok::<_, ()>(ActorId(7))).unwrap()
    }

    #[test]
    fn a_query_is_one_expression() {
        for (text, expected) in [
            ("Cats dogs", "\"cats\" AND \"dogs\""),
            ("\"two cats\" -dogs", "(\"two cats\") NOT (\"dogs\")"),
            ("cat* #Birds", "\"cat\" * AND \"#birds\""),
            ("日本 猫", "\"日本\" AND \"猫\" *"),
            ("from:me cat to:@a@b.example", "\"cat\" AND \"to:7\" AND (\"from:7\")"),
            ("language:de language:en has:poll", "\"has:poll\" AND (\"language:de\" OR \"language:en\")"),
            ("is:reply in:library in:public", "\"is:reply\" AND \"in:library\" AND \"in:public\""),
        ] {
            assert_eq!(of(&parsed(text)).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(of(&parsed("before:2026")).as_deref(), Some(ALL));
        assert_eq!(of(&parsed("-cat")), Some(format!("({ALL}) NOT (\"cat\")")));
        assert_eq!(of(&parsed(" … ")), None);
    }

    #[test]
    fn times_are_ranges_of_ids() {
        let day = |n: i64| (n * 86_400_000) << 16;
        let times = |text| Times::of(&parsed(text));
        let none = Times { below: i64::MAX, above: -1, gaps: vec![] };
        assert_eq!(times("cat"), none);
        assert_eq!(times("before:1970-01-03"), Times { below: day(2), ..none });
        assert_eq!(times("after:1970-01-03"), Times { above: day(3) - 1, gaps: vec![], ..none });
        assert_eq!(times("during:1970-01-03"), Times { above: day(2) - 1, below: day(3), gaps: vec![] });
        assert_eq!(times("-before:1970-01-03 -after:1970-01-03"), times("during:1970-01-03"));
        assert_eq!(times("-during:1970-01").gaps, [(0, day(31))]);
        assert!(times("before:9999").below > day(1_000_000));
    }
}
