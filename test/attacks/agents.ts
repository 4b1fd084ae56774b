// Apps that came by themselves, and devices that wait with a code.
import { DOCUMENTS, REGISTRATION } from "../../src/oauth/index.ts"
import { CTX } from "../build.ts"
import { must, mustBe, mustEqual } from "../conformance/oidc/run.ts"
import { type Attacks, fieldsOf, post, type World } from "./world.ts"

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

async function register({ url, server }: World, more: Record<string, unknown>): Promise<Record<string, string>> {
  await server.app.settings.set(CTX, REGISTRATION, { value: "yes" })
  const metadata = { client_name: "Guest", redirect_uris: ["https://guest.example/cb"], ...more }
  const headers = { "content-type": "application/json" }
  const answer = await fetch(`${url}/register`, { method: "POST", headers, body: JSON.stringify(metadata) })
  mustEqual(answer.status, 201, "registered")
  return (await answer.json()) as Record<string, string>
}

async function device(world: World): Promise<Record<string, string>> {
  const grants = [DEVICE_GRANT, "authorization_code"]
  const { client_id } = await register(world, { token_endpoint_auth_method: "none", grant_types: grants })
  const answer = await post(`${world.url}/device_authorization`, { client_id: client_id!, scope: "llm" })
  return { client_id: client_id!, ...((await answer.json()) as Record<string, string>) }
}

const poll = async ({ url }: World, { client_id, device_code }: Record<string, string>) => {
  const answer = await post(`${url}/token`, {
    grant_type: DEVICE_GRANT,
    client_id: client_id!,
    device_code: device_code!,
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers }
}

export const AGENTS: Attacks = {
  async "a device's code approved with the page that another person opened (CVE-2026-45337)"(world) {
    const [owner, eve] = [await world.person(), await world.person()]
    const started = await device(world)
    const hers = await world.signedIn(owner)
    const asked = await hers.submit(await hers.get(started.verification_uri_complete!), "/device")
    const fields = fieldsOf(asked, "/authorize/consent")
    const theirs = await world.signedIn(eve)
    // Eve's own form token, the owner's page.
    const own = await theirs.submit(await theirs.get(`${world.url}/device`), "/device", {
      user_code: (await device(world)).user_code!,
    })
    const csrf = fieldsOf(own, "/authorize/consent").csrf!
    await theirs.post(`${world.url}/authorize/consent`, Object.entries({ ...fields, csrf, decision: "approve" }))
    mustBe(await poll(world, started), 400, "authorization_pending")
  },
  async "an empty secret of a client that registered itself (CVE-2026-44476)"(world) {
    const { client_id } = await register(world, {})
    const basic = { authorization: `Basic ${Buffer.from(`${client_id}:`).toString("base64")}` }
    const asked = { grant_type: "refresh_token", refresh_token: "rt_x" }
    for (const [fields, headers] of [
      [{ ...asked, client_id: client_id! }, {}],
      [{ ...asked, client_id: client_id!, client_secret: "" }, {}],
      [asked, basic],
    ] as const) {
      const answer = await post(`${world.url}/token`, fields, headers)
      const { error } = (await answer.json()) as { error: string }
      mustEqual(`${answer.status} ${error}`, "401 invalid_client", "no secret")
    }
  },
  async "a client's document within the house, by name, number and redirect"(world) {
    mustEqual(world.server.app.settings.get(DOCUMENTS), "yes", "documents")
    for (const clientId of [
      "https://127.0.0.1/client.json",
      "https://localhost/client.json",
      "https://[::1]/client.json",
      "https://169.254.169.254/latest/meta-data/iam",
      "https://metadata.internal/client.json",
      "https://0x7f000001/client.json",
    ]) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: "https://evil.example/cb",
        response_type: "code",
      })
      const answer = await fetch(`${world.url}/authorize?${query}`, { redirect: "manual" })
      mustEqual(answer.status, 400, clientId)
      must(world.server.app.oauth.clientByPublicId(clientId) === null, `${clientId} became a client`)
    }
  },
  async "prompt=none of an app that registered itself, as an open redirector (OAuth 2.1 §4.1.2.1)"(world) {
    const { client_id } = await register(world, { token_endpoint_auth_method: "none" })
    const eve = await world.signedIn(await world.person())
    const query = new URLSearchParams({
      client_id: client_id!,
      redirect_uri: "https://guest.example/cb",
      response_type: "code",
      scope: "llm",
      prompt: "none",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    })
    const signedOut = await fetch(`${world.url}/authorize?${query}`, { redirect: "manual" })
    mustEqual(`${signedOut.status} ${signedOut.headers.get("location")}`, "400 null", "signed out")
    const page = await eve.get(`${world.url}/authorize?${query}`)
    must(page.url.startsWith(world.url) && page.status === 400, `signed in, and led to ${page.url}`)
  },
  async "user codes by the thousand"(world) {
    const agent = await world.signedIn(await world.person())
    let page = await agent.get(`${world.url}/device`)
    let refused = 0
    for (let at = 0; at < 40; at++) {
      page = await agent.submit(page, "/device", { user_code: `BCDF-GHJ${"KLMNPQRSTVWXZ"[at % 13]}` })
      if (page.status === 429) refused++
    }
    must(refused >= 25, `only ${refused} of 40 were slowed down`)
  },
}
