//! One row of the route table. The router, the OpenAPI document and the coverage page are readings of it.

use axum::{
    handler::Handler,
    middleware,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;
use twinfold_engine::Label;
use utoipa::{
    ToSchema,
    openapi::{Ref, RefOr, Schema},
};

use super::guard::guard;
use crate::projects::Projects;

/// Schemas by name.
pub(crate) type Schemas = Vec<(String, RefOr<Schema>)>;

/// Puts a type's schema among the others and refers to it.
pub(crate) type Shape = fn(&mut Schemas) -> RefOr<Schema>;

/// How much of a route is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// It does what it says.
    Full,
    /// A valid answer that is always empty, so that clients keep running.
    Empty,
    /// Answered 501 with a body that says so.
    Declared,
}

impl Depth {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Empty => "empty",
            Self::Declared => "declared",
        }
    }
}

/// What a request needs to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// A private or a public key.
    Any,
    /// A private key.
    Private,
    /// Nothing: the project is named in the path or the body.
    Open,
}

/// What comes back if all is well.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media_type: &'static str,
    pub(crate) shape: Option<Shape>,
}

/// One method of one path.
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) says: &'static str,
    pub(crate) depth: Depth,
    pub(crate) label: Label,
    pub(crate) access: Access,
    pub(crate) query: Vec<(&'static str, &'static str)>,
    pub(crate) body: Option<Shape>,
    pub(crate) answers: Vec<Answer>,
    handler: MethodRouter<Projects>,
}

impl Endpoint {
    /// `GET path`; in full depth, documented and for private keys, unless it says otherwise.
    pub(crate) fn get<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Projects>,
        says: &'static str,
    ) -> Self {
        Self::new(Method::GET, path, on(MethodFilter::GET, handler), says)
    }

    /// `PUT path`.
    pub(crate) fn put<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Projects>,
        says: &'static str,
    ) -> Self {
        Self::new(Method::PUT, path, on(MethodFilter::PUT, handler), says)
    }

    /// `DELETE path`.
    pub(crate) fn delete<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Projects>,
        says: &'static str,
    ) -> Self {
        let handler = on(MethodFilter::DELETE, handler);
        Self::new(Method::DELETE, path, handler, says)
    }

    /// `POST path`.
    pub(crate) fn post<T: 'static>(
        path: &'static str,
        handler: impl Handler<T, Projects>,
        says: &'static str,
    ) -> Self {
        Self::new(Method::POST, path, on(MethodFilter::POST, handler), says)
    }

    fn new(
        method: Method,
        path: &'static str,
        handler: MethodRouter<Projects>,
        says: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            says,
            depth: Depth::Full,
            label: Label::Documented,
            access: Access::Private,
            query: Vec::new(),
            body: None,
            answers: Vec::new(),
            handler,
        }
    }

    /// A valid answer that is always empty.
    pub(crate) fn empty(self) -> Self {
        let depth = Depth::Empty;
        Self { depth, ..self }
    }

    /// Answered 501.
    pub(crate) fn declared(self) -> Self {
        let depth = Depth::Declared;
        Self { depth, ..self }
    }

    pub(crate) fn label(self, label: Label) -> Self {
        Self { label, ..self }
    }

    pub(crate) fn access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// A parameter of the query, and what it says.
    pub(crate) fn query(mut self, name: &'static str, says: &'static str) -> Self {
        self.query.push((name, says));
        self
    }

    /// The body that it reads.
    pub(crate) fn body<T: ToSchema>(self) -> Self {
        let body = Some(shape::<T> as Shape);
        Self { body, ..self }
    }

    /// A 200 with a JSON body.
    pub(crate) fn answers<T: ToSchema>(self) -> Self {
        self.answer(200, "application/json", Some(shape::<T>))
    }

    /// Another answer, if all is well.
    pub(crate) fn answer(
        mut self,
        status: u16,
        media_type: &'static str,
        shape: Option<Shape>,
    ) -> Self {
        self.answers.push(Answer {
            status,
            media_type,
            shape,
        });
        self
    }

    /// What answers, with the label on every reply.
    pub(crate) fn handler(&self, projects: &Projects) -> MethodRouter<Projects> {
        let state = (projects.clone(), self.label);
        let guard = middleware::from_fn_with_state(state, guard);
        self.handler.clone().layer(guard)
    }
}

/// The schema of a type, by reference.
pub(crate) fn shape<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    Ref::from_schema_name(T::name()).into()
}
