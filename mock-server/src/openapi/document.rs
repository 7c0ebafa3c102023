//! The OpenAPI 3.1 document.

use serde_json::json;
use utoipa::openapi::{
    Components, Content, HttpMethod, Info, OpenApi, OpenApiBuilder, Paths, RefOr, Required,
    ResponseBuilder, Schema,
    extensions::ExtensionsBuilder,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::{Object, Type},
    security::{
        ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
    },
};

use crate::{
    routes::{self, Access, Answer, Endpoint, Schemas, shape},
    shapes::Refusal,
};

/// The document, pretty, with a line break at its end.
pub fn document() -> String {
    let mut text = openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn openapi() -> OpenApi {
    let mut schemas = Schemas::new();
    let mut paths = Paths::new();
    for endpoint in routes::table() {
        let operation = operation(&endpoint, &mut schemas);
        // The document has no sign for the rest of a path.
        let path = endpoint.path.replace("{*", "{");
        paths.add_path_operation(path, vec![method(&endpoint)], operation);
    }
    let mut components = Components::new();
    components.schemas.extend(schemas);
    for (name, scheme) in security_schemes() {
        components.add_security_scheme(name, scheme);
    }
    let mut info = Info::new("The emulated Engagement API", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "What twinfold answers. `x-twinfold` says how much of a route is there, and how well it is known.".into(),
    );
    let document = OpenApiBuilder::new().info(info).paths(paths);
    document.components(Some(components)).build()
}

fn method(endpoint: &Endpoint) -> HttpMethod {
    match endpoint.method.as_str() {
        "GET" => HttpMethod::Get,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Post,
    }
}

fn operation(endpoint: &Endpoint, schemas: &mut Schemas) -> Operation {
    let (depth, label) = (endpoint.depth.name(), endpoint.label.name());
    let mut operation = OperationBuilder::new()
        .summary(Some(endpoint.says))
        .tag(family(endpoint.path))
        .extensions(Some(
            // One extension, because several would come in any order.
            ExtensionsBuilder::new()
                .add("x-twinfold", json!({"depth": depth, "label": label}))
                .build(),
        ));
    for name in path_parameters(endpoint.path) {
        operation = operation.parameter(path_parameter(name));
    }
    for (name, says) in &endpoint.query {
        operation = operation.parameter(parameter(name, ParameterIn::Query, Some(says)));
    }
    if let Some(body) = endpoint.body {
        let content = Content::new(Some(body(schemas)));
        let body = RequestBodyBuilder::new().content("application/json", content);
        operation = operation.request_body(Some(body.required(Some(Required::True)).build()));
    }
    for same_status in endpoint.answers.chunk_by(|a, b| a.status == b.status) {
        let response = response("what the service answers", same_status, schemas);
        operation = operation.response(same_status[0].status.to_string(), response);
    }
    let refusal = Answer {
        status: 400,
        media_type: "application/json",
        shape: Some(shape::<Refusal>),
    };
    let refusal = response("a refusal, in one of its shapes", &[refusal], schemas);
    let operation = operation.response("default", refusal);
    securities(endpoint.access)
        .into_iter()
        .fold(operation, OperationBuilder::security)
        .build()
}

/// Answers of one status, which differ in their media type.
fn response(says: &str, answers: &[Answer], schemas: &mut Schemas) -> utoipa::openapi::Response {
    let mut response = ResponseBuilder::new().description(says);
    for answer in answers {
        if answer.shape.is_some() || !answer.media_type.is_empty() {
            let schema = answer.shape.map(|shape| shape(schemas));
            response = response.content(answer.media_type, Content::new(schema));
        }
    }
    response.build()
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    let segments = path.split('/');
    segments
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_start_matches('*'))
}

fn path_parameter(name: &str) -> Parameter {
    let says = match name {
        "token" => Some("the project's token"),
        _ => None,
    };
    parameter(name, ParameterIn::Path, says)
}

fn parameter(name: &str, place: ParameterIn, says: Option<&str>) -> Parameter {
    let required = match place {
        ParameterIn::Path => Required::True,
        _ => Required::False,
    };
    let schema = RefOr::T(Schema::Object(Object::with_type(Type::String)));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(says)
        .schema(Some(schema))
        .build()
}

fn securities(access: Access) -> Vec<SecurityRequirement> {
    let by = |name: &str| SecurityRequirement::new::<_, [String; 0], String>(name, []);
    match access {
        Access::Private => vec![by("private")],
        Access::Any => vec![by("private"), by("public"), by("publicInQuery")],
        Access::Open => Vec::new(),
    }
}

fn security_schemes() -> [(&'static str, SecurityScheme); 3] {
    let basic = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some("private access: the key's ID and its secret"));
    let token =
        ApiKeyValue::with_description("authorization", "public access: `Token ` and 64 characters");
    let query = ApiKeyValue::with_description("access_token", "public access: 64 characters");
    [
        ("private", SecurityScheme::Http(basic.build())),
        ("public", SecurityScheme::ApiKey(ApiKey::Header(token))),
        (
            "publicInQuery",
            SecurityScheme::ApiKey(ApiKey::Query(query)),
        ),
    ]
}

/// The part of the API that a path belongs to.
pub(super) fn family(path: &str) -> &'static str {
    const FAMILIES: &[(&str, &str)] = &[
        ("/track/v2", "Tracking"),
        ("/bulk", "Legacy and browser"),
        ("/crm", "Legacy and browser"),
        ("/track/u", "Data hub streams"),
        ("/webxp/streams", "Data hub streams"),
        ("/imports", "Imports"),
        ("/data/v2/projects/{token}/imports", "Imports"),
        ("/data/v2/workspaces", "Imports"),
        ("/data/v2/projects/{token}/catalogs", "Catalogs"),
        ("/data/v2/projects/{token}/analyses", "Analyses"),
        ("/data", "Customer data"),
        ("/email", "Messages"),
        ("/sms", "Messages"),
        ("/link", "Messages"),
        ("/consent", "Consents"),
    ];
    let found = FAMILIES.iter().find(|(prefix, _)| path.starts_with(prefix));
    found.map_or("Apps and web personalisation", |(_, family)| family)
}
