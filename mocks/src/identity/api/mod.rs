//! The counter of Arenoa ID: what is served where. eSignet's paths lead to the same places as the short ones.

mod answers;
mod authorize;
mod birth;
mod civil;
mod client_auth;
mod client_mgmt;
mod consent;
mod crvs;
mod deaths;
mod deciding;
mod desk;
mod discovery;
mod dynamic_registration;
mod envelope;
mod esignet;
mod esignet_proof;
mod ida;
mod ida_otp;
mod ida_request;
mod issue;
mod locks;
mod login;
mod mock_identity;
mod mock_identity_kyc;
mod paper;
mod provider;
mod proving;
mod settings;
mod token;
mod userinfo;
mod vids;

use crate::kit::openapi::Routes;
use crate::kit::roll;

pub(super) use answers::refusal;

/// Takes up what was under way when the program ended.
pub(super) fn take_up(office: &std::sync::Arc<crate::kit::room::Office>) {
    crvs::take_up(office);
    deaths::take_up(office);
}

/// Where tokens are issued; the second is what discovery names.
pub(super) const TOKEN: [&str; 4] =
    ["/oauth/v2/token", "/oauth/token", "/v1/esignet/oauth/v2/token", "/v1/esignet/oauth/token"];
pub(super) fn routes(routes: &mut Routes) {
    provider::routes(routes);
    esignet::routes(routes);
    client_mgmt::routes(routes);
    dynamic_registration::routes(routes);
    ida::routes(routes);
    mock_identity::routes(routes);
    vids::routes(routes);
    locks::routes(routes);
    crvs::routes(routes);
    civil::routes(routes);
    desk::routes(routes);
    paper::routes(routes);
    deaths::routes(routes);
    settings::routes(routes);
    roll::routes::routes(routes, &super::roll::ROLL);
}
