//! The rules of the server. A report can name those that an account breaks.

use serde::{Deserialize, Serialize};

use crate::error::refusal::SettingRefusal;
use crate::error::refusal::{LimitedText, TextRefusal};
use crate::error::{Error, Result};
use crate::limits;
use crate::store::Conn;
use crate::store::database::settings;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id, which no later rule gets while it exists.
    pub id: u32,
    /// Its text.
    pub text: String,
}

/// All rules, in the owner's order.
///
/// # Errors
/// An internal error if the stored rules are damaged.
pub fn rules(conn: &Conn) -> Result<Vec<Rule>> {
    match settings::get(conn, settings::RULES)? {
        Some(json) => serde_json::from_str(&json).map_err(|e| Error::internal(e.to_string())),
        None => Ok(Vec::new()),
    }
}

/// The rules of a text with one in each line.
pub(super) fn lines(text: &str) -> Result<Vec<String>> {
    let lines: Vec<String> = text.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    if lines.len() > limits::RULES {
        return Err(Error::invalid(SettingRefusal::TooManyRules(limits::RULES)));
    }
    if lines.iter().any(|line| line.chars().count() > limits::RULE_CHARS) {
        return Err(Error::invalid(TextRefusal::TooLong { text: LimitedText::Rule, maximum: limits::RULE_CHARS }));
    }
    Ok(lines)
}

/// Replaces the rules. One with the same text keeps its id.
pub(super) fn set(conn: &Conn, lines: &[String]) -> Result<()> {
    let before = rules(conn)?;
    let mut next = before.iter().map(|rule| rule.id).max().unwrap_or(0) + 1;
    let mut after: Vec<Rule> = Vec::with_capacity(lines.len());
    for text in lines {
        let known = before.iter().find(|rule| rule.text == *text).map(|rule| rule.id);
        let id = known.filter(|id| after.iter().all(|rule| rule.id != *id)).unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        after.push(Rule { id, text: text.clone() });
    }
    if after.is_empty() {
        return settings::remove(conn, settings::RULES);
    }
    let json = serde_json::to_string(&after).map_err(|e| Error::internal(e.to_string()))?;
    settings::set(conn, settings::RULES, &json)
}
