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
    "https://xn--bcher-kva.example/cb",
    "https://my_app.example.com/cb",
    "https://[2001:db8::1]:8443/cb",
    "https://203.0.113.9/cb",
    "https://localhost:5173/cb",
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
    // Hosts that the URL parser lets pass: signs that end a CSP directive or a header list, letters that are none, labels that are none.
    "https://a;script-src/cb",
    "https://a,b.example/cb",
    "https://a'b.example/cb",
    "https://a$b.example/cb",
    "https://a(b).example/cb",
    "https://a!b.example/cb",
    "https://a*b.example/cb",
    "https://a&b=c.example/cb",
    "https://-a.example/cb",
    "https://a-.example/cb",
    "https://app.example.com./cb",
    "https://a..b.example/cb",
    `https://${"a".repeat(64)}.example/cb`,
    `https://${"a.".repeat(127)}example/cb`,
    "https://xn--a.example/cb",
    "https://xn--0.example/cb",
    "https://a%3bb.example/cb",
    "http://127.0.0.1:0/cb",
    "http://localhost:0/cb",
    "http://[::1]:0/cb",
    "https://app.example.com:0/cb",
    "com.example.app;script-src:/cb",
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
      "http://127.0.0.1:0/callback?a=1",
      "http://127.0.0.1:00/callback?a=1",
      "http://127.0.0.1:080/callback?a=1",
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

test("whatever can be registered stands in a header as one harmless word", () => {
  const signs = ";,'\"()<>[]{}$&+=!*@:?%^`|~ \t\n\u00e9\u3164"
  const uris = [...signs].flatMap((sign) => [
    `https://a${sign}b.example/cb`,
    `https://a.example/c${sign}b`,
    `https://a.example:80${sign}80/cb`,
    `com.example${sign}app:/cb`,
    `com.example.app:/c${sign}b`,
  ])
  const allowed = uris.filter((uri) => redirectUriProblem(uri, "public") === null)
  expect(allowed.length).toBeGreaterThan(10)
  for (const uri of allowed) {
    const { protocol, host } = new URL(uri)
    expect(`${protocol}${host}`).toMatch(/^[a-z0-9.:[\]+-]+$/)
    expect(uri).toMatch(/^[\x21-\x7e]+$/)
  }
})

test("what a person sees", () => {
  expect(returnsTo("https://app.example.com:8443/cb")).toBe("app.example.com:8443")
  expect(returnsTo("com.example.app:/cb")).toBe("com.example.app")
})
