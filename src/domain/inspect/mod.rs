//! Inspection of documents: how Dassie reads a document, and what applying it would do.

mod dry_run;
mod examine;
mod examined;
mod parse;
mod quote_approval;
mod reading;
mod report;

pub use examine::{Setting, examine, examine_answer, of_own};
pub use examined::{Check, Examined};
pub use quote_approval::APPROVAL_CHECK;
pub use reading::{ApprovalDetails, Attachment, Field, Poll, Quote, Xray};
