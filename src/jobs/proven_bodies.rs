//! The bodies of recent activities with their object proofs, so that a proof is made once and not for each inbox.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::domain::Domain;
use crate::domain::outbox::object_proof;
use crate::error::Result;
use crate::store::queues::deliveries::Delivery;

/// How many bodies are kept: different hosts are at different activities.
const KEPT: usize = 8;

/// Bodies by the row of their activity, the most recent last.
#[derive(Default)]
pub struct ProvenBodies(Mutex<VecDeque<(i64, Vec<u8>)>>);

impl ProvenBodies {
    /// The body to send, made from the stored one.
    pub(super) fn get(&self, domain: &Domain, delivery: &Delivery, stored: Vec<u8>) -> Result<Vec<u8>> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, body)) = lock().iter().find(|(id, _)| *id == delivery.outgoing_id) {
            return Ok(body.clone());
        }
        let body = object_proof::attach(domain, stored, delivery.created_at)?;
        let mut recent = lock();
        if recent.len() == KEPT {
            recent.pop_front();
        }
        recent.push_back((delivery.outgoing_id, body.clone()));
        Ok(body)
    }
}
