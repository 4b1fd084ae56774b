// Sign-in with others: what comes back from an issuer, in whose browser, and which account it opens.
import { CTX, PASSWORD } from "../build.ts"
import { must } from "../conformance/oidc/run.ts"
import { type HostileIssuer, startHostile } from "../fakes/issuer/hostile.ts"
import { type Attacks, signIn, type World } from "./world.ts"

let made = 0

/** Works with an issuer that says whatever an attack wants. */
async function withIssuer(world: World, attack: (issuer: HostileIssuer, slug: string) => Promise<void>): Promise<void> {
  const issuer = await startHostile()
  const slug = `attack-${++made}`
  const given = { clientId: "purser-here", clientSecret: "hush", signUp: true, trustsMfa: false, domains: [] }
  await world.server.app.identity.addIssuer(CTX, { preset: "oidc", slug, name: slug, issuer: issuer.issuer, ...given })
  try {
    await attack(issuer, slug)
  } finally {
    await world.server.app.identity.removeIssuer(CTX, slug)
    issuer.close()
  }
}

const says = (email: string) => ({ claims: { sub: `sub of ${email}`, email, email_verified: true } })
const isIn = ({ url }: { url: string }): boolean => new URL(url).pathname === "/dashboard"

export const ELSEWHERE: Attacks = {
  "the password of who made the account before its owner came (CVE-2026-53516)": (world) =>
    withIssuer(world, async (issuer, slug) => {
      const { identity, store } = world.server.app
      const email = `victim${++made}@example.com`
      const passwordHash = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 8, timeCost: 1 })
      await store.write(CTX, (tx) => identity.createUserIn(tx, { email, passwordHash, emailVerified: false }))
      issuer.lies = says(email)
      const owner = world.browser()
      const there = await owner.get(`${world.url}/login/with/${slug}`)
      const home = await owner.get(`${world.url}/login/callback/${slug}?${issuer.answer(there.url)}`)
      must(isIn(home), `its owner did not come in: ${home.url}`)
      must(!isIn(await signIn(world.browser(), world.url, email)), "the attacker's password opens it")
    }),
  "an issuer's answer in another browser (CVE-2022-39222)": (world) =>
    withIssuer(world, async (issuer, slug) => {
      issuer.lies = says(`attacker${++made}@example.com`)
      const there = await world.browser().get(`${world.url}/login/with/${slug}`)
      const victim = world.browser()
      await victim.get(`${world.url}/login`)
      const arrived = await victim.get(`${world.url}/login/callback/${slug}?${issuer.answer(there.url)}`)
      must(!isIn(arrived), "the victim is signed in as the attacker")
      must(!isIn(await victim.get(`${world.url}/dashboard`)), "the victim is signed in as the attacker")
    }),
  "an issuer's answer a second time": (world) =>
    withIssuer(world, async (issuer, slug) => {
      issuer.lies = says(`once${++made}@example.com`)
      const agent = world.browser()
      const there = await agent.get(`${world.url}/login/with/${slug}`)
      must(isIn(await agent.get(`${world.url}/login/callback/${slug}?${issuer.answer(there.url)}`)), "not once")
      const again = await agent.get(`${world.url}/login/callback/${slug}?${issuer.answer(there.url)}`)
      must(!isIn(again) || again.text.includes("used already"), "the same question is answered twice")
    }),
  "an account by its address alone, which an issuer vouches for": (world) =>
    withIssuer(world, async (issuer, slug) => {
      const { email } = await world.person()
      issuer.lies = says(email)
      const agent = world.browser()
      const there = await agent.get(`${world.url}/login/with/${slug}`)
      const arrived = await agent.get(`${world.url}/login/callback/${slug}?${issuer.answer(there.url)}`)
      must(!isIn(arrived), "somebody's account was opened without a proof of theirs")
    }),
  "an issuer's answer at the address of another (mix-up)": (world) =>
    withIssuer(world, async (issuer, slug) =>
      withIssuer(world, async (other, second) => {
        const agent = world.browser()
        const there = await agent.get(`${world.url}/login/with/${slug}`)
        const arrived = await agent.get(`${world.url}/login/callback/${second}?${issuer.answer(there.url)}`)
        must(!isIn(arrived) && issuer.codes.length + other.codes.length === 0, "the code went somewhere")
      }),
    ),
}
