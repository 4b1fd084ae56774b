// OpenRouter's provisioning API, as far as accounts of people need it: keys are made, read, found by name and deleted.
import { AppError, type Nano, nano } from "../../app/index.ts"
import { readDecoded } from "../../http/index.ts"
import { clean, type UpstreamFetch, type UpstreamInit, utf8 } from "../providers/index.ts"

export const OPENROUTER_URL = "https://openrouter.ai/api/v1"
/** An answer is some hundred bytes a key, and a page has a hundred of them. */
const ANSWER_BYTES_MAX = 1024 * 1024
const CALL_MS = 15_000
/** Pages of keys that are looked through for a name. */
const PAGES_MAX = 100

export interface KeyThere {
  hash: string
  /** Null = none. */
  limitNano: Nano | null
  remainingNano: Nano | null
  usedNano: Nano
}

export interface Provisioning {
  /** @param limitNano null = no limit. The secret is told once. */
  create(name: string, limitNano: Nano | null): Promise<KeyThere & { secret: string }>
  /** @param limitNano null = no limit @returns null: there is none */
  limit(hash: string, limitNano: Nano | null): Promise<KeyThere | null>
  /** Null = there is none. */
  read(hash: string): Promise<KeyThere | null>
  /** Those of a name, newest first as they are listed. */
  named(name: string): Promise<string[]>
  /** Also where there is none. */
  remove(hash: string): Promise<void>
}

interface Asked {
  method: UpstreamInit["method"]
  path: string
  body?: object
}

export function provisioning(by: { fetch: UpstreamFetch }, managementKey: string): Provisioning {
  const ask = async ({ method, path, body }: Asked): Promise<Record<string, unknown> | null> => {
    const response = await by.fetch(`${OPENROUTER_URL}${path}`, {
      method,
      headers: { authorization: `Bearer ${managementKey}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(CALL_MS),
      redirect: "manual",
      decompress: false,
    })
    const text = utf8(await readDecoded(response, ANSWER_BYTES_MAX))
    if (response.status === 404) return null
    // Only our words: an answer to a creation has a secret.
    if (!response.ok)
      throw new AppError(
        "provider_error",
        `OpenRouter answered ${response.status}.`,
        {},
        clean(refusal(text), managementKey),
      )
    return object(JSON.parse(text))
  }
  return {
    async create(name, limitNano) {
      const answer = await ask({ method: "POST", path: "/keys", body: { name, limit: dollarsOf(limitNano) } })
      const secret = answer?.key
      if (typeof secret !== "string" || !/^[\x21-\x7e]{16,300}$/.test(secret)) throw odd()
      return { ...keyOf(answer?.data), secret }
    },
    async limit(hash, limitNano) {
      const body = { limit: dollarsOf(limitNano) }
      const answer = await ask({ method: "PATCH", path: `/keys/${encodeURIComponent(hash)}`, body })
      return answer && keyOf(answer.data)
    },
    async read(hash) {
      const answer = await ask({ method: "GET", path: `/keys/${encodeURIComponent(hash)}` })
      return answer && keyOf(answer.data)
    },
    async named(name) {
      const found: string[] = []
      for (let page = 0, offset = 0; page < PAGES_MAX; page++) {
        const answer = await ask({ method: "GET", path: `/keys?offset=${offset}&include_disabled=true` })
        const list = Array.isArray(answer?.data) ? (answer.data as unknown[]) : []
        for (const one of list.map(object)) if (one.name === name && typeof one.hash === "string") found.push(one.hash)
        if (list.length === 0) break
        offset += list.length
      }
      return found
    },
    async remove(hash) {
      await ask({ method: "DELETE", path: `/keys/${encodeURIComponent(hash)}` })
    },
  }
}

const odd = () => new AppError("provider_error", "OpenRouter sent an answer that cannot be read.")
const object = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}

const refusal = (text: string): string => {
  try {
    const { message } = object(object(JSON.parse(text)).error)
    return typeof message === "string" ? message : ""
  } catch {
    return ""
  }
}

const dollarsOf = (limitNano: Nano | null): number | null => limitNano && limitNano / 1_000_000_000

/** Dollars with a fraction, as JSON has them; never below nothing. */
function nanoOf(dollars: unknown): Nano {
  if (typeof dollars !== "number" || !Number.isFinite(dollars) || Math.abs(dollars) > 1_000_000) throw odd()
  return nano(Math.max(0, Math.round(dollars * 1_000_000_000)))
}

function keyOf(data: unknown): KeyThere {
  const { hash, limit, limit_remaining: remaining, usage } = object(data)
  if (typeof hash !== "string" || !/^[\w-]{1,200}$/.test(hash)) throw odd()
  return {
    hash,
    limitNano: limit == null ? null : nanoOf(limit),
    remainingNano: remaining == null ? null : nanoOf(remaining),
    usedNano: usage == null ? nano(0) : nanoOf(usage),
  }
}
