// Floods of sign-ups, where each costs a calculation: the same one again, a forged one, another browser's, an old one, none at all.
import { createHash } from "node:crypto"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { SIGN_UP_WORK } from "../../src/identity/work/index.ts"
import { CTX, PASSWORD } from "../build.ts"
import { must, mustEqual } from "../conformance/oidc/run.ts"
import { type Attacks, cookiesOf, fieldsOf, post, type World } from "./world.ts"

interface Question {
  agent: WebAgent
  fields: Record<string, string>
  answer: string
}

const attribute = (text: string, name: string): string => new RegExp(`data-${name}="([^"]+)"`).exec(text)?.[1] ?? ""

/** The page of sign-up in a new browser, with its question answered. */
async function answered({ browser, url }: World, agent = browser()): Promise<Question> {
  const page = await agent.get(`${url}/signup`)
  const [salt, target, most] = ["salt", "target", "most"].map((name) => attribute(page.text, name)) as [
    string,
    string,
    string,
  ]
  must(salt !== "" && target !== "", "the page asks for no work")
  for (let number = 0; number < Number(most); number++)
    if (createHash("sha256").update(`${salt}${number}`).digest("hex") === target)
      return { agent, fields: fieldsOf(page, "/signup"), answer: String(number) }
  throw new Error("the question has no answer")
}

let people = 0
/** @returns whether a code went out */
async function signsUp(
  { url }: World,
  { agent, fields }: Pick<Question, "agent" | "fields">,
  proof: Partial<Record<"work_ticket" | "work_answer", string>>,
): Promise<boolean> {
  const sent = { ...fields, email: `flood${++people}@example.com`, password: PASSWORD, ...proof }
  const response = await post(`${url}/signup`, sent, { cookie: cookiesOf(agent, url), origin: url })
  return response.headers.get("location")?.includes("/verify-email") ?? false
}

/** A world in which everybody is asked, for one attack. */
const asking =
  (attack: (world: World) => Promise<void>) =>
  async (world: World): Promise<void> => {
    const { settings } = world.server.app
    await settings.set(CTX, SIGN_UP_WORK, { value: "always" })
    try {
      await attack(world)
    } finally {
      await settings.set(CTX, SIGN_UP_WORK, { value: "flood" })
    }
  }

export const FLOODS: Attacks = {
  "many sign-ups with one calculation": asking(async (world) => {
    const one = await answered(world)
    const all = await Promise.all(Array.from({ length: 20 }, () => signsUp(world, one, { work_answer: one.answer })))
    mustEqual(all.filter(Boolean).length, 1, "sign-ups")
    must(!(await signsUp(world, one, { work_answer: one.answer })), "once more")
  }),
  "one calculation under other spellings of its ticket": asking(async (world) => {
    const one = await answered(world)
    const ticket = one.fields.work_ticket!
    must(await signsUp(world, one, { work_answer: one.answer }), "the right one is refused")
    for (const again of [`${ticket}A`, `${ticket}=`, ticket.replace(/-/g, "+").replace(/_/g, "/")])
      must(!(await signsUp(world, one, { work_ticket: again, work_answer: one.answer })), again.slice(-3))
  }),
  "a forged calculation": asking(async (world) => {
    const one = await answered(world)
    const ticket = one.fields.work_ticket!
    const forged = Buffer.from(JSON.stringify({ salt: "a", number: 1, numbersMax: 9e9, expiresMs: 9e15 }))
    for (const proof of [
      { work_answer: String(Number(one.answer) + 1) },
      { work_answer: "true" },
      { work_ticket: forged.toString("base64url"), work_answer: "1" },
      { work_ticket: `${ticket.split(".").slice(0, -1).join(".")}.${forged.toString("base64url")}`, work_answer: "1" },
      { work_ticket: "", work_answer: one.answer },
    ])
      must(!(await signsUp(world, one, proof)), JSON.stringify(proof).slice(0, 60))
  }),
  "a calculation of another browser": asking(async (world) => {
    const [one, other] = [await answered(world), await answered(world)]
    const proof = { work_ticket: one.fields.work_ticket!, work_answer: one.answer }
    must(!(await signsUp(world, other, proof)), "taken")
  }),
  "a calculation made ahead": asking(async (world) => {
    const one = await answered(world)
    await world.later(15 * 60_000)
    must(!(await signsUp(world, one, { work_answer: one.answer })), "taken")
  }),
  "sign-ups without any calculation": asking(async (world) => {
    let entered = 0
    for (let at = 0; at < 12; at++) {
      const agent = world.browser()
      const fields = fieldsOf(await agent.get(`${world.url}/signup`), "/signup")
      if (await signsUp(world, { agent, fields }, { ...(at % 2 ? { work_ticket: "" } : {}), work_answer: "" }))
        entered++
    }
    must(entered <= 2, `${entered} of 12`)
  }),
}
