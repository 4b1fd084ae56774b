// A legal page: the text as it holds, since when, what changed, and every version before it.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Notice, Table } from "../ui/index.ts"

export interface LegalVersionLine {
  version: string
  href: string
  /** "28 Nov 2026"; null = it came with the server. */
  since: string | null
  changes: string
  state: "holds" | "coming" | "past"
}

export interface LegalPageProps {
  frame: Frame
  title: string
  /** Safe HTML. */
  html: string
  /** The one that is shown. */
  shown: LegalVersionLine
  /** Newest first. */
  history: readonly LegalVersionLine[]
  currentHref: string
}

const STATES = { holds: "Holds now", coming: "Announced", past: "Earlier" } as const

/** GET /terms, /privacy, /developer-agreement, /cookie-policy, each with ?version= */
export function LegalPage(props: LegalPageProps): JSX.Element {
  const { frame, title, html: safeHtml, shown, history } = props
  return (
    <PublicLayout frame={frame} title={title} description={`${title}, version ${shown.version}.`}>
      <article class="legal">
        <header>
          <h1 safe>{title}</h1>
          <p class="quiet" safe>
            {`Version ${shown.version}${shown.since === null ? "" : `, from ${shown.since} on`}`}
          </p>
        </header>
        {shown.state === "holds" ? null : (
          <Notice
            tone="warn"
            text={shown.state === "past" ? "This version does not hold any more." : "This version does not hold yet."}
          >
            <a href={props.currentHref}>The version that holds now</a>
          </Notice>
        )}
        <div class="prose">{safeHtml}</div>
        {history.length > 1 ? (
          <section aria-labelledby="versions-title">
            <h2 id="versions-title">Versions</h2>
            <Table
              caption="Versions"
              hideCaption
              columns={[{ label: "Version" }, { label: "What changed" }, { label: "State" }]}
              rows={history.map((line) => [
                <a href={line.href} safe>
                  {line.version}
                </a>,
                <span safe>{line.changes}</span>,
                <span class="quiet">{STATES[line.state]}</span>,
              ])}
            />
          </section>
        ) : null}
      </article>
    </PublicLayout>
  )
}
