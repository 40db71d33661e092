//! A birth becomes an identity, and the number goes back as a credential (MOSIP `CREDENTIAL_ISSUED`).

use serde_json::json;

use super::hub;
use crate::identity::api::answers::Failure;
use crate::identity::api::issue::give;
use crate::identity::model::newcomer::Newcomer;
use crate::identity::store::crvs;
use crate::kit::courier::Errand;

/// Issues the identity that the packet `id` asks for, once, and tells the hub's subscribers.
pub(super) async fn issue(errand: &Errand, id: &str, newcomer: &Newcomer) -> Result<(), Failure> {
    let store = &errand.office.store;
    let uin = if let Some(uin) = store.read(|db| crvs::issued_for(db, id))? {
        // Issued before the program ended; only the telling is left.
        uin
    } else {
        let uin = give(errand, newcomer, "civil-registry")?;
        store.alter(|tx| crvs::note_issued(tx, id, &uin))?;
        uin
    };
    let subject = json!({
        "id": format!("{}/credentials/{id}", errand.own_base()),
        "UIN": uin,
        // Several versions of `mosip-api` read the number under this name.
        "VID": uin,
        "birthCertificateNumber": newcomer.birth_registration,
        "vcVer": "VC-V1",
    });
    hub::publish(errand, id, &subject).await
}
