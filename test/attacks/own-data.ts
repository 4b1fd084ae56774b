// A person's own data: copies that only they may fetch, and an end that only they may ask for.
import { CTX, PASSWORD } from "../build.ts"
import { must, mustEqual } from "../conformance/oidc/run.ts"
import { type Attacks, cookiesOf, fieldsOf, post, signIn, type World } from "./world.ts"

/** A copy that is ready. @returns its address */
async function copyOf(
  { server: { app }, url }: World,
  userId: Parameters<typeof app.privacy.askCopyIn>[1],
): Promise<string> {
  await app.store.write(CTX, (tx) => app.privacy.askCopyIn(tx, userId))
  await app.privacy.makeCopy(new AbortController().signal)
  const copy = app.privacy.copyOf(userId)
  must(copy?.state === "ready", "no copy was made")
  return `${url}/settings/data/copies/${copy.publicId}`
}

const HOUR_MS = 3_600_000

export const OWN_DATA: Attacks = {
  async "a copy of somebody's data, by its address alone"(world) {
    const victim = await world.person()
    const address = await copyOf(world, victim.id)
    const answer = await fetch(address, { redirect: "manual" })
    must(answer.status === 303 && !(await answer.text()).includes("PK"), `${answer.status} without a session`)
  },
  async "a copy of somebody's data, with a session of one's own"(world) {
    const [victim, thief] = [await world.person(), await world.person()]
    const address = await copyOf(world, victim.id)
    const agent = await world.signedIn(thief)
    mustEqual((await agent.get(address)).status, 404, "the answer to another person")
    const own = await copyOf(world, thief.id)
    mustEqual((await agent.get(own)).status, 200, "the answer to its person")
  },
  async "the letter about a copy lets nobody in"(world) {
    const victim = await world.person()
    await copyOf(world, victim.id)
    await world.server.app.outbox.flush()
    const letter = await world.letter(victim.email)
    must(!/exp_|token|copies/.test(letter), `the letter says ${letter}`)
  },
  async "an account's end, asked for by a browser that was left open"(world) {
    const victim = await world.person()
    const agent = await world.signedIn(victim)
    await world.later(HOUR_MS)
    const page = await agent.get(`${world.url}/settings/data/deletion`)
    const answer = await agent.submit(page, "/settings/data/deletion")
    must(new URL(answer.url).pathname === "/confirm", `it went to ${answer.url}`)
    mustEqual(world.server.app.privacy.leavesMs(victim.id), null, "the end of the account")
  },
  async "an account's end, asked for by another site"(world) {
    const victim = await world.person()
    const agent = await world.signedIn(victim)
    const form = fieldsOf(await agent.get(`${world.url}/settings/data/deletion`), "/settings/data/deletion")
    const answer = await post(
      `${world.url}/settings/data/deletion`,
      { ...form, csrf: "x".repeat(86) },
      { cookie: cookiesOf(agent, world.url), origin: "https://evil.example" },
    )
    mustEqual(answer.status, 403, "the answer to another site")
    mustEqual(world.server.app.privacy.leavesMs(victim.id), null, "the end of the account")
  },
  async "an erased account, with the cookies and the password from before"(world) {
    const { app } = world.server
    const victim = await world.person()
    const agent = await world.signedIn(victim)
    await app.store.write(CTX, (tx) => app.privacy.askErasureIn(tx, { userId: victim.id, by: "admin", atOnce: true }))
    for (let left = 50; left > 0 && (await app.privacy.eraseNext()); left--);
    const page = await agent.get(`${world.url}/dashboard`)
    must(!page.url.includes("/dashboard"), "the session still counts")
    const entered = await signIn(world.browser(), world.url, victim.email, PASSWORD)
    must(!entered.url.includes("/dashboard"), "the password still counts")
    must(!page.text.includes(victim.email), "the page still knows the address")
  },
}
