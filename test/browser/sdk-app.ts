// A page of a stranger that uses sdk.js: on another site than the server, with nothing of ours but what it imports.
import { freePort, makeClient, type TestServer } from "../build.ts"

export interface SdkApp {
  url: string
  clientId: string
  stop(): void
}

/** What the page does, by the id of a button; each act in a click, as people do it. */
const script = (origin: string, client: string): string => `
  import { purser } from "${origin}/sdk.js"
  const options = Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
  const ai = purser("${client}", { model: "sandbox", ...options })
  const say = (id, text) => { document.getElementById(id).textContent = text }
  const told = (promise) => promise.then((value) => say("result", "ok " + JSON.stringify(value ?? null)), (error) => say("result", error.code + "/" + error.action + ": " + error.message))
  const ways = {
    enter: () => ai.signIn(),
    leave: () => ai.signOut(),
    ask: async () => { say("answer", ""); let text = ""; for await (const word of ai.chat("Tell me something.", { max_tokens: 50 })) { text += word; say("answer", text) } },
    big: async () => { for await (const _ of ai.chat("Tell me something.", { max_tokens: 1_000_000 })); },
    whole: async () => { const { charged, text } = await ai.chat("Tell me something.", { max_tokens: 50 }); return { charged, words: text.length > 0 } },
    broke: async () => { for await (const word of ai.chat("Tell me something.")) break; return "broke" },
    left: async () => (await ai.balance()).credits,
    more: async () => (await ai.topUp()).credits,
    token: async () => Boolean(await ai.token()),
    old: async () => { for (const [key, text] of Object.entries(localStorage)) if (key.startsWith("purser.http")) localStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), endsMs: 0 })) },
    // As after an hour, with a clock that is wrong: it looks good, and the server says no.
    wrong: async () => { for (const [key, text] of Object.entries(localStorage)) if (key.startsWith("purser.http")) { const kept = JSON.parse(text); localStorage.setItem(key, JSON.stringify({ ...kept, access: kept.access.slice(0, -8) + "AAAAAAAA" })) } },
    clear: async () => localStorage.clear(),
  }
  for (const [id, way] of Object.entries(ways)) {
    const button = document.createElement("button")
    Object.assign(button, { id, textContent: id, onclick: () => { say("result", "…"); told(way()) } })
    document.body.append(button)
  }
  ai.onChange(({ person, balance, error }) => say("state", [person?.name ?? "nobody", balance?.credits ?? "?", error?.code ?? "fine"].join(" ")))
  ai.ready.then((person) => say("ready", person?.name ?? "nobody"))`

const page = (origin: string, client: string): string => `<!doctype html><title>A page with sdk.js</title>
  <purser-button client="${client}"></purser-button> <purser-balance></purser-balance>
  <p id="ready"></p><p id="state"></p><p id="result"></p><p id="answer"></p>
  <script type="module">${script(origin, client)}</script>`

/** @param name of the app */
export async function startSdkApp(server: TestServer, name: string, ownerId?: number): Promise<SdkApp> {
  const port = freePort()
  // The server is at localhost: another site.
  const url = `http://127.0.0.1:${port}/`
  const owner = ownerId === undefined ? {} : { ownerId }
  const { client } = await makeClient(server.app, { name, type: "public", redirectUris: [url], ...owner })
  const live = Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch: () => new Response(page(server.url, client.publicId), { headers: { "content-type": "text/html" } }),
  })
  return { url, clientId: client.publicId, stop: () => void live.stop(true) }
}
