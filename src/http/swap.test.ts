import { expect, test } from "bun:test"
import { seeOther } from "./responses.ts"
import { forSwap } from "./swap.ts"

const ask = (path: string, headers: Record<string, string>, response: Response): Response =>
  forSwap(new Request(`https://ai.example.com${path}`, { method: "POST", headers }), path, response)

test("a script is told where a redirect leads, and gets its cookies", () => {
  for (const to of ["/dashboard?range=7d", "https://app.example/callback?code=ac_1", "com.example.app:/back"]) {
    const told = ask("/claims", { "x-swap": "1" }, seeOther(to, ["a=1; Path=/", "b=2; Path=/"]))
    expect(told.status).toBe(204)
    expect(told.headers.get("x-location")).toBe(to)
    expect(told.headers.get("location")).toBeNull()
    expect(told.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2; Path=/"])
    expect(told.headers.get("cache-control")).toBe("no-store")
    expect(told.headers.get("referrer-policy")).toBe("no-referrer")
    // Only our own pages may read it.
    expect(told.headers.get("access-control-allow-origin")).toBeNull()
  }
})

test("without the header, for programs and for answers that lead nowhere all stays as it is", () => {
  const redirect = seeOther("/dashboard")
  expect(ask("/claims", {}, redirect)).toBe(redirect)
  expect(ask("/claims", { "x-swap": "yes" }, redirect)).toBe(redirect)
  for (const path of ["/v1/models", "/api/v1/admin/plans", "/token"])
    expect(ask(path, { "x-swap": "1" }, redirect)).toBe(redirect)
  const page = new Response("<p>", { status: 422 })
  expect(ask("/claims", { "x-swap": "1" }, page)).toBe(page)
})
