// Plans over real HTTP: an admin edits and assigns them, a person sees and chooses, a call is given what its plan grants.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, nano, VirtualClock } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { dateText } from "../../views/ui/format.ts"
import { field, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  makeClient,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let clock: VirtualClock
let admin: WebAgent
let ada: User
const at = (path: string) => `${server.url}${path}`

beforeAll(async () => {
  clock = new VirtualClock(Date.now())
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  const grace = await makeUser(server.app, { isAdmin: true })
  ada = await makeUser(server.app, { name: "Ada Reader" })
  admin = await signedIn(server, grace.email)
})
afterAll(() => server.close())

describe("/admin/plans", () => {
  test("shows what is kept at full use in words, losses too", async () => {
    const page = await admin.get(at("/admin/plans"))
    expect(page.status).toBe(200)
    for (const words of ["Loses $61.00", "Loses $3.65", "$29.99", "100,000", "or own keys", "breaks even at"])
      expect(page.text).toContain(words)
  })

  test("one plan: what is shown adds up to the cent, and the list says the same", async () => {
    const { text } = await admin.get(at("/admin/plans/professional"))
    for (const words of ["$50.00", "−$47.62", "−$14.29", "Loses $11.91", "Nobody is on this plan."])
      expect(text).toContain(words)
    expect((await admin.get(at("/admin/plans"))).text).toContain("Loses $11.91")
  })

  test("what a plan would keep is counted while it is edited, and nothing is saved", async () => {
    const counted = async (query: string) => (await admin.get(at(`/admin/plans/professional/full-use?${query}`))).text
    const dearer = await counted("price=75&monthly=50%2C000&daily=500&reason=")
    for (const words of ["$75.00", "−$47.62", "Keeps $13.09", "Not saved yet", "Loses $11.91"])
      expect(dearer).toContain(words)
    const unread = await counted("price=ten&monthly=0&daily=500")
    for (const words of ["$50.00", "$0.00", "Counted as saved until it can be read: Price a month."])
      expect(unread).toContain(words)
    // A term that no plan may have is not counted with.
    expect(await counted("price=-3")).toContain("Loses $11.91")
    expect((await admin.get(at("/admin/plans/professional"))).text).toContain("Loses $11.91")
    expect((await admin.get(at("/admin/plans/nothing/full-use"))).status).toBe(404)
  })

  test("an edit that is wrong in several ways is told all of them, in the order of the form", async () => {
    const page = await admin.get(at("/admin/plans/starter"))
    const wrong = { name: "", price: "ten dollars", monthly: "many", rollover_periods: "99", markup_paid: "x" }
    // What nobody could read is no reason to refuse what depends on it.
    const typed = { ...wrong, rollover_max: "60,000", either_or: "1", byok: "1", reason: "" }
    const { status, text } = await admin.submit(page, "/admin/plans/starter", typed)
    expect(status).toBe(422)
    const named = [...text.matchAll(/<a href="#(\w+)"/g)].map(([, name]) => name).filter((name) => name !== "main")
    expect(named).toEqual([...Object.keys(wrong), "reason"])
  })

  test("an edit that is wrong answers 422 and keeps what was typed", async () => {
    const page = await admin.get(at("/admin/plans/basic"))
    const typed = { name: "Base", price: "ten dollars", daily: "-5", markup_paid: "2.5", reason: "Autumn offer" }
    const again = await admin.submit(page, "/admin/plans/basic", typed)
    expect(again.status).toBe(422)
    for (const [name, value] of Object.entries(typed)) expect(field(again, "/admin/plans/basic", name)).toBe(value)
    const unreasoned = await admin.submit(page, "/admin/plans/basic", { name: "Base" })
    expect(unreasoned.status).toBe(422)
    expect(server.app.plans.planByCode("basic")?.name).toBe("Basic")
  })

  test("a right one is saved with its reason, and nothing that was not touched changes", async () => {
    const before = server.app.plans.planByCode("enterprise")!
    const page = await admin.get(at("/admin/plans/enterprise"))
    const saved = await admin.submit(page, "/admin/plans/enterprise", {
      price: "$1,099.50",
      rollover_cap: "",
      markup_paid: "2.5",
      reason: "New prices for 2027",
    })
    expect(saved.url).toBe(at("/admin/plans"))
    expect(server.app.plans.planByCode("enterprise")).toEqual({
      ...before,
      priceNano: credits(1_099_500),
      rolloverCapNano: null,
      markupPaidBp: 250,
      updatedMs: clock.now(),
    })
    const [entry] = auditOf(server.app.store.read, "plan:enterprise")
    expect(entry).toMatchObject({ action: "plan.updated", reason: "New prices for 2027" })
    // The page that was open meanwhile does not overwrite it unseen.
    const stale = await admin.submit(page, "/admin/plans/enterprise", { price: "1", reason: "Too late" })
    expect(stale.status).toBe(422)
    expect(server.app.plans.planByCode("enterprise")?.priceNano).toBe(credits(1_099_500))
    expect(field(stale, "/admin/plans/enterprise", "price")).toBe("1")
  })

  test("the free plan keeps its nature", async () => {
    const page = await admin.get(at("/admin/plans/free"))
    const refused = await admin.submit(page, "/admin/plans/free", { price: "1", monthly: "5", reason: "x" })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain("The free plan costs nothing.")
    const saved = await admin.submit(page, "/admin/plans/free", { daily: "120", reason: "Spring" })
    expect(saved.status).toBe(200)
    expect(server.app.plans.planOf(ada.id).dailyClaimNano).toBe(credits(120))
    expect(server.app.plans.planByCode("free")).toMatchObject({
      active: true,
      freeModelsOnly: true,
      freeBudgetCounts: true,
    })
  })

  test("the free budget: a number, nothing at all, or an error that keeps what was typed", async () => {
    const page = await admin.get(at("/admin/plans"))
    const path = "/admin/plans/free-budget"
    const wrong = await admin.submit(page, path, { credits: "lots", reason: "why not" })
    expect([wrong.status, field(wrong, path, "credits"), field(wrong, path, "reason")]).toEqual([
      422,
      "lots",
      "why not",
    ])
    await admin.submit(page, path, { credits: "1,500.5", reason: "Fewer" })
    expect(server.app.plans.freeBudgetNano()).toBe(1_500_500_000 as never)
    await admin.submit(page, path, { credits: "", reason: "As many as come" })
    expect(server.app.plans.freeBudgetNano()).toBeNull()
  })

  test("does not exist for others", async () => {
    const person = await signedIn(server, ada.email)
    const paths = ["/admin/plans", "/admin/plans/basic", `/admin/users/${ada.publicId}/plan`]
    for (const path of paths) expect((await person.get(at(path))).status).toBe(404)
    expect((await admin.get(at("/admin/plans/nope"))).status).toBe(404)
    expect((await admin.get(at("/admin/users/usr_nobody/plan"))).status).toBe(404)
  })
})

describe("a person's plan", () => {
  const path = () => `/admin/users/${ada.publicId}/plan`
  const endOf = () => server.app.plans.standingOf(ada.id).period!.endMs
  const balance = () => server.app.ledger.wallet(ownerOf(ada), "live").balanceNano

  test("is assigned with a reason, which stays on the page when it is missing", async () => {
    const page = await admin.get(at(path()))
    const unreasoned = await admin.submit(page, path(), { plan: "professional", paid: "1" })
    expect(unreasoned.status).toBe(422)
    expect(unreasoned.text).toMatch(/<option value="professional" selected>/)
    expect(unreasoned.text).toMatch(/<option value="1" selected>/)
    const done = await admin.submit(page, path(), { plan: "professional", paid: "1", reason: "Paid by transfer" })
    expect(done.text).toContain("The plan is Professional now.")
    expect(done.text).toContain("Paid by transfer")
    expect(balance()).toBe(credits(50_000))
    expect(auditOf(server.app.store.read, ada.publicId)[0]).toMatchObject({
      action: "plan.assigned",
      reason: "Paid by transfer",
      actor: expect.stringMatching(/^admin:usr_/),
    })
    expect((await admin.get(at(`/admin/users/${ada.publicId}`))).text).toContain("Professional")
  })

  test("is shown to the person, who chooses own keys from the next period on", async () => {
    const person = await signedIn(server, ada.email)
    expect((await person.get(at("/settings"))).text.includes("Professional")).toBe(true)
    const page = await person.get(at("/settings/plan"))
    expect(page.text.includes(dateText(endOf()))).toBe(true)
    expect(field(page, "/settings/plan/choice", "choice")).toBe("credits")
    const chosen = await person.submit(page, "/settings/plan/choice", { choice: "byok" })
    expect(field(chosen, "/settings/plan/choice", "choice")).toBe("byok")
    expect(server.app.plans.standingOf(ada.id)).toMatchObject({ choice: "credits", pendingChoice: "byok" })
    expect((await person.submit(page, "/settings/plan/choice", { choice: "gold" })).status).toBe(422)
    await person.submit(page, "/settings/plan/choice", { choice: "credits" })
  })

  test("grants what is due in the body of the first call that needs it", async () => {
    const client = await makeClient(server.app)
    await server.app.plans.updatePlan(CTX, { code: "professional", dailyClaimNano: 0 })
    const empty = { owner: ownerOf(ada), mode: "live", amountNano: nano(-balance()), key: "empty" } as const
    await server.app.store.write(CTX, (tx) => server.app.ledger.adjustIn(tx, empty))
    const { accessToken } = await mintTokens(server.app, { user: ada, ...client })
    expect((await chat(server.url, accessToken)).status).toBe(402)
    clock.set(endOf())
    const fresh = await mintTokens(server.app, { user: ada, ...client })
    expect((await chat(server.url, fresh.accessToken)).status).toBe(200)
    expect(server.app.plans.historyOf(ada.id)[0]).toMatchObject({ event: "renewed", grantedNano: credits(50_000) })
    expect(balance()).toBeGreaterThan(credits(49_000))
  })

  test("goes down at the end of the period, and says so", async () => {
    const admin2 = await signedIn(
      server,
      server.app.identity.searchUsers({ query: "", limit: 50, beforeId: null }).find((one) => one.isAdmin)!.email,
    )
    const page = await admin2.get(at(path()))
    const done = await admin2.submit(page, path(), { plan: "free", reason: "Asked to leave" })
    expect(done.text).toContain(`Professional stays until ${dateText(endOf())}, then comes Free.`)
    clock.set(endOf())
    expect(server.app.plans.planOf(ada.id).code).toBe("free")
    expect(server.app.ledger.verify().ok).toBe(true)
  })
})
