// Shows how a system describes itself, with calls to try (Swagger UI). Nothing is asked of any other machine.

const place = document.getElementById("swagger");
const { SwaggerUIBundle } = window;

/** When the token of a scheme ends, on this page's clock. */
const ends = new Map();

/** Takes a token of the demo client for each scheme of a call, so that its example works as it stands. A token is a message
 * of the country, so it is fetched when a call needs it and not when somebody opens this page. */
async function authorize({ path, method }) {
  const description = shown.specSelectors.specJson().toJS();
  const wanted = (description.paths[path]?.[method]?.security ?? []).flatMap((one) => Object.keys(one));
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "demo", client_secret: "demo" });
  for (const name of wanted) {
    if (performance.now() < (ends.get(name) ?? 0)) continue;
    const schema = description.components.securitySchemes[name];
    const answer = await fetch(schema.flows.clientCredentials.tokenUrl, { method: "POST", body });
    if (!answer.ok) continue;
    const token = await answer.json();
    ends.set(name, performance.now() + (token.expires_in ?? 60) * 900);
    const auth = { name, schema: { ...schema, flow: "application" }, clientId: "demo", clientSecret: "demo", scopes: [] };
    shown.authActions.authorizeOauth2({ auth, token });
  }
}

/** Execute waits for the token. */
const tokenFirst = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        execute: (go) => async (call) => {
          await authorize(call);
          return go(call);
        },
      },
    },
  },
});

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
  plugins: [tokenFirst],
  onComplete: () => {
    // What Swagger UI draws stands inside our page: it is no main part of its own, and its list of servers needs a name.
    for (const inner of place.querySelectorAll("main")) inner.setAttribute("role", "presentation");
    place.querySelector("#servers")?.setAttribute("aria-label", "Server");
    place.dataset.ready = "";
  },
});
shown.initOAuth({ clientId: "demo", clientSecret: "demo" });
