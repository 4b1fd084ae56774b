// What the demo needs before anybody comes: an admin, a developer with one app, and a model that answers.

import { credits, nano, randomSecret } from "../../app/index.ts"
import type { NewCoupon } from "../../billing/index.ts"
import type { App } from "../../compose.ts"
import { NETWORKS } from "../../mcp/index.ts"
import { REGISTRATION } from "../../oauth/index.ts"

export interface Seeded {
  admin: { email: string }
  developer: { email: string }
  /** Of APIs. */
  consumer: { email: string }
  /** One password for all, made for this run. */
  password: string
  client: { id: string; secret: string }
}

const CTX = { actor: "cli", requestId: "demo", reason: "demo data" }

/** @param callback redirect URI of the sample app */
export async function seed(app: App, callback: string): Promise<Seeded> {
  const password = `demo-${randomSecret(9)}`
  const admin = await app.identity.createUser(CTX, {
    email: "admin@demo.example",
    password,
    name: "Grace Operator",
    isAdmin: true,
  })
  const developer = await app.identity.createUser(CTX, { email: "dev@demo.example", password, name: "Linus Developer" })
  const consumer = await app.identity.createUser(CTX, { email: "ben@demo.example", password, name: "Ben Builder" })
  await app.developers.acceptAgreement(CTX, {
    userId: developer.id,
    version: app.developers.agreementVersion,
    company: "Paper Boat Studio",
  })
  const made = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, {
      ownerId: developer.id,
      type: "confidential",
      name: "Storyteller",
      redirectUris: [callback],
      homepageUrl: new URL("/", callback).href,
      scopes: ["openid", "profile", "offline_access", "llm", "mcp"],
    }),
  )
  if (!made.secret) throw new Error("a confidential client must have a secret")
  const upstream = await app.gateway.addUpstream(CTX, { kind: "sandbox", name: "sandbox" })
  const tested = await app.gateway.testUpstream(CTX, upstream.publicId)
  if (!tested.test?.ok) throw new Error(`the sandbox does not answer: ${tested.test?.message}`)
  await seedCoupons(app)
  // The demo's tool server runs on this machine, and agents that nobody registered may sign in to groups.
  await app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
  await app.settings.set(CTX, REGISTRATION, { value: "yes" })
  return {
    admin: { email: admin.email },
    developer: { email: developer.email },
    consumer: { email: consumer.email },
    password,
    client: { id: made.client.publicId, secret: made.secret },
  }
}

/** One of each kind, for whoever tries them out. */
async function seedCoupons({ store, billing }: App): Promise<void> {
  const gift = { amountNano: nano(0), creditDays: null, percent: null, planCode: null }
  const terms = { note: "Demo", maxUses: 100, perPerson: 1, minimumNano: nano(0), onlyFor: [], expiresMs: null }
  const all: NewCoupon[] = [
    { ...gift, ...terms, code: "WELCOME10", kind: "credits", amountNano: credits(10_000), creditDays: 90 },
    { ...gift, ...terms, code: "FREEMONTH", kind: "plan", planCode: "pro" },
    { ...gift, ...terms, code: "EARLYBIRD", kind: "percent", percent: 15 },
  ]
  await store.write(CTX, (tx) => {
    for (const one of all) billing.coupons.createIn(tx, one)
  })
}

/** As an admin does on a person's page. @returns the plan's name @throws Error when nobody has the address */
export async function upgrade({ identity, plans }: App, email: string): Promise<string> {
  const user = identity.userByEmail(email)
  if (!user) throw new Error(`nobody has the address ${email}`)
  await plans.change(CTX, { user, planCode: "basic" })
  return plans.list().find(({ code }) => code === "basic")!.name
}
