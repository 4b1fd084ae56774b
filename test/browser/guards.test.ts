// What the pages refuse and keep, over plain HTTP: framing, forms of other sites, and values that were typed.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { makeClient, PASSWORD, type TestServer } from "../build.ts"
import { authorizeUrl, csrfOf, field, type House, openHouse } from "./house.ts"

let house: House
let server: TestServer
beforeAll(async () => {
  house = await openHouse()
  server = house.server
})
afterAll(() => server?.close())

describe("headers", () => {
  test("no page of the sign-in can be framed, cached or made to run foreign code", async () => {
    const paths = [
      "/login",
      "/forgot-password",
      "/reset-password?token=x",
      "/search?q=x",
      "/signup",
      "/logout",
      "/signed-out",
      "/setup/gone",
      "/nowhere",
      "/",
      "/authorize",
    ]
    for (const path of paths) {
      const { headers } = await fetch(`${server.url}${path}`, { redirect: "manual" })
      const csp = headers.get("content-security-policy") ?? ""
      expect(csp).toContain("default-src 'none'")
      expect(csp).toContain("frame-ancestors 'none'")
      expect(csp).toContain("base-uri 'none'")
      expect(csp).toContain("script-src 'self';")
      expect(csp).not.toContain("unsafe")
      expect(headers.get("x-frame-options")).toBe("DENY")
      expect(headers.get("cache-control")).toBe("no-store")
      expect(headers.get("referrer-policy")).toBe("no-referrer")
      expect(headers.get("x-content-type-options")).toBe("nosniff")
    }
  })

  test("forms go to this server only; the answer that leads to an app is a page that goes on by itself", async () => {
    const { client } = await makeClient(server.app, { ownerId: house.owner.id, name: "Goes On" })
    const agent = new WebAgent((next) => next.origin === server.url)
    const login = await agent.get(authorizeUrl(server, client.publicId))
    expect(login.headers.get("content-security-policy")).toEndWith("form-action 'self'")
    const consent = await agent.submit(login, "/login", { email: house.owner.email, password: PASSWORD })
    const form = consent.forms.find((one) => one.action === "/authorize/consent")!
    const cookies = ["browser", "auth"].map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`)
    const answer = await fetch(`${server.url}/authorize/consent`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: cookies.join("; "), origin: server.url },
      body: new URLSearchParams([...form.fields, ["decision", "approve"]]),
    })
    expect(answer.status).toBe(200)
    expect(answer.headers.get("cache-control")).toBe("no-store")
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer")
    const text = await answer.text()
    const to = /<meta http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1]
    expect(to).toStartWith("http://127.0.0.1:9/callback?code=ac_")
    expect(text).toContain(`href="${to}"`)
    expect(plainText(text)).toContain("127.0.0.1:9")
  })

  test("pages of a sign-in keep the popup that an app opened; all others cut foreign openers off", async () => {
    const policy = async (path: string) =>
      (await fetch(`${server.url}${path}`, { redirect: "manual" })).headers.get("cross-origin-opener-policy")
    const signIn = ["/login", "/signup", "/forgot-password", "/forgot-password/sent", "/reset-password?token=x"]
    for (const path of [...signIn, "/authorize", "/authorize/consent"]) {
      expect({ path, policy: await policy(path) }).toEqual({ path, policy: "unsafe-none" })
    }
    for (const path of ["/", "/logout", "/signed-out", "/setup/gone", "/nowhere", "/loginx", "/search?q=/login"]) {
      expect({ path, policy: await policy(path) }).toEqual({ path, policy: "same-origin" })
    }
    const dashboard = await house.mine.get(`${server.url}/dashboard`)
    expect(dashboard.headers.get("cross-origin-opener-policy")).toBe("same-origin")
  })

  test("every successful form answers 303", async () => {
    const cookies = (agent: WebAgent) =>
      ["browser", "auth", "console"].map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`).join("; ")
    const send = async (path: string, fields: Record<string, string>) =>
      fetch(`${server.url}${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie: cookies(house.mine), origin: server.url },
        body: new URLSearchParams({ csrf: await csrfOf(server, house.mine), ...fields }),
      })
    expect((await send("/settings/theme", { theme: "system" })).status).toBe(303)
    expect((await send("/claims", {})).status).toBe(303)
    expect((await send(`${house.consentPath}/limits`, { limit_llm: "5" })).status).toBe(303)
    expect((await send("/login", { email: house.owner.email, password: PASSWORD })).status).toBe(303)
  })
})

describe("forms of other sites", () => {
  const forge = (headers: Record<string, string>, csrf: string) =>
    fetch(`${server.url}/claims`, {
      method: "POST",
      redirect: "manual",
      headers: {
        cookie: ["browser", "console"].map((n) => `purser_${n}=${house.mine.cookie(server.url, `_${n}`)}`).join("; "),
        ...headers,
      },
      body: new URLSearchParams({ csrf }),
    })

  test("are refused with a page that says what to do", async () => {
    const csrf = await csrfOf(server, house.mine)
    const wrong = [
      forge({ "sec-fetch-site": "cross-site", origin: "https://evil.example" }, csrf),
      forge({ "sec-fetch-site": "same-site" }, csrf),
      forge({ origin: "https://evil.example" }, csrf),
      forge({ origin: "null", "sec-fetch-site": "cross-site" }, csrf),
      forge({ origin: "null" }, await csrfOf(server, house.hers)),
      forge({ origin: server.url }, ""),
      forge({ origin: server.url }, await csrfOf(server, house.hers)),
    ]
    for (const answer of await Promise.all(wrong)) {
      expect(answer.status).toBe(403)
      const text = plainText(await answer.text())
      expect(text).toContain("Go back, reload the page and send it again.")
    }
    expect((await forge({ "sec-fetch-site": "same-origin", origin: server.url }, csrf)).status).toBe(303)
  })

  test("what scripts of our pages ask opens nothing for other sites", async () => {
    const csrf = await csrfOf(server, house.mine)
    const swap = { "x-swap": "1", "sec-fetch-mode": "cors" }
    const ours = await forge({ ...swap, "sec-fetch-site": "same-origin", origin: server.url }, csrf)
    expect([ours.status, ours.headers.get("location")]).toEqual([204, null])
    expect(ours.headers.get("x-location")).toBe("/dashboard")
    expect(ours.headers.get("access-control-allow-origin")).toBeNull()
    for (const theirs of [
      forge({ ...swap, "sec-fetch-site": "cross-site", origin: "https://evil.example" }, csrf),
      forge({ ...swap, "sec-fetch-site": "same-site", origin: "https://evil.example" }, csrf),
      forge({ ...swap, "sec-fetch-site": "same-origin", origin: server.url }, ""),
      forge({ ...swap, "sec-fetch-site": "same-origin", origin: server.url }, await csrfOf(server, house.hers)),
    ])
      expect((await theirs).status).toBe(403)
    // A browser asks before it sends such a header from another site, and is told nothing that allows it.
    for (const path of ["/claims", "/login", "/authorize/consent", "/dashboard"]) {
      const asked = { origin: "https://evil.example", "access-control-request-method": "POST" }
      const headers = { ...asked, "access-control-request-headers": "x-swap" }
      const preflight = await fetch(`${server.url}${path}`, { method: "OPTIONS", headers })
      expect(preflight.headers.get("access-control-allow-origin")).toBeNull()
      expect(preflight.headers.get("access-control-allow-headers")).toBeNull()
    }
  })

  test("another content type is refused, not read", async () => {
    const answer = await fetch(`${server.url}/login`, { method: "POST", body: "{}", headers: { origin: server.url } })
    expect(answer.status).toBe(415)
    expect(answer.headers.get("content-type")).toStartWith("text/html")
  })
})

describe("what was typed stays", () => {
  test("sign-in, sign-up and setup keep all but the password", async () => {
    const agent = new WebAgent()
    const login = await agent.submit(await agent.get(`${server.url}/login`), "/login", {
      email: "someone@example.com",
      password: "a wrong password",
    })
    expect(login.status).toBe(422)
    expect(field(login, "/login", "email")).toBe("someone@example.com")
    const signup = await agent.submit(await agent.get(`${server.url}/signup`), "/signup", {
      name: "Some “One” <b>",
      email: "not an address",
      password: "a long password",
    })
    expect(signup.status).toBe(422)
    expect(field(signup, "/signup", "name")).toBe("Some “One” <b>")
    expect(field(signup, "/signup", "email")).toBe("not an address")
    for (const page of [login, signup]) expect(page.text).not.toContain('password" value')
    expect(login.text + signup.text).not.toContain("a wrong password")
    expect(signup.text).not.toContain("a long password")
  })

  test("consent keeps limits and unticked boxes", async () => {
    const client = server.app.oauth.clientsOf(house.owner.id)[0]!
    const consent = await house.hers.get(authorizeUrl(server, client.publicId))
    expect(consent.url).toContain("/authorize/consent?interaction=")
    const interaction = field(consent, "/authorize/consent", "interaction")!
    const csrf = field(consent, "/authorize/consent", "csrf")!
    const answer = await house.hers.post(`${server.url}/authorize/consent`, [
      ["csrf", csrf],
      ["interaction", interaction],
      ["scope", "llm"],
      ["limit_llm", "about 7"],
      ["decision", "approve"],
    ])
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('value="about 7"')
    const ticked = answer.forms.flatMap((form) => form.fields).filter(([name]) => name === "scope")
    expect(ticked).toEqual([["scope", "llm"]])
  })

  test("an app's limits keep what could not be read", async () => {
    const limits = await house.mine.get(`${server.url}${house.consentPath}/limits`)
    const answer = await house.mine.submit(limits, `${house.consentPath}/limits`, { limit_llm: "-3" })
    expect(answer.status).toBe(422)
    expect(field(answer, `${house.consentPath}/limits`, "limit_llm")).toBe("-3")
    expect(answer.text).toContain("Enter credits per day, such as 100.")
  })
})
