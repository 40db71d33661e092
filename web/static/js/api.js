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

/** The media types that a call's description gives for headers which Swagger UI does not send from there. */
const stated = ({ path, method }) => {
  const { parameters = [] } = shown.specSelectors.specJson().toJS().paths[path]?.[method] ?? {};
  const example = (name) => parameters.find((one) => one.in === "header" && one.name === name)?.example;
  return { Accept: example("Accept"), "Content-Type": example("Content-Type") };
};

/** What the call that is being executed says of itself. */
let media = {};

/** FSPIOP names its own media types, and refuses any other. */
const withMedia = (request) => {
  if (request.loadSpec) return request;
  const taken = new Set(Object.keys(request.headers).filter((name) => request.headers[name] !== "*/*").map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(media)) {
    if (!value || (taken.has(name.toLowerCase()) && name !== "Accept")) continue;
    for (const known of Object.keys(request.headers)) if (known.toLowerCase() === name.toLowerCase()) delete request.headers[known];
    request.headers[name] = value;
  }
  media = {};
  return request;
};

/** Execute waits for the token. */
const tokenFirst = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        execute: (go) => async (call) => {
          await authorize(call);
          media = stated(call);
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
  requestInterceptor: withMedia,
  plugins: [tokenFirst],
  onComplete: () => {
    // What Swagger UI draws stands inside our page: it is no main part of its own, and its list of servers needs a name.
    for (const inner of place.querySelectorAll("main")) inner.setAttribute("role", "presentation");
    place.querySelector("#servers")?.setAttribute("aria-label", "Server");
    place.dataset.ready = "";
  },
});
shown.initOAuth({ clientId: "demo", clientSecret: "demo" });
