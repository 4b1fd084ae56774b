import { describe, expect, test } from "bun:test"
import { redirectUriAllowed, redirectUriProblem, returnsTo, withParams } from "./redirect-uri.ts"

describe("registration", () => {
  test.each([
    "https://app.example.com/callback",
    "https://app.example.com",
    "https://app.example.com:8443/cb?tenant=1",
    "http://127.0.0.1/callback",
    "http://[::1]:8123/cb",
    "http://localhost:3000/cb",
  ])("accepts %s", (uri) => expect(redirectUriProblem(uri, "confidential")).toBeNull())

  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://app.example.com",
    "data:text/html,hi",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example.com/1",
    "http://app.example.com/cb",
    "http://127.0.0.1.evil.com/cb",
    "http://127.1/cb",
    "http://0177.0.0.1/cb",
    "http://2130706433/cb",
    "http://localhost./cb",
    "https://app.example.com/cb#x",
    "https://user@app.example.com/cb",
    "https://user:pw@app.example.com/cb",
    "https://*.example.com/cb",
    "https://app.example.com/a/../cb",
    "https://app.example.com/a/%2e%2e/cb",
    "https://app.example.com/a/..%2fcb",
    "https://app.example.com\\@evil.com/",
    "https://APP.example.com/cb",
    "https://app.example.com:443/cb",
    " https://app.example.com/cb",
    "https://app.example.com/c b",
    "https://app.example.com/\tcb",
    "https://äpp.example.com/cb",
    "//app.example.com/cb",
    "/cb",
    "",
    "myapp:/cb",
    `https://app.example.com/${"a".repeat(2_000)}`,
  ])("refuses %p", (uri) => {
    expect(redirectUriProblem(uri, "public")).not.toBeNull()
    expect(redirectUriProblem(uri, "confidential")).not.toBeNull()
  })

  test("a scheme with a dot is for native apps alone", () => {
    expect(redirectUriProblem("com.example.app:/callback", "public")).toBeNull()
    expect(redirectUriProblem("com.example.app:/callback", "confidential")).not.toBeNull()
  })
})

describe("comparison", () => {
  const web = ["https://app.example.com/callback"]
  test("is letter for letter", () => {
    expect(redirectUriAllowed("https://app.example.com/callback", web)).toBe(true)
    for (const trick of [
      "https://app.example.com/callback/",
      "https://app.example.com/callback?x=1",
      "https://app.example.com/callback/../evil",
      "https://app.example.com/callback/..%2fevil",
      "https://app.example.com/callback%252f..",
      "https://app.example.com/callback..;/",
      "https://app.example.com/callbackevil",
      "https://app.example.com/Callback",
      "https://APP.example.com/callback",
      "https://app.example.com:443/callback",
      "https://appXexample.com/callback",
      "https://app.example.com@evil.com/callback",
      "https://evil.com/https://app.example.com/callback",
      "http://app.example.com/callback",
      "https://app.example.com/callback#x",
      "https://app.example.com/callback\n",
    ])
      expect(redirectUriAllowed(trick, web)).toBe(false)
  })

  test("loopback takes any port, nothing else", () => {
    const native = ["http://127.0.0.1/callback?a=1"]
    expect(redirectUriAllowed("http://127.0.0.1:49152/callback?a=1", native)).toBe(true)
    expect(redirectUriAllowed("http://127.0.0.1/callback?a=1", ["http://127.0.0.1:8080/callback?a=1"])).toBe(true)
    for (const trick of [
      "http://localhost:49152/callback?a=1",
      "http://[::1]:49152/callback?a=1",
      "http://127.0.0.2:49152/callback?a=1",
      "https://127.0.0.1:49152/callback?a=1",
      "http://127.0.0.1:49152/callback",
      "http://127.0.0.1:49152/callback?a=1&b=2",
      "http://127.0.0.1:49152/other?a=1",
      "http://127.0.0.1:99999/callback?a=1",
      "http://127.0.0.1:80@evil.com/callback?a=1",
      "http://127.0.0.1:80.evil.com/callback?a=1",
      "http://127.0.0.1:/callback?a=1",
    ])
      expect(redirectUriAllowed(trick, native)).toBe(false)
  })

  test("localhost and [::1] take any port too, each for itself", () => {
    expect(redirectUriAllowed("http://localhost:5173/callback", ["http://localhost/callback"])).toBe(true)
    expect(redirectUriAllowed("http://[::1]:5173/callback", ["http://[::1]/callback"])).toBe(true)
    expect(redirectUriAllowed("http://127.0.0.1:5173/callback", ["http://localhost/callback"])).toBe(false)
  })

  test("https loopback has no free port", () => {
    expect(redirectUriAllowed("https://localhost:5173/cb", ["https://localhost/cb"])).toBe(false)
  })
})

test("a URI's own query is kept as it is", () => {
  const params = { code: "a b", state: null }
  expect(withParams("https://a.example/cb?x=%20&y", params)).toBe("https://a.example/cb?x=%20&y&code=a+b")
  expect(withParams("https://a.example/cb", params)).toBe("https://a.example/cb?code=a+b")
  expect(withParams("com.example.app:/cb", params)).toBe("com.example.app:/cb?code=a+b")
})

test("what a person sees", () => {
  expect(returnsTo("https://app.example.com:8443/cb")).toBe("app.example.com:8443")
  expect(returnsTo("com.example.app:/cb")).toBe("com.example.app")
})
