// What a developer tells of an app in the directory: how far it is, what is missing, the words, the screenshots.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import type { ShownPicture } from "../public/directory/index.ts"
import { plural } from "../ui/format.ts"
import { Badge, Button, Form, FormOf, type FormView, Icon, Notice, When } from "../ui/index.ts"
import { AppTabs, appPath } from "./app-tabs.tsx"

type Stage = "draft" | "waiting" | "listed" | "changed" | "unlisted" | "suspended"

export interface AppListingProps {
  frame: Frame
  now: number
  app: { id: string; name: string }
  /** Null: nothing was written yet. */
  stage: Stage | null
  /** Since when it waits for an admin. */
  askedMs: number | null
  /** What an admin last said. */
  remark: string | null
  /** An admin looks at it before everybody sees it. */
  wantsReview: boolean
  /** Where everybody sees it; null = nowhere. */
  listedAt: string | null
  /** Different people in 30 days. */
  people: number
  needs: readonly { label: string; isMet: boolean; at: "overview" | "words" | "shots" }[]
  shots: readonly { id: string; picture: ShownPicture }[]
  shotsMax: number
  forms: { words: FormView; shot: FormView }
}

const STAGES: Readonly<
  Record<Stage, { tone: "ok" | "warn" | "bad" | "neutral" | "accent"; text: string; words: string }>
> = {
  draft: { tone: "neutral", text: "Draft", words: "Only you see it." },
  waiting: { tone: "accent", text: "In review", words: "An admin looks at it. A change takes it out of the queue." },
  listed: { tone: "ok", text: "Listed", words: "Everybody sees it." },
  changed: {
    tone: "warn",
    text: "Listed, changed since",
    words: "Everybody still sees what was there before your changes.",
  },
  unlisted: { tone: "neutral", text: "Not listed", words: "It was in the directory before." },
  suspended: { tone: "bad", text: "Suspended", words: "The people who run this service took it out of the directory." },
}

const pathOf = (id: string): string => `${appPath(id)}/listing`

/** GET /developer/apps/:app/listing */
export function AppListingPage(props: AppListingProps): JSX.Element {
  const { frame, app, stage, forms } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Directory"
      section="Developer"
      lead="Show the app in the directory, where people look for one. It works without, too."
      up={{ href: appPath(app.id), label: app.name }}
      action={stage === null ? undefined : <Button href={`${pathOf(app.id)}/preview`} icon="eye" label="Preview" />}
    >
      <AppTabs app={app} part="listing" />
      <State {...props} />
      <section aria-labelledby="words-title">
        <h2 id="words-title">What people read</h2>
        {stage === "suspended" ? (
          <p class="quiet">It can be changed when it is let in again.</p>
        ) : (
          <FormOf form={asNeeded(forms.words)} csrf={frame.csrf} class="form page-form" isPlain={mayAsk(props)} />
        )}
      </section>
      <Shots {...props} />
    </ConsoleLayout>
  )
}

/** A draft may leave these out, a listing may not. */
const NEEDED = ["tagline", "description", "url"]
const asNeeded = (form: FormView): FormView => ({
  ...form,
  fields: form.fields.map((field) => (NEEDED.includes(field.name) ? { ...field, optional: false } : field)),
})

function State(props: AppListingProps): JSX.Element {
  const { app, now, stage, askedMs, remark, listedAt, people } = props
  const shown = STAGES[stage ?? "draft"]
  return (
    <section aria-labelledby="state-title">
      <h2 id="state-title">Where it stands</h2>
      <p class="badges">
        <Badge tone={shown.tone} text={stage === null ? "Not written yet" : shown.text} />
        <span class="quiet" safe>
          {stage === null ? "Write it below, then send it in." : shown.words}
        </span>
        {askedMs === null ? null : (
          <span class="quiet">
            {"Sent "}
            <When ms={askedMs} now={now} />
          </span>
        )}
      </p>
      {remark === null ? null : <Notice tone="warn" text={`An admin says: ${remark}`} />}
      {listedAt === null ? null : (
        <p>
          <a href={listedAt}>See it in the directory</a>
          <span class="quiet" safe>{` · ${plural(people, "person", "people")} used the app in 30 days`}</span>
        </p>
      )}
      {stage === "suspended" ? null : <Needs {...props} />}
      <Acts {...props} path={pathOf(app.id)} />
    </section>
  )
}

function Needs({ app, needs, stage }: AppListingProps): JSX.Element {
  if (stage === "waiting" || needs.every(({ isMet }) => isMet)) return ""
  const hrefs = { overview: appPath(app.id), words: "#words-title", shots: "#shots-title" }
  return (
    <ul class="plain listing-needs" aria-label="What a listing needs">
      {needs.map(({ label, isMet, at }) => (
        <li class={isMet ? "met" : "open"}>
          <Icon name={isMet ? "check" : "dot"} />
          <span>
            <span class="sr">{isMet ? "Done: " : "Missing: "}</span>
            {isMet ? (
              <span safe>{label}</span>
            ) : (
              <a href={hrefs[at]} safe>
                {label}
              </a>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Whether it can be sent: that is the act of this page then. */
const mayAsk = ({ needs, stage }: Pick<AppListingProps, "needs" | "stage">): boolean =>
  needs.every(({ isMet }) => isMet) && (stage === "draft" || stage === "changed" || stage === "unlisted")

function Acts({ frame, needs, stage, wantsReview, listedAt, path }: AppListingProps & { path: string }): JSX.Element {
  const canAsk = mayAsk({ needs, stage })
  const label = !wantsReview ? "List it" : stage === "changed" ? "Send changes for review" : "Send for review"
  if (!canAsk && stage !== "waiting" && listedAt === null) return ""
  return (
    <div class="actions">
      {canAsk ? (
        <Form action={`${path}/review`} csrf={frame.csrf} class="cell-form">
          <Button kind="primary" label={label} />
        </Form>
      ) : null}
      {stage === "waiting" ? (
        <Form action={`${path}/withdrawal`} csrf={frame.csrf} class="cell-form">
          <Button label="Take back" />
        </Form>
      ) : null}
      {listedAt === null ? null : (
        <Button kind="danger" href={`${path}/removal`} dialog label="Take out of the directory" />
      )}
    </div>
  )
}

function Shots({ frame, app, shots, shotsMax, forms, stage }: AppListingProps): JSX.Element {
  const path = `${pathOf(app.id)}/shots`
  return (
    <section aria-labelledby="shots-title">
      <h2 id="shots-title">Screenshots</h2>
      <p class="quiet" safe>
        {`Up to ${shotsMax}, 16 by 9, best 1,280 pixels wide or more. The first one stands on the card.`}
      </p>
      {shots.length === 0 ? null : (
        <ul class="plain listing-shots">
          {shots.map(({ id, picture }, at) => (
            <li id={id}>
              <img
                src={picture.middle}
                alt=""
                class="beside"
                width="640"
                height="360"
                loading="lazy"
                decoding="async"
              />
              <p class="quiet" safe>
                {picture.alt}
              </p>
              {stage === "suspended" ? null : (
                <div class="actions">
                  {at === 0 ? null : (
                    <Form action={`${path}/${encodeURIComponent(id)}/first`} csrf={frame.csrf} class="cell-form">
                      <Button small label="Make first" />
                    </Form>
                  )}
                  <Button
                    small
                    kind="danger"
                    href={`${path}/${encodeURIComponent(id)}/removal`}
                    dialog
                    label="Remove"
                  />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {stage === "suspended" || shots.length >= shotsMax ? null : (
        <FormOf form={forms.shot} csrf={frame.csrf} class="form page-form" isPlain />
      )}
    </section>
  )
}

interface EndProps {
  frame: Frame
  app: { id: string; name: string }
  form: FormView
}

/** GET /developer/apps/:app/listing/removal */
export function ListingEndPage({ frame, app, form }: EndProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Take ${app.name} out of the directory?`}
      section="Developer"
      up={{ href: pathOf(app.id), label: app.name }}
      form={form}
      cancelHref={pathOf(app.id)}
      words={["Nobody finds it there any more, at once. The app itself goes on, and you can list it again."]}
    />
  )
}

/** GET /developer/apps/:app/listing/shots/:shot/removal */
export function ShotEndPage({ frame, app, alt, form }: EndProps & { alt: string }): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title="Remove this screenshot?"
      section="Developer"
      up={{ href: pathOf(app.id), label: app.name }}
      form={form}
      cancelHref={`${pathOf(app.id)}#shots-title`}
      words={[`“${alt}”`, "If the app is listed, it goes from its page once your changes are let in."]}
    />
  )
}
