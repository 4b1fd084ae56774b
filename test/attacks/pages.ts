// What pages show and say of themselves: markup of others, frames, caches, other origins.
import { CTX } from "../build.ts"
import { must, mustEqual } from "../conformance/oidc/run.ts"
import { type Attacks, cookiesOf, type World } from "./world.ts"

const SCRIPT = `"><script>alert(1)</script><img src=x onerror=alert(1)>`

/** What a browser would make of it: text in attributes is no markup. */
function mustEscape(text: string, what: string): void {
  const found: string[] = []
  new HTMLRewriter()
    .on("script:not([src])", { element: () => void found.push("script") })
    .on("[onerror]", { element: () => void found.push("onerror") })
    .transform(text)
  must(found.length === 0, `${what}: ${found} on the page`)
}

/** The pages on the way of an app, one of each kind. */
async function onTheWay({ run, url, person, signedIn }: World): Promise<[string, Response][]> {
  const agent = await signedIn(await person())
  const asked = run.ask({ scope: "openid email" })
  const consent = await agent.get(`${url}/authorize?${asked.params}`)
  const cookie = cookiesOf(agent, url)
  const broken = run.ask({ redirect_uri: "https://evil.example/" })
  return Promise.all(
    [
      ["sign-in", `${url}/login`],
      ["sign-up", `${url}/signup`],
      ["consent", consent.url],
      ["error", `${url}/authorize?${broken.params}`],
      ["sign-out", `${url}/logout`],
      ["new password", `${url}/forgot-password`],
    ].map(async ([name, address]) => [name!, await fetch(address!, { headers: { cookie } })] as [string, Response]),
  )
}

export const PAGES: Attacks = {
  async "markup in an app's name on the consent page (CVE-2026-32112)"({ server, target, run, url, person, signedIn }) {
    const client = server.app.oauth.clientByPublicId(target.clients.second.id)!
    const name = 'Story <b>teller</b> & "co"'
    await server.app.store.write(CTX, (tx) =>
      server.app.oauth.updateClientIn(tx, { ownerId: "any", clientPublicId: client.publicId, name }),
    )
    const agent = await signedIn(await person())
    const page = await agent.get(`${url}/authorize?${run.ask({ scope: "openid email" }, target.clients.second).params}`)
    must(page.text.includes("Story &lt;b"), "the name is not shown as it is")
    must(!page.text.includes("<b>teller"), "the name is markup")
  },
  async "markup in parameters on error pages (CVE-2026-33758)"({ run, url }) {
    for (const changes of [
      { client_id: SCRIPT },
      { redirect_uri: SCRIPT },
      { scope: SCRIPT },
      { response_type: SCRIPT },
      { prompt: SCRIPT },
      { claims: SCRIPT },
      { state: SCRIPT, response_type: "x" },
    ]) {
      const text = await (await fetch(`${url}/authorize?${run.ask(changes).params}`)).text()
      mustEscape(text, Object.keys(changes)[0]!)
    }
  },
  async "markup in login_hint"({ run }) {
    const outcome = await run.authorize(run.agent(), run.ask({ login_hint: `${SCRIPT}@example.com` }), {
      stopAt: "login",
    })
    must(outcome.kind === "page", "no page")
    mustEscape(outcome.text, "login_hint")
  },
  async "markup in what a form sends back"({ url, browser }) {
    const agent = browser()
    const page = await agent.submit(await agent.get(`${url}/signup`), "/signup", {
      email: SCRIPT,
      name: SCRIPT,
      password: "x",
    })
    mustEscape(page.text, "sign-up")
  },
  async "markup in addresses"({ url }) {
    for (const path of [
      `/${encodeURIComponent(SCRIPT)}`,
      `/login?interaction=${encodeURIComponent(SCRIPT)}`,
      `/reset-password?token=${encodeURIComponent(SCRIPT)}`,
      `/setup/${encodeURIComponent(SCRIPT)}`,
    ]) {
      mustEscape(await (await fetch(`${url}${path}`)).text(), path)
    }
  },
  async "names that deceive (bidi, zero width, this server's own)"({ server, url, person, signedIn }) {
    const user = await person()
    const agent = await signedIn(user)
    for (const name of ["\u202Eevil", "a\u200Bdmin", "\u3164", "Purser", "\u{E0041}"]) {
      const page = await agent.submit(await agent.get(`${url}/settings`), "/settings/name", { name })
      must(
        page.status === 422 || server.app.identity.userById(user.id)!.name !== name,
        `called ${JSON.stringify(name)}`,
      )
    }
  },
  async "pages in a frame (clickjacking)"(world) {
    for (const [name, answer] of await onTheWay(world)) {
      must(
        answer.headers.get("content-security-policy")?.includes("frame-ancestors 'none'"),
        `${name}: frame-ancestors`,
      )
      mustEqual(answer.headers.get("x-frame-options"), "DENY", `${name}: x-frame-options`)
    }
  },
  async "scripts in a page, by the CSP"(world) {
    for (const [name, answer] of await onTheWay(world)) {
      const csp = answer.headers.get("content-security-policy") ?? ""
      must(csp.includes("default-src 'none'"), `${name}: default-src`)
      must(!/unsafe-inline|unsafe-eval|\*/.test(csp), `${name}: ${csp}`)
      must(/base-uri 'none'/.test(csp), `${name}: base-uri`)
    }
  },
  async "addresses and pages in caches and referrers"(world) {
    for (const [name, answer] of await onTheWay(world)) {
      must(answer.headers.get("cache-control")?.includes("no-store"), `${name}: cache-control`)
      mustEqual(answer.headers.get("referrer-policy"), "no-referrer", `${name}: referrer-policy`)
      mustEqual(answer.headers.get("x-content-type-options"), "nosniff", `${name}: nosniff`)
      must(
        !/ (?:src|href)="https?:\/\/(?!localhost)[^"]+\.(?:js|css|png|woff2)"/.test(await answer.text()),
        `${name}: something of a third party`,
      )
    }
  },
  async "the authorization page read by another origin (CORS)"({ run, url }) {
    const answer = await fetch(`${url}/authorize?${run.ask().params}`, {
      headers: { origin: "https://evil.example" },
      redirect: "manual",
    })
    mustEqual(answer.headers.get("access-control-allow-origin"), null, "CORS on /authorize")
  },
  async "tokens with cookies across origins"({ url }) {
    for (const path of ["/token", "/userinfo", "/revoke"]) {
      const answer = await fetch(`${url}${path}`, { method: "OPTIONS", headers: { origin: "https://evil.example" } })
      mustEqual(answer.headers.get("access-control-allow-credentials"), null, path)
    }
  },
  async "secrets in the log"({ run, server }) {
    const { code, tokens, asked } = await run.flow({ scope: "openid offline_access", prompt: "consent" })
    const rows = server.app.store.read.all<{ text: string }>(
      "SELECT json_array(action, subject, before, after, reason) AS text FROM audit_log",
    )
    const text = rows.map((row) => row.text).join("\n")
    for (const value of [code, tokens.access_token, tokens.refresh_token, asked.verifier, asked.client.secret]) {
      must(!text.includes(String(value)), "a secret stands in the audit log")
    }
  },
}
