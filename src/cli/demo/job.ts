// The main job, once, over real HTTP: a person signs up while logging in to an app, consents with a daily limit, the app chats with
// the person's credits, a program of their own calls by API key within a limit, and the books balance. Every step throws unless it held.
import type { VerifyReport } from "../../ledger/index.ts"
import { plainText, WebAgent, type WebPage } from "./agent.ts"
import { runKeyJob } from "./key.ts"
import { runToolsJob } from "./tools.ts"

export interface JobInput {
  purserUrl: string
  chatUrl: string
  /** The group that the person makes, which the app knows, and the tool server that goes into it. */
  tools: { group: string; url: string }
  person: { name: string; email: string; password: string }
  /** By an admin, until there is a page to buy one. @returns the plan's name */
  upgrade: (email: string) => Promise<string>
  verifyBooks: () => Promise<VerifyReport>
  say: (step: string, detail: string) => void
  /** Words of the answer as they arrive. */
  word: (text: string) => void
}

interface Credits {
  balance: { credits: string }
}

const DAILY_LIMIT = "50"
const PROMPT = "Tell me a short story about a lighthouse."

export async function runJob(input: JobInput): Promise<void> {
  const { purserUrl, chatUrl, tools, person, upgrade, verifyBooks, say, word } = input
  const agent = new WebAgent()

  const login = await agent.get(`${chatUrl}/login`)
  expectPage(login, login.url.startsWith(`${purserUrl}/login`), "the app sends a visitor to Purser's login page")
  say("login", "the app sent its visitor to Purser with PKCE; nobody is signed in yet")

  const interaction = new URL(login.url).searchParams.get("interaction") ?? ""
  const signup = await agent.get(`${purserUrl}/signup?interaction=${encodeURIComponent(interaction)}`)
  const verify = await agent.submit(signup, "/signup", {
    name: person.name,
    email: person.email,
    password: person.password,
  })
  expectPage(verify, verify.url.includes("/verify-email"), "sign-up asks for the emailed code")
  const code = await mailedCode(agent, purserUrl, person.email)
  const consent = await agent.submit(verify, "/verify-email", { code })
  expectPage(consent, consent.url.includes("/authorize/consent"), "after sign-up the app's consent page follows")
  say("sign-up", `${person.email} proved the address with the mailed code ${code}`)

  const home = await agent.submit(consent, "/authorize/consent", { limit_llm: DAILY_LIMIT, decision: "approve" })
  expectPage(
    home,
    home.url.startsWith(chatUrl) && home.text.includes(person.name),
    "consent leads back to the app, signed in",
  )
  say("consent", `Storyteller may spend at most ${DAILY_LIMIT} credits a day`)
  say("tokens", `the app exchanged the code and knows its visitor as ${person.name}`)

  await useApp(agent, { purserUrl, chatUrl, person, word, say })
  await runToolsJob({
    purserUrl,
    chatUrl,
    agent,
    tools,
    chat: (question, path) => chat(agent, chatUrl, word, { question, path }),
    say,
  })
  await buyCredits(agent, purserUrl, say)

  await runKeyJob({ purserUrl, agent, upgrade: () => upgrade(person.email), say })

  const report = await verifyBooks()
  expectThat(report.ok && report.transactions >= 3, "the books balance")
  say(
    "books",
    `verified: ${report.checks.length} promises over ${report.transactions} transactions, to the nano-dollar`,
  )
}

type Using = Pick<JobInput, "purserUrl" | "chatUrl" | "person" | "word" | "say">

async function useApp(agent: WebAgent, { purserUrl, chatUrl, person, word, say }: Using): Promise<void> {
  const answer = await chat(agent, chatUrl, word)
  expectThat(answer.split(" ").length > 5, "the model answers with words")
  const before = await credits(agent, chatUrl)
  say(
    "streamed answer",
    `${answer.split(/\s+/).length} words; today's free credits were claimed on the way, ${before} are left`,
  )

  await chat(agent, chatUrl, () => {})
  const after = await credits(agent, chatUrl)
  expectThat(Number(after) < Number(before), "a second answer costs credits")
  say("credits", `before the next answer ${before}, after it ${after}`)

  const dashboard = await agent.get(`${purserUrl}/dashboard`)
  expectPage(
    dashboard,
    dashboard.status === 200 && dashboard.text.includes("Storyteller"),
    "the dashboard shows who spent what",
  )
  say("dashboard", `${person.name} sees both calls at ${purserUrl}/dashboard`)
}

const CARD = "4242424242424242"

async function buyCredits(agent: WebAgent, purserUrl: string, say: JobInput["say"]): Promise<void> {
  const shop = await agent.get(`${purserUrl}/credits`)
  expectPage(shop, /25,000 credits/.test(plainText(shop.text)), "the package for $25 says how many credits it is")
  const page = await agent.submit(shop, "/credits/packages/plus")
  const form = page.forms.find(({ action }) => new URL(action, page.url).pathname.startsWith("/pay/"))
  expectPage(page, form !== undefined, "the button of a package leads to the page to pay on")
  const back = await agent.submit(page, new URL(form!.action, page.url).pathname, { number: CARD, by: "card" })
  expectPage(back, back.text.includes("Your credits are here"), "who paid comes back to their credits")
  say("buy", "25,000 credits for $25 on a sandbox's payment page, 1,250 on top; credited once, by webhook or return")
}

async function mailedCode(agent: WebAgent, purserUrl: string, email: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const mailbox = plainText((await agent.get(`${purserUrl}/mailbox`)).text)
    const code = mailbox.includes(email) ? /\b(\d{6})\b/.exec(mailbox)?.[1] : undefined
    if (code) return code
    await Bun.sleep(50)
  }
  throw new Error("no mail with a code arrived in the mailbox")
}

async function chat(
  agent: WebAgent,
  chatUrl: string,
  word: (text: string) => void,
  { question, path } = { question: PROMPT, path: "/chat" },
): Promise<string> {
  const response = await fetch(`${chatUrl}${path}`, {
    method: "POST",
    body: question,
    headers: { cookie: `session=${agent.cookie(chatUrl, "session")}` },
  })
  let text = ""
  const decoder = new TextDecoder()
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    const part = decoder.decode(bytes, { stream: true })
    text += part
    word(part)
  }
  expectThat(response.ok, `the app answers (${response.status}: ${text.slice(0, 200)})`)
  return text
}

async function credits(agent: WebAgent, chatUrl: string): Promise<string> {
  return (JSON.parse((await agent.get(`${chatUrl}/credits`)).text) as Credits).balance.credits
}

function expectPage(page: WebPage, held: boolean, promise: string): void {
  if (!held)
    throw new Error(
      `did not hold: ${promise}. ${page.url} answered ${page.status}: ${plainText(page.text).slice(0, 300)}`,
    )
}

function expectThat(held: boolean, promise: string): void {
  if (!held) throw new Error(`did not hold: ${promise}`)
}
