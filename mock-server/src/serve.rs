//! The server on a socket: bind, answer, stop.

use std::{
    convert::Infallible,
    future::ready,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::serve::{IncomingStream, ListenerExt};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower::service_fn;

use crate::{Projects, routes::Front};

/// A server that answers until it is dropped or stopped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
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
        let front = Arc::new(Front::new(projects));
        let connected = service_fn(move |stream: IncomingStream<'_, _>| {
            let (front, peer) = (front.clone(), *stream.remote_addr());
            let answer = service_fn(move |request| {
                let front = front.clone();
                async move { Ok::<_, Infallible>(front.answer_to(peer, request).await) }
            });
            ready(Ok::<_, Infallible>(answer))
        });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let serve = axum::serve(listener, connected);
            let stopped = async {
                // A dropped sender stops the server as well.
                let _ = stopped.await;
            };
            serve.with_graceful_shutdown(stopped).await
        });
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
            Err(_) | Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(error))) => Err(ServeError::Stopped(error.to_string())),
            Ok(Err(error)) => Err(ServeError::Stopped(error.to_string())),
        }
    }
}
