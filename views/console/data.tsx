// What is known of a person: a copy of it for them, and the way to its end.
import { bytesText } from "../admin/bytes.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, FormOf, type FormView, Notice, Time, When } from "../ui/index.ts"
import { Part } from "./settings-part.tsx"

export interface DataProps {
  frame: Frame
  now: number
  /** The newest; null = none was asked for. `over`: it was ready and is deleted. */
  copy: {
    state: "waiting" | "ready" | "failed" | "over"
    askedMs: number
    bytes: number
    expiresMs: number
    href: string
  } | null
  /** From when on another may be asked for; null = now. */
  nextMs: number | null
  /** When the account ends; null = it stays. */
  leavesMs: number | null
  form: FormView
}

export function DataPage(props: DataProps): JSX.Element {
  const { frame, leavesMs } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Your data"
      lead="Take a copy of everything that is known of you here, or delete your account."
      up={{ href: "/settings", label: "Settings" }}
    >
      <div class="settings">
        <Part
          id="copy"
          title="A copy of your data"
          note="A ZIP file with CSV and JSON: your account, sign-ins, apps, keys, calls, credits, orders and invoices. One a day."
        >
          <Copy {...props} />
        </Part>
        <Part
          id="deletion"
          title="Delete your account"
          note="What is known of you is erased. Invoices stay as long as the law asks for them."
        >
          {leavesMs === null ? null : (
            <Notice tone="warn" text="Your account is going to be deleted.">
              <p>
                It happens on <Time ms={leavesMs} kind="day" />.
              </p>
            </Notice>
          )}
          <p>
            <Button
              href="/settings/data/deletion"
              label={leavesMs === null ? "What happens, and how" : "Keep it after all"}
            />
          </p>
        </Part>
      </div>
    </ConsoleLayout>
  )
}

function Copy({ frame, now, copy, nextMs, form }: DataProps): JSX.Element {
  const isAllowed = nextMs === null && copy?.state !== "waiting"
  return (
    <>
      {copy === null ? <p>You have not asked for one yet.</p> : <State now={now} copy={copy} />}
      {isAllowed ? (
        <FormOf form={form} csrf={frame.csrf} isPlain />
      ) : copy?.state === "waiting" || nextMs === null ? null : (
        <p class="quiet">
          You can ask for another after <Time ms={nextMs} />.
        </p>
      )}
    </>
  )
}

function State({ now, copy }: { now: number; copy: NonNullable<DataProps["copy"]> }): JSX.Element {
  if (copy.state === "waiting") return <p>It is being made. A mail says when it is ready; you can leave this page.</p>
  if (copy.state === "failed")
    return <p>The last one could not be made. Ask again, or write to the people who run this service.</p>
  if (copy.state === "over") return <p>The last one is deleted.</p>
  return (
    <>
      <p>
        Made <When ms={copy.askedMs} now={now} />. It is deleted on <Time ms={copy.expiresMs} kind="day" />.
      </p>
      <p>
        <Button kind="primary" href={copy.href} label={`Download (${bytesText(copy.bytes)})`} />
      </p>
    </>
  )
}
