// A replica in an S3 bucket, of Amazon or of whoever speaks alike.
import { S3Client } from "bun"
import { type Config, LIMITS, type ReplicaTarget, within } from "../app/index.ts"
import { RemoteError } from "./error.ts"
import type { Found, Got, Remote } from "./remote.ts"

type Bucket = Extract<ReplicaTarget, { kind: "s3" }>
type ListOptions = Parameters<S3Client["list"]>[0] & object

const DELETES_AT_ONCE = 16
/** What a store says that has too much to do for a moment; asked again it answers. */
const BUSY: ReadonlySet<number> = new Set([429, 500, 502, 503, 504])
/** Waits before it is asked again, ms: two seconds in all, well within a lease. */
const AGAIN_MS = [100, 250, 600, 1_000]

export class BucketRemote implements Remote {
  private readonly client: S3Client
  private isConditional = true

  constructor(
    config: Pick<Config, "replicaAccessKeyId" | "replicaSecretAccessKey">,
    private readonly target: Bucket,
  ) {
    this.client = new S3Client({
      accessKeyId: config.replicaAccessKeyId,
      secretAccessKey: config.replicaSecretAccessKey,
      ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
      bucket: target.bucket,
      region: target.region,
      ...(target.endpoint ? { endpoint: target.endpoint } : {}),
    })
  }

  async get(name: string): Promise<Got | null> {
    const response = await this.ask("GET", name)
    const text = await response.text()
    if (response.ok) return { text, tag: response.headers.get("etag") ?? "", atMs: writtenMs(response.headers) }
    if (response.status === 404 && !text.includes("NoSuchBucket")) return null
    throw new RemoteError(refusal(response.status, text, this.target))
  }

  async put(name: string, body: string, was: string | null): Promise<boolean> {
    const condition: Record<string, string> = was === null ? { "if-none-match": "*" } : { "if-match": was }
    const headers = { "content-type": "application/json", ...(this.isConditional ? condition : {}) }
    const response = await this.ask("PUT", name, { body, headers })
    if (response.ok) return true
    if (response.status === 412 || response.status === 409) return false
    const text = await response.text()
    // Some stores refuse conditions instead of ignoring them.
    if (response.status === 501 && this.isConditional) {
      this.isConditional = false
      return this.put(name, body, was)
    }
    throw new RemoteError(refusal(response.status, text, this.target))
  }

  async isEmpty(): Promise<boolean> {
    const { contents = [] } = await this.page({ maxKeys: 1 })
    return contents.length === 0
  }

  async *list(prefix: string): AsyncGenerator<Found> {
    const below = `${this.target.prefix}/`
    let after: string | undefined
    do {
      const page = await this.page({ prefix: `${below}${prefix}`, ...(after ? { continuationToken: after } : {}) })
      for (const { key, size, lastModified } of page.contents ?? [])
        yield { name: key.slice(below.length), bytes: size ?? 0, atMs: Date.parse(String(lastModified)) }
      after = page.isTruncated ? page.nextContinuationToken : undefined
    } while (after)
  }

  async folders(): Promise<string[]> {
    const names: string[] = []
    let after: string | undefined
    do {
      const page = await this.page({ delimiter: "/", ...(after ? { continuationToken: after } : {}) })
      for (const { prefix } of page.commonPrefixes ?? []) names.push(prefix.split("/").at(-2) ?? "")
      after = page.isTruncated ? page.nextContinuationToken : undefined
    } while (after)
    return names
  }

  async remove(folder: string): Promise<void> {
    // From the beginning each time: what was listed before is gone.
    for (;;) {
      const { contents = [] } = await this.page({ prefix: `${this.target.prefix}/${folder}/` })
      if (contents.length === 0) return
      for (let at = 0; at < contents.length; at += DELETES_AT_ONCE)
        await Promise.all(contents.slice(at, at + DELETES_AT_ONCE).map(({ key }) => this.forget(key)))
    }
  }

  private async forget(key: string): Promise<void> {
    const response = await this.ask("DELETE", key.slice(this.target.prefix.length + 1))
    if (!response.ok && response.status !== 404)
      throw new RemoteError(refusal(response.status, await response.text(), this.target))
  }

  private async page(options: ListOptions) {
    const { client, target } = this
    for (let tries = 0; ; tries++) {
      try {
        const listed = await within(client.list({ prefix: `${target.prefix}/`, ...options }), LIMITS.replicaAskMs)
        if (!listed) throw new Error("no answer in time")
        return listed
      } catch (error) {
        if (!isBusy(error) || !(await isAskedAgain(tries))) throw new RemoteError(unreachable(error, target))
      }
    }
  }

  /** A condition that was met though the answer was lost is not met again: whoever writes reads what stands there. */
  private async ask(method: "GET" | "PUT" | "DELETE", name: string, init: RequestInit = {}): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const response = await this.askOnce(method, name, init)
      if (!BUSY.has(response.status) || !(await isAskedAgain(tries))) return response
    }
  }

  /** Signed by query: conditions are headers of the request that need no signature. */
  private async askOnce(method: "GET" | "PUT" | "DELETE", name: string, init: RequestInit): Promise<Response> {
    const url = this.client.presign(`${this.target.prefix}/${name}`, { method, expiresIn: 300 })
    try {
      const signal = AbortSignal.timeout(LIMITS.replicaAskMs)
      const response = await fetch(url, { ...init, method, signal, redirect: "manual" })
      return new Response(await response.text(), response)
    } catch (error) {
      throw new RemoteError(unreachable(error, this.target))
    }
  }
}

/** By the code that the client's error carries. */
const isBusy = (error: unknown): boolean =>
  /^(SlowDown|ServiceUnavailable|InternalError|TooManyRequests|RequestLimitExceeded)$/.test(
    String((error as { code?: unknown }).code),
  )

/** @returns false when it was asked often enough */
async function isAskedAgain(tries: number): Promise<boolean> {
  const ms = AGAIN_MS[tries]
  if (ms === undefined) return false
  // Servers that were refused in one moment do not come back in one moment.
  await Bun.sleep(ms * (0.75 + Math.random() / 2))
  return true
}

function writtenMs(headers: Headers): number | null {
  const ms = Date.parse(headers.get("last-modified") ?? "")
  return Number.isNaN(ms) ? null : ms
}

const whereOf = ({ bucket, endpoint, region }: Bucket): string =>
  `bucket ${bucket} at ${endpoint ?? `Amazon S3 (${region})`}`

const unreachable = (error: unknown, target: Bucket): string => {
  const { code, message, name } = error as { code?: string; message: string; name: string }
  const what =
    name === "TimeoutError" ? "no answer in time" : code && !message.includes(code) ? `${code}: ${message}` : message
  return `${whereOf(target)}: ${what}`
}

/** What stores say in XML, as one line. */
function refusal(status: number, text: string, target: Bucket): string {
  const code = /<Code>([^<]{1,100})<\/Code>/.exec(text)?.[1] ?? `status ${status}`
  const message = /<Message>([^<]{1,300})<\/Message>/.exec(text)?.[1]
  return `${whereOf(target)}: ${code}${message ? ` (${message})` : ""}`
}
