// The domain of an app: what to publish to show that it is the developer's, and what people are told then.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Badge, FormOf, type FormView, Notice, When } from "../ui/index.ts"
import { AppTabs, appPath } from "./app-tabs.tsx"
import { Ways } from "./publisher/settings.tsx"

export interface AppDomainProps {
  frame: Frame
  now: number
  app: { id: string; name: string }
  /** The homepage's; null: there is no homepage on the web. */
  host: string | null
  /** What stands for this host; absent until its developer asks. */
  proof?: {
    dnsName: string
    dnsValue: string
    fileUrl: string
    fileText: string
    provenMs: number | null
    provenBy: "dns" | "file" | "admin" | null
    triedMs: number | null
    /** Since when it is not there any more. */
    missingMs: number | null
  }
  /** Proven, but people are sent to another domain, too: nothing is told of it. */
  isElsewhere: boolean
  form: FormView
}

const BY = { dns: "by its DNS record", file: "by its file", admin: "by the people who run this service" } as const

export function AppDomainPage({ frame, now, app, host, proof, isElsewhere, form }: AppDomainProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Domain"
      section="Developer"
      lead="Show that the domain of your homepage is yours: people read it where they allow your app."
      up={{ href: appPath(app.id), label: app.name }}
    >
      <AppTabs app={app} part="domain" />
      <section aria-labelledby="domain-title">
        <h2 id="domain-title" safe>
          {host ?? "No domain yet"}
        </h2>
        {host === null ? (
          <p class="quiet">Give the app a homepage that begins with https:// under Overview, then come back.</p>
        ) : (
          <p class="badges">
            {proof?.provenMs == null ? (
              <Badge tone="warn" text="To be proven" />
            ) : (
              <>
                <Badge tone="ok" text="Yours" />
                <span class="quiet">
                  {proof.provenBy ? `${BY[proof.provenBy]}, ` : ""}
                  <When ms={proof.provenMs} now={now} />
                </span>
              </>
            )}
          </p>
        )}
        <Missing now={now} missingMs={proof?.missingMs ?? null} />
        {isElsewhere ? (
          <Notice
            tone="warn"
            text="People are not told: a redirect URI of this app leads to another domain. It has to be on this one, or below it."
          />
        ) : null}
      </section>
      {proof ? <Ways proof={proof} /> : null}
      {host === null ? null : (
        <FormOf
          form={form}
          csrf={frame.csrf}
          class="form"
          beside={
            proof?.triedMs == null ? null : (
              <span class="quiet">
                {"Last looked "}
                <When ms={proof.triedMs} now={now} />
              </span>
            )
          }
        />
      )}
    </ConsoleLayout>
  )
}

/** It counts for a while: name servers have bad days. */
function Missing({ now, missingMs }: { now: number; missingMs: number | null }): JSX.Element {
  if (missingMs === null) return ""
  return (
    <Notice tone="warn" text="Neither the record nor the file is there any more.">
      <p>
        {"First missed "}
        <When ms={missingMs} now={now} />
        {". We look each day; after seven days people are not told any more. Put one of the two back."}
      </p>
    </Notice>
  )
}
