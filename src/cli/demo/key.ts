// A program of the person's own, with an API key and no app: every dialect by its own wire, one balance, and a limit that holds.
import { plainText, type WebAgent, type WebPage } from "./agent.ts"

export interface KeyJobInput {
  purserUrl: string
  /** Signed in to the console. */
  agent: WebAgent
  /** An admin moves the person to a plan whose keys reach paid models. @returns its name */
  upgrade: () => Promise<string>
  say: (step: string, detail: string) => void
}

/** Calls a day that the key may make: as many as there are dialects below. */
const CALLS = 3
const QUESTION = "Say one word."

/** What each SDK sends, by the simplest of its calls. */
const DIALECTS: readonly { name: string; path: string; auth: (key: string) => HeadersInit; body: object }[] = [
  {
    name: "chat",
    path: "/v1/chat/completions",
    auth: (key) => ({ authorization: `Bearer ${key}` }),
    body: { model: "sandbox", messages: [{ role: "user", content: QUESTION }] },
  },
  {
    name: "responses",
    path: "/v1/responses",
    auth: (key) => ({ authorization: `Bearer ${key}` }),
    body: { model: "sandbox", input: QUESTION },
  },
  {
    name: "messages",
    path: "/v1/messages",
    auth: (key) => ({ "x-api-key": key, "anthropic-version": "2023-06-01" }),
    body: { model: "sandbox", max_tokens: 50, messages: [{ role: "user", content: QUESTION }] },
  },
]

/** @throws Error when a step does not hold */
export async function runKeyJob({ purserUrl, agent, upgrade, say }: KeyJobInput): Promise<void> {
  say("plan", `the operator moves her to ${await upgrade()}, whose API keys reach every model`)
  const made = await agent.submit(await agent.get(`${purserUrl}/keys/new`), "/keys", { name: "Nightly report" })
  const key = /<code id="new-key">(sk_[\w-]+)</.exec(made.text)?.[1]
  const path = /\/keys\/(key_\w+)/.exec(made.text)?.[0]
  expectPage(made, key !== undefined && path !== undefined, "a key is made and shown once")
  const limits = await agent.get(`${purserUrl}${path}/limits`)
  const limited = await agent.submit(limits, `${path}/limits`, { requests_day: String(CALLS) })
  expectPage(limited, limited.status === 200, "the key gets a limit")
  say("API key", `made for a program of her own, ${CALLS} calls a day at most`)

  const costs: string[] = []
  for (const { name, path: route, auth, body } of DIALECTS) {
    const answer = await post(`${purserUrl}${route}`, auth(key!), body)
    const text = await answer.text()
    const cost = answer.headers.get("x-credits-charged")
    if (!answer.ok || cost === null)
      throw new Error(`did not hold: ${name} answers and says its cost. ${answer.status}: ${text}`)
    costs.push(`${name} ${cost}`)
  }
  say("dialects", `one balance, credits charged: ${costs.join(", ")}`)

  const { path: route, auth, body } = DIALECTS[0]!
  const refused = await post(`${purserUrl}${route}`, auth(key!), body)
  if (refused.status !== 429 || refused.headers.get("retry-after") === null)
    throw new Error(`did not hold: the next call is refused. ${refused.status}: ${await refused.text()}`)
  say("limit", `call ${CALLS + 1} is refused until tomorrow (429); it reached no model and cost nothing`)
}

const post = (url: string, auth: HeadersInit, body: object): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { ...(auth as Record<string, string>), "content-type": "application/json" },
    body: JSON.stringify(body),
  })

function expectPage(page: WebPage, held: boolean, promise: string): void {
  if (!held) throw new Error(`did not hold: ${promise}. ${page.status}: ${plainText(page.text).slice(0, 300)}`)
}
