// What was tried for one call: which accounts were asked, in order, and what each answered.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, Empty, Id, SearchBox, Table, Time, type Tone } from "../ui/index.ts"
import { attemptsText, msText, type Outcome, outcomeText, type Tried } from "./upstream-words.ts"
import { upstreamPath } from "./upstreams.tsx"

export interface AttemptRow extends Tried {
  callId: string
  atMs: number
  /** Its page; null = it is gone. */
  upstreamId: string | null
  model: string
}

export interface AttemptsProps {
  frame: Frame
  /** As typed; "" = nothing yet. */
  request: string
  attempts: readonly AttemptRow[]
}

const TONE = (outcome: Outcome): Tone => {
  if (outcome === "answered") return "ok"
  return outcome === "caller" || outcome === "gone" || outcome === "unaffordable" ? "neutral" : "bad"
}

const attemptsPath = (callId: string): string => `/admin/upstreams/attempts?request=${encodeURIComponent(callId)}`

export function AdminAttemptsPage({ frame, request, attempts }: AttemptsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Attempts of a call"
      section="Admin"
      lead="Which providers were asked for a call, and what they answered. Kept for 30 days, for calls that the first did not answer."
      up={{ href: "/admin/upstreams", label: "Upstreams" }}
    >
      <SearchBox
        action="/admin/upstreams/attempts"
        name="request"
        label="Id of a call"
        placeholder="req_…"
        value={request}
      />
      {request === "" ? null : attempts.length === 0 ? (
        <Empty
          title="Nothing is kept of this call"
          text="The first provider answered it, or it is older than 30 days. Its charge says who answered."
        />
      ) : (
        <section aria-labelledby="tried-title">
          <h2 id="tried-title">What was tried</h2>
          <p>
            <bdi safe>{attemptsText(attempts)}</bdi>
          </p>
          <AttemptTable attempts={attempts} caption="Attempts in order" withUpstream />
        </section>
      )}
    </ConsoleLayout>
  )
}

interface TableProps {
  attempts: readonly AttemptRow[]
  caption: string
  /** Of one call, over accounts; else of one account, over calls. */
  withUpstream?: boolean
}

export function AttemptTable({ attempts, caption, withUpstream = false }: TableProps): JSX.Element {
  return (
    <Table
      caption={caption}
      hideCaption
      columns={[
        { label: withUpstream ? "Upstream" : "Call" },
        { label: "Outcome" },
        { label: "Model" },
        { label: "After", numeric: true },
        { label: "When" },
      ]}
      rows={attempts.map((attempt) => [
        withUpstream ? <UpstreamName {...attempt} /> : <Id text={attempt.callId} href={attemptsPath(attempt.callId)} />,
        <Badge tone={TONE(attempt.outcome)} text={outcomeText(attempt.outcome, attempt.status)} />,
        <code safe>{attempt.model}</code>,
        <span class="num" safe>
          {attempt.outcome === "unaffordable" ? "–" : msText(attempt.ms)}
        </span>,
        <Time ms={attempt.atMs} />,
      ])}
    />
  )
}

function UpstreamName({ upstream, upstreamId }: AttemptRow): JSX.Element {
  if (upstream === null || upstreamId === null) return <span class="quiet">Gone</span>
  return (
    <a href={upstreamPath(upstreamId)}>
      <bdi safe>{upstream}</bdi>
    </a>
  )
}
