// Every CSV file that there is, read by Python's csv module: as many cells in each row as in the head, UTF-8, exact decimals, sums that are those
// of pages and of the other files, and no cell that a spreadsheet runs as a formula, whatever people call their things.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, ownerOf } from "../build.ts"
import { approvedPayout } from "../payout-world.ts"
import { addressOf, openRouteWorld, parameterOf, type RouteWorld } from "../routes.ts"
import { python } from "./python.ts"

interface Table {
  name: string
  head: string[] | null
  rows: string[][]
  /** Of columns, what the numbers in them come to. */
  sums: Record<string, string>
  problems: string[]
}

/** Where people give a name that ends up in a file; each begins as a formula, and has all that must be quoted. */
const NAMED = [
  ["users", "name"],
  ["users", "company"],
  ["oauth_clients", "name"],
  ["api_keys", "name"],
  ["developers", "company"],
  ["upstreams", "name"],
  ["plans", "name"],
  ["market_products", "title"],
  ["market_plans", "name"],
  ["market_publishers", "name"],
  ["mcp_servers", "title"],
  ["teams", "name"],
  ["notices", "title"],
  ["support_threads", "subject"],
] as const
const FORMULAS = ['=HYPERLINK("http://x/";"a")', "+1+1", "-2+3,4", "@SUM(1)", "\t=1", '＝1,"\r\n=2']

let world: RouteWorld
let agents: Record<"person" | "developer" | "admin" | "team", WebAgent>
const files = new Map<string, { bytes: Uint8Array; headers: Headers }>()
let tables: Table[]

const cookieOf = (agent: WebAgent) => agent.cookieHeader(world.server.url)

async function keep(name: string, path: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(world.server.at(path), { headers, redirect: "manual" })
  expect([path, answer.status]).toEqual([path, 200])
  files.set(name, { bytes: await answer.bytes(), headers: answer.headers })
}

/** By addresses of pages, and by links on them: all cuts of all figures. */
async function crawl(): Promise<void> {
  for (const entry of ALL_PAGES) {
    const { viewer, kind = "page" } = entry
    if (viewer === "anyone" || kind === "stream" || kind === "redirect") continue
    const agent = agents[viewer as "person" | "developer" | "admin"]
    const url = addressOf(world, entry)
    const { text, headers } = await agent.get(url)
    const found = [...text.matchAll(/href="([^"]*(?:\.csv|\/export|\/download)[^"]*)"/g)].map(([, href]) =>
      href!.replaceAll("&amp;", "&"),
    )
    if (headers.get("content-type")?.startsWith("text/csv")) found.push(url.slice(world.server.url.length))
    for (const path of found) if (!files.has(path)) await keep(path, path, { cookie: cookieOf(agent) })
  }
}

async function asTeam(): Promise<WebAgent> {
  const agent = await signedIn(world.server, world.person.email)
  const { forms } = await agent.get(world.server.at("/settings"))
  const csrf = forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(world.server.at("/acting"), [
    ["csrf", csrf],
    ["team", parameterOf(world, "team")],
  ])
  return agent
}

beforeAll(async () => {
  world = await openRouteWorld()
  const { server, developer, person, clientId } = world
  const { app } = server
  // What people gave in the past was checked by the rules of then; a file is safe whatever is in the rows.
  await app.store.write(CTX, (tx) => {
    for (const [at, [table, column]] of NAMED.entries())
      tx.run(`UPDATE ${table} SET ${column} = substr(? || ${column}, 1, 40)`, FORMULAS[at % FORMULAS.length]!)
  })
  for (const reason of FORMULAS)
    await app.store.write({ ...CTX, reason }, (tx) => {
      const terms = { type: "bonus", bucket: "bonus", paid: false, key: `formula ${reason}` } as const
      app.ledger.grantIn(tx, { owner: ownerOf(person), mode: "live", amountNano: credits(1), ...terms })
    })
  const sign = (email: string) => signedIn(server, email)
  agents = {
    person: await sign(person.email),
    developer: await sign(developer.email),
    admin: await sign(world.admin.email),
    team: await asTeam(),
  }
  await crawl()
  for (const by of ["day", "member"]) await keep(`team ${by}`, `/usage.csv?by=${by}`, { cookie: cookieOf(agents.team) })
  await keep("team credits", "/credits.csv", { cookie: cookieOf(agents.team) })
  const { secret } = await app.appKeys.create(CTX, {
    ownerId: developer.id,
    clientPublicId: clientId,
    name: "Tables",
    scopes: ["users", "usage", "revenue"],
  })
  const analytics = ["usage", "revenue"].flatMap((what) =>
    ["", "?by=endpoint", "?by=model", "?by=scope"].map((by) => `/analytics/${what}${by}`),
  )
  for (const path of ["/users", `/users/${person.publicId}`, ...analytics])
    await keep(`/v1/app${path}`, `/v1/app${path}`, { authorization: `Bearer ${secret}`, accept: "text/csv" })
  // To PayPal: a table without a head.
  await app.store.write(CTX, (tx) => {
    const typed = { kind: "paypal", email: developer.email, currency: "USD" } as const
    app.payouts.setMethodIn(tx, { userId: developer.id, typed })
  })
  await approvedPayout(app, developer.id)
  const made = await app.store.write(CTX, (tx) =>
    app.payouts.makeFileIn(tx, { format: "paypal", actor: "admin:usr_x" }),
  )
  await keep("paypal", `/admin/payouts/files/${made.publicId}/download`, { cookie: cookieOf(agents.admin) })
  await app.store.write(CTX, (tx) => app.privacy.askCopyIn(tx, person.id))
  await app.privacy.makeCopy(new AbortController().signal)
  const copy = app.privacy.copyOf(person.id)!
  await keep("copy.zip", `/settings/data/copies/${copy.publicId}`, { cookie: cookieOf(agents.person) })
  const sent = [...files].map(([name, { bytes, headers }]) => ({
    name,
    bytes: Buffer.from(bytes).toString("base64"),
    head: headers.get("content-type")!.includes("header=present"),
  }))
  tables = await python<Table[]>("table-reader.py", JSON.stringify(sent))
}, 240_000)
afterAll(() => world?.server.close())

const tableOf = (name: string): Table => {
  const found = tables.find((one) => one.name === name || one.name.startsWith(`${name}?`))
  if (!found) throw new Error(`there is no ${name}; there are ${tables.map((one) => one.name).join(", ")}`)
  return found
}
const column = ({ head, rows }: Table, name: string) => rows.map((row) => row[head!.indexOf(name)]!)

/** What the pages say beside a label: the first number behind it. */
async function shown(who: keyof typeof agents, path: string, label: string): Promise<number> {
  const words = plainText((await agents[who].get(world.server.at(path))).text)
  const start = words.slice(words.indexOf("Theme: Dark")).split(`${label} `)[1]
  return Number(/^\$?([\d,.]*\d)/.exec(start ?? "")?.[1]?.replaceAll(",", ""))
}

test("all of them are here: who adds a file adds it to this test", async () => {
  const ids = [world.person.publicId, parameterOf(world, "payoutfile"), parameterOf(world, "app")]
  const paths = [...files.keys()].map((name) => ids.reduce((path, id) => path.replace(id, "…"), name.split("?")[0]!))
  expect([...new Set(paths)].toSorted()).toEqual([
    "/admin/analytics.csv",
    "/admin/audit.csv",
    "/admin/billing.csv",
    "/admin/payouts/files/…/download",
    "/admin/users.csv",
    "/admin/users/…/wallet.csv",
    "/credits.csv",
    "/developer/analytics/export",
    "/developer/apps/…/health/export",
    "/marketplace/weather/usage.csv",
    "/mcp/travel/use.csv",
    "/publisher/revenue.csv",
    "/usage.csv",
    "/v1/app/analytics/revenue",
    "/v1/app/analytics/usage",
    "/v1/app/users",
    "/v1/app/users/…",
    "copy.zip",
    "paypal",
    "team credits",
    "team day",
    "team member",
  ])
  // By API there are those alone whose document says so.
  const { paths: told } = (await (await fetch(world.server.at("/openapi.json"))).json()) as { paths: object }
  const documented = Object.entries(told).filter(([, operations]) => JSON.stringify(operations).includes("text/csv"))
  expect(documented.map(([path]) => path.replace(/\{\w+\}/, "…")).toSorted()).toEqual(
    [...new Set(paths)].filter((path) => path.startsWith("/v1/")).toSorted(),
  )
  const parts = (path: string, name: string) =>
    [...files.keys()].flatMap((file) =>
      file.startsWith(`${path}?`) ? (new URLSearchParams(file.split("?")[1]).get(name) ?? []) : [],
    )
  expect(parts("/usage.csv", "by").toSorted()).toEqual(["app", "day", "endpoint", "key", "model", "payer", "scope"])
  expect(parts("/admin/analytics.csv", "part")).toHaveLength(10)
  expect(tables.filter(({ name }) => name.startsWith("copy.zip")).length).toBeGreaterThan(25)
})

test("each is a file to keep: its head is said, no cache has it and no browser guesses what it is", () => {
  for (const [name, { headers }] of files) {
    const said = ["content-disposition", "cache-control", "x-content-type-options"].map((one) => headers.get(one) ?? "")
    expect([name, said]).toEqual([
      name,
      [expect.stringMatching(/^attachment; filename="[\w.-]+"$/), expect.stringContaining("no-store"), "nosniff"],
    ])
    if (name !== "copy.zip")
      expect([name, headers.get("content-type")]).toEqual([
        name,
        `text/csv; charset=utf-8; header=${name === "paypal" ? "absent" : "present"}`,
      ])
  }
})

test("Python reads each one, and finds nothing wrong with it", () => {
  expect(tables.flatMap(({ name, problems }) => problems.map((problem) => [name, problem]))).toEqual([])
  // It had something to find: each formula came out in some file, as text.
  const cells = tables.flatMap(({ rows }) => rows.flat())
  for (const formula of FORMULAS)
    expect([formula, cells.some((cell) => cell.startsWith(`'${formula}`))]).toEqual([formula, true])
  // A number of milliseconds is no time of day in 1970.
  expect(
    tables.filter(({ rows }) => rows.flat().some((cell) => cell.startsWith("1970-"))).map(({ name }) => name),
  ).toEqual([])
})

test("figures of a person: each part comes to what the page says, and each line of credits to the next", async () => {
  const used = tables.filter(({ name }) => name.startsWith("/usage.csv") && !name.includes("by=key"))
  expect(used.length).toBeGreaterThan(6)
  const [spent, calls] = [await shown("person", "/usage", "Credits used"), await shown("person", "/usage", "Calls")]
  for (const { name, sums } of used)
    expect([name, Number(sums.credits_used), Number(sums.calls)]).toEqual([name, spent, calls])
  const lines = tableOf("/credits.csv")
  const [amounts, before, after] = ["amount_nano", "balance_before_nano", "balance_after_nano"].map((name) =>
    column(lines, name).map(BigInt),
  )
  for (const [at, amount] of amounts!.entries()) {
    expect(before![at]! + amount).toBe(after![at]!)
    if (at > 0) expect(before![at - 1]!).toBe(after![at]!)
  }
  expect([before!.at(-1), BigInt(lines.sums.amount_nano!)]).toEqual([0n, after![0]!])
  // Credits of a payment that a bank asks about are theirs still, and not to be spent.
  const { frozenNano } = world.server.app.ledger.wallet(ownerOf(world.person), "live")
  const balance = await shown("person", "/credits", "Current balance")
  expect(Number(lines.sums.amount_credits)).toBe(balance + frozenNano / credits(1))
  expect(tableOf("copy.zip credits.csv").sums.remaining_credits).toBe(column(lines, "balance_after_credits")[0]!)
  expect(Number(tableOf("copy.zip calls.csv").sums.collected_credits)).toBe(spent)
  // What an admin gets of their wallet is the same file.
  expect(tableOf(`/admin/users/${world.person.publicId}/wallet.csv`).rows).toEqual(lines.rows)
})

test("figures of developers and of the house: pages, parts, programs and files say the same", async () => {
  const own = tables.filter(({ name }) => name.startsWith("/developer/analytics/export"))
  const earned = await shown("developer", "/developer/analytics", "Your apps in these days Earned")
  expect(own.length).toBeGreaterThan(5)
  // 1,000 credits are a dollar.
  for (const { name, sums } of own) expect([name, Number(sums.earned_credits) / 1_000]).toEqual([name, earned])
  const byApi = tables.filter(({ name }) => name.startsWith("/v1/app/analytics/revenue"))
  expect(byApi.map(({ sums }) => Number(sums.developerShareCredits) / 1_000)).toEqual(byApi.map(() => earned))
  const revenue = tableOf("/publisher/revenue.csv")
  const net = await shown("developer", "/publisher/revenue", "Net")
  expect([net, Number(revenue.sums.gross_usd) - Number(revenue.sums.commission_usd)]).toEqual([
    9,
    Number(revenue.sums.net_usd),
  ])
  const house = (part: string) =>
    tables.find(({ name }) => name.startsWith("/admin/analytics.csv?") && name.includes(`part=${part}`))!.sums
  const made = await shown("admin", "/admin/analytics", "Money Revenue")
  for (const part of ["days", "models", "upstreams", "payers"])
    expect([part, Number(house(part).revenue_usd)]).toEqual([part, made])
  const called = await shown("admin", "/admin/analytics", "Calls Calls")
  for (const part of ["days", "models", "upstreams", "payers", "hours"])
    expect([part, Number(house(part).calls)]).toEqual([part, called])
  const money = await shown("admin", "/admin/analytics", "Money in")
  expect(
    [tableOf("/admin/billing.csv"), tableOf("/admin/analytics.csv")].map(({ sums }) => Number(sums.money_in_usd)),
  ).toEqual([money, money])
  const paid = tableOf(`/admin/payouts/files/${parameterOf(world, "payoutfile")}/download`)
  const page = plainText(
    (await agents.admin.get(world.server.at(`/admin/payouts/files/${parameterOf(world, "payoutfile")}`))).text,
  )
  for (const amount of column(paid, "amount")) expect(page).toContain(`USD ${amount}`)
  expect(tableOf("paypal").rows).toEqual([
    [world.developer.email, "25.00", "USD", expect.stringMatching(/^pay_/), "Payout of your earnings"],
  ])
})

test("Python would say it, if something were wrong", async () => {
  const problemsOf = async (text: string | Uint8Array) => {
    const file = { name: "x", bytes: Buffer.from(text).toString("base64"), head: true }
    return (await python<Table[]>("table-reader.py", JSON.stringify([file]))).flatMap(({ problems }) => problems).length
  }
  const good = "name,used_credits\r\nAnn,-1.5\r\n'=1,\r\n"
  const wrong = {
    "a cell too many": `${good}Ben,1,2\r\n`,
    "a formula": `${good}=1+1,2\r\n`,
    "a formula behind a tab": `${good}\t@x,2\r\n`,
    "an amount in words": `${good}Ben,1e3\r\n`,
    "marks between thousands": `${good}Ben,"1,000"\r\n`,
    "its head twice": `${good}name,used_credits\r\n`,
    "two columns of one name": good.replace("name", "used_credits"),
    "no end of its last line": good.trimEnd(),
    "a byte order mark": `\uFEFF${good}`,
  }
  expect(await problemsOf(good)).toBe(0)
  for (const [what, text] of Object.entries(wrong)) expect([what, (await problemsOf(text)) > 0]).toEqual([what, true])
  await expect(problemsOf(Uint8Array.of(110, 44, 110, 13, 10, 0xff, 44, 49, 13, 10))).rejects.toThrow("utf-8")
})
