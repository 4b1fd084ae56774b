// What a standby answers, and in which words it refuses the rest.
import { expect, test } from "bun:test"
import { createIds, silentLog, systemClock } from "../../app/index.ts"
import { createHandler } from "../../http/index.ts"
import { readOnly } from "./read-only.ts"

const refused = readOnly("https://ai.example.com")
const isShown = (method: string, path: string) =>
  refused(new Request(`http://b.example.com${path}`, { method })) === null

test("pages that only show are shown; whatever changes something or is asked by a program is not", () => {
  const shown = [
    "/",
    "/dashboard",
    "/credits.csv",
    "/admin",
    "/admin/users/usr_1/wallet",
    "/models",
    "/dashboard/events",
  ]
  for (const path of shown) expect([path, isShown("GET", path), isShown("HEAD", path)]).toEqual([path, true, true])
  for (const path of shown)
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
      expect([method, path, isShown(method, path)]).toEqual([method, path, false])
  const others = [
    "/v1/models",
    "/v1/messages",
    "/api/v1/users",
    "/authorize",
    "/authorize/consent",
    "/login",
    "/signup",
  ]
  const links = ["/setup/abc", "/login-link/abc", "/console/login", "/console/callback?code=1", "/userinfo", "/logout"]
  for (const path of [...others, ...links]) expect([path, isShown("GET", path)]).toEqual([path, false])
  expect(isShown("GET", "/logins-of-today")).toBe(true)
})

test("a refusal speaks the caller's dialect, says when to come again and where to go", async () => {
  const handle = createHandler({
    sites: [],
    assets: { serve: () => null } as never,
    ids: createIds(systemClock),
    log: silentLog,
    errorPage: (error) => new Response(error.message, { status: error.status }),
    shut: refused,
  })
  const ask = async (path: string) => {
    const response = await handle(new Request(`http://b.example.com${path}`, { method: "POST", body: "{}" }), null)
    return { status: response.status, retry: response.headers.get("retry-after"), body: await response.text() }
  }
  const openai = await ask("/v1/chat/completions")
  expect(openai).toMatchObject({ status: 503, retry: "30" })
  expect(JSON.parse(openai.body)).toMatchObject({ error: { code: "unavailable", type: "server_error" } })
  expect(openai.body).toContain("https://ai.example.com")
  const anthropic = await ask("/v1/messages")
  expect(anthropic).toMatchObject({ status: 503, retry: "30" })
  expect(JSON.parse(anthropic.body)).toMatchObject({ type: "error", error: { type: "api_error" } })
  expect(JSON.parse((await ask("/token")).body)).toMatchObject({ error: "temporarily_unavailable" })
  expect(JSON.parse((await ask("/api/v1/users")).body)).toMatchObject({ code: "unavailable", status: 503 })
  expect((await ask("/login")).body).toContain("This server stands by")
})
