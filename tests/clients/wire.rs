//! A request as bytes over a connection of its own, so that nothing tidies what a client writes.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value; names are compared without regard to case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter();
        let found = named.find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Sends a request and reads the reply to its end.
pub(crate) async fn send(
    base_url: &str,
    request: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Reply {
    let address = base_url.strip_prefix("http://").unwrap();
    let mut head = format!("{request} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    let says_length = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-length");
    if !body.is_empty() && !headers.iter().any(says_length) {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.unwrap();
    read(&String::from_utf8(reply).unwrap())
}

fn read(reply: &str) -> Reply {
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers = lines.filter_map(|line| line.split_once(": "));
    Reply {
        status: status.unwrap().parse().unwrap(),
        headers: headers.map(|(n, v)| (n.into(), v.into())).collect(),
        body: body.into(),
    }
}
