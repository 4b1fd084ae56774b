// Requests that are sent on to servers that people name: the guard is safe-fetch's, and what passes is a stream both ways.
import { afterAll, expect, test } from "bun:test"
import { CERT, KEY } from "./cert-testing.ts"
import { createSafeForward, ForwardError, type ForwardRequest } from "./index.ts"
import { PRIVATE_HOSTS } from "./private-testing.ts"

const served: string[] = []
const serve = (tls?: { cert: string; key: string }) =>
  Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(tls ? { tls } : {}),
    async fetch(request, server) {
      served.push(`${request.headers.get("host")} ${server.requestIP(request)?.port}`)
      if (new URL(request.url).pathname === "/redirect")
        return new Response("moved", { status: 302, headers: { location: "http://127.0.0.1:1/" } })
      return new Response(`${request.method} ${await request.text()}`)
    },
  })
const plain = serve()
const secure = serve({ cert: CERT, key: KEY })
afterAll(() => Promise.all([plain.stop(true), secure.stop(true)]))

const asked = (over: Partial<ForwardRequest> = {}): ForwardRequest => ({
  method: "GET",
  headers: [],
  body: null,
  signal: AbortSignal.timeout(5_000),
  ...over,
})
const here = async () => ["127.0.0.1"]
const local = createSafeForward({ allow: ["127.0.0.1"], resolve: here, ca: CERT })

async function failure(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => "it was sent",
    (thrown: unknown) => thrown,
  )
  return error instanceof ForwardError ? `${error.reason} ${error.reached ? "reached" : "unreached"}` : String(error)
}

test("nothing private is reached, however it is spelled and whoever resolves to it", async () => {
  const strict = createSafeForward({ ownHosts: ["ai.example.com"], resolve: here })
  served.length = 0
  for (const host of PRIVATE_HOSTS)
    expect([host, await failure(strict(`https://${host}/`, asked()))]).toEqual([host, "blocked unreached"])
  for (const host of ["rebind.example.com", "ai.example.com", "localhost", "db.internal"])
    expect([host, await failure(strict(`https://${host}/`, asked()))]).toEqual([host, "blocked unreached"])
  expect(await failure(strict("http://a.example.com/", asked()))).toBe("blocked unreached")
  const open = createSafeForward({ resolve: async () => ["1.1.1.1"] })
  for (const url of [
    "http://a.example.com/",
    "https://a.example.com:22/",
    "ftp://a.example.com/",
    "https://u:p@a.example.com/",
  ])
    expect([url, await failure(open(url, asked()))]).toEqual([url, "bad_url unreached"])
  expect(served).toEqual([])
})

test("a name that changes its meaning is judged by every answer that it gave", async () => {
  const answers = [["93.184.216.34"], ["10.0.0.1"]]
  const turning = createSafeForward({
    resolve: async () => answers.shift() ?? ["10.0.0.1"],
    classify: (address) => (address.startsWith("10.") ? "blocked" : "public"),
  })
  // The first connection goes nowhere from here; what matters is that the second is judged, too.
  await failure(turning("https://a.example.com/", asked({ signal: AbortSignal.timeout(50) })))
  const private_ = createSafeForward({ resolve: async () => ["93.184.216.34", "10.0.0.1"] })
  expect(await failure(private_("https://a.example.com/", asked()))).toBe("blocked unreached")
})

test("TLS proves the name, also over connections that are kept: one address, two names, and only one has a certificate", async () => {
  served.length = 0
  const url = (name: string) => `https://${name}.example.com:${secure.port}/`
  for (let turn = 0; turn < 3; turn++) {
    expect(await (await local(url("good"), asked())).text()).toBe("GET ")
    expect(await failure(local(url("other"), asked()))).toBe("unreachable unreached")
  }
  expect(served.map((line) => line.split(" ")[0])).toEqual(Array(3).fill(`good.example.com:${secure.port}`))
  // Kept: the next request to the same name comes over the same connection.
  expect(new Set(served.map((line) => line.split(" ")[1])).size).toBeLessThan(3)
  const stranger = createSafeForward({ allow: ["127.0.0.1"], resolve: here })
  expect(await failure(stranger(url("good"), asked()))).toBe("unreachable unreached")
})

test("redirects are answers; methods and bodies pass; whether somebody was reached is told", async () => {
  const url = `http://a.example.com:${plain.port}`
  const moved = await local(`${url}/redirect`, asked())
  expect([moved.status, moved.headers.get("location")]).toEqual([302, "http://127.0.0.1:1/"])
  for (const method of ["PUT", "PATCH", "DELETE"]) {
    const answer = await local(url, asked({ method, body: new TextEncoder().encode("hi") as Uint8Array<ArrayBuffer> }))
    expect(await answer.text()).toBe(`${method} hi`)
  }
  expect(await failure(local("http://a.example.com:1/", asked()))).toBe("unreachable unreached")
  const cut = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end() } })
  expect(await failure(local(`http://a.example.com:${cut.port}/`, asked()))).toBe("broken reached")
  cut.stop(true)
})
