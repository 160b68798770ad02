//! Interaction policies (GoToSocial, and `canQuote` of FEP-044f): who may like, answer, boost or quote a post.

use serde_json::{Value, json};

use super::types::{InteractionPolicy, PUBLIC, Rule};
use super::values::{is_public, list, reference};
use crate::limits;

/// The four interactions with their members on the wire.
const MEMBERS: [&str; 4] = ["canLike", "canReply", "canAnnounce", "canQuote"];

/// Reads `interactionPolicy`: the present names `automaticApproval` and `manualApproval`, or the former `always` and
/// `approvalRequired`. Each list is cut to [`limits::POLICY_ACTORS`].
pub(super) fn policy(doc: &Value) -> Option<InteractionPolicy> {
    let written = doc.get("interactionPolicy").filter(|p| p.is_object())?;
    let [like, reply, announce, quote] = MEMBERS.map(|member| written.get(member).and_then(rule));
    let policy = InteractionPolicy { like, reply, announce, quote };
    (policy != InteractionPolicy::default()).then_some(policy)
}

fn rule(value: &Value) -> Option<Rule> {
    let actors = |now: &str, former: &str| -> Vec<String> {
        let written = list(value.get(now).or_else(|| value.get(former)));
        let id = |v: &Value| match v.as_str() {
            Some(text) if is_public(text) => Some(PUBLIC.to_owned()),
            _ => reference(v).map(str::to_owned),
        };
        written.iter().take(limits::POLICY_ACTORS).filter_map(id).collect()
    };
    value.is_object().then(|| Rule {
        automatic: actors("automaticApproval", "always"),
        manual: actors("manualApproval", "approvalRequired"),
    })
}

/// The policy as we write it. Mastodon reads `canQuote`, GoToSocial all four.
pub(super) fn write(policy: &InteractionPolicy) -> Value {
    let mut out = json!({});
    let rules = [&policy.like, &policy.reply, &policy.announce, &policy.quote];
    for (member, rule) in MEMBERS.into_iter().zip(rules) {
        if let Some(rule) = rule {
            out[member] = json!({"automaticApproval": rule.automatic, "manualApproval": rule.manual});
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read_and_one_value_is_a_list_of_one() {
        let doc = json!({"interactionPolicy": {
            "canLike": {"always": ["as:Public"], "approvalRequired": []},
            "canQuote": {"automaticApproval": "https://a.example/u/followers", "manualApproval": PUBLIC},
            "canReply": "nonsense",
        }});
        let policy = policy(&doc).unwrap();
        assert_eq!(policy.like, Some(Rule { automatic: vec![PUBLIC.into()], manual: vec![] }));
        let quote = Rule { automatic: vec!["https://a.example/u/followers".into()], manual: vec![PUBLIC.into()] };
        assert_eq!(policy.quote, Some(quote));
        assert_eq!((policy.reply.as_ref(), policy.announce.as_ref()), (None, None));
        assert_eq!(super::policy(&json!({"interactionPolicy": write(&policy)})), Some(policy));
        assert_eq!(super::policy(&json!({"interactionPolicy": []})), None);
    }
}
