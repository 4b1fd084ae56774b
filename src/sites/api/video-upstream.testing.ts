// For tests of videos only: servers that make none. OpenAI's wire and Google's, over real HTTP; what they are asked is counted, and jobs go
// as far as a test says.
import { onTestFinished } from "bun:test"
import { exportPKCS8, generateKeyPair } from "jose"

export interface FakeJob {
  id: string
  /** Whose: nobody else’s key sees it. */
  key: string
  prompt: string
  model: string
  seconds: string
  size: string
  created_at: number
  status: string
  progress: number
  expires_at: number | null
  error: { code: string; message: string } | null
  remixed_from_video_id: string | null
}

export const BYTES = new Uint8Array(1_000).map((_, at) => at % 251)

/** @param nowMs of the test's clock */
export function playOpenai(nowMs: () => number) {
  const jobs = new Map<string, FakeJob>()
  const asked: { method: string; path: string; body: Record<string, unknown> | null; headers: Headers }[] = []
  const late: (() => void)[] = []
  const play = {
    jobs,
    asked,
    /** Requests that may have made a job. */
    submits: () => asked.filter(({ method }) => method === "POST"),
    /** In place of the answer to the next ones. The job is made all the same where it says so. */
    onSubmit: null as null | ((job: FakeJob) => Response | Promise<Response>),
    makes: true,
    onRead: null as null | ((id: string) => Response),
    baseUrl: "",
    /** From here on jobs are made, and nobody is told. */
    hangs() {
      play.onSubmit = (job) =>
        new Promise((resolve) => late.push(() => resolve(Response.json({ object: "video", ...job }))))
    },
    /** What was not told is told. */
    late() {
      for (const tell of late.splice(0)) tell()
    },
    all: (more: Partial<FakeJob>) => {
      for (const job of jobs.values()) Object.assign(job, more)
    },
  }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      const { method, headers } = request
      if (pathname === "/v1/models") return Response.json({ data: [] })
      const body = method === "POST" ? await bodyOf(request) : null
      asked.push({ method, path: pathname.slice(3), body, headers })
      const [, id, more] = /^\/v1\/videos(?:\/([^/]+))?(?:\/(\w+))?$/.exec(pathname)!
      if (method === "POST") return made(body!, id ? jobs.get(id)! : null, keyOf(headers))
      const own = [...jobs.values()].filter((one) => one.key === keyOf(headers))
      if (!id) return Response.json({ object: "list", data: own.toReversed() })
      if (play.onRead) return play.onRead(id)
      const job = own.find((one) => one.id === id)
      if (!job) return Response.json({ error: { message: "no such video" } }, { status: 404 })
      if (method === "DELETE") {
        jobs.delete(id)
        return Response.json({ id, object: "video.deleted", deleted: true })
      }
      return more === "content" ? ranged(request) : Response.json({ object: "video", ...job })
    },
  })
  async function made(body: Record<string, unknown>, from: FakeJob | null, key: string): Promise<Response> {
    const job: FakeJob = {
      id: `video_up_${asked.length}`,
      key,
      prompt: String(body.prompt),
      model: from?.model ?? String(body.model),
      seconds: from?.seconds ?? String(body.seconds),
      size: from?.size ?? String(body.size),
      created_at: Math.floor(nowMs() / 1_000),
      status: "queued",
      progress: 0,
      expires_at: null,
      error: null,
      remixed_from_video_id: from?.id ?? null,
    }
    if (play.makes) jobs.set(job.id, job)
    return play.onSubmit ? play.onSubmit(job) : Response.json({ object: "video", ...job })
  }
  play.baseUrl = `http://127.0.0.1:${server.port}/v1`
  onTestFinished(() => server.stop(true))
  return play
}

const keyOf = (headers: Headers): string => headers.get("authorization")?.replace("Bearer ", "") ?? ""

export function ranged(request: Request): Response {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? []
  const headers = { "content-type": "video/mp4", "accept-ranges": "bytes" }
  if (from === undefined) return new Response(BYTES, { headers })
  const end = Math.min(to ? Number(to) : BYTES.length - 1, BYTES.length - 1)
  if (Number(from) > end)
    return new Response(null, { status: 416, headers: { "content-range": `bytes */${BYTES.length}` } })
  const range = { ...headers, "content-range": `bytes ${from}-${end}/${BYTES.length}` }
  return new Response(BYTES.subarray(Number(from), end + 1), { status: 206, headers: range })
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  if (!request.headers.get("content-type")?.startsWith("multipart/")) return (await request.json()) as never
  const form = (await request.formData()) as unknown as Iterable<[string, string | File]>
  return Object.fromEntries(
    [...form].map(([name, value]) => [
      name,
      typeof value === "string" ? value : { name: value.name, type: value.type, size: value.size },
    ]),
  )
}

/** Google's Veo. */
export function playGoogle() {
  const asked: { path: string; body: unknown; key: string | null }[] = []
  const play = { asked, operation: {} as Record<string, unknown>, baseUrl: "", origin: "" }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      const body = request.method === "POST" ? await request.json() : null
      asked.push({ path: pathname, body, key: request.headers.get("x-goog-api-key") })
      if (pathname.endsWith(":predictLongRunning")) return Response.json({ name: NAME })
      if (pathname.endsWith("/file")) return ranged(request)
      return Response.json({ name: NAME, ...play.operation })
    },
  })
  const NAME = "models/veo-3.1-generate-preview/operations/op1"
  play.origin = `http://127.0.0.1:${server.port}`
  play.baseUrl = `${play.origin}/v1beta`
  onTestFinished(() => server.stop(true))
  return play
}

/** Vertex AI's Veo, and Google's token server, in one: what it made lies in the answer about its operation. */
export async function playVertex() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true })
  const asked: { path: string; body: unknown }[] = []
  const play = { asked, operation: {} as Record<string, unknown>, baseUrl: "", apiKey: "" }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/token")
        return Response.json({ access_token: "the-token", expires_in: 3_600, token_type: "Bearer" })
      if (request.headers.get("authorization") !== "Bearer the-token") return new Response("", { status: 401 })
      asked.push({ path: `${request.method} ${pathname}`, body: await request.json() })
      if (pathname.endsWith(":predictLongRunning")) return Response.json({ name: VERTEX_NAME })
      return Response.json({ name: VERTEX_NAME, ...play.operation })
    },
  })
  const origin = `http://127.0.0.1:${server.port}`
  play.baseUrl = `${origin}/v1/projects/my-project/locations/us-central1`
  play.apiKey = JSON.stringify({
    type: "service_account",
    client_email: "p@p.iam.gserviceaccount.com",
    private_key: await exportPKCS8(privateKey),
    token_uri: `${origin}/token`,
  })
  onTestFinished(() => server.stop(true))
  return play
}
export const VERTEX_NAME =
  "projects/my-project/locations/us-central1/publishers/google/models/veo-3.1-generate-001/operations/a1b07c8e-7b5a-4aba-bb34-3e1ccb8afcc8"
