// Changing an upstream: its address, its key, its price list. The name stays, because apps call models by it. A key is never sent to
// an address it was not typed for, and never in the log.
import { AppError } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { sealIn } from "../../part/index.ts"
import { PRICE_PROVIDERS } from "../../pricing/index.ts"
import type { Tx } from "../../store/index.ts"
import { extraFieldProblem } from "../dialects/chat/fields.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { EditUpstream, Upstream } from "../types.ts"
import { known, shown, type UpstreamDeps } from "./accounts.ts"
import { apiKeyOf, apiKeyProblem, baseUrlOf, baseUrlProblem, refuseWrong } from "./fields.ts"
import { SEALED_UPSTREAM_KEYS } from "./registry.ts"
import { extraFieldsOf, replaceExtraFields, setAccount, upstreamRow } from "./store.ts"

/** Forgets the last test: it was of another account. @throws AppError not_found, conflict (no account), validation_failed */
export function editUpstreamIn(deps: UpstreamDeps, tx: Tx, publicId: string, input: EditUpstream): Upstream {
  const row = known(upstreamRow(tx, publicId))
  const account = deps.registry.provider(row.kind)?.account
  if (!account) throw new AppError("conflict", `${row.name} has no address and no key to change.`)
  const apiKey = apiKeyOf(input.apiKey)
  const urlProblem = baseUrlProblem(input.baseUrl, account.baseUrlExample)
  const moved = !urlProblem && new URL(baseUrlOf(input.baseUrl)).origin !== new URL(row.baseUrl).origin
  const before = extraFieldsOf(tx, row.id)
  const extraFields = [...new Set(input.extraFields ?? before)].toSorted()
  const needsKey = moved && !apiKey && row.apiKeySealed !== null
  const knowsList = input.priceProvider === row.priceProvider || PRICE_PROVIDERS.includes(input.priceProvider)
  const newKeyProblem = apiKey === null ? null : apiKeyProblem(apiKey, account)
  refuseWrong({
    baseUrl: urlProblem,
    apiKey: needsKey ? "The address is another server: enter the key for it." : newKeyProblem,
    priceProvider: knowsList ? null : "Choose one of the price lists.",
    extraFields: extraFieldsProblem(extraFields),
  })
  const baseUrl = baseUrlOf(input.baseUrl)
  const sealed = apiKey ? sealIn(tx, deps.keyring, SEALED_UPSTREAM_KEYS, [publicId], apiKey) : row.apiKeySealed
  const maxTokensField = input.maxTokensField === undefined ? row.maxTokensField : input.maxTokensField
  setAccount(tx, row.id, {
    baseUrl,
    apiKeySealed: sealed,
    priceProvider: input.priceProvider,
    maxTokensField,
  })
  replaceExtraFields(tx, row.id, extraFields)
  auditIn(tx, {
    action: "upstream.changed",
    subject: publicId,
    before: {
      baseUrl: row.baseUrl,
      priceProvider: row.priceProvider,
      maxTokensField: row.maxTokensField,
      extraFields: before,
    },
    after: { baseUrl, priceProvider: input.priceProvider, maxTokensField, extraFields, newKey: apiKey !== null },
  })
  tx.afterCommit(() => {
    deps.registry.load(deps.store.read)
    deps.router.health.reset(row.id)
  })
  return shown(deps, tx, publicId)
}

function extraFieldsProblem(names: readonly string[]): string | null {
  if (names.length > GATEWAY_LIMITS.extraFieldsMax) return `Allow ${GATEWAY_LIMITS.extraFieldsMax} fields at most.`
  return names.map(extraFieldProblem).find((problem) => problem !== null) ?? null
}
