//! Interaction policies (GoToSocial, and `canQuote` of FEP-044f): who may like, reply to, boost or quote a post.

use serde_json::{Value, json};

use super::values::{boolean, count, is_public, list, reference};
use crate::limits;
use crate::protocol::activitystreams::literal::plain;
use crate::protocol::activitystreams::types::{InteractionPolicy, PUBLIC, Rule};

/// The four interactions with their members on the wire.
const MEMBERS: [&str; 4] = ["canLike", "canReply", "canAnnounce", "canQuote"];

/// Reads `interactionPolicy`: the present names `automaticApproval` and `manualApproval`, or the former `always` and
/// `approvalRequired`. Each list is cut to [`limits::POLICY_ACTORS`].
pub(crate) fn policy(doc: &Value) -> Option<InteractionPolicy> {
    let written = doc.get("interactionPolicy").filter(|p| p.is_object());
    let [like, reply, announce, quote] =
        MEMBERS.map(|member| written.and_then(|written| written.get(member)).and_then(rule));
    let reply = reply.or_else(|| comments(doc));
    let policy = InteractionPolicy { like, reply, announce, quote };
    (policy != InteractionPolicy::default()).then_some(policy)
}

/// Reads who may comment if there is no policy: `commentsEnabled` (PeerTube, Pixelfed), `commentsPolicy` of PeerTube (1 open,
/// 2 closed, 3 with approval) and, where that is absent, `canReply` (FEP-5624): these may, and are approved one by one.
fn comments(doc: &Value) -> Option<Rule> {
    let everyone = || Rule { automatic: vec![], manual: vec![PUBLIC.to_owned()] };
    if boolean(doc.get("commentsEnabled")) == Some(false) {
        return Some(Rule::default());
    }
    match (count(plain(doc.get("commentsPolicy"))), doc.get("canReply")) {
        (Some(1), _) | (None, None | Some(Value::Null)) => None,
        (Some(2), _) => Some(Rule::default()),
        (Some(_), _) => Some(everyone()),
        (None, Some(_)) => Some(Rule { automatic: vec![], manual: policy_ids(doc.get("canReply")) }),
    }
}

/// The actors and collections in a value.
fn policy_ids(value: Option<&Value>) -> Vec<String> {
    let id = |v: &Value| match v.as_str() {
        Some(text) if is_public(text) => Some(PUBLIC.to_owned()),
        _ => reference(v).map(str::to_owned),
    };
    list(value).iter().take(limits::POLICY_ACTORS).filter_map(id).collect()
}

fn rule(value: &Value) -> Option<Rule> {
    let actors = |now: &str, former: &str| -> Vec<String> { policy_ids(value.get(now).or_else(|| value.get(former))) };
    value.is_object().then(|| Rule {
        automatic: actors("automaticApproval", "always"),
        manual: actors("manualApproval", "approvalRequired"),
    })
}

/// The policy as we write it. Mastodon reads `canQuote`, GoToSocial all four.
pub(crate) fn write(policy: &InteractionPolicy) -> Value {
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
    fn comment_settings_of_peertube_are_the_reply_policy() {
        let reply = |doc: Value| super::policy(&doc).and_then(|p| p.reply);
        let closed = Some(Rule::default());
        let approved = Some(Rule { automatic: vec![], manual: vec![PUBLIC.into()] });
        for (doc, expected) in [
            (json!({"commentsEnabled": true, "commentsPolicy": 1, "canReply": null}), None),
            (json!({"commentsEnabled": false, "commentsPolicy": 2, "canReply": "as:Public"}), closed.clone()),
            (json!({"commentsPolicy": 2}), closed.clone()),
            (json!({"commentsEnabled": false}), closed.clone()),
            (json!({"commentsEnabled": true}), None),
            (json!({"commentsEnabled": true, "commentsPolicy": 3, "canReply": PUBLIC}), approved.clone()),
            (json!({"canReply": PUBLIC}), approved),
            (json!({"canReply": []}), closed),
        ] {
            assert_eq!(reply(doc.clone()), expected, "{doc}");
        }
    }

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
