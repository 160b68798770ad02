//! OAuth: apps, their authorization by the owner, and access tokens.

mod apps;
mod authorize;
mod redirects;
mod scopes;
mod token;
mod token_cache;

pub use apps::{Registration, app, authenticate, register, register_for_owner};
pub use authorize::{AuthorizationParameters, AuthorizationRequest, check_request, grant, opened};
pub use redirects::OOB;
pub use scopes::{SCOPES, Scopes};
pub use token::{
    Bearer, Exchange, Holder, Issued, app_of, bearer, cached_bearer, exchange, issue, owner_tokens, revoke, revoke_all,
    revoke_by_id,
};
pub use token_cache::TokenCache;
