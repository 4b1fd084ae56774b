// A server with Hono on Node: it signs people in, keeps their tokens to itself, and asks models with their credits.
import { randomUUID } from "node:crypto"
import { serve } from "@hono/node-server"
import { Hono } from "hono"
import { getCookie, setCookie } from "hono/cookie"
import { stream } from "hono/streaming"
import OpenAI from "openai"
import * as oidc from "openid-client"

const { PURSER_ISSUER, PURSER_CLIENT_ID, PURSER_CLIENT_SECRET, PORT = "3000", MODEL = "capability:fast" } = process.env
if (!PURSER_ISSUER || !PURSER_CLIENT_ID || !PURSER_CLIENT_SECRET) {
  console.error("Set PURSER_ISSUER, PURSER_CLIENT_ID and PURSER_CLIENT_SECRET.")
  process.exit(2)
}
const ORIGIN = process.env.ORIGIN ?? `http://localhost:${PORT}`
const CALLBACK = `${ORIGIN}/callback`
const insecure = PURSER_ISSUER.startsWith("http:") ? { execute: [oidc.allowInsecureRequests] } : {}
const config = await oidc.discovery(new URL(PURSER_ISSUER), PURSER_CLIENT_ID, PURSER_CLIENT_SECRET, undefined, insecure)

/** By session. A real server keeps these in its database, sealed. */
const visitors = new Map()
const app = new Hono()
const visitorOf = (context) => visitors.get(getCookie(context, "session") ?? "")

app.get("/", (context) => {
  const name = visitorOf(context)?.name
  return context.html(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Haiku</title><h1>Haiku</h1>
${
  name === undefined
    ? `<p><a href="/login">Sign in</a></p>`
    : `<p>Hello ${name.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)}.</p>
<form method="post" action="/write"><input name="about" aria-label="About" value="the sea" required> <button>Write</button></form>`
}</html>`)
})

app.get("/login", async (context) => {
  const session = randomUUID()
  const visitor = { state: oidc.randomState(), verifier: oidc.randomPKCECodeVerifier() }
  visitors.set(session, visitor)
  setCookie(context, "session", session, {
    httpOnly: true,
    sameSite: "Lax",
    secure: ORIGIN.startsWith("https:"),
    path: "/",
  })
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid profile offline_access llm",
    state: visitor.state,
    code_challenge: await oidc.calculatePKCECodeChallenge(visitor.verifier),
    code_challenge_method: "S256",
  })
  return context.redirect(address.href)
})

app.get("/callback", async (context) => {
  const visitor = visitorOf(context)
  if (!visitor) return context.redirect("/login")
  const here = new URL(context.req.url)
  if (here.searchParams.get("error") === "access_denied") return context.redirect("/")
  keep(
    visitor,
    await oidc.authorizationCodeGrant(config, new URL(`${CALLBACK}${here.search}`), {
      pkceCodeVerifier: visitor.verifier,
      expectedState: visitor.state,
    }),
  )
  visitor.name = visitor.tokens.claims()?.name ?? "you"
  return context.redirect("/")
})

app.post("/write", async (context) => {
  const visitor = visitorOf(context)
  if (!visitor?.tokens) return context.redirect("/login")
  const { about } = await context.req.parseBody()
  if (Date.now() > visitor.endsMs - 60_000)
    keep(visitor, await oidc.refreshTokenGrant(config, visitor.tokens.refresh_token))
  const openai = new OpenAI({ baseURL: `${PURSER_ISSUER}/v1`, apiKey: visitor.tokens.access_token })
  const messages = [{ role: "user", content: `Write a haiku about ${about}.` }]
  try {
    const answer = await openai.chat.completions.create({ model: MODEL, max_tokens: 200, stream: true, messages })
    context.header("content-type", "text/plain; charset=utf-8")
    return stream(context, async (out) => {
      for await (const chunk of answer) await out.write(chunk.choices[0]?.delta.content ?? "")
    })
  } catch (error) {
    // 402 and 429 have a sentence for the person.
    if (error instanceof OpenAI.APIError) return context.text(error.message, error.status ?? 502)
    throw error
  }
})

function keep(visitor, tokens) {
  visitor.tokens = tokens
  visitor.endsMs = Date.now() + (tokens.expires_in ?? 3_600) * 1_000
}

serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" }, () => console.log(`Haiku is at ${ORIGIN}/`))
