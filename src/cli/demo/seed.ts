// What the demo needs before anybody comes: an admin, a developer with one app, and a model that answers.

import { randomSecret } from "../../app/index.ts"
import type { App } from "../../compose.ts"

export interface Seeded {
  admin: { email: string }
  developer: { email: string }
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
      scopes: ["openid", "profile", "offline_access", "llm"],
    }),
  )
  if (!made.secret) throw new Error("a confidential client must have a secret")
  const upstream = await app.gateway.addUpstream(CTX, { kind: "sandbox", name: "sandbox" })
  const tested = await app.gateway.testUpstream(CTX, upstream.publicId)
  if (!tested.test?.ok) throw new Error(`the sandbox does not answer: ${tested.test?.message}`)
  return {
    admin: { email: admin.email },
    developer: { email: developer.email },
    password,
    client: { id: made.client.publicId, secret: made.secret },
  }
}

/** As an admin does on a person's page. @returns the plan's name @throws Error when nobody has the address */
export async function upgrade({ identity, plans }: App, email: string): Promise<string> {
  const user = identity.userByEmail(email)
  if (!user) throw new Error(`nobody has the address ${email}`)
  await plans.change(CTX, { user, planCode: "basic" })
  return plans.list().find(({ code }) => code === "basic")!.name
}
