// One portion of /credits.csv, made in the read Worker: rows of the ledger with what usage knows of them, as text.
import {
  type ClientId,
  CsvNumber,
  creditsDecimal,
  csvLine,
  type KeyId,
  LIMITS,
  type Nano,
  type UserId,
} from "../../app/index.ts"
import {
  type HistoryRow,
  type Owner,
  principal,
  readHistory,
  readHistoryOf,
  type TransactionType,
} from "../../ledger/index.ts"
import type { Reader } from "../../store/index.ts"
import { isForgotten, readCalls, readChargedCalls, type UsageCall } from "../../usage/index.ts"

import { isOwnKey } from "./movements.ts"

/** Name of this heavy read in `worker.ts`. */
export const CREDITS_EXPORT = "console.credits-export"

export interface CreditsExportInput {
  userId: UserId
  /** Null: all. */
  types: readonly TransactionType[] | null
  clientId: ClientId | null
  /** One of this person's own keys; calls through it, no others. */
  keyId: KeyId | null
  fromMs: number | null
  toMs: number | null
  /** Names by client id: of apps this person called through. */
  apps: Record<number, string>
  /** Names by key id: of this person's own keys. */
  keys: Record<number, string>
  /** Where the portion before ended; null = at the top. */
  cursor: string | null
}

export interface CreditsExportPage {
  text: string
  rows: number
  /** Null: that was all. */
  cursor: string | null
}

const COLUMNS = [
  "time",
  "type",
  "app",
  "model",
  "input_tokens",
  "output_tokens",
  "amount_credits",
  "amount_nano",
  "model_price_nano",
  "developer_share_nano",
  "platform_share_nano",
  "uncollected_nano",
  "balance_before_credits",
  "balance_before_nano",
  "balance_after_credits",
  "balance_after_nano",
  "reason",
  "request_id",
  "transaction_id",
  "api_key",
  "own_provider_key",
]
export const CREDITS_CSV_HEAD = csvLine(COLUMNS)

/** Newest first. Rows never change, so portions by keyset are one snapshot from the first on. */
export function creditsExportPage(reader: Reader, input: CreditsExportInput): CreditsExportPage {
  const { rows, cursor } = input.clientId === null ? fromLedger(reader, input) : fromApp(reader, input, input.clientId)
  const requests = rows.flatMap((row) => (row.callId ? [row.callId] : []))
  const calls = new Map(readCalls(reader, requests).map((call) => [call.publicId, call]))
  const lines = rows.map((row) => line(row, row.callId ? calls.get(row.callId) : undefined, input))
  return { text: lines.join(""), rows: rows.length, cursor }
}

const ownerOf = (input: CreditsExportInput): Owner => principal(input.userId)
const spanOf = ({ fromMs, toMs }: CreditsExportInput) => ({ fromMs: fromMs ?? undefined, toMs: toMs ?? undefined })

function fromLedger(reader: Reader, input: CreditsExportInput): { rows: HistoryRow[]; cursor: string | null } {
  const limit = LIMITS.exportPageRows
  const rows = readHistory(reader, ownerOf(input), "live", {
    limit,
    beforeId: input.cursor ?? undefined,
    types: input.types ?? undefined,
    keyId: input.keyId ?? undefined,
    ...spanOf(input),
  })
  return { rows, cursor: rows.length < limit ? null : rows.at(-1)!.transactionId }
}

function fromApp(
  reader: Reader,
  input: CreditsExportInput,
  clientId: ClientId,
): { rows: HistoryRow[]; cursor: string | null } {
  const limit = LIMITS.exportPageRows
  const transactionIds = readChargedCalls(reader, {
    userId: input.userId,
    clientId,
    mode: "live" as const,
    limit,
    beforeId: input.cursor ?? undefined,
    ...spanOf(input),
  })
  const rows = readHistoryOf(reader, ownerOf(input), "live", transactionIds)
  return { rows, cursor: transactionIds.length < limit ? null : (rows.at(-1)?.callId ?? null) }
}

type Named = Pick<CreditsExportInput, "apps" | "keys">

function line(row: HistoryRow, call: UsageCall | undefined, { apps, keys }: Named): string {
  return csvLine([
    new Date(row.atMs).toISOString(),
    row.type,
    call?.clientId ? (apps[call.clientId] ?? null) : null,
    ...(call && !isForgotten(call) ? [call.model, call.inputTokens, call.outputTokens] : [null, null, null]),
    ...amount(row.amountNano),
    call?.upstreamNano ?? null,
    call?.developerNano ?? null,
    call?.platformNano ?? null,
    call?.uncollectedNano ?? null,
    ...amount(row.balanceBeforeNano),
    ...amount(row.balanceAfterNano),
    call ? null : row.reason,
    row.callId,
    row.transactionId,
    call?.keyId ? (keys[call.keyId] ?? null) : null,
    call && isOwnKey(call) ? "yes" : null,
  ])
}

/** Credits and n$, both exact. */
const amount = (value: Nano): [CsvNumber, number] => [new CsvNumber(creditsDecimal(value)), value]
