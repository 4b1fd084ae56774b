import { afterAll, describe, expect, test } from "bun:test"
import type { Server } from "bun"
import { CERT, KEY } from "./cert-testing.ts"
import { createSafeFetch, type SafeFetchDeps, SafeFetchError, type SafeRequest } from "./index.ts"
import { PRIVATE_HOSTS as hosts } from "./private-testing.ts"

/** Made before anything is measured. */
const BOMB = Bun.gzipSync(new Uint8Array(64 * 1024 * 1024))
const served: string[] = []
const servers: Server<undefined>[] = []
afterAll(() => {
  for (const server of servers) server.stop(true)
})

function serve(hostname = "127.0.0.1", port = 0, tls?: { cert: string; key: string }): Server<undefined> {
  const server = Bun.serve({
    hostname,
    port,
    ...(tls ? { tls } : {}),
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url)
      served.push(`${hostname} ${request.method} ${request.headers.get("host")} ${pathname}${search}`)
      switch (pathname) {
        case "/redirect":
          return new Response("moved", { status: 302, headers: { location: "http://127.0.0.1:1/inside" } })
        case "/gzip":
          return new Response(Bun.gzipSync("hello"), { headers: { "content-encoding": "gzip" } })
        case "/bomb":
          return new Response(BOMB, {
            headers: { "content-encoding": "gzip" },
          })
        case "/long":
          return new Response("x".repeat(5_000))
        case "/zip":
          return new Response("x", { headers: { "content-encoding": "zip" } })
        case "/silent":
          await Bun.sleep(5_000)
          return new Response("late")
        case "/slow":
          return new Response(slowBody())
        default:
          return Response.json({ headers: Object.fromEntries(request.headers), body: await request.text() })
      }
    },
  })
  servers.push(server)
  return server
}

/** A byte now and then, for as long as anybody listens. */
function slowBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await Bun.sleep(50)
      controller.enqueue(new Uint8Array([97]))
    },
  })
}

const plain = serve()
const secure = serve("127.0.0.1", 0, { cert: CERT, key: KEY })
const LIMITS: SafeRequest = { bytesMax: 10_000, deadlineMs: 10_000 }
const here = async () => ["127.0.0.1"]

/** As an operator allows it for development: the loopback servers of this test. */
const local = (deps: SafeFetchDeps = {}) => createSafeFetch({ allow: ["127.0.0.1"], resolve: here, ca: CERT, ...deps })
const strict = createSafeFetch({ ownHosts: ["ai.example.com"], resolve: async () => ["127.0.0.1"] })

async function reasonOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => "it was fetched",
    (thrown: unknown) => thrown,
  )
  return error instanceof SafeFetchError ? error.reason : String(error)
}

describe("an address that is not public", () => {
  test("is not fetched, however it is spelled and whoever resolves to it", async () => {
    expect(hosts.length).toBeGreaterThan(60)
    served.length = 0
    for (const host of hosts)
      expect([host, await reasonOf(strict(`https://${host}/`, LIMITS))]).toEqual([host, "blocked"])
    expect(served).toEqual([])
  })

  test("among public ones is a trap", async () => {
    for (const addresses of [
      ["1.1.1.1", "10.0.0.1"],
      ["2606:4700::1111", "::1"],
      ["8.8.8.8", "nonsense"],
    ]) {
      const trapped = createSafeFetch({ resolve: async () => addresses })
      expect(await reasonOf(trapped("https://mixed.example.com/", LIMITS))).toBe("blocked")
    }
  })

  test("is not told to whoever asked", async () => {
    const error = (await strict("https://rebind.example.com/", LIMITS).catch((thrown: unknown) => thrown)) as Error
    expect(error.message).not.toMatch(/127|rebind/)
  })
})

test("an operator's own network may be opened, by names too, for any port and for http; all else stays shut", async () => {
  for (const host of ["localhost", "sink", "127.0.0.1", "[::ffff:127.0.0.1]"])
    expect([host, (await local()(`http://${host}:${plain.port}/`, LIMITS)).status]).toEqual([host, 200])
  const elsewhere = local({ resolve: async () => ["127.0.0.2"], ownHosts: ["ai.example.com"] })
  for (const host of ["localhost", "sink", "127.0.0.2", "10.0.0.1", "ai.example.com"])
    expect([host, await reasonOf(elsewhere(`http://${host}:${plain.port}/`, LIMITS))]).toEqual([host, "blocked"])
  expect(await reasonOf(local({ resolve: async () => ["1.1.1.1"] })("http://a.example.com/", LIMITS))).toBe("bad_url")
})

test("only https, on its usual ports, without credentials, by known methods", async () => {
  const open = createSafeFetch({ resolve: async () => ["1.1.1.1"] })
  const urls = [
    "http://a.example.com/",
    "ftp://a.example.com/",
    "file:///etc/passwd",
    "data:text/plain,x",
    "blob:x",
    "a",
    "",
  ]
  const more = [
    "https://u:p@a.example.com/",
    "https://u@a.example.com/",
    "https://a.example.com:22/",
    "https://a.example.com:6379/",
  ]
  for (const url of [...urls, ...more, `https://a.example.com/${"x".repeat(3_000)}`, "https://"])
    expect([url.slice(0, 40), await reasonOf(open(url, LIMITS))]).toEqual([url.slice(0, 40), "bad_url"])
  const put = { ...LIMITS, method: "PUT" } as unknown as SafeRequest
  expect(await reasonOf(open("https://a.example.com/", put))).toBe("bad_url")
})

describe("the connection", () => {
  test("goes to the address that was judged, with the name in Host", async () => {
    const answer = await local()(`http://good.example.com:${plain.port}/x?y=1`, {
      ...LIMITS,
      method: "POST",
      body: "hello",
      headers: { "x-a": "1", Host: "evil.example", "Transfer-Encoding": "chunked" },
    })
    const { headers, body } = JSON.parse(answer.text()) as { headers: Record<string, string>; body: string }
    expect([answer.status, body, headers["x-a"]]).toEqual([200, "hello", "1"])
    expect(headers.host).toBe(`good.example.com:${plain.port}`)
  })

  test("is made with one resolution: what the name means the second time is judged anew, not used", async () => {
    const inside = serve("127.0.0.2", plain.port)
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return asked.length === 1 ? ["127.0.0.1"] : ["127.0.0.2"]
    }
    const rebinding = local({ resolve })
    served.length = 0
    const url = `http://rebind.example.com:${plain.port}/`
    expect((await rebinding(url, LIMITS)).status).toBe(200)
    expect(asked.length).toBe(1)
    expect(await reasonOf(rebinding(url, LIMITS))).toBe("blocked")
    expect(served.map((line) => line.split(" ")[0])).toEqual(["127.0.0.1"])
    inside.stop(true)
  })

  test("proves the name by TLS although it goes to an address; another name is refused, also after a good one", async () => {
    const secureAt = local()
    for (let turn = 0; turn < 2; turn++) {
      expect((await secureAt(`https://good.example.com:${secure.port}/`, LIMITS)).status).toBe(200)
      expect(await reasonOf(secureAt(`https://other.example.com:${secure.port}/`, LIMITS))).toBe("unreachable")
    }
    const withoutCa = createSafeFetch({ allow: ["127.0.0.1"], resolve: here })
    expect(await reasonOf(withoutCa(`https://good.example.com:${secure.port}/`, LIMITS))).toBe("unreachable")
  })

  test("that nobody answers, and a name that nobody knows, have their words", async () => {
    expect(await reasonOf(local()("http://good.example.com:1/", LIMITS))).toBe("unreachable")
    const unknown = local({ resolve: () => Promise.reject(new Error("ENOTFOUND")) })
    expect(await reasonOf(unknown("https://nowhere.example.com/", LIMITS))).toBe("unresolved")
    expect(await reasonOf(local({ resolve: async () => [] })("https://nowhere.example.com/", LIMITS))).toBe(
      "unresolved",
    )
    const never = local({ resolve: () => new Promise(() => {}) })
    expect(await reasonOf(never("https://nowhere.example.com/", { ...LIMITS, deadlineMs: 100 }))).toBe("too_slow")
  })
})

describe("the answer", () => {
  const at = (path: string, limits: SafeRequest = LIMITS) =>
    local()(`http://good.example.com:${plain.port}${path}`, limits)

  test("is not followed when it redirects", async () => {
    served.length = 0
    const answer = await at("/redirect")
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/inside"])
    expect(served.length).toBe(1)
  })

  test("is bounded in decoded bytes: long answers and bombs stop at the limit", async () => {
    expect((await at("/gzip")).text()).toBe("hello")
    expect((await at("/long")).bytes.length).toBe(5_000)
    expect(await reasonOf(at("/long", { ...LIMITS, bytesMax: 4_999 }))).toBe("too_large")
    const beforeBytes = process.memoryUsage.rss()
    expect(await reasonOf(at("/bomb"))).toBe("too_large")
    expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(48 * 1024 * 1024)
    expect(await reasonOf(at("/zip"))).toBe("broken")
  })

  test("is bounded in time, whether it never begins or never ends", async () => {
    expect(await reasonOf(at("/silent", { ...LIMITS, deadlineMs: 200 }))).toBe("too_slow")
    expect(await reasonOf(at("/slow", { ...LIMITS, deadlineMs: 300 }))).toBe("too_slow")
    const gone = AbortSignal.timeout(100)
    expect(await reasonOf(at("/silent", { ...LIMITS, signal: gone }))).toBe("too_slow")
  })
})
