// Upstreams as the hot path needs them: opened keys, their provider, model name → candidates. Reloaded after each change.
import type { Keyring, Log, UpstreamId } from "../../app/index.ts"
import type { SealedColumn } from "../../part/index.ts"
import { providerForUrl } from "../../pricing/index.ts"
import type { OrmReader } from "../../store/index.ts"
import type { MaxTokensField, Provider, Providers, UpstreamFetch } from "../providers/index.ts"
import type { Candidate, ReadyUpstream, UpstreamTraits } from "../types.ts"
import { extraFieldsOf, modelsOf, routingOf, type UpstreamRow, upstreamById, upstreamRows } from "./store.ts"

export const SEAL_PURPOSE = "upstreams"
/** Additional data of a sealed key: table, column, row (DESIGN §7). */
export const keyAad = (publicId: string): string => `upstreams:api_key_sealed:${publicId}`

export const SEALED_UPSTREAM_KEYS: SealedColumn = {
  what: "keys of providers",
  table: "upstreams",
  blob: "api_key_sealed",
  assign: "api_key_sealed = ?",
  purpose: SEAL_PURPOSE,
  columns: ["public_id"],
  place: keyAad,
}

export interface RegistryDeps {
  keyring: Keyring
  log: Log
  providers: Providers
  fetch: UpstreamFetch
  sandboxWordMs: number
}

export class Registry {
  private byModel = new Map<string, Candidate[]>()
  /** By server, so that what was learned outlives a reload. */
  private readonly traits = new Map<string, UpstreamTraits>()

  constructor(private readonly deps: RegistryDeps) {}

  get providers(): Providers {
    return this.deps.providers
  }
  /** Names from rows and forms: never a member that every object has. */
  provider(kind: string): Provider | null {
    return Object.hasOwn(this.deps.providers, kind) ? this.deps.providers[kind]! : null
  }

  /** Builds the whole map before it replaces the old one. */
  load(reader: OrmReader): void {
    const next = new Map<string, Candidate[]>()
    const add = (key: string, candidate: Candidate) => {
      const known = next.get(key)
      if (known) known.push(candidate)
      else next.set(key, [candidate])
    }
    // Accounts of one model stand by priority, so that a call has to shuffle only.
    for (const row of upstreamRows(reader).toSorted((a, b) => a.priority - b.priority)) {
      if (!row.enabled) continue
      const upstream = this.ready(row, extraFieldsOf(reader, row.id))
      if (!upstream) continue
      for (const model of modelsOf(reader, row.id)) {
        add(model, { upstream, model })
        add(`${upstream.name}/${model}`, { upstream, model })
      }
    }
    this.byModel = next
  }

  /** `name` or `upstream/name`, by priority; which may be called now, and in which order, the router says. Empty when nobody serves it. */
  candidates(model: string): readonly Candidate[] {
    return this.byModel.get(model) ?? []
  }

  entries(): Iterable<[string, readonly Candidate[]]> {
    return this.byModel
  }

  /** An account that something was begun at, on or off. */
  byId(reader: OrmReader, id: UpstreamId): ReadyUpstream | null {
    const row = upstreamById(reader, id)
    return row && this.ready(row)
  }

  /** @returns null when this executable knows no such kind, or cannot open its key: the others must go on answering */
  ready(row: UpstreamRow, extraFields: readonly string[] = []): ReadyUpstream | null {
    const { keyring, log, fetch, sandboxWordMs } = this.deps
    const provider = this.provider(row.kind)
    if (!provider) {
      log.error("gateway.unknown_kind", { upstream: row.name, kind: row.kind })
      return null
    }
    let apiKey = ""
    try {
      if (row.apiKeySealed !== null) apiKey = keyring.open(SEAL_PURPOSE, keyAad(row.publicId), row.apiKeySealed)
    } catch (error) {
      log.error("gateway.key_unreadable", { upstream: row.name, error })
      return null
    }
    return {
      id: row.id,
      publicId: row.publicId,
      name: row.name,
      provider,
      isLocal: provider.account === null,
      priceProvider: row.priceProvider,
      maxTokensField: row.maxTokensField ?? maxTokensFieldOf(row.baseUrl),
      extraFields: new Set(extraFields),
      account: { baseUrl: row.baseUrl, apiKey },
      fetch: provider.connect?.({ wordMs: sandboxWordMs }) ?? fetch,
      traits: this.traitsOf(`${row.publicId} ${row.baseUrl}`),
      routing: routingOf(row),
    }
  }

  private traitsOf(server: string): UpstreamTraits {
    const known = this.traits.get(server)
    if (known) return known
    const fresh: UpstreamTraits = { quirks: new Set(), hasAnswered: false, outputMaxima: new Map() }
    this.traits.set(server, fresh)
    return fresh
  }
}

/** Houses whose own API has renamed it; everybody else's knows the older name. */
const NEWER_NAME = new Set(["openai", "azure", "x-ai", "groq", "cerebras"])
const NEWER_HOSTS = /\.(openai|azure)\.com$/
function maxTokensFieldOf(baseUrl: string): MaxTokensField {
  const isNewer = NEWER_NAME.has(providerForUrl(baseUrl) ?? "") || NEWER_HOSTS.test(new URL(baseUrl).hostname)
  return isNewer ? "max_completion_tokens" : "max_tokens"
}
