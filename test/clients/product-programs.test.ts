// A published API for programs that we did not write, beyond a plain call: its exported OpenAPI document makes a client that calls it, with no word
// of ours between; and curl, Python, Node and Perl read what its server streams while it is still being said.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { OpenAPIClientAxios } from "openapi-client-axios"
import { PrincipalId } from "../../src/app/index.ts"
import { productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { importDocument } from "../../src/marketplace/catalog/openapi/index.ts"
import type { EndpointDraft } from "../../src/marketplace/catalog/types.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"

const CITY = { type: "object", properties: { name: { type: "string" } }, required: ["name"] }
/** As a publisher has it: a parameter in each place, a body by reference, two endpoints of one path. */
const DOCUMENT = {
  openapi: "3.0.3",
  info: { title: "Cities", version: "2.1.0", description: "Cities and what blows there." },
  servers: [{ url: "https://cities.example.com" }],
  paths: {
    "/cities/{city}/wind": {
      get: {
        operationId: "wind",
        summary: "Wind in a city",
        parameters: [
          { name: "city", in: "path", required: true, schema: { type: "string" } },
          { name: "days", in: "query", schema: { type: "integer", maximum: 7 } },
          { name: "X-Unit", in: "header", schema: { type: "string" } },
        ],
        responses: { 200: { description: "Wind" } },
      },
    },
    "/cities": {
      post: {
        summary: "A new city",
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/City" } } } },
        responses: { 201: { description: "Made" } },
      },
      get: { summary: "All cities", responses: { 200: { description: "Names" } } },
    },
  },
  components: { schemas: { City: CITY } },
}

/** Says each word only once the one before was read, by whoever asks for the next; so nothing between may keep words back. */
const WORDS = ["one", "two", "three"]

function startUpstream() {
  const said = new Map<string, Set<string>>()
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 30,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      const name = searchParams.get("name") ?? ""
      if (pathname === "/heard") {
        said.get(name)?.add(searchParams.get("word")!)
        return new Response()
      }
      if (pathname === "/events") {
        const heard = new Set<string>()
        said.set(name, heard)
        const words = async function* () {
          for (const word of WORDS) {
            yield `data: ${word}\n\n`
            await eventually(`${word} heard`, () => heard.has(word))
          }
        }
        return new Response(words as never, { headers: { "content-type": "text/event-stream" } })
      }
      const body = await request.text()
      const unit = request.headers.get("x-unit")
      return Response.json({ method: request.method, path: pathname, days: searchParams.get("days"), unit, body })
    },
  })
}

/** Each reads the stream line by line, says of each word that it heard it, and prints all. They get the API's address, a key, and where to say so. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  curl: [
    "sh",
    "-c",
    `curl -sSN -H "Authorization: Bearer $2" "$1/events?name=curl" | while read -r line; do
       case "$line" in data:*) word="\${line#data: }"; printf '%s\\n' "$word"; curl -sS "$3?name=curl&word=$word";; esac
     done`,
    "sh",
  ],
  python3: [
    "python3",
    "-c",
    `import sys, urllib.request as u
base, key, heard = sys.argv[1:4]
with u.urlopen(u.Request(base + "/events?name=python3", headers={"Authorization": "Bearer " + key}), timeout=20) as r:
    for line in iter(r.readline, b""):
        if line.startswith(b"data: "):
            word = line[6:].strip().decode(); print(word)
            u.urlopen(heard + "?name=python3&word=" + word, timeout=20).read()`,
  ],
  node: [
    "node",
    "-e",
    `const [base, key, heard] = process.argv.slice(1)
    ;(async () => {
      const answer = await fetch(base + "/events?name=node", { headers: { authorization: "Bearer " + key } })
      let text = ""
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
        text += part
        for (let at; (at = text.indexOf("\\n\\n")) >= 0; text = text.slice(at + 2)) {
          const word = text.slice(6, at)
          console.log(word)
          await fetch(heard + "?name=node&word=" + word)
        }
      }
    })()`,
  ],
  perl: [
    "perl",
    "-MHTTP::Tiny",
    "-e",
    `my ($base, $key, $heard) = @ARGV; my $http = HTTP::Tiny->new(timeout => 20); my $text = "";
     my $answer = $http->get("$base/events?name=perl", { headers => { Authorization => "Bearer $key" }, data_callback => sub {
       $text .= $_[0];
       while ($text =~ s/^data: (\\w+)\\n\\n//) { my $word = $1; print "$word\\n"; HTTP::Tiny->new->get("$heard?name=perl&word=$word"); }
     } });
     die $answer->{content} unless $answer->{success};`,
  ],
}

describe("a published API, for programs", () => {
  let server: TestServer
  let upstream: ReturnType<typeof startUpstream>
  let base: string
  let slug: string
  const keys = new Map<string, string>()
  beforeAll(async () => {
    upstream = startUpstream()
    server = await startTestServer({ fourHosts: false, env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
    const { app } = server
    const { catalog, calls } = app.marketplace
    const owner = await makeDeveloper(app)
    const people = await Promise.all(
      [...Object.keys(READERS), "made"].map(async (name) => ({ name, user: await makeUser(app) })),
    )
    const imported = importDocument({ text: JSON.stringify(DOCUMENT) })
    if (!("document" in imported)) throw new Error(JSON.stringify(imported))
    const product = await app.store.write(CTX, (tx) =>
      productIn(tx, app.keyring, {
        ownerId: owner.id,
        upstreamUrl: `http://127.0.0.1:${upstream.port}`,
        endpoints: [{ path: "/events" }],
      }),
    )
    ;({ slug } = product)
    base = server.at(`/m/${product.publisher}/${slug}`)
    const events: EndpointDraft = { method: "GET", path: "/events", title: "Events" }
    const mine = { ownerId: PrincipalId(owner.id), productPublicId: catalog.productBySlug(slug)!.publicId }
    const endpoints = [events, ...imported.document.endpoints.map((one) => ({ ...one, validates: true }))]
    await app.store.write(CTX, (tx) => {
      catalog.setEndpointsIn(tx, { ...mine, endpoints })
      for (const { name, user } of people) {
        const subscriptionId = subscribeIn(tx, product, user.id)
        keys.set(name, calls.issueKeyIn(tx, { subscriptionId, userId: user.id, name }).secret)
      }
    })
  })
  afterAll(async () => {
    await server?.close()
    await upstream?.stop(true)
  })

  for (const [name, command] of Object.entries(READERS)) {
    const isSkipped = Bun.which(name) === null && process.env.PURSER_CI !== "1"
    if (isSkipped)
      console.log(`\n*** no ${name} found: its stream of a published API is SKIPPED. Install ${name}. ***\n`)
    test.skipIf(isSkipped)(`${name} reads a stream word by word, each before the next is said`, async () => {
      const heard = `http://127.0.0.1:${upstream.port}/heard`
      const child = Bun.spawn([...command, base, keys.get(name)!, heard], { stdout: "pipe", stderr: "pipe" })
      const [out, problems] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
      expect({ problems, words: out.trim().split("\n") }).toEqual({ problems: "", words: WORDS })
    })
  }

  test("openapi-client-axios makes a client of the exported document: each operation by its name, at the address that stands there", async () => {
    const made = new OpenAPIClientAxios({ definition: server.at(`/marketplace/${slug}/openapi.json`) })
    type Call = (
      parameters?: object | null,
      body?: unknown,
      config?: object,
    ) => Promise<{ status: number; data: unknown }>
    const client = (await made.init()) as unknown as Record<string, Call>
    expect(made.getBaseURL()).toBe(base)
    expect(
      made
        .getOperations()
        .map(({ operationId }) => operationId)
        .toSorted(),
    ).toEqual(["getCities", "getCitiesCityWind", "getEvents", "postCities"])
    // As the document's `security` says: a bearer token.
    const config = { headers: { authorization: `Bearer ${keys.get("made")}` }, validateStatus: () => true }
    const wind = await client.getCitiesCityWind!({ city: "São Paulo", days: 3, "X-Unit": "knots" }, null, config)
    expect(wind).toMatchObject({
      status: 200,
      data: { method: "GET", path: "/cities/S%C3%A3o%20Paulo/wind", days: "3", unit: "knots", body: "" },
    })
    const city = await client.postCities!(null, { name: "Kiel" }, config)
    expect(city).toMatchObject({ status: 200, data: { method: "POST", path: "/cities", body: '{"name":"Kiel"}' } })
    expect(await client.getCities!(null, null, config)).toMatchObject({ status: 200, data: { method: "GET" } })
    // What the document says of values, the gateway holds to.
    expect(await client.getCitiesCityWind!({ city: "Kiel", days: 8 }, null, config)).toMatchObject({
      status: 400,
      data: { code: "invalid_request", param: "days" },
    })
    expect(await client.postCities!(null, { title: "Kiel" }, config)).toMatchObject({ status: 400 })
    expect(await client.getCities!(null, null, { validateStatus: () => true })).toMatchObject({
      status: 401,
      data: { code: "api_key_missing" },
    })
  })
})
