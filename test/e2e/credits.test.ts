// /credits and /credits.csv over HTTP, as signed-in people see them.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, DAY_MS, dayOf, nano, VirtualClock } from "../../src/app/index.ts"
import type { WebAgent, WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { csvStream } from "../../src/sites/console/credits-csv.ts"
import { creditsExact } from "../../views/ui/format.ts"
import { signedIn } from "../browser/house.ts"
import {
  CTX,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { eventually, steady } from "../eventually.ts"
import { makeCharges, parseCsv } from "./history.ts"

const HOSTILE_APP = `<script>alert(1)</script>"'`
const HOSTILE_MODELS = [
  `=HYPERLINK("http://evil.example","x")`,
  `${"x".repeat(250)}`,
  "\u202Eمرحبا\u202C שלום",
  "👩‍👩‍👧‍👦 🧨",
  `</title><img src=x onerror=alert(1)>`,
  "two\nlines, and a comma",
]

/** The login round trip knows real time only: three days ago, then now. */
const START = Date.now() - 3 * DAY_MS
const clock = new VirtualClock(START)
const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const FIRST_DAY = isoDay(START)
const SECOND_DAY_MS = (dayOf(START) + 1) * DAY_MS
let server: TestServer
let ada: User
let bob: User
let story: Client
let hostile: Client
let adaAgent: WebAgent
let bobAgent: WebAgent

beforeAll(async () => {
  server = await startTestServer({ clock })
  const { app } = server
  const ownerId = (await makeDeveloper(app)).id
  ada = await makeUser(app, { name: "Ada" })
  bob = await makeUser(app, { name: "Bob" })
  story = (await makeClient(app, { ownerId })).client
  hostile = (await makeClient(app, { ownerId, name: HOSTILE_APP })).client
  await giveCredits(app, ada, credits(1_000))
  await giveCredits(app, bob, credits(10))
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: ownerOf(ada),
      mode: "live",
      type: "coupon",
      bucket: "coupon",
      paid: false,
      key: "test:coupon",
      amountNano: credits(80),
      expiresMs: clock.now() + 31 * 3_600_000,
    }),
  )
  await makeCharges(app, { user: ada, client: story, count: 60 })
  clock.advance(3 * DAY_MS)
  await app.ledger.expireDue()
  for (const model of HOSTILE_MODELS) await makeCharges(app, { user: ada, client: hostile, count: 1, model })
  await makeCharges(app, { user: ada, client: story, count: 60 })
  await makeCharges(app, { user: bob, client: story, count: 3, model: "bobs-model" })
  // Signed in after the clock was turned, so that no session is idle.
  adaAgent = await signedIn(server, ada.email)
  bobAgent = await signedIn(server, bob.email)
})
afterAll(() => server.close())

const open = (path: string, agent = adaAgent): Promise<WebPage> => agent.get(`${server.url}${path}`)
const csv = async (query = "", agent = adaAgent) => {
  clock.advance(60_000)
  const page = await open(`/credits.csv${query}`, agent)
  expect(page.status).toBe(200)
  return { ...page, rows: parseCsv(page.text) }
}
const plain = (text: string) => text.replaceAll("&amp;", "&").replaceAll("&#34;", '"').replaceAll("&quot;", '"')
/** References of the rows on a page, and the links of its pager. */
function read(page: WebPage) {
  const ids = [...page.text.matchAll(/<code title="(txn_[0-9A-Z]+)">/g)].map((match) => match[1]!)
  const link = (rel: string) => {
    const href = new RegExp(`rel="${rel}" href="([^"#]+)`).exec(page.text)?.[1]
    return href === undefined ? undefined : plain(href)
  }
  return { ids, newer: link("prev"), older: link("next") }
}
async function walk(path: string, agent = adaAgent): Promise<string[]> {
  const ids: string[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const page = read(await open(next, agent))
    ids.push(...page.ids)
    next = page.older
  }
  return ids
}
const booksOf = (user: User) =>
  server.app.ledger.history(ownerOf(user), "live", { limit: 1_000 }).map((row) => row.transactionId)

describe("/credits", () => {
  test("says what one has, in order and in plain words, and opens every charge", async () => {
    const { text, status } = await open("/credits")
    expect(status).toBe(200)
    expect(text).toContain("bonus credits")
    expect(text).toContain("never expire")
    expect(text).not.toContain("coupon credits</span>")
    for (const words of [
      "812 tokens in, 204 out",
      "Model price",
      "Developer’s share",
      "From bonus credits",
      "Balance before",
    ])
      expect(text).toContain(words)
  })

  test("25 rows a page, each movement once, and back again", async () => {
    const page = await open("/credits")
    const first = read(page)
    expect(first.ids.length).toBe(25)
    expect(page.text.length).toBeLessThan(90_000)
    expect(first.newer).toBeUndefined()
    expect(await walk("/credits")).toEqual(booksOf(ada))
    const second = read(await open(first.older!))
    expect(read(await open(second.newer!)).ids).toEqual(first.ids)
  })

  test("a day that spans pages has the total of the whole day on each, forwards and back, under every filter", async () => {
    const headOf = (page: WebPage, day: string) => {
      const [, words = "", totals = ""] = new RegExp(`<h3 id="day-${day}">(.*?)</h3>(.*?)</p>`).exec(page.text) ?? []
      return {
        isContinued: words.includes("continued"),
        totals: [...totals.matchAll(/title="([^"]+)"/g)].map((m) => m[1]),
      }
    }
    const today = isoDay(clock.now())
    for (const query of ["", "?kind=charges", `?app=${story.publicId}`]) {
      const first = await open(`/credits${query}`)
      const second = await open(read(first).older!)
      const back = await open(read(second).newer!)
      const onSecond = headOf(second, today)
      expect(headOf(first, today).isContinued).toBe(false)
      expect(onSecond.isContinued).toBe(true)
      expect(onSecond.totals).toEqual(headOf(first, today).totals)
      expect(headOf(back, today)).toEqual(headOf(first, today))
      const rows = server.app.ledger
        .history(ownerOf(ada), "live", { limit: 1_000, fromMs: dayOf(clock.now()) * DAY_MS })
        .filter((row) => query === "" || row.type === "usage")
        .filter((row) => !query.includes("app=") || row.clientId === story.id)
      const sum = (sign: 1 | -1) => rows.reduce((total, { amountNano }) => total + Math.max(0, sign * amountNano), 0)
      const words = [sum(1), sum(-1)].filter((each) => each > 0).map((each) => creditsExact(nano(each)))
      expect(onSecond.totals).toEqual(words)
      const count = server.app.ledger
        .history(ownerOf(ada), "live", { limit: 1_000 })
        .filter(
          (row) => query === "" || (row.type === "usage" && (!query.includes("app") || row.clientId === story.id)),
        )
      expect(first.text).toContain(`· 25 of ${count.length} movements · days are UTC`)
    }
  })

  test("a page stays what it was while new rows arrive", async () => {
    const { older } = read(await open("/credits"))
    const before = read(await open(older!))
    await makeCharges(server.app, { user: ada, client: story, count: 7 })
    const after = read(await open(older!))
    expect(after.ids).toEqual(before.ids)
    // Seven more than a page stand above now: its neighbours first, then the top.
    const above = read(await open(after.newer!))
    expect(above.ids).toEqual(booksOf(ada).slice(7, 32))
    expect(read(await open(above.newer!)).ids).toEqual(booksOf(ada).slice(0, 25))
  })

  test("filters by kind, app and days; pages keep the filter", async () => {
    const rows = server.app.ledger.history(ownerOf(ada), "live", { limit: 1_000 })
    const of = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).map((row) => row.transactionId)
    expect(await walk("/credits?kind=charges")).toEqual(of((row) => row.type === "usage"))
    expect(await walk("/credits?kind=expired")).toEqual(of((row) => row.type === "expiry"))
    expect(await walk("/credits?kind=gifts")).toEqual(of((row) => ["coupon", "bonus"].includes(row.type)))
    expect(await walk(`/credits?app=${story.publicId}`)).toEqual(of((row) => row.clientId === story.id))
    expect(await walk(`/credits?app=${hostile.publicId}&kind=charges`)).toEqual(
      of((row) => row.clientId === hostile.id),
    )
    const firstDay = of((row) => row.atMs < SECOND_DAY_MS)
    expect(await walk(`/credits?to=${FIRST_DAY}`)).toEqual(firstDay)
    expect(await walk(`/credits?app=${story.publicId}&from=${isoDay(SECOND_DAY_MS)}`)).toEqual(
      of((row) => row.clientId === story.id && row.atMs >= SECOND_DAY_MS),
    )
    const page = read(await open("/credits?kind=charges&range=90d"))
    expect(page.older).toContain("kind=charges&range=90d&before=txn_")
    const back = read(await open(read(await open(`/credits?app=${story.publicId}`)).older!))
    expect(read(await open(back.newer!)).ids).toEqual(of((row) => row.clientId === story.id).slice(0, 25))
  })

  test("by key: its calls alone, on the page and in the CSV, with the sums of whole days; a revoked one while it has calls", async () => {
    const { app } = server
    const keyed = await makeUser(app, { name: "Keyed" })
    await giveCredits(app, keyed, credits(1_000))
    const make = async (name: string) => (await app.keys.create(CTX, { userId: keyed.id, name, scopes: ["llm"] })).key
    const [night, old, unused] = [await make("<b>Night</b>"), await make("Old laptop"), await make("Never used")]
    for (let twice = 0; twice < 2; twice++) await make("Twin")
    for (const key of [night, old]) await makeCharges(app, { user: keyed, client: null, keyId: key.id, count: 60 })
    await makeCharges(app, { user: keyed, client: story, count: 5 })
    for (const key of [old, unused]) await app.keys.revoke(CTX, { userId: keyed.id, keyPublicId: key.publicId })
    const agent = await signedIn(server, keyed.email)
    const all = (await csv("", agent)).rows
    const query = `?key=${old.publicId}`
    const first = await open(`/credits${query}`, agent)
    expect(first.text).toContain("· 25 of 60 movements · days are UTC")
    expect(first.text).toContain("Calls older than 90 days no longer say which key they used")
    const second = await open(read(first).older!, agent)
    // 60 calls of 4,000 n$, on each page that has some of them.
    for (const page of [first, second]) expect(page.text).toContain(`title="${creditsExact(nano(240_000))}"`)
    expect(read(await open(read(second).newer!, agent)).ids).toEqual(read(first).ids)
    const mine = all.filter((row) => row.api_key === "Old laptop").map((row) => row.transaction_id)
    expect(mine.length).toBe(60)
    expect(await walk(`/credits${query}`, agent)).toEqual(mine as string[])
    expect((await csv(query, agent)).rows.map((row) => row.transaction_id)).toEqual(mine)
    expect((await csv(`${query}&kind=claims`, agent)).rows).toEqual([])
    expect(first.text).toContain("Old laptop (revoked)</option>")
    const twins = [...first.text.matchAll(/>(Twin sk_live_[\w-]{4}…)</g)].map((match) => match[1])
    expect(new Set(twins).size).toBe(2)
    expect(first.text).toContain("&lt;b&gt;Night&lt;/b&gt;")
    expect(first.text).not.toContain("Never used")
    for (const wrong of [query, `?key=${unused.publicId}`, "?key=key_none"]) {
      const agentOf = wrong === query ? adaAgent : agent
      expect((await open(`/credits${wrong}`, agentOf)).text).toContain(
        "This is none of your keys, or its calls no longer name it.",
      )
      expect((await csv(wrong, agentOf)).rows).toEqual([])
    }
    expect((await open("/credits")).text).not.toContain('id="filter-key"')
  })

  test("calls that cost nothing stand in nobody's way", async () => {
    const { client } = await makeClient(server.app, { name: "Failing" })
    await makeCharges(server.app, { user: ada, client, count: 1 })
    await makeCharges(server.app, { user: ada, client, count: 4_100, chargeNano: 0 })
    const { ids, older } = read(await open(`/credits?app=${client.publicId}`))
    expect([ids.length, older]).toEqual([1, undefined])
    const { rows } = await csv(`?app=${client.publicId}`)
    expect(rows.length).toBe(1)
  })

  test("what cannot be read is said and kept; nothing found says what to do", async () => {
    const wrong = await open("/credits?from=2026-05-01&to=2026-04-01")
    expect(wrong.text).toContain("The first day is after the last.")
    expect(wrong.text).toContain('value="2026-05-01"')
    expect(read(wrong).ids).toEqual([])
    expect((await open("/credits?kind=purchases")).text).toContain("Nothing matches")
    const nobody = await makeUser(server.app, { name: "Nobody" })
    expect((await open("/credits", await signedIn(server, nobody.email))).text).toContain("No transactions yet")
    for (const junk of ["before=txn_none", "after=%00", "app=cli_none", "kind=%3Cscript%3E", "range=[]"])
      expect((await open(`/credits?${junk}`)).status).toBe(200)
  })

  test("hostile names stay text", async () => {
    const { text } = await open(`/credits?app=${hostile.publicId}`)
    expect(text).not.toContain("<script>alert")
    expect(text).not.toContain("<img src=x")
    expect(text).toContain("&lt;script&gt;alert(1)")
    for (const model of ["x".repeat(250), "👩‍👩‍👧‍👦 🧨", "مرحبا"]) expect(text).toContain(model)
  })

  test("another person's rows never appear, whatever is in the address", async () => {
    const theirs = booksOf(bob)
    const cursor = theirs[1]!
    const queries = [
      "",
      `?before=${cursor}`,
      `?after=${cursor}`,
      `?app=${story.publicId}&before=req_TEST1`,
      "?kind=charges",
    ]
    for (const query of queries) {
      const page = await open(`/credits${query}`)
      expect(read(page).ids.filter((id) => theirs.includes(id))).toEqual([])
      expect(page.text).not.toContain("bobs-model")
    }
    expect((await csv(`?app=${hostile.publicId}`, bobAgent)).rows).toEqual([])
    expect((await csv("", bobAgent)).rows.map((row) => row.transaction_id)).toEqual(theirs)
    const stranger = await fetch(`${server.url}/credits.csv`, { redirect: "manual" })
    expect(stranger.status).toBe(303)
  })
})

describe("/credits.csv", () => {
  test("equals the books: every row once, balances chain, amounts add up to the balance", async () => {
    const { rows, headers } = await csv()
    expect(rows.map((row) => row.transaction_id)).toEqual(booksOf(ada))
    let after = server.app.ledger.history(ownerOf(ada), "live", { limit: 1 })[0]!.balanceAfterNano as number
    for (const row of rows) {
      expect(Number(row.balance_after_nano)).toBe(after)
      expect(Number(row.balance_before_nano) + Number(row.amount_nano)).toBe(after)
      expect(Math.round(Number(row.amount_credits) * 1_000_000)).toBe(Number(row.amount_nano))
      expect(new Date(row.time!).toISOString()).toBe(row.time!)
      if (row.type === "usage") {
        const parts = [row.model_price_nano, row.developer_share_nano, row.platform_share_nano].map(Number)
        expect(parts.reduce((a, b) => a + b)).toBe(-Number(row.amount_nano))
        expect(row).toMatchObject({
          input_tokens: "812",
          output_tokens: "204",
          request_id: expect.stringMatching(/^req_/),
        })
      }
      after = Number(row.balance_before_nano)
    }
    expect(after).toBe(0)
    expect(headers.get("content-type")).toStartWith("text/csv; charset=utf-8")
    expect(headers.get("content-disposition")).toMatch(
      /^attachment; filename="purser-credits-to-20\d\d-\d\d-\d\d\.csv"$/,
    )
    expect(headers.get("cache-control")).toBe("no-store")
  })

  test("hostile names come back whole, and none is a formula", async () => {
    const { rows } = await csv(`?app=${hostile.publicId}`)
    const guarded = (text: string) => (/^[=+\-@]/.test(text) ? `'${text}` : text)
    expect(rows.map((row) => row.model).toReversed()).toEqual(HOSTILE_MODELS.map(guarded))
    expect(new Set(rows.map((row) => row.app))).toEqual(new Set([HOSTILE_APP]))
  })

  test("follows the filter", async () => {
    const { rows, headers } = await csv(`?kind=gifts&to=${FIRST_DAY}`)
    expect(rows.map((row) => row.type).toSorted()).toEqual(["bonus", "coupon"])
    expect(headers.get("content-disposition")).toContain(`to-${FIRST_DAY}.csv`)
    expect((await csv("?from=2026-05-01&to=2026-04-01")).rows).toEqual([])
    expect((await csv("?app=cli_none")).rows).toEqual([])
  })

  test("more than one portion: 2,500 rows, each once", async () => {
    const many = await makeUser(server.app, { name: "Many" })
    await giveCredits(server.app, many, credits(1_000))
    const requests = await makeCharges(server.app, { user: many, client: story, count: 2_500 })
    const agent = await signedIn(server, many.email)
    const { rows } = await csv("", agent)
    expect(rows.slice(0, -1).map((row) => row.request_id)).toEqual(requests.toReversed())
    expect((await csv(`?app=${story.publicId}`, agent)).rows.map((row) => row.request_id)).toEqual(
      requests.toReversed(),
    )
  })

  test("ten downloads a minute, then a wait", async () => {
    clock.advance(60_000)
    const pages: WebPage[] = []
    for (let index = 0; index < 11; index++) pages.push(await open("/credits.csv?kind=coupon", bobAgent))
    expect(pages.map((page) => page.status)).toEqual([...Array(10).fill(200), 429])
    expect(Number(pages[10]!.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await open("/credits.csv", adaAgent)).status).toBe(200)
  })

  test("nothing is made before it is asked for, and nothing after the client left", async () => {
    let asked = 0
    const portion = async () => ({ text: `row ${++asked}\r\n`, rows: 1, cursor: "more" })
    const reader = csvStream(portion).getReader()
    await reader.read()
    await Bun.sleep(20)
    expect(asked).toBe(0)
    await reader.read()
    await Bun.sleep(20)
    expect(asked).toBe(1)
    await reader.cancel()
    await Bun.sleep(20)
    expect(asked).toBe(1)
  })

  test("over a real socket: a client that stalls stalls the making, one that leaves ends it", async () => {
    let asked = 0
    const portion = async () => {
      asked++
      await Bun.sleep(1)
      return { text: "x".repeat(250_000), rows: 1, cursor: "more" }
    }
    const listener = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(csvStream(portion)) })
    const { promise, resolve } = Promise.withResolvers<void>()
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port: listener.port!,
      socket: {
        open(opened) {
          opened.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
          opened.pause()
        },
        data: () => resolve(),
      },
    })
    await eventually("the first portion", () => asked > 0)
    // What the kernel's buffers take, about 4 MB; without backpressure it would never end.
    expect(await steady("the making", () => asked)).toBeLessThan(100)
    socket.resume()
    await promise
    socket.terminate()
    await steady("the making", () => asked)
    listener.stop(true)
  })

  test("a portion that fails breaks the download off instead of ending it", async () => {
    const failing = csvStream(() => Promise.reject(new Error("the read worker stopped")))
    await expect(new Response(failing).text()).rejects.toThrow("the read worker stopped")
  })
})
