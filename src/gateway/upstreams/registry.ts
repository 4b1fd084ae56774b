// Upstreams as the hot path needs them: opened keys, ready headers, model name → candidates. Reloaded after each change.
import type { Keyring } from "../../app/index.ts"
import { providerForUrl } from "../../pricing/index.ts"
import type { Reader } from "../../store/index.ts"
import { createSandbox } from "../providers/sandbox/sandbox.ts"
import type { Candidate, LiveUpstream, MaxTokensField, UpstreamFetch } from "../types.ts"
import { extraFieldsOf, modelsOf, type UpstreamRow, upstreamRows } from "./store.ts"

export const SEAL_PURPOSE = "upstreams"
/** Additional data of a sealed key: table, column, row (DESIGN §7). */
export const keyAad = (publicId: string): string => `upstreams:api_key_sealed:${publicId}`

export class Registry {
  private byModel = new Map<string, Candidate[]>()
  private readonly sandbox: UpstreamFetch

  constructor(
    private readonly keyring: Keyring,
    private readonly fetch: UpstreamFetch,
    sandboxWordMs: number,
  ) {
    this.sandbox = createSandbox(sandboxWordMs)
  }

  /** Builds the whole map before it replaces the old one. */
  load(reader: Reader): void {
    const next = new Map<string, Candidate[]>()
    const add = (key: string, candidate: Candidate) => {
      const known = next.get(key)
      if (known) known.push(candidate)
      else next.set(key, [candidate])
    }
    for (const row of upstreamRows(reader)) {
      if (row.enabled !== 1) continue
      const upstream = this.live(row, extraFieldsOf(reader, row.id))
      for (const model of modelsOf(reader, row.id)) {
        add(model, { upstream, model })
        add(`${upstream.name}/${model}`, { upstream, model })
      }
    }
    this.byModel = next
  }

  /** `name` or `upstream/name`; empty when nobody serves it. */
  candidates(model: string): readonly Candidate[] {
    return this.byModel.get(model) ?? []
  }

  entries(): Iterable<[string, readonly Candidate[]]> {
    return this.byModel
  }

  live(row: UpstreamRow, extraFields: readonly string[] = []): LiveUpstream {
    const apiKey =
      row.api_key_sealed === null ? "" : this.keyring.open(SEAL_PURPOSE, keyAad(row.public_id), row.api_key_sealed)
    return {
      id: row.id,
      publicId: row.public_id,
      name: row.name,
      kind: row.kind,
      priceProvider: row.price_provider,
      chatUrl: `${row.base_url}/chat/completions`,
      modelsUrl: `${row.base_url}/models`,
      headers: {
        "content-type": "application/json",
        "accept-encoding": "identity",
        ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      apiKey,
      maxTokensField: row.max_tokens_field ?? maxTokensFieldOf(row.base_url),
      extraFields: new Set(extraFields),
      fetch: row.kind === "sandbox" ? this.sandbox : this.fetch,
    }
  }
}

/** Houses whose own API has renamed it; everybody else's knows the older name. */
const NEWER_NAME = new Set(["openai", "azure", "x-ai", "groq", "cerebras"])
const NEWER_HOSTS = /\.(openai|azure)\.com$/
function maxTokensFieldOf(baseUrl: string): MaxTokensField {
  const isNewer = NEWER_NAME.has(providerForUrl(baseUrl) ?? "") || NEWER_HOSTS.test(new URL(baseUrl).hostname)
  return isNewer ? "max_completion_tokens" : "max_tokens"
}
