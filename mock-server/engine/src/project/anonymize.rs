//! Anonymizing: every external ID and every private property goes, a fresh ID comes, events stay (fact 3.22).
//! Checked first, so that a refusal changes nothing.

use super::Project;
use crate::{
    command::{Happened, Outcome, Rejection, Who},
    decision::Decision,
    ids::{GivenId, IdKind, read},
    rule::{Rule, Rules},
    settings::UnknownIdType,
    store::Store,
    time::Timestamp,
};

impl Project {
    pub(super) fn anonymize(
        &mut self,
        at: Timestamp,
        who: Who<'_>,
        fresh: &str,
    ) -> Result<Outcome, Rejection> {
        let found = match who {
            Who::Ids(ids) => self.find(ids)?,
            Who::Internal(id) => Some(id).filter(|id| self.store.customers.exists(id.index())),
        };
        let customer = found.ok_or(Rejection::CustomerNotFound)?;
        let types = self.schema().types();
        let soft = types.iter().find(|id_type| id_type.kind == IdKind::Soft);
        let name = soft.ok_or(Rejection::NoSoftType)?.name.clone();
        let given = [GivenId::text(&name, fresh)];
        let fresh = read(self.schema(), UnknownIdType::Reject, &given)
            .map_err(|_| Rejection::FreshIdTaken)?;
        let id = fresh.ids.first().ok_or(Rejection::FreshIdTaken)?;
        if self.store.ids.find(id.id_type, &id.key).is_some() {
            return Err(Rejection::FreshIdTaken);
        }

        self.next_command();
        if let Some(published) = &mut self.published {
            let shared = published.anonymize(&self.store, customer.index(), id, at);
            for (id, hard, other) in shared {
                self.store.move_id(id, hard, other);
            }
        }
        self.store.forget_all_ids(customer.index());
        self.store.add_id(id, customer.index());
        self.forget_private(customer.index());
        let because = Rules::from(Rule::Anonymized);
        Ok(Outcome {
            decision: Decision {
                survivor: customer,
                created: false,
                absorbed: Default::default(),
                effects: Default::default(),
                because,
            },
            happened: Happened::Anonymized,
            because,
        })
    }

    fn forget_private(&mut self, customer: u32) {
        let Store {
            customers,
            properties,
            attributes,
            ..
        } = &mut self.store;
        for name in &self.settings.private_properties {
            if let Some(name) = attributes.find(name) {
                properties.remove(customers, customer, name);
            }
        }
    }
}
