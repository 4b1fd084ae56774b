// Away from here: redirect URIs, return-to addresses, and pages that lead elsewhere.
import { back, CALLBACK, must, mustEqual, mustStay } from "../conformance/oidc/run.ts"
import type { Attack, Attacks } from "./world.ts"
import { cookiesOf, fieldsOf, post } from "./world.ts"

const refused =
  (...uris: string[]): Attack =>
  async ({ run, target }) => {
    for (const uri of uris) {
      const asked = run.ask({ redirect_uri: uri })
      mustStay(await run.authorize(run.agent(), asked, { person: await target.newPerson() }))
    }
  }

/** Whatever stands in `next`, a sign-in ends here. */
const staysHere =
  (...nexts: string[]): Attack =>
  async ({ url, person, signedIn }) => {
    const agent = await signedIn(await person())
    for (const next of nexts) {
      const answer = await fetch(`${url}/console/login?next=${encodeURIComponent(next)}`, {
        redirect: "manual",
        headers: { cookie: cookiesOf(agent, url) },
      })
      const location = answer.headers.get("location") ?? "/"
      must(new URL(location, url).origin === url, `${next} leads to ${location}`)
      // The way goes through /authorize, which comes back with what was asked for.
      const page = await agent.get(`${url}/console/login?next=${encodeURIComponent(next)}`)
      must(new URL(page.url).origin === url, `${next} ends at ${page.url}`)
    }
  }

export const REDIRECTS: Attacks = {
  "redirect URI by prefix": refused(`${CALLBACK}/more`, `${CALLBACK}2`, `${CALLBACK}.evil.example`),
  "redirect URI by subdomain or suffix of the host": refused(
    "https://rp.example.evil.example/callback",
    "https://evil-rp.example/callback",
    "https://a.rp.example/callback",
  ),
  "redirect URI with a user name (CVE-2023-6291)": refused(
    "https://rp.example@evil.example/callback",
    "https://rp.example:x@evil.example/callback",
  ),
  "redirect URI with dots, plain and encoded (CVE-2024-1132)": refused(
    "https://rp.example/a/../callback",
    "https://rp.example/a/..%2fcallback",
    "https://rp.example/a/%2e%2e/callback",
    "https://rp.example/a/%252e%252e/callback",
    "https://rp.example/a/..;/callback",
  ),
  "redirect URI in capital letters": refused(
    "HTTPS://rp.example/callback",
    "https://RP.EXAMPLE/callback",
    "https://rp.example/Callback",
  ),
  "redirect URI with another port or scheme": refused("https://rp.example:8443/callback", "http://rp.example/callback"),
  "redirect URI that runs (CVE-2026-67333)": refused("javascript:alert(1)", "data:text/html,hi", "vbscript:x"),
  "redirect URI with a fragment or an empty query": refused(`${CALLBACK}#a`, `${CALLBACK}?`, `${CALLBACK}#`),
  "redirect URI with backslashes and control signs": refused(
    "https://rp.example\\@evil.example/callback",
    "https://rp.example/callback\n",
    "https://rp.example/\tcallback",
  ),
  "redirect URI that looks like a pattern (CVE-2024-52289)": refused(
    "https://rpXexample/callback",
    "https://rp.exampl./callback",
  ),
  async "redirect URI exchanged at the consent form (CVE-2025-4143)"({ run, url, person, signedIn }) {
    const agent = await signedIn(await person())
    const asked = run.ask({ scope: "openid email" })
    const page = await agent.get(`${url}/authorize?${asked.params}`)
    const fields = fieldsOf(page, "/authorize/consent")
    const sent = {
      ...fields,
      decision: "approve",
      redirect_uri: "https://evil.example/callback",
      client_id: "cli_other",
    }
    const cookie = cookiesOf(agent, url)
    const answer = await post(`${url}/authorize/consent`, sent, { cookie, origin: url })
    const text = `${answer.headers.get("location") ?? ""} ${await answer.text()}`
    must(!text.includes("evil.example"), "the form's redirect_uri counts")
    must(text.includes("rp.example/callback"), "the request's own redirect URI was lost")
  },
  async "a code for a redirect URI of another request"({ run, target }) {
    const asked = run.ask()
    const code = await run.codeOf(run.agent(), asked, { person: await target.newPerson() })
    mustEqual((await run.redeem(asked, code, { redirect_uri: `${CALLBACK}?kept=yes` })).status, 400, "status")
  },
  "return-to another host after sign-in (CVE-2025-27143)": staysHere(
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
  ),
  "return-to with backslashes and control signs": staysHere(
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\u0000//evil.example",
  ),
  "return-to with dots in front of the host": staysHere(
    "/..//evil.example",
    "/.//evil.example",
    "/%2e%2e//evil.example",
  ),
  "return-to that runs": staysHere("javascript:alert(1)", "data:text/html,x"),
  async "an app's error as an open redirector (RFC 9700 §4.11.2)"({ run }) {
    // Nobody has acted here yet: the error is shown, with a link, and leaves by itself only for prompt=none.
    const asked = run.ask({ response_type: "token" })
    const outcome = await run.authorize(run.agent(), asked)
    must(outcome.kind === "page", "sent on to the app before anybody acted")
  },
  async "request_uri and jwks_uri as a way to fetch (CVE-2020-10770)"({ run }) {
    const asked: string[] = []
    const inside = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: ({ url }) => new Response(String(asked.push(new URL(url).pathname))),
    })
    const address = `http://127.0.0.1:${inside.port}`
    await run.authorize(run.agent(), run.ask({ request_uri: `${address}/inside` }).params)
    // Nobody waits for such a request. Each of ours is later than it, on a connection of its own, however slow the machine is.
    for (let at = 0; at < 10; at++) await fetch(`${address}/ours`, { headers: { connection: "close" } })
    await inside.stop(true)
    mustEqual(asked.filter((path) => path !== "/ours").length, 0, "requests to an address inside")
  },
  async "the redirect keeps state and iss apart from what was sent"({ run, target }) {
    const state = "a&code=forged&iss=https://evil.example#x"
    const asked = run.ask({ state })
    const params = back(await run.authorize(run.agent(), asked, { person: await target.newPerson() }))
    mustEqual(params.getAll("code").length, 1, "codes")
    mustEqual(params.get("state"), state, "state")
    mustEqual(params.get("iss"), target.issuer, "iss")
  },
}
