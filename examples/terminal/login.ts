#!/usr/bin/env bun
// Sign in from a terminal and make one charged call, in one file and without a dependency (RFC 8628). Runs on Bun, Deno and Node 22+:
//
//   PURSER_URL=https://purser.example CLIENT_ID=cli_… bun examples/terminal/login.ts "Why is the sky blue?"
//
// The app needs "Sign-in by a code" on its page, and nothing else: no secret, no redirect URI.

export {}

const env = process.env
const home = (env.PURSER_URL ?? "http://localhost:3000").replace(/\/$/, "")
const clientId = env.CLIENT_ID ?? fail("Set CLIENT_ID to the id of your app (cli_…).")
const question = process.argv[2] ?? "Say hello in one short sentence."

interface Answer {
  status: number
  body: Record<string, unknown>
}

async function post(url: string, fields: Record<string, string>): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "user-agent": "terminal-example/1.0" },
    body: new URLSearchParams(fields),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

function fail(words: string): never {
  console.error(words)
  process.exit(1)
}

// 1. Where everything is.
const found = await fetch(`${home}/.well-known/oauth-authorization-server`)
const server = (await found.json()) as Record<string, string>

// 2. A code for this terminal, and one for the person.
const started = await post(server.device_authorization_endpoint!, { client_id: clientId, scope: "offline_access llm" })
if (started.status !== 200) fail(`It cannot begin: ${started.body.error_description}`)
const { device_code, user_code, verification_uri, verification_uri_complete } = started.body as Record<string, string>
console.log(`Open ${verification_uri} and enter the code ${user_code}`)
console.log(`or open ${verification_uri_complete}`)

// 3. Ask until somebody answered. Asked too soon, the server wants five seconds more between two questions.
let seconds = Number(started.body.interval)
const endsMs = Date.now() + Number(started.body.expires_in) * 1_000
let accessToken = ""
while (accessToken === "") {
  if (Date.now() > endsMs) fail("The code has run out. Start again.")
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const { status, body } = await post(server.token_endpoint!, {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: device_code!,
    client_id: clientId,
  })
  if (status === 200) accessToken = String(body.access_token)
  else if (body.error === "slow_down") seconds += 5
  else if (body.error !== "authorization_pending") fail(`It was not allowed: ${body.error_description}`)
}

// 4. A call, paid from the credits of whoever said yes. Real programs also keep `refresh_token`.
const call = await fetch(`${home}/v1/chat/completions`, {
  method: "POST",
  headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
  body: JSON.stringify({ model: env.MODEL ?? "capability:fast", messages: [{ role: "user", content: question }] }),
})
const told = (await call.json()) as {
  choices?: { message: { content: string } }[]
  error?: { message: string }
}
if (!call.ok) fail(told.error?.message ?? `The call was answered with ${call.status}.`)
console.log(told.choices?.[0]?.message.content)
console.log(`It cost ${call.headers.get("x-credits-charged")} credits.`)
