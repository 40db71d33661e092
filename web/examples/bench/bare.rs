//! A server that answers a constant as large as a search's answer: what everything else is held against.

use actix_web::{App, HttpResponse, HttpServer, web};

use crate::Failure;
use crate::driver::cpu_per_request;
use crate::process::Server;

const PORT: u16 = 18091;

/// Serves the constant until the process is killed.
pub(crate) async fn serve(port: u16) -> Result<(), Failure> {
    let answer = web::Bytes::from(vec![b'x'; 1500]);
    let app = move || {
        let answer = answer.clone();
        App::new().default_service(web::to(move |_body: web::Bytes| {
            let answer = answer.clone();
            async move { HttpResponse::Ok().body(answer) }
        }))
    };
    Ok(HttpServer::new(app).workers(2).bind(("127.0.0.1", port))?.run().await?)
}

/// Microseconds of CPU that it takes a request.
pub(crate) async fn measure() -> Result<f64, Failure> {
    let own = std::env::current_exe()?;
    let server = Server::start(&own, &["bare", &PORT.to_string()], PORT).await?;
    cpu_per_request(&server, |_| ("/", String::from("{}")))
}
