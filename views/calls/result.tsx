// How a call ended, in a line: its status, and why where it failed.
import { Badge, type Tone } from "../ui/index.ts"

export interface CallEnded {
  status: number
  /** Whoever called closed the connection. */
  isGone: boolean
  isRefused: boolean
  errorCode: string | null
}

const toneOf = ({ status, isGone }: CallEnded): Tone => (status < 400 || isGone ? "ok" : status < 500 ? "warn" : "bad")

export function CallResult({ call }: { call: CallEnded }): JSX.Element {
  return (
    <>
      <Badge tone={toneOf(call)} text={String(call.status)} />
      {call.isRefused ? " Refused" : call.isGone ? " Closed by the caller" : null}
      {call.errorCode === null || call.isGone ? null : (
        <>
          {" "}
          <code safe>{call.errorCode}</code>
        </>
      )}
    </>
  )
}
