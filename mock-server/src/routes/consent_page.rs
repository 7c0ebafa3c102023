//! The consent page of a mail's recipient (fact 8.9): its categories with their state, and a form that changes them.
//! Its link tells nothing of the recipient, and opening it in whatever browser transfers no identity.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderValue, header};
use maud::{DOCTYPE, Markup, html};
use serde_json::json;
use twinfold_engine::{GivenId, Label};

use super::{Access, Body, Endpoint};
use crate::{
    error::Error,
    journal::{Origin, Route, Step},
    projects::Projects,
    settings::ConsentCategory,
    wire::{given::Id, reply},
    world::{World, recipient},
};

/// What a mail's HTML says where the link belongs.
const PLACEHOLDERS: [&str; 2] = ["{{ consent.page }}", "{{consent.page}}"];

pub(super) fn endpoints() -> Vec<Endpoint> {
    const PATH: &str = "/consent/{token}/{page}";
    [
        Endpoint::get(PATH, show, "the consent page of a mail's recipient"),
        Endpoint::post(
            PATH,
            submit,
            "its form: `category` for each consent that is given; the others are rejected",
        ),
    ]
    .map(|endpoint| {
        let endpoint = endpoint.label(Label::Assumed).access(Access::Open);
        endpoint.answer(200, "text/html", None)
    })
    .into()
}

/// The path of a page.
pub(crate) fn path(token: &str, page: &str) -> String {
    format!("/consent/{token}/{page}")
}

/// Whether a mail's HTML asks for the link.
pub(super) fn is_asked_for(html: &str) -> bool {
    PLACEHOLDERS
        .iter()
        .any(|placeholder| html.contains(placeholder))
}

/// The HTML with the link in place.
pub(super) fn put_in(html: &str, path: &str) -> String {
    let put = |html: String, placeholder: &&str| html.replace(placeholder, path);
    PLACEHOLDERS.iter().fold(html.to_owned(), put)
}

async fn show(
    State(projects): State<Projects>,
    Path((token, page)): Path<(String, String)>,
) -> Result<Response, Error> {
    let project = projects.get(&token).ok_or(Error::UnknownUrl)?;
    let mut world = project.world();
    let ids = ids(&world, &page)?;
    Ok(page_of(&mut world, &ids))
}

async fn submit(
    State(projects): State<Projects>,
    Path((token, page)): Path<(String, String)>,
    Body(body): Body,
) -> Result<Response, Error> {
    let project = projects.get(&token).ok_or(Error::UnknownUrl)?;
    let mut world = project.world();
    let ids = ids(&world, &page)?;
    let given: BTreeSet<String> = form_urlencoded::parse(&body)
        .filter(|(name, _)| name == "category")
        .map(|(_, category)| category.into_owned())
        .collect();
    let before = accepted(&mut world, &ids);
    for category in world.consent_categories().iter() {
        let wanted = given.contains(&category.id);
        if wanted != before.contains(&category.id) {
            track(&mut world, &ids, &category.id, wanted);
        }
    }
    Ok(page_of(&mut world, &ids))
}

/// Whose page it is: the recipient of the mail that it was made for.
fn ids(world: &World, page: &str) -> Result<Vec<Id<'static>>, Error> {
    let mut mails = world.state().outbox.mails().iter();
    let mail = mails.find(|mail| mail.consent_page.as_deref() == Some(page));
    let mail = mail.ok_or(Error::UnknownUrl)?;
    Ok(recipient(&mail.customer_ids))
}

/// The categories that the customer accepts now; none if nobody has these IDs.
fn accepted(world: &mut World, ids: &[Id<'_>]) -> BTreeSet<String> {
    let now = world.now();
    let given: Vec<GivenId<'_>> = ids.iter().map(Id::given).collect();
    let customer = world.project().find(&given).ok().flatten();
    let profile = customer.and_then(|customer| world.project().profile(customer));
    let consents = profile.map(|profile| profile.consents(now));
    let accepted = consents
        .into_iter()
        .flatten()
        .filter(|(_, accepts)| *accepts);
    accepted.map(|(category, _)| category).collect()
}

fn track(world: &mut World, ids: &[Id<'static>], category: &str, accept: bool) {
    let action = if accept { "accept" } else { "reject" };
    // Canonical, because the keys are sorted.
    let properties = json!({
        "action": action,
        "category": category,
        "source": "page",
        "valid_until": "unlimited",
    });
    let step = Step::Event {
        ids: ids.to_vec(),
        event_type: Some("consent".into()),
        timestamp: None,
        properties: Some(properties.to_string().into()),
    };
    let origin = Origin {
        source: "page".into(),
        route: Route::ConsentPage,
        item: None,
    };
    // IDs that the project rejects leave the page as it was.
    let _tracked = world.write(origin, &step);
}

fn page_of(world: &mut World, ids: &[Id<'_>]) -> Response {
    let accepted = accepted(world, ids);
    let page = written(&world.consent_categories(), &accepted);
    let mut response = reply::raw(200, page.into_string().into());
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

fn written(categories: &[ConsentCategory], accepted: &BTreeSet<String>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Consents" } }
            body {
                h1 { "What may we send you?" }
                form method="post" {
                    @for category in categories {
                        p { label {
                            input type="checkbox" name="category" value=(category.id)
                                checked[accepted.contains(&category.id)];
                            " " (category.shown_name())
                        } }
                    }
                    button { "Save" }
                }
            }
        }
    }
}
