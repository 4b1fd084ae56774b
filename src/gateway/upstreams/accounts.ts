// Verbs on upstreams: add, turn on and off, list. Each is audited; keys are sealed before they reach a row and never in the log.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { sealIn } from "../../part/index.ts"
import { providerForUrl } from "../../pricing/index.ts"
import type { OrmReader, Tx } from "../../store/index.ts"
import { GATEWAY_LIMITS, type Timeouts } from "../limits.ts"
import type { Provider } from "../providers/index.ts"
import type { Router } from "../routing/router.ts"
import type { AddUpstream, GatewayDeps, Upstream, UpstreamKind } from "../types.ts"
import { apiKeyOf, apiKeyProblem, baseUrlOf, baseUrlProblem, modelNames, nameProblem, refuseWrong } from "./fields.ts"
import { quirksOf } from "./presets.ts"
import { keyAad, type Registry, SEAL_PURPOSE, SEALED_UPSTREAM_KEYS } from "./registry.ts"
import {
  countUpstreams,
  extraFieldsOf,
  insertUpstream,
  modelsOf,
  replaceExtraFields,
  replaceModels,
  setEnabled,
  setMaxTokensField,
  toUpstream,
  type UpstreamRow,
  upstreamRow,
  upstreamRows,
} from "./store.ts"

export type UpstreamDeps = Pick<GatewayDeps, "store" | "ids" | "keyring" | "clock"> & {
  registry: Registry
  router: Router
  timeouts: Timeouts
}

export function addUpstreamIn(deps: UpstreamDeps, tx: Tx, input: AddUpstream): Upstream {
  const name = input.name.trim()
  const provider = deps.registry.provider(input.kind)
  if (!provider) throw kindUnknown()
  const { account, fixed, priceProvider } = provider
  const typedUrl = fixed?.baseUrl ?? input.baseUrl ?? ""
  refuseWrong({
    name: nameProblem(tx, name),
    baseUrl: baseUrlProblem(typedUrl, account?.baseUrlExample),
    apiKey: apiKeyProblem(input.apiKey, account),
  })
  const baseUrl = baseUrlOf(typedUrl)
  ensure(
    countUpstreams(tx) < GATEWAY_LIMITS.upstreamsMax,
    "conflict",
    "There are too many providers. Remove one first.",
  )
  const publicId = deps.ids.next("upm")
  const apiKey = apiKeyOf(input.apiKey)
  const id = insertUpstream(tx, {
    publicId,
    kind: input.kind,
    name,
    baseUrl,
    apiKeySealed: apiKey ? sealIn(tx, deps.keyring, SEALED_UPSTREAM_KEYS, [publicId], apiKey) : null,
    priceProvider:
      fixed?.priceProvider ?? (input.priceProvider?.trim() || (providerForUrl(baseUrl) ?? priceProvider ?? "openai")),
  })
  const quirks = quirksOf(input.preset, input.kind)
  if (quirks.maxTokensField) setMaxTokensField(tx, id, quirks.maxTokensField)
  replaceExtraFields(tx, id, quirks.extraFields ?? [])
  replaceModels(tx, id, modelNames(fixed?.models ?? input.models ?? []))
  auditIn(tx, {
    action: "upstream.added",
    subject: publicId,
    after: { name, baseUrl, kind: input.kind, key: !!apiKey },
  })
  tx.afterCommit(() => deps.registry.load(deps.store.read))
  return shown(deps, tx, publicId)
}

export function enableUpstreamIn(deps: UpstreamDeps, tx: Tx, publicId: string, enabled: boolean): Upstream {
  const row = known(upstreamRow(tx, publicId))
  setEnabled(tx, row.id, enabled)
  auditIn(tx, {
    action: enabled ? "upstream.enabled" : "upstream.disabled",
    subject: publicId,
    before: { enabled: row.enabled },
    after: { enabled },
  })
  tx.afterCommit(() => {
    deps.registry.load(deps.store.read)
    // Whoever turns it on has a reason to think that it works.
    if (enabled) deps.router.health.reset(row.id)
  })
  return shown(deps, tx, publicId)
}

/** In place of the list that a server gives of itself. @throws AppError not_found */
export function setModelsIn(deps: UpstreamDeps, tx: Tx, publicId: string, models: readonly string[]): Upstream {
  const row = known(upstreamRow(tx, publicId))
  const before = modelsOf(tx, row.id)
  const after = modelNames(models)
  replaceModels(tx, row.id, after)
  auditIn(tx, {
    action: "upstream.models_set",
    subject: publicId,
    before: { models: before.length },
    after: { models: after.length },
  })
  tx.afterCommit(() => deps.registry.load(deps.store.read))
  return shown(deps, tx, publicId)
}

/** Whether this is the key it has; false for one that cannot be opened. */
export function holdsKey({ store, keyring }: UpstreamDeps, publicId: string, apiKey: string): boolean {
  const sealed = upstreamRow(store.read, publicId)?.apiKeySealed ?? null
  if (sealed === null) return false
  try {
    return keyring.open(SEAL_PURPOSE, keyAad(publicId), sealed) === apiKey
  } catch {
    return false
  }
}

export const listUpstreams = (deps: UpstreamDeps): Upstream[] =>
  upstreamRows(deps.store.read).map((row) => fromRow(deps, deps.store.read, row))

export function oneUpstream(deps: UpstreamDeps, publicId: string): Upstream | null {
  const row = upstreamRow(deps.store.read, publicId)
  return row && fromRow(deps, deps.store.read, row)
}

/** For the page that adds one. */
export const listKinds = ({ registry }: UpstreamDeps): UpstreamKind[] =>
  Object.entries(registry.providers).map(([kind, { label, help, account }]: [string, Provider]) => ({
    kind,
    label,
    help,
    isLocal: account === null,
    baseUrlHelp: account?.baseUrlHelp ?? "",
    baseUrlExample: account?.baseUrlExample ?? "",
  }))

/** An upstream as it stands after a change. */
export const shown = (deps: UpstreamDeps, tx: Tx, publicId: string): Upstream =>
  fromRow(deps, tx, known(upstreamRow(tx, publicId)))

/** Of a kind that this executable does not know, the row is still listed. */
const fromRow = ({ registry }: UpstreamDeps, reader: OrmReader, row: UpstreamRow): Upstream =>
  toUpstream(
    row,
    modelsOf(reader, row.id),
    extraFieldsOf(reader, row.id),
    registry.provider(row.kind)?.account === null,
  )

export function known(row: UpstreamRow | null): UpstreamRow {
  if (!row) throw new AppError("not_found", "There is no such provider.")
  return row
}

const kindUnknown = (): AppError =>
  new AppError("validation_failed", "Choose one of the kinds.", {
    param: "kind",
    formErrors: { kind: "Choose one of the kinds." },
  })
