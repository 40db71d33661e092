// Shows how a system describes itself, with calls to try (Swagger UI). Nothing is asked of any other machine.

const place = document.getElementById("swagger");
const { SwaggerUIBundle } = window;

/** Takes a token of the demo client for each scheme, so that examples work as they stand. */
async function authorize() {
  const schemes = shown.specSelectors.specJson().toJS().components?.securitySchemes ?? {};
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "demo", client_secret: "demo" });
  for (const [name, schema] of Object.entries(schemes)) {
    const answer = await fetch(schema.flows.clientCredentials.tokenUrl, { method: "POST", body });
    if (!answer.ok) continue;
    const auth = { name, schema: { ...schema, flow: "application" }, clientId: "demo", clientSecret: "demo", scopes: [] };
    shown.authActions.authorizeOauth2({ auth, token: await answer.json() });
  }
  place.dataset.ready = "";
}

const shown = SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // The public validator is on the internet.
  validatorUrl: null,
  onComplete: authorize,
});
shown.initOAuth({ clientId: "demo", clientSecret: "demo" });
