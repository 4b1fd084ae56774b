// Calls of a published API by clients that we did not write: curl, Python, Node's fetch (undici) and Perl. Each sends its key in all three
// places, posts a body, reads a packed answer, and runs into its quota; what one of them is not there for is skipped.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

/** Units of the plan: the fourth call is refused. */
const UNITS = 3
const PACKED = "tide ".repeat(400)

const seen: { url: string; told: string }[] = []
const startUpstream = () =>
  Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      seen.push({ url: request.url, told: JSON.stringify([...request.headers]) })
      const { pathname, searchParams } = new URL(request.url)
      if (pathname === "/packed")
        return new Response(Bun.gzipSync(PACKED), {
          headers: { "content-encoding": "gzip", "content-type": "text/plain" },
        })
      return Response.json({ method: request.method, city: searchParams.get("city"), body: await request.text() })
    },
  })

/** Each prints a line of JSON for each answer: [status, body]. They get the address of the API and the key. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  curl: [
    "sh",
    "-c",
    `say() { printf '\\n'; }
     call() { curl -sS --compressed -w '\\t%{http_code}' "$@"; say; }
     call -H "Authorization: Bearer $2" "$1/echo?city=S%C3%A3o%20Paulo&a=1"
     call -H "X-API-Key: $2" -H 'Content-Type: application/json' -d '{"a":[1,2]}' "$1/echo"
     call "$1/packed?api_key=$2"
     call -H "Authorization: Bearer $2" "$1/echo"`,
    "sh",
  ],
  python3: [
    "python3",
    "-c",
    `import sys, json, urllib.request, urllib.parse, urllib.error, gzip
base, key = sys.argv[1:3]
try:
    import requests
    def call(method, path, headers={}, params=None, body=None):
        r = requests.request(method, base + path, headers=headers, params=params, data=body, timeout=20)
        return r.text, r.status_code
except ImportError:
    def call(method, path, headers={}, params=None, body=None):
        url = base + path + ("?" + urllib.parse.urlencode(params) if params else "")
        q = urllib.request.Request(url, method=method, headers={"Accept-Encoding": "gzip", **headers}, data=body and body.encode())
        try:
            r = urllib.request.urlopen(q, timeout=20)
        except urllib.error.HTTPError as e:
            r = e
        b = r.read()
        return (gzip.decompress(b) if r.headers.get("content-encoding") == "gzip" else b).decode(), r.status
bearer = {"Authorization": "Bearer " + key}
for text, status in [
    call("GET", "/echo", bearer, {"city": "S\\u00e3o Paulo", "a": "1"}),
    call("POST", "/echo", {"X-API-Key": key, "Content-Type": "application/json"}, None, '{"a":[1,2]}'),
    call("GET", "/packed", {}, {"api_key": key}),
    call("GET", "/echo", bearer),
]:
    print(text + "\\t" + str(status))`,
  ],
  node: [
    "node",
    "-e",
    `const [base, key] = process.argv.slice(1)
    const authorization = "Bearer " + key
    const post = { method: "POST", headers: { "x-api-key": key, "content-type": "application/json" }, body: '{"a":[1,2]}' }
    const calls = [
      ["/echo?city=" + encodeURIComponent("São Paulo") + "&a=1", { headers: { authorization } }],
      ["/echo", post],
      ["/packed?api_key=" + key, {}],
      ["/echo", { headers: { authorization } }],
    ]
    ;(async () => {
      for (const [path, init] of calls) {
        const answer = await fetch(base + path, init)
        console.log((await answer.text()) + "\\t" + answer.status)
      }
    })()`,
  ],
  perl: [
    "perl",
    "-MHTTP::Tiny",
    "-e",
    `my ($base, $key) = @ARGV; my $http = HTTP::Tiny->new(timeout => 20);
     my %bearer = ("Authorization" => "Bearer $key");
     my @answers = (
       $http->get("$base/echo?city=S%C3%A3o%20Paulo&a=1", { headers => {%bearer} }),
       $http->post("$base/echo", { headers => { "X-API-Key" => $key, "Content-Type" => "application/json" }, content => '{"a":[1,2]}' }),
     );
     # It unpacks nothing and asks for nothing packed: this upstream packs all the same, and the bytes come as they are.
     my $packed = $http->get("$base/packed?api_key=$key");
     use IO::Uncompress::Gunzip; my $plain; IO::Uncompress::Gunzip::gunzip(\\$packed->{content} => \\$plain);
     $packed->{content} = $plain; push @answers, $packed, $http->get("$base/echo", { headers => {%bearer} });
     print "$_->{content}\\t$_->{status}\\n" for @answers;`,
  ],
}

describe("a published API, called by foreign clients", () => {
  let server: TestServer
  let upstream: ReturnType<typeof startUpstream>
  let base: string
  const keys = new Map<string, string>()
  beforeAll(async () => {
    upstream = startUpstream()
    // Python asks the resolver of the system, and not each of those knows names below localhost.
    server = await startTestServer({ fourHosts: false, env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
    const { app } = server
    const owner = await makeUser(app)
    const people = await Promise.all(Object.keys(PROGRAMS).map(async (name) => ({ name, user: await makeUser(app) })))
    base = await app.store.write(CTX, (tx) => {
      const product = productIn(tx, app.keyring, {
        ownerId: owner.id,
        upstreamUrl: `http://127.0.0.1:${upstream.port}`,
        plans: [{ quotas: [{ period: "month", anchor: "calendar", units: UNITS }] }],
        endpoints: [{ path: "/echo" }, { path: "/echo", method: "POST" }, { path: "/packed" }],
      })
      for (const { name, user } of people) {
        const subscriptionId = subscribeIn(tx, product, user.id)
        keys.set(name, app.marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: user.id, name }).secret)
      }
      return server.at(`/m/${product.publisher}/${product.slug}`)
    })
  })
  afterAll(async () => {
    await server?.close()
    await upstream?.stop(true)
  })

  for (const [name, command] of Object.entries(PROGRAMS)) {
    const isSkipped = Bun.which(name) === null && process.env.PURSER_CI !== "1"
    if (isSkipped) console.log(`\n*** no ${name} found: its call of a published API is SKIPPED. Install ${name}. ***\n`)
    test.skipIf(isSkipped)(`${name}: three keys' places, a body, a packed answer, the quota`, async () => {
      const key = keys.get(name)!
      seen.length = 0
      const child = Bun.spawn([...command, base, key], { stdout: "pipe", stderr: "pipe" })
      const [out, problems] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
      const answers = out
        .trim()
        .split("\n")
        .map((line) => line.split("\t"))
      const [asked, sent, packed, refused] = answers.map(([body, status]) => ({
        status: Number(status),
        body: body!,
      }))
      expect({ problems, count: answers.length }).toEqual({ problems: "", count: 4 })
      expect([asked!.status, JSON.parse(asked!.body)]).toEqual([200, { method: "GET", city: "São Paulo", body: "" }])
      expect([sent!.status, JSON.parse(sent!.body)]).toEqual([200, { method: "POST", city: null, body: '{"a":[1,2]}' }])
      expect([packed!.status, packed!.body.trim()]).toEqual([200, PACKED.trim()])
      expect([refused!.status, (JSON.parse(refused!.body) as { code: string }).code]).toEqual([403, "quota_exceeded"])
      // The key was in all three places, and came to the publisher in none.
      expect([seen.length, JSON.stringify(seen).includes(key)]).toEqual([UNITS, false])
    })
  }
})
