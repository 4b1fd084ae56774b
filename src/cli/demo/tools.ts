// The person's own tools in the demo: a group with a server, made on the pages, which the app's model then uses within one request.
import { plainText, type WebAgent, type WebPage } from "./agent.ts"

export interface ToolsJobInput {
  purserUrl: string
  chatUrl: string
  /** Signed in to the app and to the console. */
  agent: WebAgent
  tools: { group: string; url: string }
  chat: (question: string, path: string) => Promise<string>
  say: (step: string, detail: string) => void
}

const QUESTION = 'sandbox:tool current_weather {"city":"Oslo"}'

/** @throws Error when a step does not hold */
export async function runToolsJob({
  purserUrl,
  agent,
  tools: { group, url },
  chat,
  say,
}: ToolsJobInput): Promise<void> {
  const created = await agent.submit(await agent.get(`${purserUrl}/mcp/new`), "/mcp", { title: "Weather", name: group })
  holds(created, created.url.includes(`/mcp/${group}`), "a group of tools is made")
  const adding = await agent.get(`${purserUrl}/mcp/${group}/add`)
  const added = await agent.submit(adding, `/mcp/${group}/add`, { url, name: "weather", auth: "none" })
  holds(added, plainText(added.text).includes("Connected: 1 tool"), "a tool server is added by its address")
  say("tools", `she connected a tool server to her group ${group}; any app she allows can use it`)
  const answer = await chat(QUESTION, "/chat?tools")
  if (!answer.includes(" °C in Oslo")) throw new Error(`did not hold: the model uses the tool. It said: ${answer}`)
  const use = await agent.get(`${purserUrl}/usage`)
  const path = /href="(\/usage\/requests\/[^"]+)"/.exec(use.text)?.[1]
  const request = await agent.get(`${purserUrl}${path}`)
  const words = plainText(request.text)
  holds(
    request,
    ["Round 1", "Tool 1 current_weather of weather", "Round 2"].every((part) => words.includes(part)),
    "one request tells its parts",
  )
  say("chat with tools", `"${answer.trim()}", in one request: two rounds of the model and a tool for 1 credit`)
}

function holds(page: WebPage, held: boolean, promise: string): void {
  if (!held)
    throw new Error(
      `did not hold: ${promise}. ${page.url} answered ${page.status}: ${plainText(page.text).slice(0, 300)}`,
    )
}
