// Charges in bulk for tests of the history: through the ledger's and usage's own verbs, many in one body.

import { type KeyId, nano } from "../../src/app/index.ts"
import type { App } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import type { Tx } from "../../src/store/index.ts"
import { CTX, ownerOf } from "../build.ts"

let calls = 0

export interface ChargesInput {
  user: User
  /** Null: with a key of one's own. */
  client: Client | null
  keyId?: KeyId
  count: number
  model?: string
  /** n$ of each, made of 2 : 1 : 1 parts; 0 = calls that failed and cost nothing. */
  chargeNano?: number
}

/** @returns request ids, oldest first */
export async function makeCharges(app: App, input: ChargesInput): Promise<string[]> {
  const { count } = input
  const requests: string[] = []
  for (let done = 0; done < count; done += 500) {
    await app.store.write(CTX, (tx) => {
      for (let index = done; index < Math.min(done + 500, count); index++) requests.push(makeCharge(app, tx, input))
    })
  }
  return requests
}

function makeCharge(app: App, tx: Tx, input: ChargesInput): string {
  const { user, client, keyId = null, model = "sandbox", chargeNano = 4_000 } = input
  const callId = `req_TEST${String(++calls).padStart(22, "0")}`
  const part = chargeNano / 4
  const shareNano = client === null ? 0 : part
  const route = { endpoint: "chat" as const, requested: model, upstreamId: null, model, prices: null }
  const hold = app.ledger.holdIn(tx, {
    owner: ownerOf(user),
    mode: "live",
    amountNano: nano(chargeNano),
    callId,
    scope: "llm",
    clientId: client?.id ?? null,
    keyId,
    routeId: app.usage.routeIn(tx, route),
    ...(client === null ? {} : { dailyNano: null }),
    leaseMs: 60_000,
    inputCostNano: nano(0),
  })
  const isCharged = chargeNano > 0
  app.ledger.settleIn(tx, {
    hold,
    charge: {
      totalNano: nano(chargeNano),
      upstreamNano: nano(2 * part),
      developerNano: nano(shareNano),
      platformNano: nano(2 * part - shareNano),
    },
    developer: client === null ? null : { kind: "principal", id: client.ownerId! },
    call: {
      status: isCharged ? 200 : 502,
      errorCode: isCharged ? null : "provider_error",
      end: isCharged ? "done" : "failed",
      latencyMs: 5,
      firstTokenMs: null,
      inputTokens: 812,
      cachedTokens: 0,
      outputTokens: 204,
      reasoningTokens: 0,
      source: isCharged ? "reported" : "none",
    },
  })
  if (isCharged && client !== null) app.usage.answeredIn(tx, client.id)
  return callId
}

/** Reads RFC 4180 strictly: throws on a stray quote or a record of another length. */
export function parseCsv(text: string): Record<string, string>[] {
  const records: string[][] = [[]]
  let at = 0
  while (at < text.length) {
    let field = ""
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) throw new Error("a quote is left open")
        if (text[at] === '"') at++
        field += text[at]
      }
      at++
    } else {
      for (; at < text.length && text[at] !== "," && text[at] !== "\r"; at++) {
        if (text[at] === '"' || text[at] === "\n") throw new Error(`stray ${JSON.stringify(text[at])} at ${at}`)
        field += text[at]
      }
    }
    records.at(-1)!.push(field)
    if (text[at] === ",") at++
    else if (text.startsWith("\r\n", at)) {
      at += 2
      records.push([])
    } else throw new Error(`neither comma nor line end at ${at}`)
  }
  const [head, ...rows] = records.slice(0, -1)
  return rows.map((row) => {
    if (row.length !== head!.length) throw new Error(`${row.length} fields instead of ${head!.length}`)
    return Object.fromEntries(head!.map((name, index) => [name, row[index]!]))
  })
}
