// The end of a video: settled in full or not at all, once, whoever finds it first; told in the same body.
import { nano } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { SpentAt } from "../../limits/index.ts"
import { unitsOfMade } from "../../pricing/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn } from "../../webhooks/index.ts"
import { FREE } from "../charge/held.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { appOf, keyOf, setEnded, subOf, type VideoRow, videoById } from "./store.ts"
import type { VideoDeps } from "./types.ts"

export type Ended =
  | { status: "completed"; expiresMs: number | null; bytes?: number | null }
  /** `told`: how the call ends in the books, where its caller was refused at once. */
  | { status: "failed"; code: string; message: string; told?: { status: number; errorCode: string } }

type EndDeps = Pick<VideoDeps, "ledger" | "limits" | "usage">

/** @returns false: it had ended before, and nothing was changed */
export function endIn(deps: EndDeps, tx: Tx, { id }: Pick<VideoRow, "id">, end: Ended): boolean {
  // What it costs is what it says now: another account may have been asked since somebody looked.
  const row = videoById(tx, id)
  if (!row) return false
  const isDone = end.status === "completed"
  const isFirst = setEnded(tx, row.id, {
    status: end.status,
    errorCode: isDone ? null : end.code.slice(0, L.errorCharsMax),
    errorMessage: isDone ? null : end.message.slice(0, L.errorCharsMax),
    expiresMs: isDone ? (end.expiresMs ?? tx.now + L.keptMs) : null,
    fileBytes: isDone ? (end.bytes ?? null) : null,
  })
  if (!isFirst) return false
  const { totalNano, ...parts } = chargeOf(row)
  deps.ledger.settleIn(tx, {
    hold: { id: row.holdId, accountId: row.accountId, callId: row.callId },
    charge: isDone ? { totalNano, ...parts } : FREE,
    developer: row.developerId === null ? null : principal(row.developerId),
    withinHold: true,
    call: {
      status: isDone ? 200 : (end.told?.status ?? 502),
      errorCode: isDone ? null : (end.told?.errorCode ?? "provider_error"),
      end: isDone ? "done" : "failed",
      latencyMs: Math.max(0, tx.now - row.createdMs),
      firstTokenMs: null,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      ...(isDone ? { units: unitsOf(row) } : {}),
      source: isDone && totalNano > 0 ? "reported" : "none",
    },
  })
  // What came back was not spent.
  if (!isDone) deps.limits.giveBackIn(tx, JSON.parse(row.spentAt) as SpentAt[], totalNano)
  if (isDone && row.clientId !== null) deps.usage.answeredIn(tx, row.clientId)
  if (isDone || !end.told) tellIn(tx, row, end)
  return true
}

/** With it the charge can be computed again. */
const unitsOf = ({ size, seconds, pictures }: VideoRow): Record<string, number> => ({
  ...(pictures > 0 ? { images: pictures } : {}),
  ...unitsOfMade({ unit: "second", as: size, count: seconds }),
})

const chargeOf = ({ chargeNano, upstreamNano, developerNano, platformNano }: VideoRow) => ({
  totalNano: nano(chargeNano),
  upstreamNano: nano(upstreamNano),
  developerNano: nano(developerNano),
  platformNano: nano(platformNano),
})

/** The app that asked for it; of a key its person. */
function tellIn(tx: Tx, row: VideoRow, end: Ended): void {
  const { publicId: video, callId: request, model, userId, clientId, keyId, mode } = row
  const error = end.status === "failed" ? end.code.slice(0, L.errorCharsMax) : null
  if (clientId !== null) {
    const app = appOf(tx, clientId)
    const user = subOf(tx, userId)
    if (app === null || user === null) return
    const to = { app: { id: clientId, publicId: app, mode }, subject: video }
    const data = { video, request, user, model }
    if (error === null) emitIn(tx, { type: "video.completed", ...to, data })
    else emitIn(tx, { type: "video.failed", ...to, data: { ...data, error } })
    return
  }
  const key = keyId === null ? null : keyOf(tx, keyId)
  const to = { person: userId, mode, subject: video }
  const data = { video, request, key, model }
  if (error === null) emitIn(tx, { type: "own_video.completed", ...to, data })
  else emitIn(tx, { type: "own_video.failed", ...to, data: { ...data, error } })
}
