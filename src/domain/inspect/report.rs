//! A reading as labelled lines, for the command and the page.

use serde_json::Value;

use super::reading::Xray;
use crate::protocol::activitystreams::types::PUBLIC;

impl Xray {
    /// The members of the reading that are not empty, with a label each; without checks and verdict.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("kind", format!("{} ({})", self.kind, self.r#type))];
        let mut add = |label: &'static str, text: Option<&str>| {
            lines.extend(text.filter(|t| !t.is_empty()).map(|t| (label, t.to_owned())));
        };
        add("id", self.id.as_deref());
        add("author", self.author.as_deref());
        add("title", self.title.as_deref());
        add("text", self.text.as_deref());
        add("visibility", self.visibility);
        add("content warning", self.content_warning.as_deref());
        add("sensitive", self.sensitive.then_some("yes"));
        add("language", self.language.as_deref());
        add("published", self.published.as_deref());
        add("edited", self.updated.as_deref());
        add("page", self.url.as_deref());
        self.of_actor(&mut add);
        self.parts(&mut add);
        add("reaction", self.reaction.as_deref());
        add("in reply to", self.in_reply_to.as_deref());
        add("community", self.group.as_deref());
        for object in &self.objects {
            add("object", Some(object));
        }
        add("target", self.target.as_deref());
        add("result", self.result.as_deref());
        add("instrument", self.instrument.as_deref());
        if let Some(approval) = &self.approval {
            add("allows", Some(&approval.allows));
            add("interaction", approval.interacting.as_deref());
            add("with", approval.to.as_deref());
        }
        add("items", self.total.map(|n| n.to_string()).as_deref());
        for rule in self.rules() {
            add("policy", Some(&rule));
        }
        for address in &self.fetches {
            add("fetched first", Some(address));
        }
        lines
    }

    /// The interaction policy, with a line for each kind of interaction.
    fn rules(&self) -> Vec<String> {
        let rules = self.policy.iter().filter_map(|policy| policy.as_object()).flatten();
        let who = |list: &Value| {
            let ids = list.as_array().into_iter().flatten().filter_map(Value::as_str);
            let names: Vec<_> = ids.map(|id| if id == PUBLIC { "everyone" } else { id }).collect();
            if names.is_empty() { "no one".to_owned() } else { names.join(", ") }
        };
        rules
            .map(|(action, rule)| {
                format!("{action}: {}; on request: {}", who(&rule["automatic"]), who(&rule["manual"]))
            })
            .collect()
    }

    fn of_actor(&self, add: &mut impl FnMut(&'static str, Option<&str>)) {
        for field in &self.fields {
            add("field", Some(&format!("{}: {}", field.name, field.value)));
        }
        for alias in &self.aliases {
            add("also known as", Some(alias));
        }
        add("mirrors", self.proxy_of.as_deref());
        add("locked", self.locked.then_some("yes"));
        add("suspended", self.suspended.then_some("yes"));
    }

    /// The parts of a post besides its text.
    fn parts(&self, add: &mut impl FnMut(&'static str, Option<&str>)) {
        for a in &self.attachments {
            let alt = a.alt.as_ref().map_or("without description".to_owned(), |alt| format!("“{alt}”"));
            add("attachment", Some(&format!("{} {} {alt}", a.kind, a.url)));
        }
        for mention in &self.mentions {
            add("mention", Some(mention));
        }
        let marked =
            |list: &[String], mark: &dyn Fn(&String) -> String| list.iter().map(mark).collect::<Vec<_>>().join(" ");
        add("hashtags", Some(&marked(&self.hashtags, &|t| format!("#{t}"))));
        add("emoji", Some(&marked(&self.emoji, &|e| format!(":{e}:"))));
        if let Some(p) = &self.poll {
            let options: Vec<_> = p.options.iter().map(|(title, votes)| format!("{title} ({votes})")).collect();
            let how = if p.multiple { "several of" } else { "one of" };
            let end = match (&p.ends, p.closed) {
                (Some(end), true) => format!(", closed {end}"),
                (Some(end), false) => format!(", ends {end}"),
                (None, true) => ", closed".to_owned(),
                (None, false) => String::new(),
            };
            add("poll", Some(&format!("{how} {}{end}", options.join(", "))));
        }
        if let Some(q) = &self.quote {
            let state = if q.approved { "approved" } else { "not approved" };
            add("quote", Some(&format!("{} ({state}: {})", q.uri, q.why)));
        }
    }
}
