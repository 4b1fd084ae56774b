// Upstreams as the hot path needs them: opened keys, ready headers, model name → candidates. Reloaded after each change.
import { type Keyring, UpstreamId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { createSandbox } from "./sandbox.ts"
import { modelsOf, type UpstreamRow, upstreamRows } from "./store.ts"
import type { Candidate, LiveUpstream, UpstreamFetch } from "./types.ts"

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
      const upstream = this.live(row)
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

  live(row: UpstreamRow): LiveUpstream {
    const apiKey =
      row.api_key_sealed === null ? "" : this.keyring.open(SEAL_PURPOSE, keyAad(row.public_id), row.api_key_sealed)
    return {
      id: UpstreamId(row.id),
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
      fetch: row.kind === "sandbox" ? this.sandbox : this.fetch,
    }
  }
}
