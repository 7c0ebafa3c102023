//! The server on a socket: bind, answer, stop.

mod pieces;

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::serve::{Listener, ListenerExt};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::{Projects, routes::Front};
use pieces::Pieces;

/// A server that answers until it is dropped or stopped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Why a server does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be used.
    #[error(
        "cannot listen on {address}: {cause}; choose another with `--port`, or 0 for a free one"
    )]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// It stopped by itself.
    #[error("the server stopped: {0}")]
    Stopped(String),
}

impl Server {
    /// Listens on an address and answers; port 0 takes a free one.
    pub async fn start(host: IpAddr, port: u16, projects: Projects) -> Result<Self, ServeError> {
        let address = SocketAddr::from((host, port));
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|cause| ServeError::Bind { address, cause })?;
        let bound = listener.local_addr().unwrap_or(address);
        let listener = listener.tap_io(|stream| {
            // Without it small replies wait; a system that refuses only makes them wait.
            let _ = stream.set_nodelay(true);
        });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(answer_all(listener, Front::new(projects), stopped));
        Ok(Self {
            address: bound,
            stop,
            task,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base URL, without a slash at the end.
    pub fn base_url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::from([127, 0, 0, 1]));
        }
        format!("http://{address}")
    }

    /// Stops taking requests and finishes those under way, for at most a second.
    pub async fn stop(self) -> Result<(), ServeError> {
        // The receiver is gone only if the server has stopped already.
        let _ = self.stop.send(());
        match tokio::time::timeout(Duration::from_secs(1), self.task).await {
            Err(_) | Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(ServeError::Stopped(error.to_string())),
        }
    }
}

/// Answers every connection until told to stop, then finishes what is under way. `axum::serve` does the same with a
/// layer more around each request, and writes head and body of a reply apart: a tenth of what a reply costs.
async fn answer_all(
    mut listener: impl Listener<Io = TcpStream, Addr = SocketAddr>,
    front: Front,
    stopped: oneshot::Receiver<()>,
) {
    let front = Arc::new(front);
    let connections = GracefulShutdown::new();
    let mut stopped = pin!(stopped);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            // A dropped sender stops the server as well.
            _ = &mut stopped => break,
        };
        let front = front.clone();
        let answer = service_fn(move |request| {
            let front = front.clone();
            async move {
                let response = front.answer_to(peer, request).await;
                Ok::<_, Infallible>(response.map(Pieces::from))
            }
        });
        let mut http = http1::Builder::new();
        // Head and body of a reply in one piece.
        let http = http.writev(false);
        let connection = http.serve_connection(TokioIo::new(stream), answer);
        // Why a client's connection ended is the client's matter.
        let connection = connections.watch(connection);
        tokio::spawn(async { drop(connection.await) });
    }
    drop(listener);
    connections.shutdown().await;
}
