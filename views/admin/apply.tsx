// How this house is set up, as one file: brought, looked at with what it changes, applied; and the present state to take along.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, plural } from "../ui/format.ts"
import { Badge, Button, FormOf, type FormView, Notice, Table } from "../ui/index.ts"

export interface SetupChangeShown {
  kind: string
  entry: string
  act: "added" | "changed" | "removed"
  fields: readonly { field: string; before: string | null; after: string }[]
}

export interface AdminApplyProps {
  frame: Frame
  look: FormView
  /** What speaks against the file, a sentence each, beside its first one. */
  objections: readonly string[]
  waiting: { changes: readonly SetupChangeShown[]; apply: FormView | null } | null
}

/** Of a very large change the first ones are shown. */
const SHOWN_MAX = 200
const TONES = { added: "ok", changed: "accent", removed: "bad" } as const
const ACTS = { added: "New", changed: "Changed", removed: "Gone" } as const

/** GET and POST /admin/apply */
export function AdminApplyPage({ frame, look, objections, waiting }: AdminApplyProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Set up from a file"
      lead="Settings, upstreams, prices, plans, packages, coupons, limits and admins as one YAML file. You see what it changes before anything does."
      up={{ href: "/admin/system", label: "System" }}
    >
      {waiting ? <Waiting frame={frame} waiting={waiting} /> : null}
      <section aria-labelledby="file-title">
        <h2 id="file-title">{waiting ? "Another file" : "The file"}</h2>
        {objections.length > 0 ? (
          <>
            <Notice tone="bad" text={`${plural(objections.length, "objection")}. Nothing was changed.`} />
            <ul>
              {objections.map((line) => (
                <li safe>{line}</li>
              ))}
            </ul>
          </>
        ) : null}
        <FormOf form={look} csrf={frame.csrf} class="form page-form" isPlain={waiting !== null} />
        <p class="quiet page-form">
          Only what the file names is touched. Where anything is refused, nothing is changed.{" "}
          <a href="/docs/reference/setup-file">Every section and field</a>
        </p>
      </section>
      <section aria-labelledby="present-title">
        <h2 id="present-title">The present set-up</h2>
        <p class="page-form">Keys are not in it: it names where they come from.</p>
        <div class="actions">
          <Button href="/admin/apply/purser.yaml" label="Download the present set-up" />
        </div>
      </section>
    </ConsoleLayout>
  )
}

function Waiting({
  frame,
  waiting: { changes, apply },
}: {
  frame: Frame
  waiting: NonNullable<AdminApplyProps["waiting"]>
}) {
  const shown = changes.slice(0, SHOWN_MAX)
  return (
    <section aria-labelledby="changes-title">
      <h2 id="changes-title">What it changes</h2>
      {apply === null ? (
        <Notice tone="ok" text="It is so already: nothing would change." />
      ) : (
        <>
          <Table
            caption="What it changes"
            hideCaption
            columns={[{ label: "Section" }, { label: "Entry" }, { label: "Change" }, { label: "Fields" }]}
            rows={shown.map(({ kind, entry, act, fields }) => [
              <span class="quiet" safe>
                {kind}
              </span>,
              <bdi safe>{entry}</bdi>,
              <Badge tone={TONES[act]} text={ACTS[act]} />,
              <Fields fields={fields} />,
            ])}
          />
          {changes.length > shown.length ? (
            <p class="quiet" safe>{`and ${count(changes.length - shown.length)} more`}</p>
          ) : null}
          <FormOf form={apply} csrf={frame.csrf} class="form page-form" />
        </>
      )}
    </section>
  )
}

const Fields = ({ fields }: Pick<SetupChangeShown, "fields">): JSX.Element => (
  <>
    {fields.map(({ field, before, after }) => (
      <div>
        <code safe>{field}</code>{" "}
        <bdi safe>{before === null ? after || "none" : `${before || "none"} → ${after || "none"}`}</bdi>
      </div>
    ))}
  </>
)
