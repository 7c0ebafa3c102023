//! Fetches the file of an import: plain HTTP, from this machine only, with basic authentication if wanted.
//! The address is checked before it is connected to, and redirects are not followed.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{Request, Uri, header};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use super::source::Auth;

/// Largest file in bytes (fact 7.9).
const BYTES_MAX: usize = 1_000_000_000;

/// How long the source may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bytes of the file, or why there are none.
pub(super) async fn fetch(url: &str, auth: Option<&Auth>) -> Result<Vec<u8>, String> {
    let failed = |says: String| format!("`{url}` cannot be fetched: {says}");
    let uri: Uri = url.parse().map_err(|_| failed("it is no URL".into()))?;
    let addresses = addresses(&uri).map_err(failed)?;
    let request = request(&uri, auth).map_err(failed)?;
    let stream = connect(&addresses).await.map_err(failed)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| failed(error.to_string()))?;
    // It ends with the exchange; what goes wrong in it is seen by the reader of the reply.
    let connection = tokio::spawn(connection);
    let response = patiently(sender.send_request(request)).await;
    let bytes = match response {
        Ok(Ok(response)) => body(response).await,
        Ok(Err(error)) => Err(error.to_string()),
        Err(says) => Err(says),
    };
    connection.abort();
    bytes.map_err(failed)
}

/// Where to connect to; nothing but this machine.
fn addresses(uri: &Uri) -> Result<Vec<SocketAddr>, String> {
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => return Err("TLS is not emulated; serve the file by `http://`".into()),
        _ => return Err("write a URL such as `http://127.0.0.1:8000/customers.csv`".into()),
    }
    let host = uri.host().unwrap_or_default();
    let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let hosts = match literal {
        Ok(address) if address.is_loopback() => vec![address],
        Err(_) if host == "localhost" => {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        }
        _ => {
            return Err(format!(
                "`{host}` is not this machine, and the mock fetches from loopback only; serve the file at 127.0.0.1"
            ));
        }
    };
    let port = uri.port_u16().unwrap_or(80);
    let hosts = hosts.into_iter();
    Ok(hosts.map(|host| SocketAddr::new(host, port)).collect())
}

fn request(uri: &Uri, auth: Option<&Auth>) -> Result<Request<Empty<Bytes>>, String> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.authority().map_or("localhost", |host| host.as_str());
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let mut request = Request::get(path)
        .header(header::HOST, host)
        .header(header::ACCEPT, "text/csv, */*");
    if let Some(Auth { username, password }) = auth {
        let pair = BASE64_STANDARD.encode(format!("{username}:{password}"));
        request = request.header(header::AUTHORIZATION, format!("Basic {pair}"));
    }
    request
        .body(Empty::new())
        .map_err(|error| error.to_string())
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, String> {
    let connected = patiently(TcpStream::connect(addresses)).await?;
    connected.map_err(|error| error.to_string())
}

async fn body(response: http::Response<Incoming>) -> Result<Vec<u8>, String> {
    let status = response.status();
    if status.is_redirection() {
        return Err(format!(
            "it was answered {status}, and redirects are not followed"
        ));
    }
    if !status.is_success() {
        return Err(format!("it was answered {status}"));
    }
    let mut body = response.into_body();
    let mut bytes = Vec::new();
    while let Some(frame) = patiently(body.frame()).await? {
        let frame = frame.map_err(|error| error.to_string())?;
        if let Some(data) = frame.data_ref() {
            bytes.extend_from_slice(data);
        }
        if bytes.len() > BYTES_MAX {
            return Err(format!("it is larger than {BYTES_MAX} bytes"));
        }
    }
    Ok(bytes)
}

async fn patiently<T>(waiting: impl Future<Output = T>) -> Result<T, String> {
    let waited = timeout(PATIENCE, waiting).await;
    waited.map_err(|_| format!("the source was silent for {} seconds", PATIENCE.as_secs()))
}
