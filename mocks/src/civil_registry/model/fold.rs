//! Where an event stands, folded from its accepted actions, and the flags that the others set.

use super::event::{Action, ActionKind, ActionStatus, Event, Fields, Status};

/// Sent by a clinic; the registrar completes it.
pub(in crate::civil_registry) const INCOMPLETE: &str = "incomplete";
pub(in crate::civil_registry) const REJECTED: &str = "rejected";
pub(in crate::civil_registry) const POTENTIAL_DUPLICATE: &str = "potential-duplicate";
pub(in crate::civil_registry) const CORRECTION_REQUESTED: &str = "correction-requested";
/// "Pending external validation".
pub(in crate::civil_registry) const REGISTER_REQUESTED: &str = "register:requested";
pub(in crate::civil_registry) const REVOKED: &str = "revoked";
/// The custom action that annuls an entry.
pub(in crate::civil_registry) const REVOKE: &str = "REVOKE";
/// The annotation that carries flags of our own: `late-registration`.
pub(in crate::civil_registry) const FLAGS: &str = "flags";

impl Event {
    /// Where the event stands.
    pub(in crate::civil_registry) fn status(&self) -> Status {
        self.accepted().fold(Status::Created, |status, action| match action.kind {
            ActionKind::Notify => Status::Notified,
            ActionKind::Declare => Status::Declared,
            ActionKind::Register => Status::Registered,
            ActionKind::Archive => Status::Archived,
            _ => status,
        })
    }

    /// What else is to be known about it, in the order in which it came up.
    pub(in crate::civil_registry) fn flags(&self) -> Vec<String> {
        let mut flags: Vec<String> = Vec::new();
        for action in &self.actions {
            let (gone, come) = change(action);
            flags.retain(|flag| !gone.contains(&flag.as_str()));
            let own = action.annotation.get(FLAGS).and_then(|list| list.as_array());
            let own = own.into_iter().flatten().filter_map(|flag| flag.as_str());
            for flag in come.iter().copied().chain(own) {
                if !flags.iter().any(|old| old == flag) {
                    flags.push(flag.to_owned());
                }
            }
        }
        flags
    }

    /// Whether it bears that flag.
    pub(in crate::civil_registry) fn is_flagged(&self, flag: &str) -> bool {
        self.flags().iter().any(|own| own == flag)
    }

    /// What is declared, as it stands after all accepted actions.
    pub(in crate::civil_registry) fn declaration(&self) -> Fields {
        let mut fields = Fields::new();
        for action in self.accepted().filter(|a| a.kind != ActionKind::RequestCorrection) {
            fields.extend(action.declaration.clone());
        }
        fields.retain(|_, value| !value.is_null());
        fields
    }

    /// The number of its entry, where it has one.
    pub(in crate::civil_registry) fn registration_number(&self) -> Option<&str> {
        let entered = self.accepted().filter(|a| a.kind == ActionKind::Register).last()?;
        entered.registration_number.as_deref()
    }

    /// The registration that waits for somebody's word.
    pub(in crate::civil_registry) fn waiting_registration(&self) -> Option<&Action> {
        self.waiting(ActionKind::Register)
    }

    /// The correction that waits for a decision.
    pub(in crate::civil_registry) fn waiting_correction(&self) -> Option<&Action> {
        let asked = self.actions.iter().rev().find(|a| a.kind == ActionKind::RequestCorrection)?;
        let decided = self.actions.iter().any(|a| {
            a.original_action_id.as_deref() == Some(&asked.id)
                && matches!(a.kind, ActionKind::ApproveCorrection | ActionKind::RejectCorrection)
        });
        (!decided).then_some(asked)
    }

    /// Whether somebody said that it is no duplicate.
    pub(in crate::civil_registry) fn is_cleared(&self) -> bool {
        self.accepted().any(|action| action.kind == ActionKind::MarkAsNotDuplicate)
    }

    fn waiting(&self, kind: ActionKind) -> Option<&Action> {
        let asked = self
            .actions
            .iter()
            .rev()
            .find(|a| a.kind == kind && a.status == ActionStatus::Requested)?;
        let answered = |a: &Action| a.original_action_id.as_deref() == Some(&asked.id);
        (!self.actions.iter().any(answered)).then_some(asked)
    }

    fn accepted(&self) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(|action| action.status == ActionStatus::Accepted)
    }
}

/// Which flags an action takes away and which it sets.
fn change(action: &Action) -> (&'static [&'static str], &'static [&'static str]) {
    let accepted = action.status == ActionStatus::Accepted;
    match action.kind {
        ActionKind::Notify => (&[], &[INCOMPLETE]),
        ActionKind::Declare => (&[INCOMPLETE, REJECTED], &[]),
        ActionKind::Register if action.status == ActionStatus::Requested => {
            (&[], &[REGISTER_REQUESTED])
        }
        ActionKind::Register if accepted => (&[REGISTER_REQUESTED, REJECTED, INCOMPLETE], &[]),
        ActionKind::Register => (&[REGISTER_REQUESTED], &[REJECTED]),
        ActionKind::Reject => (&[], &[REJECTED]),
        ActionKind::DuplicateDetected => (&[], &[POTENTIAL_DUPLICATE]),
        ActionKind::MarkAsDuplicate | ActionKind::MarkAsNotDuplicate => {
            (&[POTENTIAL_DUPLICATE], &[])
        }
        ActionKind::RequestCorrection => (&[], &[CORRECTION_REQUESTED]),
        ActionKind::ApproveCorrection | ActionKind::RejectCorrection => {
            (&[CORRECTION_REQUESTED], &[])
        }
        ActionKind::Custom if action.custom_action_type.as_deref() == Some(REVOKE) => {
            (&[], &[REVOKED])
        }
        ActionKind::Create | ActionKind::Archive | ActionKind::Custom => (&[], &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::EventType;
    use super::*;

    fn event(steps: &[(ActionKind, ActionStatus)]) -> Event {
        let mut event = Event {
            id: "E".into(),
            kind: EventType::Birth,
            tracking_id: "T".into(),
            created_at: String::new(),
            updated_at: String::new(),
            actions: Vec::new(),
        };
        for (kind, status) in steps {
            let original =
                event.waiting_registration().or(event.waiting_correction()).map(|a| a.id.clone());
            let action = Action::of(*kind, "registrar", "");
            event.push(Action { status: *status, original_action_id: original, ..action });
        }
        event
    }

    #[test]
    fn a_registration_that_waits_is_a_flag_and_no_status() {
        use ActionKind::{Create, Declare, Notify, Register};
        use ActionStatus::{Accepted, Rejected, Requested};
        let mut steps = vec![(Create, Accepted), (Notify, Accepted)];
        assert_eq!(event(&steps).status(), Status::Notified);
        assert_eq!(event(&steps).flags(), [INCOMPLETE]);
        steps.extend([(Declare, Accepted), (Register, Requested)]);
        assert_eq!(event(&steps).status(), Status::Declared);
        assert_eq!(event(&steps).flags(), [REGISTER_REQUESTED]);
        assert!(event(&steps).waiting_registration().is_some());
        let mut refused = steps.clone();
        refused.push((Register, Rejected));
        assert_eq!(event(&refused).status(), Status::Declared);
        assert_eq!(event(&refused).flags(), [REJECTED]);
        steps.push((Register, Accepted));
        assert_eq!(event(&steps).status(), Status::Registered);
        assert!(event(&steps).flags().is_empty());
        assert!(event(&steps).waiting_registration().is_none());
    }

    #[test]
    fn a_correction_waits_until_it_is_decided() {
        use ActionKind::{Create, Register, RejectCorrection, RequestCorrection};
        use ActionStatus::Accepted;
        let mut steps =
            vec![(Create, Accepted), (Register, Accepted), (RequestCorrection, Accepted)];
        assert!(event(&steps).is_flagged(CORRECTION_REQUESTED));
        steps.push((RejectCorrection, Accepted));
        assert!(event(&steps).flags().is_empty());
        assert_eq!(event(&steps).status(), Status::Registered);
    }
}
