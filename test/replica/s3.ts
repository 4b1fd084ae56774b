// A server that speaks S3 over HTTP on loopback, with the faults of one: away, slow, throttling, without its bucket, with other keys. Checks
// signatures (SigV4, in headers and in the query) and conditions, sorts its lists, gathers multipart uploads. In memory.
import { createHash, createHmac } from "node:crypto"

export interface S3Options {
  accessKeyId: string
  secretAccessKey: string
  buckets: string[]
}

interface Stored {
  body: Uint8Array
  etag: string
  atMs: number
}

export class S3Server {
  /** Of objects and requests that were answered, for what a test wants to see. */
  readonly requests: string[] = []
  /** Faults. */
  slowMs = 0
  /** Every n-th request is answered 503 SlowDown; 0 = none. */
  throttleEvery = 0
  /** As some stores do: what stands there is written over, whatever was asked. */
  ignoresConditions = false
  private seen = 0
  private readonly uploads = new Map<string, Map<number, Uint8Array>>()
  private server: Bun.Server<undefined> | null = null
  private port = 0

  /** @param objects those of another one: a second way to the same store */
  constructor(
    readonly options: S3Options,
    readonly objects = new Map<string, Stored>(),
  ) {
    this.up()
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Listens again where it did. */
  up(): void {
    if (this.server) return
    const fetch = (request: Request) => this.answer(request)
    this.server = Bun.serve({ hostname: "127.0.0.1", port: this.port, idleTimeout: 60, reusePort: false, fetch })
    this.port = this.server.port!
  }

  /** Connections are refused. */
  async down(): Promise<void> {
    await this.server?.stop(true)
    this.server = null
  }

  names(prefix: string): string[] {
    return [...this.objects.keys()].filter((name) => name.startsWith(prefix)).sort()
  }

  private async answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    const body = new Uint8Array(await request.arrayBuffer())
    if (this.slowMs > 0) await Bun.sleep(this.slowMs)
    this.seen++
    if (this.throttleEvery > 0 && this.seen % this.throttleEvery === 0) return refuse(503, "SlowDown")
    const denied = this.denied(request, url, body)
    if (denied) return refuse(403, denied)
    const path = decodeURIComponent(url.pathname).slice(1)
    const slash = path.indexOf("/")
    const bucket = slash < 0 ? path : path.slice(0, slash)
    const key = slash < 0 ? "" : path.slice(slash + 1)
    if (!this.options.buckets.includes(bucket)) return refuse(404, "NoSuchBucket")
    this.requests.push(`${request.method} ${path}${url.search.length > 60 ? "" : url.search}`)
    if (this.requests.length > 10_000) this.requests.splice(0, 5_000)
    if (key === "") return this.onBucket(request, url, bucket, body)
    return this.onObject(request, url, `${bucket}/${key}`, body)
  }

  private onBucket(request: Request, url: URL, bucket: string, body: Uint8Array): Response {
    if (url.searchParams.has("location")) return xml("<LocationConstraint>us-east-1</LocationConstraint>")
    if (request.method === "POST" && url.searchParams.has("delete")) {
      const keys = [...new TextDecoder().decode(body).matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) =>
        xmlUnescape(match[1]!),
      )
      for (const key of keys) this.objects.delete(`${bucket}/${key}`)
      const gone = keys.map((key) => `<Deleted><Key>${xmlEscape(key)}</Key></Deleted>`)
      return xml(`<DeleteResult>${gone.join("")}</DeleteResult>`)
    }
    if (request.method === "HEAD") return new Response(null)
    return this.list(url, bucket)
  }

  private list(url: URL, bucket: string): Response {
    const query = url.searchParams
    const prefix = query.get("prefix") ?? ""
    const delimiter = query.get("delimiter") ?? ""
    const max = Math.min(Number(query.get("max-keys") ?? 1_000), 1_000)
    const isV2 = query.get("list-type") === "2"
    const after = (isV2 ? (query.get("continuation-token") ?? query.get("start-after")) : query.get("marker")) ?? ""
    const entries: string[] = []
    const groups = new Set<string>()
    let last = ""
    let isCut = false
    for (const name of this.names(`${bucket}/${prefix}`)) {
      const key = name.slice(bucket.length + 1)
      const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1
      const group = end < 0 ? null : key.slice(0, end + delimiter.length)
      if (key <= after || (group !== null && (group <= after || groups.has(group)))) continue
      if (entries.length + groups.size >= max) {
        isCut = true
        break
      }
      last = group ?? key
      if (group !== null) groups.add(group)
      else entries.push(entryOf(key, this.objects.get(name)!))
    }
    const common = [...groups].map((group) => `<CommonPrefixes><Prefix>${xmlEscape(group)}</Prefix></CommonPrefixes>`)
    const next = isCut
      ? isV2
        ? `<NextContinuationToken>${xmlEscape(last)}</NextContinuationToken>`
        : `<NextMarker>${xmlEscape(last)}</NextMarker>`
      : ""
    return xml(
      `<ListBucketResult><Name>${bucket}</Name><Prefix>${xmlEscape(prefix)}</Prefix><MaxKeys>${max}</MaxKeys>` +
        `<KeyCount>${entries.length + groups.size}</KeyCount><IsTruncated>${isCut}</IsTruncated>${next}${entries.join("")}${common.join("")}</ListBucketResult>`,
    )
  }

  private onObject(request: Request, url: URL, name: string, body: Uint8Array): Response {
    const query = url.searchParams
    const key = xmlEscape(name.slice(name.indexOf("/") + 1))
    const uploadId = query.get("uploadId")
    if (request.method === "POST" && query.has("uploads")) {
      const id = crypto.randomUUID()
      this.uploads.set(id, new Map())
      return xml(
        `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      )
    }
    if (uploadId !== null) {
      const parts = this.uploads.get(uploadId)
      if (!parts) return refuse(404, "NoSuchUpload")
      if (request.method === "PUT") {
        parts.set(Number(query.get("partNumber")), body)
        return new Response(null, { headers: { etag: etagOf(body) } })
      }
      this.uploads.delete(uploadId)
      if (request.method === "DELETE") return new Response(null, { status: 204 })
      const whole = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part))
      return xml(
        `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>${this.store(name, whole).replaceAll('"', "&quot;")}</ETag></CompleteMultipartUploadResult>`,
      )
    }
    const found = this.objects.get(name)
    if (request.method === "PUT") {
      const isMet = this.ignoresConditions || conditionMet(request.headers, found)
      return isMet
        ? new Response(null, { headers: { etag: this.store(name, body) } })
        : refuse(412, "PreconditionFailed")
    }
    if (request.method === "DELETE") {
      this.objects.delete(name)
      return new Response(null, { status: 204 })
    }
    return found ? served(request, found) : refuse(404, "NoSuchKey")
  }

  private store(name: string, body: Uint8Array): string {
    const etag = etagOf(body)
    this.objects.set(name, { body, etag, atMs: Date.now() })
    return etag
  }

  /** @returns the code of the refusal, or null when the signature is right */
  private denied(request: Request, url: URL, body: Uint8Array): string | null {
    const query = url.searchParams
    const header = request.headers.get("authorization") ?? ""
    const inHeader = /Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)/.exec(header)
    const credential = inHeader?.[1] ?? query.get("X-Amz-Credential") ?? ""
    const signedHeaders = inHeader?.[2] ?? query.get("X-Amz-SignedHeaders") ?? ""
    const signature = inHeader?.[3] ?? query.get("X-Amz-Signature") ?? ""
    const [id, day, region, service] = credential.split("/")
    if (id !== this.options.accessKeyId) return "InvalidAccessKeyId"
    const payload = inHeader ? (request.headers.get("x-amz-content-sha256") ?? "") : "UNSIGNED-PAYLOAD"
    if (/^[0-9a-f]{64}$/.test(payload) && payload !== hash(body)) return "XAmzContentSHA256Mismatch"
    const pairs = [...query]
      .filter(([key]) => key !== "X-Amz-Signature")
      .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    const headers = signedHeaders.split(";").map((key) => `${key}:${(request.headers.get(key) ?? "").trim()}\n`)
    const path = decodeURIComponent(url.pathname).split("/").map(encode).join("/")
    const canonical = [request.method, path, pairs.sort().join("&"), headers.join(""), signedHeaders, payload].join(
      "\n",
    )
    const date = inHeader ? request.headers.get("x-amz-date") : query.get("X-Amz-Date")
    const toSign = ["AWS4-HMAC-SHA256", date, `${day}/${region}/${service}/aws4_request`, hash(canonical)].join("\n")
    const chain = [day!, region!, service!, "aws4_request"]
    const key = chain.reduce<Buffer>(
      (secret, part) => hmac(secret, part),
      Buffer.from(`AWS4${this.options.secretAccessKey}`),
    )
    return hmac(key, toSign).toString("hex") === signature ? null : "SignatureDoesNotMatch"
  }
}

const hash = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex")
const hmac = (key: Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest()
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
const etagOf = (body: Uint8Array): string => `"${createHash("md5").update(body).digest("hex")}"`
const xmlEscape = (text: string): string => Bun.escapeHTML(text)
const xmlUnescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&")

const entryOf = (key: string, { body, etag, atMs }: Stored): string =>
  `<Contents><Key>${xmlEscape(key)}</Key><LastModified>${new Date(atMs).toISOString()}</LastModified>` +
  `<ETag>${xmlEscape(etag)}</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`

const conditionMet = (headers: Headers, found: Stored | undefined): boolean => {
  const [is, isNot] = [headers.get("if-match"), headers.get("if-none-match")]
  return isNot === "*" ? !found : is === null || is === found?.etag
}

function served(request: Request, { body, etag, atMs }: Stored): Response {
  const headers = { etag, "last-modified": new Date(atMs).toUTCString(), "accept-ranges": "bytes" }
  if (request.method === "HEAD")
    return new Response(null, { headers: { ...headers, "content-length": String(body.length) } })
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "")
  if (!range) return new Response(body as BodyInit, { headers })
  const from = Number(range[1])
  const to = range[2] ? Math.min(Number(range[2]), body.length - 1) : body.length - 1
  if (from >= body.length) return refuse(416, "InvalidRange")
  const part = body.slice(from, to + 1)
  return new Response(part as BodyInit, {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${from}-${to}/${body.length}` },
  })
}

const xml = (text: string): Response =>
  new Response(`<?xml version="1.0" encoding="UTF-8"?>${text}`, { headers: { "content-type": "application/xml" } })

const refuse = (status: number, code: string): Response =>
  new Response(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code} by the test's store</Message></Error>`,
    {
      status,
      headers: { "content-type": "application/xml" },
    },
  )
