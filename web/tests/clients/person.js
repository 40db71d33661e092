// A person at the pages of Arenoa ID, as a program: reads each form and posts it, as a browser without script does.

const field = (html, pattern, what) => {
  const found = pattern.exec(html);
  if (!found) throw new Error(`the page has no ${what}: ${html.slice(0, 2000)}`);
  return found[1];
};
const action = (html) => field(html, /<form method="post" action="([^"]+)"/, "form");

async function submit(address, fields) {
  const body = new URLSearchParams(fields);
  return fetch(address, { method: "POST", body, redirect: "manual" });
}

/** Follows redirects within Arenoa and gives the page. */
async function page(reply) {
  let last = reply;
  while (last.status === 303) last = await fetch(last.headers.get("location"), { redirect: "manual" });
  return last.text();
}

/** Logs `uin` in, and gives the address that the relying party receives. `decision` is `allow` or `deny`. */
export async function logIn(authorize, { uin, otp = "111111", decision = "allow" }) {
  const asked = await page(await fetch(authorize, { redirect: "manual" }));
  const typed = await page(await submit(action(asked), { individual_id: uin }));
  const consent = await page(await submit(action(typed), { otp }));
  const decided = await submit(action(consent), { decision, claims: "*" });
  if (decided.status !== 303) throw new Error(`no answer: ${decided.status} ${await decided.text()}`);
  return new URL(decided.headers.get("location"));
}
