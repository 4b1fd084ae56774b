// Set-up files: exported, changed and applied; what a file does not name stays, the same file again does nothing, and one that is refused
// anywhere changes nothing at all.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { readdirSync } from "node:fs"
import { CTX, makeUser, startTestServer, type TestServer } from "../../../../test/build.ts"
import { credits, nano } from "../../../app/index.ts"
import { createSetupFiles } from "./index.ts"
import { kindsOf } from "./kinds/index.ts"

let full: TestServer
let empty: TestServer
beforeAll(async () => {
  full = await startTestServer()
  empty = await startTestServer()
})
afterAll(async () => {
  await full?.close()
  await empty?.close()
})

const SECRETS = { OPENAI_API_KEY: "sk-one", LOCAL_API_KEY: "sk-local" }
const filesOf = ({ app }: TestServer) => createSetupFiles(app)
const apply = (server: TestServer, text: string, secrets: Record<string, string> = SECRETS, isDry = false) =>
  filesOf(server).apply(CTX, { text, secrets, isDry })
const refusalOf = (server: TestServer, text: string, secrets?: Record<string, string>) =>
  apply(server, text, secrets).then(
    () => "applied",
    (error: Error) => error.message,
  )

const FILE = `
purser: 1
settings:
  plans.free_budget_daily: 50000
  identity.domains_blocked: [spam.example]
upstreams:
  openai:
    kind: openai-compatible
    base_url: https://api.openai.com/v1
    key: { env: OPENAI_API_KEY }
    models: [gpt-5, gpt-5-mini]
    requests_per_minute: 500
    extra_fields: [min_tokens]
  local:
    kind: openai-compatible
    base_url: http://127.0.0.1:9/v1
    price_list: openai
    models: [tiny]
    enabled: false
    priority: 3
    draining: true
prices:
  openai/gpt-5:
    input: 1.25
    output: 10
    cache_read: "0.125"
    tiers: "200000 input=2.5 output=15"
    context_window: 400000
price_rules:
  - pattern: gpt-5*
    traffic: app
    priority: 5
    platform: 40
    developer: 60
    minimum: 0.001
models:
  house-1:
    model: openai/gpt-5-mini
    input_1k: 0.002
    output_1k: 0.02
plans:
  pro:
    price: 34.99
    yearly_price: 349
    monthly: 40000
packages:
  mega:
    name: Mega
    price: 500
    bonus: 100000
    bonus_days: 365
coupons:
  WELCOME10:
    kind: percent
    percent: 10
    max_uses: 100
    only_for: [package:mega, plan:pro]
    last_day: 2027-12-31
  GIFT500:
    kind: credits
    credits: 500
limits:
  everybody: { requests_minute: 60, spend_day: 2500.5 }
  plan:free: { concurrent: 2 }
admins: [Grace@Example.com]
`

test("one file makes all of it, the same file again does nothing, and what it does not name stays", async () => {
  const { app } = full
  const before = app.plans.planByCode("pro")!
  const changes = await apply(full, FILE)
  expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(kindsOf(app, {}).map(({ name }) => name)))

  expect(app.plans.freeBudgetNano()).toBe(credits(50_000))
  const upstream = app.gateway.upstreams().find(({ name }) => name === "openai")!
  expect(upstream).toMatchObject({ hasKey: true, models: ["gpt-5", "gpt-5-mini"], extraFields: ["min_tokens"] })
  expect(upstream.routing).toMatchObject({ requestsPerMinute: 500, priority: 0, weight: 1, isDraining: false })
  expect(app.gateway.holdsKey(upstream.publicId, "sk-one")).toBe(true)
  expect(app.gateway.holdsKey(upstream.publicId, "sk-two")).toBe(false)
  const local = app.gateway.upstreams().find(({ name }) => name === "local")!
  expect(local).toMatchObject({ enabled: false, hasKey: false, priceProvider: "openai" })
  expect(local.routing).toMatchObject({ priority: 3, isDraining: true })
  const [price] = app.pricing.priceHistory("openai", "gpt-5")
  expect(price!.price!.rates.output!.tiers).toEqual([{ above: 200_000, rate: 15_000_000n }])
  expect(price!.limits.contextWindow).toBe(400_000)
  const rule = app.pricing.rules().find(({ pattern }) => pattern === "gpt-5*")!
  expect(rule).toMatchObject({ traffic: "app", priority: 5, platformBp: 4_000, developerBp: 6_000, active: true })
  expect(rule.minimumNano).toBe(nano(1_000_000))
  expect(app.gateway.houseModels()).toMatchObject([{ name: "house-1", model: "openai/gpt-5-mini", active: true }])
  const plan = app.plans.planByCode("pro")!
  expect(plan).toEqual({
    ...before,
    priceNano: nano(34_990_000_000),
    yearlyNano: nano(349_000_000_000),
    monthlyNano: credits(40_000),
    updatedMs: plan.updatedMs,
  })
  expect(app.billing.packageBySlug("mega")).toMatchObject({ bonusNano: credits(100_000), bonusDays: 365, active: true })
  expect(app.billing.coupons.byCode("welcome10")).toMatchObject({ percent: 10, maxUses: 100 })
  expect(app.limits.rules().map(({ level, subject, kind, amount }) => [level, subject, kind, amount])).toEqual([
    ["everybody", "", "requests_minute", 60],
    ["everybody", "", "spend_day", 2_500_500_000],
    ["plan", "free", "concurrent", 2],
  ])
  const [grace] = app.identity.admins()
  expect(grace).toMatchObject({ email: "grace@example.com", emailVerified: true })
  expect((await app.identity.createLoginLink(CTX, "grace@example.com")).url).toContain("/login-link/")

  const audited = () => app.store.read.get<{ n: number }>("SELECT count(*) AS n FROM audit_log")!.n
  const writes = audited()
  expect(await apply(full, FILE)).toEqual([])
  expect(audited()).toBe(writes)
})

test("an export rebuilds the whole set-up on an empty house, and says the same there", async () => {
  const text = filesOf(full).export()
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret)
  expect(text).toContain('env: "OPENAI_API_KEY"')
  expect(await apply(full, text)).toEqual([])
  const dry = await apply(empty, text, SECRETS, true)
  expect(dry.length).toBeGreaterThan(10)
  expect(filesOf(empty).export()).not.toBe(text)
  expect(await apply(empty, text)).toEqual(dry)
  expect(filesOf(empty).export()).toBe(text)
  expect(empty.app.gateway.holdsKey(empty.app.gateway.upstreams()[0]!.publicId, "sk-one")).toBe(true)
})

test("an export is read alike by another reader, of YAML 1.1", () => {
  const text = filesOf(full).export()
  const python = ["/usr/bin/python3", "python3"].find(
    (one) => Bun.spawnSync([one, "-c", "import yaml"], { stderr: "ignore" }).exitCode === 0,
  )
  expect([process.env.PURSER_CI, python]).not.toEqual(["1", undefined])
  if (!python) return void console.log("\n*** no PyYAML: reading an export by it is SKIPPED ***\n")
  const program = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.read())))"
  const { stdout } = Bun.spawnSync([python, "-c", program], { stdin: Buffer.from(text) })
  expect(JSON.parse(stdout.toString())).toEqual(Bun.YAML.parse(text))
})

test("a dry run says field by field what would differ, and does nothing", async () => {
  const before = filesOf(full).export()
  const changes = await apply(
    full,
    'purser: 1\nplans: { pro: { price: "39.99" } }\nupstreams: { openai: { key: { env: OTHER } } }\nprices: { openai/gpt-5: null }',
    { OTHER: "sk-two" },
    true,
  )
  expect(changes).toEqual([
    {
      kind: "upstreams",
      entry: "openai",
      act: "changed",
      fields: [{ field: "key", before: null, after: "a new one" }],
    },
    { kind: "prices", entry: "openai/gpt-5", act: "removed", fields: [] },
    { kind: "plans", entry: "pro", act: "changed", fields: [{ field: "price", before: "34.99", after: "39.99" }] },
  ])
  expect(filesOf(full).export()).toBe(before)
  const key = full.app.gateway.upstreams().find(({ name }) => name === "openai")!
  expect(full.app.gateway.holdsKey(key.publicId, "sk-one")).toBe(true)
})

test("a file that is refused anywhere changes nothing, and every objection is told at once", async () => {
  const before = filesOf(full).export()
  const said = await refusalOf(
    full,
    `purser: 1
settings: { plans.free_budget_daily: 1, no.such: 2 }
upstreams:
  second: { kind: openai-compatible, base_url: nonsense, key: { env: NOWHERE } }
  openai: { kind: anthropic }
plans: { pro: { price: ten, colour: red }, gold: { price: 1 } }
packages: { tiny: { name: Tiny, price: 0.5 }, mega: null }
coupons: { WELCOME10: { percent: 50 } }
limits: { "plan:gold": { concurrent: 1 } }
admins: [nobody]
`,
  )
  for (const words of [
    "settings: no.such: There is no such setting",
    "upstreams: second: key: The environment has no NOWHERE",
    "upstreams: openai: The kind of an account stays",
    "plans: pro: price: Give an amount in dollars",
    "plans: pro: colour: There is no such field",
    "plans: gold: There is none of this name",
    "packages: tiny: price: Give a price from $1",
    "packages: mega: It cannot be taken away by a file",
    "coupons: WELCOME10: What a coupon gives stays",
    "limits: plan:gold: Limits of a file are of",
    "admins: nobody is no email address",
  ])
    expect(said).toContain(words)
  expect(said).toStartWith("The file was refused, and nothing was changed.")
  expect(filesOf(full).export()).toBe(before)
  expect(full.app.plans.freeBudgetNano()).toBe(credits(50_000))
})

/** A right entry that would change something, and one that is refused, of each section. */
const SECTIONS: Record<string, { right: string; wrong: string }> = {
  settings: { right: "{ plans.free_budget_daily: 777 }", wrong: "{ no.such: 1 }" },
  upstreams: { right: "{ local: { weight: 7 } }", wrong: "{ third: { kind: openai-compatible, base_url: nonsense } }" },
  prices: { right: "{ openai/gpt-5: { input: 7 } }", wrong: "{ openai/gpt-5: { input: many } }" },
  price_rules: {
    right: "[{ pattern: gpt-5*, traffic: app, priority: 5, platform: 33 }]",
    wrong: "[{ pattern: gpt-5*, traffic: app, priority: 5, platform: -1 }]",
  },
  models: { right: "{ house-1: { input_1k: 0.007 } }", wrong: "{ house-1: { input_1k: -1 } }" },
  plans: { right: "{ pro: { price: 77 } }", wrong: "{ pro: { price: ten } }" },
  packages: { right: "{ mega: { price: 777 } }", wrong: "{ mega: { price: 0.01 } }" },
  coupons: { right: "{ GIFT500: { max_uses: 7 } }", wrong: "{ NEWONE: { kind: percent, percent: 101 } }" },
  limits: { right: "{ everybody: { requests_minute: 77 } }", wrong: '{ "plan:gold": { concurrent: 1 } }' },
  admins: { right: "[hedy@example.com]", wrong: "[nobody]" },
}

test("one wrong entry in any section, and nothing of all the others is done", async () => {
  expect(Object.keys(SECTIONS).toSorted()).toEqual(
    kindsOf(full.app, {})
      .map(({ name }) => name)
      .toSorted(),
  )
  const before = filesOf(full).export()
  const fileOf = (wrong: string | null) =>
    `purser: 1\n${Object.entries(SECTIONS)
      .map(([name, entry]) => `${name}: ${name === wrong ? entry.wrong : entry.right}`)
      .join("\n")}`
  // Each right entry does something by itself.
  const dry = await apply(full, fileOf(null), SECRETS, true)
  expect(dry.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(SECTIONS).toSorted())
  for (const name of Object.keys(SECTIONS)) {
    const said = await refusalOf(full, fileOf(name))
    expect([name, said]).toEqual([name, expect.stringContaining(`- ${name}`)])
    expect([name, filesOf(full).export() === before]).toEqual([name, true])
  }
})

test("what is no set-up file is refused in words", async () => {
  const cases: [string, string][] = [
    ["", "has to begin with"],
    ["plans: {}", 'has to begin with "purser: 1"'],
    ["purser: 2", 'has to begin with "purser: 1"'],
    ["purser: 1\nplan: {}", "There is no section “plan”"],
    ["purser: 1\nplans: [pro]", "plans has to have an entry on each line"],
    ["purser: 1\nplans: { pro: 5 }", "plans: pro has to have fields"],
    ["purser: 1\nadmins: ada@example.com", "admins is a list"],
    ["purser: 1\nprice_rules: { a: 1 }", "price_rules is a list"],
    ["purser: 1\nadmins: [a@example.com, A@example.com]", "admins names a@example.com twice"],
    ["purser: [", "This is no valid YAML"],
    ["purser: 1\nplans:\n  pro: { price: 1 }\n  pro: { price: 2 }", "Map keys must be unique at line 4, column 3"],
    ["purser: 1\nplans: { pro: { price: 1, price: 2 } }", "Map keys must be unique at line 2"],
    ["purser: 1\nplans: *nothing", "an alias (*name) leads nowhere"],
    ["purser: 1\nplans: &x { pro: *x }", "plans: pro"],
    [
      `purser: 1\na: &a [${"x,".repeat(90)}x]\n${[..."bcdefgh"].map((name, at) => `${name}: &${name} [${`*${"abcdefg"[at]},`.repeat(20)}1]`).join("\n")}`,
      "leads nowhere, or to too much",
    ],
    ["purser: 1\n---\npurser: 1", "multiple documents"],
    [`purser: 1 #${"x".repeat(2_000_000)}`, "larger than 2 MB"],
    ["purser: 1\nplans: { pro: { price: 12345678901.123456789 } }", "price"],
    ["purser: 1\nupstreams: { a: { key: sk-plain } }", "This is not the kind of value"],
    ["purser: 1\nlimits: { __proto__: { concurrent: 1 } }", "Limits of a file are of"],
  ]
  for (const [text, words] of cases)
    expect([text.slice(0, 60), await refusalOf(full, text)]).toEqual([
      text.slice(0, 60),
      expect.stringContaining(words),
    ])
})

test("a person who is there becomes an admin as they are", async () => {
  const ada = await makeUser(full.app, { email: "ada@example.com", name: "Ada" })
  expect(await apply(full, "purser: 1\nadmins: [ada@example.com]")).toMatchObject([
    { entry: "ada@example.com", act: "added" },
  ])
  expect(full.app.identity.userById(ada.id)).toMatchObject({ isAdmin: true, name: "Ada" })
})

test("every kind of a file has its section in the documentation", async () => {
  const page = await Bun.file(`${import.meta.dir}/../../../../docs/reference/setup-file.md`).text()
  for (const { name } of kindsOf(full.app, {})) expect(page).toContain(`## \`${name}\``)
  // Its example is a whole file.
  const example = /```yaml\n([\s\S]+?)```/.exec(page)![1]!
  const changes = await apply(empty, example, SECRETS, true)
  expect(changes.length).toBeGreaterThan(0)
  expect(readdirSync(`${import.meta.dir}/kinds`).length).toBe(kindsOf(full.app, {}).length + 1)
})
