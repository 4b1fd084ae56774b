// The end of an account: what happens, what has to be over first, and until when it can be kept.
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { plural } from "../ui/format.ts"
import { FormOf, type FormView, Notice, Time } from "../ui/index.ts"

export interface DeletionProps {
  frame: Frame
  email: string
  /** When it ends; null = nobody asked for it. */
  leavesMs: number | null
  /** How long it can still be kept. */
  days: number
  /** What ends or is lost, a sentence each. */
  ends: readonly string[]
  /** What has to be over before, with where. */
  first: readonly { text: string; href?: string }[]
  form: FormView
}

export function DeletionPage(props: DeletionProps): JSX.Element {
  const { frame, email, leavesMs, days, ends, first, form } = props
  const up = [
    { href: "/settings", label: "Settings" },
    { href: "/settings/data", label: "Your data" },
  ]
  const title = leavesMs === null ? "Delete your account?" : "Your account is going to be deleted"
  return (
    <ConsoleLayout frame={frame} title={title} head={false} up={up}>
      <section id="confirm" class="confirm" aria-labelledby="confirm-title">
        <h1 id="confirm-title">{title}</h1>
        {leavesMs === null ? null : (
          <Notice tone="warn" text="Until then everything works as before.">
            <p>
              It happens on <Time ms={leavesMs} kind="day" />.
            </p>
          </Notice>
        )}
        <p>
          {"It is the account of "}
          <bdi class="strong" safe>
            {email}
          </bdi>
          .
        </p>
        <ul>
          {ends.map((text) => (
            <li safe>{text}</li>
          ))}
          <li>
            Your name, address, sign-ins, keys, kept answers and pictures are erased, and what your calls were. The
            books keep amounts without your name.
          </li>
          <li>Invoices stay as they were issued, as long as the law asks for them.</li>
          <li>You can sign up again with the same address, as somebody new: nothing comes back.</li>
          {leavesMs === null ? <Later days={days} /> : null}
        </ul>
        {leavesMs === null && first.length > 0 ? (
          <First first={first} />
        ) : (
          <FormOf form={form} csrf={frame.csrf} cancelHref="/settings/data" />
        )}
      </section>
    </ConsoleLayout>
  )
}

const Later = ({ days }: { days: number }): JSX.Element =>
  days === 0 ? (
    <li>It happens at once, and cannot be undone.</li>
  ) : (
    <li safe>{`It happens after ${plural(days, "day")}. Until then you can keep the account; we mail you before.`}</li>
  )

function First({ first }: Pick<DeletionProps, "first">): JSX.Element {
  return (
    <>
      <h2>What has to be over first</h2>
      <ul>
        {first.map(({ text, href }) => (
          <li>
            {href === undefined ? (
              <span safe>{text}</span>
            ) : (
              <a href={href} safe>
                {text}
              </a>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
