// The words of videos: what their verbs stand on, and what they do.
import type { UserId } from "../../app/index.ts"
import type { SafeForward } from "../../http/index.ts"
import type { Tx } from "../../store/index.ts"
import type { QuoteDeps } from "../charge/quote.ts"
import type { WorkDeps } from "../charge/work.ts"
import type { GatewayDeps } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"

export type VideoDeps = WorkDeps &
  QuoteDeps &
  Pick<GatewayDeps, "clock" | "ids" | "oauth" | "keys" | "plans" | "limits"> & {
    registry: Pick<Registry, "byId">
    resolver: { isServed(name: string): boolean }
    /** Files that a provider keeps elsewhere: addresses that it says are judged like those of people. */
    forward: SafeForward
    /** Of this process. */
    bootId: string
    /** Rows that this process asks for now. */
    submitting: Set<number>
  }

export interface Videos {
  create(request: Request): Promise<Response>
  list(request: Request): Promise<Response>
  one(request: Request, id: string): Promise<Response>
  content(request: Request, id: string): Promise<Response>
  remove(request: Request, id: string): Promise<Response>
  remix(request: Request, id: string): Promise<Response>
  /** Looks after those that are due. @returns whether more may be */
  lookAfter(): Promise<boolean>
  /** Deletes what is over for long. @returns rows deleted, at most `rows` */
  forget(rows: number): Promise<number>
  /** Of a person who leaves: what is under way is let go, and costs nothing. @returns rows that went, at most `rows` */
  eraseIn(tx: Tx, userId: UserId, rows: number): number
}
