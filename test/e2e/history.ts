// Charges in bulk for tests of the history: through the ledger's and usage's own verbs, many in one body.

import { nano } from "../../src/app/index.ts"
import type { App } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CTX, ownerOf } from "../build.ts"

let calls = 0

export interface ChargesInput {
  user: User
  client: Client
  count: number
  model?: string
  /** n$ of each, made of 2 : 1 : 1 parts; 0 = refused calls. */
  chargeNano?: number
}

/** @returns request ids, oldest first */
export async function makeCharges(app: App, input: ChargesInput): Promise<string[]> {
  const { user, client, count, model = "sandbox", chargeNano = 4_000 } = input
  const requests: string[] = []
  for (let done = 0; done < count; done += 500) {
    await app.store.write(CTX, (tx) => {
      for (let index = done; index < Math.min(done + 500, count); index++) {
        const publicId = `req_test${String(++calls).padStart(18, "0")}`
        requests.push(publicId)
        const part = chargeNano / 4
        const charge = {
          totalNano: nano(chargeNano),
          upstreamNano: nano(2 * part),
          developerNano: nano(part),
          platformNano: nano(part),
        }
        let transactionId: string | null = null
        if (chargeNano > 0) {
          const hold = app.ledger.holdIn(tx, {
            owner: ownerOf(user),
            mode: "live",
            amountNano: nano(chargeNano),
            callId: publicId,
            scope: "llm",
            limit: { clientId: client.id, scope: "llm", dailyNano: null },
            leaseMs: 60_000,
            inputCostNano: nano(0),
          })
          const developer = { kind: "principal", id: client.ownerId! } as const
          transactionId = app.ledger.settleIn(tx, { holdId: hold.id, charge, developer }).transactionId
        }
        app.usage.recordIn(tx, {
          publicId,
          atMs: tx.now,
          mode: "live",
          userId: user.id,
          clientId: client.id,
          developerId: client.ownerId,
          kind: "chat",
          scope: "llm",
          model,
          upstreamId: null,
          upstreamModel: model,
          stream: false,
          status: chargeNano > 0 ? 200 : 402,
          errorCode: null,
          end: chargeNano > 0 ? "done" : "refused",
          latencyMs: 5,
          firstTokenMs: null,
          inputTokens: 812,
          cachedTokens: 0,
          outputTokens: 204,
          reasoningTokens: 0,
          source: chargeNano > 0 ? "reported" : "none",
          prices: null,
          transactionId,
          chargeNano,
          upstreamNano: 2 * part,
          developerNano: part,
          platformNano: part,
          collectedNano: chargeNano,
          uncollectedNano: 0,
        })
      }
    })
  }
  return requests
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
