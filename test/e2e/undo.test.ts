// Every act with a way back: the toast says the new value, and its undo brings back exactly what was.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText, type WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let ada: User
let agents: Record<"ada" | "grace" | "dev", WebAgent>
let upstream: string
let app: string
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  upstream = (
    await server.app.gateway.addUpstream(CTX, {
      kind: "openai-compatible",
      name: "far",
      baseUrl: "http://127.0.0.1:9/v1",
      models: ["m"],
    })
  ).publicId
  ada = await makeUser(server.app, { name: "Ada" })
  const grace = await makeUser(server.app, { isAdmin: true })
  const dev = await makeDeveloper(server.app)
  const { client, secret } = await makeClient(server.app, { ownerId: dev.id, name: "Quill" })
  app = client.publicId
  await mintTokens(server.app, { user: ada, client, secret, dailyNano: credits(50) })
  await server.app.plans.change(CTX, { user: ada, planCode: "professional" })
  await server.app.keys.create(CTX, { userId: ada.id, name: "Nightly report", scopes: ["llm", "manage"] })
  agents = {
    ada: await signedIn(server, ada.email),
    grace: await signedIn(server, grace.email),
    dev: await signedIn(server, dev.email),
  }
}, 30_000)
afterAll(() => server?.close())

const at = (path: string) => `${server.url}${path}`

interface Act {
  name: string
  by: keyof typeof agents
  /** Where its form stands, and where that leads. */
  page: () => string
  action?: () => string
  values: Record<string, string>
  says: RegExp
  /** What it changes. */
  state: () => unknown
}

const consent = () => server.app.oauth.consentsOf(ada.id)[0]!
const ownKey = () => server.app.keys.of(ada.id)[0]!
const keyTerms = () => {
  const { name, scopes, allowedIps, expiresMs } = ownKey()
  return { name, scopes, allowedIps, expiresMs }
}
const person = () => `/admin/users/${ada.publicId}`
const ACTS: Act[] = [
  {
    name: "limits of an app",
    by: "ada",
    page: () => `/apps/${consent().publicId}/limits`,
    values: { limit_llm: "77" },
    says: /Quill may spend 77 credits a day\./,
    state: () => consent().limits,
  },
  {
    name: "name",
    by: "ada",
    page: () => "/settings",
    action: () => "/settings/name",
    values: { name: "Ada King" },
    says: /Your name is Ada King now\./,
    state: () => server.app.identity.userById(ada.id)?.name,
  },
  {
    name: "an API key",
    by: "ada",
    page: () => `/keys/${ownKey().publicId}`,
    values: { name: "Daily report", last_day: "2099-12-31", allowed_ips: "10.0.0.0/8" },
    says: /Saved: name Daily report, last day 2099-12-31, works from 10\.0\.0\.0\/8\./,
    state: () => keyTerms(),
  },
  {
    name: "an API key switched off",
    by: "ada",
    page: () => `/keys/${ownKey().publicId}`,
    action: () => `/keys/${ownKey().publicId}/deactivation`,
    values: {},
    says: /Nightly report is switched off\./,
    state: () => ownKey().disabledMs === null,
  },
  {
    name: "a setting",
    by: "grace",
    page: () => "/admin/settings/developers.paid_days",
    values: { value: "21", reason: "Slower" },
    says: /available after: 21 days now\./,
    state: () => server.app.developers.earningTerms().paidDays,
  },
  {
    name: "terms of earning",
    by: "grace",
    page: () => "/admin/earnings",
    values: { payout_min: "25", promo_cap: "2.5", reason: "Larger" },
    says: /Terms of earning now: free credits earn one developer at most 2\.5%, smallest payout \$25\./,
    state: () => server.app.developers.earningTerms(),
  },
  {
    name: "free budget",
    by: "grace",
    page: () => "/admin/plans",
    action: () => "/admin/plans/free-budget",
    values: { credits: "5,000", reason: "Less" },
    says: /Up to 5,000 credits a day are free now\./,
    state: () => server.app.plans.freeBudgetNano(),
  },
  {
    name: "a plan",
    by: "grace",
    page: () => "/admin/plans/starter",
    values: { price: "8.5", reason: "Dearer" },
    says: /Starter now: price a month \$8\.5\./,
    state: () => ({ ...server.app.plans.planByCode("starter"), updatedMs: 0 }),
  },
  {
    name: "suspension",
    by: "grace",
    page: () => `${person()}/suspension`,
    values: { reason: "Spam" },
    says: /is suspended\./,
    state: () => server.app.identity.isSuspended(ada.id),
  },
  {
    name: "an upstream that is turned off",
    by: "grace",
    page: () => `/admin/upstreams/${upstream}/deactivation`,
    values: {},
    says: /far is off: it gets no new calls\./,
    state: () => server.app.gateway.upstream(upstream)?.enabled,
  },
  {
    name: "the account of an upstream",
    by: "grace",
    page: () => `/admin/upstreams/${upstream}`,
    values: { max_tokens_field: "max_completion_tokens", extra_fields: "min_tokens\nmessages.weight" },
    says: /far now: field for the longest answer max_completion_tokens, extra fields messages\.weight, min_tokens\./,
    state: () => {
      const { maxTokensField, extraFields, baseUrl, priceProvider } = server.app.gateway.upstream(upstream)!
      return { maxTokensField, extraFields, baseUrl, priceProvider }
    },
  },
  {
    name: "a plan that comes later",
    by: "grace",
    page: () => `${person()}/plan`,
    values: { plan: "starter", reason: "Asked for" },
    says: /then comes Starter\./,
    state: () => server.app.plans.standingOf(ada.id).pendingPlan,
  },
  {
    name: "details of an app",
    by: "dev",
    page: () => `/developer/apps/${app}`,
    values: { name: "Quill 2", redirect_uris: "https://quill.example/a\nhttps://quill.example/b", scope: "profile" },
    says: /Saved: name Quill 2, redirect URIs https:\/\/quill\.example\/a, https:\/\/quill\.example\/b, scopes profile\./,
    state: () => {
      const { name, redirectUris, homepageUrl, scopes } = server.app.oauth.clientById(
        server.app.oauth.clientsOf(consent().client.ownerId!)[0]!.id,
      )!
      return { name, redirectUris, homepageUrl, scopes }
    },
  },
]

const undoOf = (page: WebPage) => page.forms.at(-1)!

for (const act of ACTS)
  test(`${act.name}: the new value is said, and undone`, async () => {
    const agent = agents[act.by]
    const before = act.state()
    const action = act.action?.() ?? act.page()
    const done = await agent.submit(await agent.get(at(act.page())), action, act.values)
    expect({ status: done.status, says: plainText(done.text) }).toEqual({
      status: 200,
      says: expect.stringMatching(act.says),
    })
    expect(act.state()).not.toEqual(before)
    expect(done.text).toContain('class="toast-undo"')
    const { action: way, fields } = undoOf(done)
    const undone = await agent.post(new URL(way, done.url).href, fields)
    expect(undone.status).toBe(200)
    expect(act.state()).toEqual(before)
  }, 20_000)

test("an undo does not overwrite what somebody changed in between", async () => {
  const { grace } = agents
  const path = "/admin/settings/developers.paid_days"
  const done = await grace.submit(await grace.get(at(path)), path, { value: "30", reason: "One" })
  const { action, fields } = undoOf(done)
  await Bun.sleep(5)
  await grace.submit(await grace.get(at(path)), path, { value: "40", reason: "Two" })
  const late = await grace.post(new URL(action, done.url).href, fields)
  expect(late.status).toBe(422)
  expect(server.app.developers.earningTerms().paidDays).toBe(40)
})

test("an act without a way back offers none", async () => {
  const { grace } = agents
  const moved = await grace.submit(await grace.get(at(`${person()}/plan`)), `${person()}/plan`, {
    plan: "enterprise",
    reason: "Up, at once",
  })
  expect(plainText(moved.text)).toContain("The plan is Enterprise now.")
  const bonus = `${person()}/wallet/bonus`
  const asked = await grace.submit(await grace.get(at(bonus)), bonus, { amount: "5", reason: "A gift" })
  const given = await grace.submit(asked, bonus)
  expect(plainText(given.text)).toContain("got 5 credits.")
  for (const page of [moved, given]) expect(page.text).not.toContain("toast-undo")
})
