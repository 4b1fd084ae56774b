// Our own few objects beside Litestream's: read, written under a condition, looked for, removed. A folder or an S3 bucket.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { S3Client } from "bun"
import { type Config, LIMITS, type ReplicaTarget, within } from "../app/index.ts"
import { RemoteError } from "./error.ts"

export interface Remote {
  /** @returns null when the place is there and the object is not. `atMs`: when it was written, by the store's clock. @throws RemoteError */
  get(name: string): Promise<{ text: string; tag: string; atMs: number | null } | null>
  /**
   * @param was the tag of what it replaces, or null for nothing. Where a store knows no conditions it is written all the same: whoever
   * writes reads it back later.
   * @returns false when something else stands there. @throws RemoteError
   */
  put(name: string, text: string, was: string | null): Promise<boolean>
  /** Is there anything at all? @throws RemoteError */
  isEmpty(): Promise<boolean>
  /** Every object whose name begins so. @throws RemoteError */
  list(prefix: string): AsyncGenerator<Found>
}

export interface Found {
  name: string
  bytes: number
  /** When it was written, by the store's clock. */
  atMs: number
}

export function createRemote(
  config: Pick<Config, "replicaAccessKeyId" | "replicaSecretAccessKey">,
  target: ReplicaTarget,
): Remote {
  return target.kind === "file" ? folderRemote(target.folder) : bucketRemote(config, target)
}

function folderRemote(folder: string): Remote {
  const asRemote = <T>(work: () => T): Promise<T> => {
    try {
      // A disk that is not mounted looks like a folder that is not there; its parent must be.
      if (!existsSync(dirname(folder))) throw new Error(`${dirname(folder)} does not exist; is the disk mounted?`)
      return Promise.resolve(work())
    } catch (error) {
      return Promise.reject(new RemoteError((error as Error).message))
    }
  }
  const read = (name: string) => {
    const path = join(folder, name)
    if (!existsSync(path)) return null
    const { mtimeMs, ino } = statSync(path)
    return { text: readFileSync(path, "utf8"), tag: `${mtimeMs}:${ino}`, atMs: Math.round(mtimeMs) }
  }
  return {
    get: (name) => asRemote(() => read(name)),
    put: (name, text, was) =>
      asRemote(() => {
        if ((read(name)?.tag ?? null) !== was) return false
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        const path = join(folder, name)
        writeFileSync(`${path}.new`, text, { mode: 0o600 })
        renameSync(`${path}.new`, path)
        return true
      }),
    isEmpty: () => asRemote(() => !existsSync(folder) || readdirSync(folder).length === 0),
    async *list(prefix) {
      const names = await asRemote(() => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []))
      for (const name of names.map(String)) {
        // What Litestream removes meanwhile is not there any more.
        const entry = name.startsWith(prefix) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined
        if (entry?.isFile()) yield { name, bytes: entry.size, atMs: Math.round(entry.mtimeMs) }
      }
    },
  }
}

type Bucket = Extract<ReplicaTarget, { kind: "s3" }>

function bucketRemote(config: Pick<Config, "replicaAccessKeyId" | "replicaSecretAccessKey">, target: Bucket): Remote {
  const client = new S3Client({
    accessKeyId: config.replicaAccessKeyId,
    secretAccessKey: config.replicaSecretAccessKey,
    ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
    bucket: target.bucket,
    region: target.region,
    ...(target.endpoint ? { endpoint: target.endpoint } : {}),
  })
  /** Signed by query: conditions are headers of the request that need no signature. */
  const ask = async (method: "GET" | "PUT", name: string, init: RequestInit = {}): Promise<Response> => {
    const url = client.presign(`${target.prefix}/${name}`, { method, expiresIn: 300 })
    try {
      const signal = AbortSignal.timeout(LIMITS.replicaAskMs)
      const response = await fetch(url, { ...init, method, signal, redirect: "manual" })
      return new Response(await response.text(), response)
    } catch (error) {
      throw new RemoteError(unreachable(error, target))
    }
  }
  let isConditional = true
  return {
    async get(name) {
      const response = await ask("GET", name)
      const text = await response.text()
      if (response.ok) return { text, tag: response.headers.get("etag") ?? "", atMs: writtenMs(response.headers) }
      if (response.status === 404 && !text.includes("NoSuchBucket")) return null
      throw new RemoteError(refusal(response.status, text, target))
    },
    async put(name, body, was) {
      const condition: Record<string, string> = was === null ? { "if-none-match": "*" } : { "if-match": was }
      const headers = { "content-type": "application/json", ...(isConditional ? condition : {}) }
      const response = await ask("PUT", name, { body, headers })
      if (response.ok) return true
      if (response.status === 412 || response.status === 409) return false
      const text = await response.text()
      // Some stores refuse conditions instead of ignoring them.
      if (response.status === 501 && isConditional) {
        isConditional = false
        return this.put(name, body, was)
      }
      throw new RemoteError(refusal(response.status, text, target))
    },
    async isEmpty() {
      try {
        const listed = await within(client.list({ prefix: `${target.prefix}/`, maxKeys: 1 }), LIMITS.replicaAskMs)
        if (!listed) throw new Error("no answer in time")
        return (listed.contents ?? []).length === 0
      } catch (error) {
        throw new RemoteError(unreachable(error, target))
      }
    },
    list: (prefix) => listed(client, target, prefix),
  }
}

async function* listed(client: S3Client, target: Bucket, prefix: string): AsyncGenerator<Found> {
  const below = `${target.prefix}/`
  let next: string | undefined
  do {
    const page = await pageOf(client, `${below}${prefix}`, next).catch((error: unknown) => {
      throw new RemoteError(unreachable(error, target))
    })
    for (const { key, size, lastModified } of page.contents ?? [])
      yield { name: key.slice(below.length), bytes: size ?? 0, atMs: Date.parse(String(lastModified)) }
    next = page.isTruncated ? page.nextContinuationToken : undefined
  } while (next)
}

async function pageOf(client: S3Client, prefix: string, after: string | undefined) {
  const asked = client.list({ prefix, maxKeys: 1_000, ...(after ? { continuationToken: after } : {}) })
  const page = await within(asked, LIMITS.replicaAskMs)
  if (!page) throw new Error("no answer in time")
  return page
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
