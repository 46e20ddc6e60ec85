//! What the standard operations do: create, show, check, update and delete one resource.

use serde_json::{Map, Value};
use squall_model::description::Resource;
use squall_model::kind::text_of;

use super::access::name_of;
use super::answer::{ServiceAnswer, ServiceFault};
use super::dialect::Dialect;
use super::request::{ServiceRequest, Verb};
use super::shape::{at, set};
use super::store::{Item, ItemStore, Serial};

impl ServiceRequest<'_> {
    /// Does what the description says of the operation.
    ///
    /// # Errors
    /// The request is refused. What the description does not say is a 501.
    pub fn standard(&self, store: &mut ItemStore) -> Result<ServiceAnswer, ServiceFault> {
        self.standard_with(store, Map::new())
    }

    /// Does what the description says of the operation, and keeps further fields with what is
    /// created or updated.
    ///
    /// # Errors
    /// As for [`standard`](Self::standard).
    pub fn standard_with(
        &self,
        store: &mut ItemStore,
        fields: Map<String, Value>,
    ) -> Result<ServiceAnswer, ServiceFault> {
        match self.verb {
            Some(Verb::Create) => self.create(store, fields),
            Some(Verb::List) => self.list(store),
            Some(Verb::Show) => self.shown(self.target(store)?),
            Some(Verb::Check) => self.target(store).map(|_| ServiceAnswer::empty(self.success())),
            Some(Verb::Update) => self.update(store, fields),
            Some(Verb::Delete) => self.delete(store),
            None => Err(self.without_handler()),
        }
    }

    /// Returns the answer that shows a resource, in the form that the operation's schema
    /// declares.
    ///
    /// # Errors
    /// The schema requires what the resource does not have: 501.
    pub fn shown(&self, item: &Item) -> Result<ServiceAnswer, ServiceFault> {
        let object = self.resource()?.object;
        self.answered(at(object, Value::Object(item.fields().clone())))
    }

    fn create(
        &self,
        store: &mut ItemStore,
        more: Map<String, Value>,
    ) -> Result<ServiceAnswer, ServiceFault> {
        let resource = self.resource()?;
        self.check_parents(store)?;
        let mut fields = self.sent(resource)?;
        let owner = self.owner(resource)?;
        self.stamp(&mut fields);
        if let Some(state) = resource.kind.state.filter(|state| state.referred().is_none())
            && let Some(ready) = state.ready.first()
        {
            set(&mut fields, state.at, (*ready).into());
        }
        fields.extend(more);
        let id = self.id_of(resource, &mut fields, store);
        let mut item = Item::new(id, fields);
        if let Some(owner) = owner {
            item = item.owned_by(owner);
        }
        for (parameter, id) in self.parameters() {
            if parameter != resource.kind.id_param {
                item = item.below(parameter, id);
            }
        }
        if let Some(taken) = taken(store, resource, &item) {
            // One that is addressed by its name is created or replaced by the same request, by
            // whom it belongs to.
            let is_ours = store.at(resource.kind.name, taken).is_some_and(|one| self.is_ours(one));
            if self.path(resource.kind.id_param).is_none() || !is_ours {
                return Err(ServiceFault::conflict(format!(
                    "There is a {} {} already.",
                    name_of(resource),
                    item.id()
                )));
            }
            let answer = self.shown(&item)?;
            if let Some(kept) = store.at_mut(resource.kind.name, taken) {
                *kept = item;
            }
            return Ok(answer);
        }
        // Nothing is kept that could not be answered.
        let answer = self.shown(&item)?;
        store.insert(resource.kind.name, item);
        Ok(answer)
    }

    fn update(
        &self,
        store: &mut ItemStore,
        more: Map<String, Value>,
    ) -> Result<ServiceAnswer, ServiceFault> {
        let resource = self.resource()?;
        let changes = self.sent(resource)?;
        let before = self.target(store)?;
        let mut item = before.clone();
        let fields = item.fields_mut();
        fields.extend(changes);
        // Nobody changes these: they are what the resource is, whose, and since when.
        let Dialect { project, user, created, .. } = self.dialect;
        for fixed in [project, user, created] {
            match before.fields().get(fixed) {
                Some(value) => drop(fields.insert(fixed.to_owned(), value.clone())),
                None => drop(fields.remove(fixed)),
            }
        }
        fields.insert(self.dialect.updated.to_owned(), self.now().into());
        fields.extend(more);
        let kept = Value::Object(before.fields().clone());
        if let Some(id) = kept.pointer(resource.id) {
            set(fields, resource.id, id.clone());
        }
        let answer = self.shown(&item)?;
        *self.target_mut(store)? = item;
        Ok(answer)
    }

    fn delete(&self, store: &mut ItemStore) -> Result<ServiceAnswer, ServiceFault> {
        let (resource, serial) = self.locate(store)?;
        let answer = self.shown(self.target(store)?)?;
        self.remove(store, resource, serial);
        Ok(answer)
    }

    /// Removes a resource, and those that belong to it.
    fn remove(&self, store: &mut ItemStore, resource: &Resource, serial: Serial) {
        let Some(gone) = store.remove(resource.kind.name, serial) else { return };
        for part in self.addresses.parts(resource) {
            let kind = part.kind.name;
            // Another one may have this id below another parent, or as another owner's.
            let belongs = |item: &Item| {
                item.parent(resource.kind.id_param) == Some(gone.id())
                    && gone.parents().all(|(name, id)| item.parent(name).is_none_or(|of| of == id))
                    && (!resource.kind.private || item.owner() == gone.owner())
            };
            while let Some(serial) = store.first(kind, belongs) {
                self.remove(store, part, serial);
            }
        }
    }

    /// Returns the object in the request's body.
    fn sent(&self, resource: &Resource) -> Result<Map<String, Value>, ServiceFault> {
        let body = self.body();
        let sent = body.pointer(resource.object).unwrap_or(body);
        sent.as_object().cloned().ok_or_else(|| match body {
            Value::Null | Value::Object(_) => ServiceFault::bad_request(format!(
                "Malformed request body: it must have an object at `{}`.",
                resource.object
            )),
            _ => self.unanswerable("its body is no object"),
        })
    }

    /// Adds what the service sets by itself.
    fn stamp(&self, fields: &mut Map<String, Value>) {
        let dialect = self.dialect;
        let of = |id: &str| if id.is_empty() { Value::Null } else { id.into() };
        for (field, value) in [
            (dialect.project, of(self.project())),
            (dialect.user, of(self.user())),
            (dialect.created, self.now().into()),
            (dialect.updated, self.now().into()),
        ] {
            fields.insert(field.to_owned(), value);
        }
    }

    /// Returns what addresses a new resource: what the path names, what the body has as its
    /// id, or else a new id.
    fn id_of(
        &self,
        resource: &Resource,
        fields: &mut Map<String, Value>,
        store: &mut ItemStore,
    ) -> String {
        let named = self.path(resource.kind.id_param).map(Value::from);
        let pointer = resource.id;
        let object = Value::Object(fields.clone());
        let sent = object.pointer(pointer).filter(|value| text_of(value).is_some()).cloned();
        let id = named.or(sent).unwrap_or_else(|| store.new_id(self.dialect.ids));
        let text = text_of(&id).unwrap_or_default();
        set(fields, pointer, id);
        text
    }
}

/// Finds a resource that a new one would be taken for.
fn taken(store: &ItemStore, resource: &Resource, new: &Item) -> Option<Serial> {
    store.serial(resource.kind.name, new.id(), |item| {
        item.parents().eq(new.parents()) && (!resource.kind.private || item.owner() == new.owner())
    })
}
