// Sentences beside the figures of usage: what is left of the free credits, and what the cache saved.
import type { Nano } from "../../src/app/units.ts"
import { CreditMeter, CreditsUsed } from "../ui/index.ts"

export function Free({ free }: { free: { used: Nano; granted: Nano } }): JSX.Element {
  return (
    <>
      <h3>{free.granted > 0 ? "Free credits used" : "Free credits"}</h3>
      {free.granted > 0 ? (
        <CreditMeter label="Free credits used" used={free.used} limit={free.granted} />
      ) : (
        <p class="quiet">
          {"None at the moment. A day’s free credits come with a claim on your "}
          <a href="/dashboard">dashboard</a>
          {"."}
        </p>
      )}
    </>
  )
}

/** Answers out of the cache; `isLeast`: what some of them saved is not known. */
export interface CacheUsed {
  calls: number
  saved: Nano
  isLeast: boolean
}

export function Saved({ calls, saved, isLeast }: CacheUsed): JSX.Element {
  if (calls === 0) return ""
  return (
    <p class="page-form">
      <span safe>{`${calls.toLocaleString("en-US")} ${calls === 1 ? "answer" : "answers"} came from the `}</span>
      <a href="/docs/reference/cache">cache</a>
      {saved > 0 ? (
        <>
          {isLeast ? " and saved at least " : " and saved about "}
          <CreditsUsed amount={saved} />
        </>
      ) : (
        " for nothing"
      )}
      .
    </p>
  )
}
