// The admin's lists over real HTTP: people found, sorted, counted, kept, taken as a file and acted on together; the audit log searched.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { auditOf } from "../../src/audit/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeClient, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let admin: WebAgent
let grace: User
let ada: User
let eve: User
let formula: User
const at = (path: string) => `${server.url}${path}`
const mail = (page: { text: string }) => [...page.text.matchAll(/Select ([^"]+)"/g)].map(([, name]) => name)

beforeAll(async () => {
  server = await startTestServer()
  const { app } = server
  grace = await makeUser(app, { isAdmin: true, name: "Grace Operator", email: "grace@ops.test" })
  ada = await makeUser(app, { name: "Ada Lovelace", email: "ada@books.test" })
  eve = await makeUser(app, { name: "Ève Zimmer", email: "eve@books.test" })
  formula = await makeUser(app, { name: '=HYPERLINK("x")', email: "formula@sheet.test" })
  await giveCredits(app, eve, 5_000_000)
  admin = await signedIn(server, grace.email)
})
afterAll(() => server.close())

describe("/admin/users", () => {
  test("surname, domain or the middle of a word find; the count says of how many", async () => {
    for (const [query, names] of [
      ["lovelace", ["Ada Lovelace"]],
      ["books.test", ["Ève Zimmer", "Ada Lovelace"]],
      ["imme", ["Ève Zimmer"]],
      ["EVE", ["Ève Zimmer"]],
      [ada.publicId, ["Ada Lovelace"]],
      ["nobody at all", []],
    ] as const) {
      const page = await admin.get(at(`/admin/users?q=${encodeURIComponent(query)}`))
      expect([query, mail(page)]).toEqual([query, [...names]])
      if (names.length > 0) expect(plainText(page.text)).toContain(`${names.length} of 4 users`)
    }
    expect(plainText((await admin.get(at("/admin/users"))).text)).toContain("4 users")
  })

  test("a head sorts, the other way when it is pressed again, and says so to readers", async () => {
    const byName = await admin.get(at("/admin/users?sort=name"))
    expect(mail(byName)).toEqual(["=HYPERLINK(&#34;x&#34;)", "Ada Lovelace", "Ève Zimmer", "Grace Operator"])
    expect(byName.text).toMatch(/aria-sort="ascending"><a class="sort" href="\/admin\/users\?sort=-name"/)
    expect(mail(await admin.get(at("/admin/users?sort=-balance")))[0]).toBe("Ève Zimmer")
    expect(mail(await admin.get(at("/admin/users?sort=nonsense&at=nonsense")))).toHaveLength(4)
  })

  test("facets count what each would leave, and the file has the same filters, order and columns", async () => {
    const page = await admin.get(at("/admin/users?role=admin"))
    expect(mail(page)).toEqual(["Grace Operator"])
    expect(plainText(page.text)).toMatch(/Admins 1/)
    const chosen = await admin.get(at("/admin/users?q=test&sort=name&columns=1&column=plan&column=id"))
    expect(chosen.text).not.toContain('data-label="Last seen"')
    const remembered = await admin.get(at("/admin/users"))
    expect(remembered.text).toContain('href="/admin/users.csv?columns=1&column=plan&column=id"')
    const csv = await admin.get(at("/admin/users.csv?q=test&sort=name&columns=1&column=plan&column=id"))
    expect(csv.text.split("\r\n")).toEqual([
      "name,email,plan,id",
      `"'=HYPERLINK(""x"")",formula@sheet.test,Free,${formula.publicId}`,
      `Ada Lovelace,ada@books.test,Free,${ada.publicId}`,
      `Ève Zimmer,eve@books.test,Free,${eve.publicId}`,
      `Grace Operator,grace@ops.test,Free,${grace.publicId}`,
      "",
    ])
    await admin.get(at("/admin/users?columns=1&column=status&column=seen"))
  })

  test("filters are kept under a name, by their owner, and removed", async () => {
    const page = await admin.get(at("/admin/users?role=admin&sort=name"))
    const saved = await admin.submit(page, "/admin/filters", { name: "Our <admins>" })
    expect(new URL(saved.url).search).toBe("?role=admin&sort=name")
    expect(saved.text).toContain('href="/admin/users?role=admin&sort=name"')
    expect(saved.text).toMatch(/Our &lt;admins(>|&gt;)/)
    const { id } = server.app.identity.savedLists(grace.id, "/admin/users")[0]!
    const removed = await admin.submit(saved, `/admin/filters/${id}/removal`, {})
    expect(removed.text).not.toContain(`/admin/filters/${id}/removal`)
    const elsewhere = await admin.submit(page, "/admin/filters", { name: "x", page: "https://evil.example/" })
    expect([new URL(elsewhere.url).origin, elsewhere.text.includes("There is no such list.")]).toEqual([
      server.url,
      true,
    ])
  })

  test("an act for several asks first: how many and whom; each is done and audited alone, refusals are named", async () => {
    const ids = [ada, eve, grace].map((user) => `user=${user.publicId}`).join("&")
    const question = await admin.get(at(`/admin/users/bulk?act=suspend&${ids}`))
    const words = plainText(question.text)
    expect(words).toContain("Suspend 2 people?")
    for (const name of ["Ada Lovelace", "Ève Zimmer", "Grace Operator is you"]) expect(words).toContain(name)
    expect(server.app.identity.userById(ada.id)?.status).toBe("active")

    const without = await admin.submit(question, "/admin/users/bulk", { reason: "" })
    expect(without.status).toBe(422)
    expect(without.text).toContain("Give a reason")
    const done = await admin.submit(without, "/admin/users/bulk", { reason: "spam" })
    expect(plainText(done.text)).toContain("2 people are suspended.")
    for (const user of [ada, eve]) {
      expect(server.app.identity.userById(user.id)?.status).toBe("suspended")
      const acts = auditOf(server.app.store.read, user.publicId).filter((row) => row.action === "user.suspended")
      expect(acts).toMatchObject([{ actor: `admin:${grace.publicId}`, reason: "spam" }])
    }
    expect(server.app.identity.userById(grace.id)?.status).toBe("active")

    const again = await admin.get(at(`/admin/users/bulk?act=suspend&${ids}`))
    expect(plainText(again.text)).toContain("There is nothing to do")
    const back = await admin.get(at(`/admin/users/bulk?act=reinstate&${ids}`))
    await admin.submit(back, "/admin/users/bulk", { reason: "no spam" })
    expect(server.app.identity.userById(eve.id)?.status).toBe("active")
  })

  test("a plan for several; what the domain refuses is said by name", async () => {
    const ids = [ada, eve].map((user) => `user=${user.publicId}`).join("&")
    const question = await admin.get(at(`/admin/users/bulk?act=plan&${ids}`))
    // Between the question and the answer one of them is on it already: nothing to change is a refusal of the plans.
    const done = await admin.submit(question, "/admin/users/bulk", { plan: "pro", reason: "a gift" })
    expect(plainText(done.text)).toContain("2 people are moved.")
    expect(server.app.plans.planOf(ada.id).code).toBe("pro")
    expect(plainText((await admin.get(at("/admin/users?plan=pro"))).text)).toContain("2 of 4 users")
  })

  test("an act for all who match: the question says how many, each is audited, and another number is asked about anew", async () => {
    const many: User[] = []
    for (let n = 0; n < 70; n++) many.push(await makeUser(server.app, { name: `M ${n}`, email: `m${n}@match.test` }))
    const list = await admin.get(at("/admin/users?q=match.test"))
    const match = /name="match" value="([^"]+)"/.exec(list.text)![1]!
    expect(match).toBe("?q=match.test")
    expect(plainText(list.text)).toContain("All 70 users that match")
    // Nothing to add where all stand on the page.
    expect((await admin.get(at("/admin/users?q=books.test"))).text).not.toContain('name="match"')

    const path = `/admin/users/bulk?${new URLSearchParams({ act: "suspend", match, user: many[0]!.publicId })}`
    const question = await admin.get(at(path))
    expect(plainText(question.text)).toContain("Suspend 70 people?")
    expect(plainText(question.text)).toContain("and 20 more")
    await makeUser(server.app, { name: "Late", email: "late@match.test" })
    const changed = await admin.submit(question, "/admin/users/bulk", { reason: "spam" })
    expect(changed.status).toBe(422)
    expect(plainText(changed.text)).toContain("It would be 71 people now.")
    expect(server.app.identity.userById(many[7]!.id)?.status).toBe("active")

    const done = await admin.submit(changed, "/admin/users/bulk", { reason: "spam" })
    expect(plainText(done.text)).toContain("71 people are suspended.")
    for (const user of many) {
      const [act] = auditOf(server.app.store.read, user.publicId).filter((row) => row.action === "user.suspended")
      expect(act).toMatchObject({ actor: `admin:${grace.publicId}`, reason: "spam" })
    }
    expect(server.app.identity.userById(ada.id)?.status).toBe("active")
    const none = await admin.get(at(`/admin/users/bulk?${new URLSearchParams({ act: "suspend", match })}`))
    expect(plainText(none.text)).toContain("There is nothing to do")
    expect(plainText(none.text)).toContain("and 21 more")
  }, 60_000)

  test("nobody chosen is told so; strangers find nothing", async () => {
    expect(plainText((await admin.get(at("/admin/users/bulk?act=suspend"))).text)).toContain("Nobody is selected")
    const stranger = await signedIn(server, ada.email)
    for (const path of ["/admin/users", "/admin/users.csv", "/admin/users/bulk", "/admin/audit.csv"])
      expect([path, (await stranger.get(at(path))).status]).toEqual([path, 404])
  })
})

describe("/admin/audit", () => {
  const rows = (page: { text: string }) =>
    [...page.text.matchAll(/<summary>(.*?)<\/summary>/gs)]
      .map(([, row = ""]) => plainText(row).replaceAll(" :", ":"))
      .filter((row) => !/^(Menu|More filters)/.test(row))

  test("a person's name, an app's name, an id and a request find; the rest stays out", async () => {
    const { client, secret } = await makeClient(server.app, { name: "Margin Notes" })
    await mintTokens(server.app, { user: eve, client, secret })
    const byPerson = rows(await admin.get(at("/admin/audit?q=zimmer")))
    expect(byPerson.join("\n")).toContain("Grace Operator suspended Ève Zimmer")
    expect(byPerson.join("\n")).toContain("Ève Zimmer signed in to Margin Notes")
    expect(byPerson.join("\n")).not.toContain("Ada Lovelace made an account")
    const byApp = rows(await admin.get(at("/admin/audit?q=argin")))
    for (const words of ["registered the app Margin Notes", "allowed Margin Notes", "signed in to Margin Notes"])
      expect(byApp.join("\n")).toContain(words)
    expect(byApp.join("\n")).not.toContain("suspended")
    const byId = rows(await admin.get(at(`/admin/audit?q=${client.publicId}`)))
    expect(byId).toEqual(byApp)
    const row = auditOf(server.app.store.read, ada.publicId).find((one) => one.action === "user.suspended")!
    expect(row.requestId).toMatch(/^req_/)
    expect(rows(await admin.get(at(`/admin/audit?q=${row.requestId}`))).join()).toContain("suspended Ada Lovelace")
    expect(rows(await admin.get(at("/admin/audit?q=nobody-at-all")))).toEqual([])
  })

  test("an app's sign-ins stay in when who, about or a preset stands beside it, and only those", async () => {
    const { client, secret } = await makeClient(server.app, { name: "Tide Tables" })
    for (const user of [ada, eve]) await mintTokens(server.app, { user, client, secret })
    const found = async (query: string) => rows(await admin.get(at(`/admin/audit?${query}`))).join("\n")
    const [hers, others] = ["Ada Lovelace signed in to Tide Tables", "Ève Zimmer signed in to Tide Tables"]
    for (const query of ["q=tide&actor=lovelace", "actor=lovelace&subject=tide", "q=lovelace&subject=tide"]) {
      const words = await found(query)
      expect([query, words.includes(hers), words.includes(others)]).toEqual([query, true, false])
    }
    expect(await found("subject=tide")).toContain(others)
    expect(await found("q=tide&subject=argin")).not.toContain("signed in")
    expect(await found("q=tide&show=admins")).not.toContain("signed in")
    const consent = server.app.oauth.consentsOf(ada.id).find((one) => one.client.name === "Tide Tables")!
    const by = { ...CTX, actor: `admin:${grace.publicId}` }
    const revoked = { userId: ada.id, consentPublicId: consent.publicId }
    await server.app.store.write(by, (tx) => server.app.oauth.revokeConsentIn(tx, revoked))
    const byAdmins = await found("q=tide&show=admins")
    expect(byAdmins).toContain("Grace Operator")
    expect(byAdmins).not.toContain("Ada Lovelace signed in")
  })

  test("presets: what admins did, money, sign-ins", async () => {
    const admins = rows(await admin.get(at("/admin/audit?show=admins"))).join("\n")
    expect(admins).toContain("suspended Ada Lovelace")
    expect(admins).not.toContain("signed in")
    const money = rows(await admin.get(at("/admin/audit?show=money"))).join("\n")
    expect(money).toContain("Grace Operator put Ada Lovelace on Pro")
    expect(money).not.toContain("suspended")
    expect(rows(await admin.get(at("/admin/audit?show=signins&q=ada%20lovelace"))).join()).not.toContain("suspended")
  })

  test("runs fold to one row that opens and leads to its entries; the file has each, raw", async () => {
    for (let n = 0; n < 5; n++) await server.app.identity.setName(CTX, { userId: eve.id, name: `Eve ${n}` })
    const folded = await admin.get(at("/admin/audit?q=eve"))
    expect(rows(folded)).toContainEqual(expect.stringContaining("The command line: Change of name, 5 times"))
    const href = /href="(\/admin\/audit\?[^"]*fold=0[^"]*)"/.exec(folded.text)![1]!
    expect(rows(await admin.get(at(href))).filter((row) => row.includes("changed the name of Eve 4"))).toHaveLength(5)
    const csv = (await admin.get(at("/admin/audit.csv?action=user.renamed"))).text.split("\r\n")
    expect(csv[0]).toBe("id,time,actor,on_behalf_of,action,subject,reason,request_id,before,after")
    expect(csv.slice(1, -1)).toHaveLength(5)
    expect(csv[1]).toContain(`,cli,,user.renamed,${eve.publicId},test data,req_test,,`)
  })
})

describe("/search", () => {
  test("admins find people by any part of a name; others find none", async () => {
    expect((await admin.get(at("/search?q=ovelac"))).text).toContain(`/admin/users/${ada.publicId}`)
    const stranger = await signedIn(server, ada.email)
    expect((await stranger.get(at("/search?q=ovelac"))).text).not.toContain(ada.publicId)
  })
})
