// For tests only: what leaves for apps, and what their addresses answer.
import type { Tx } from "../../store/index.ts"
import type { OauthDeps } from "../types.ts"

/** For whoever never tells an app anything. */
export const OFFLINE: Pick<OauthDeps, "outbox" | "safeFetch"> = {
  outbox: { enqueueIn: () => "evt_1" },
  safeFetch: () => Promise.reject(new Error("there is no network")),
}

/** What left, and what the addresses of apps answer: by default that they heard. */
export class Outside {
  readonly queued: { topic: string; subject: string; payload: unknown }[] = []
  readonly sent: { url: string; body: string }[] = []
  status = 200
  enqueueIn(tx: Tx, message: { topic: string; subject: string; payload: unknown }): string {
    tx.afterCommit(() => void this.queued.push(message))
    return `evt_${this.queued.length}`
  }
  readonly fetch: OauthDeps["safeFetch"] = async (url, { body = "" }) => {
    this.sent.push({ url, body })
    return { status: this.status, headers: new Headers(), bytes: new Uint8Array(), text: () => "" }
  }
}
