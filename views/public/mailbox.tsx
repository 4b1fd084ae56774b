// Demo mode only: the mails this server would have sent, newest first.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Button, Empty, When } from "../ui/index.ts"

export interface Mail {
  id: string
  to: string
  subject: string
  /** The plain-text part. */
  text: string
  sentAtMs: number
}

export interface MailboxProps {
  frame: Frame
  now: number
  mails: readonly Mail[]
}

export function MailboxPage({ frame, now, mails }: MailboxProps): JSX.Element {
  return (
    <PublicLayout frame={frame} title="Demo mailbox">
      <div class="page-head">
        <div>
          <h1>Demo mailbox</h1>
          <p class="lead">In demo mode no mail leaves this machine. It arrives here, and everybody can read it.</p>
        </div>
        <Button href="/mailbox" label="Reload" />
      </div>
      {mails.length === 0 ? (
        <Empty title="No mail yet" text="Sign up with any address, then come back for the code." />
      ) : (
        <ul class="plain mails">
          {mails.map((mail) => (
            <li>
              <article aria-labelledby={`mail-${mail.id}`}>
                <h2 id={`mail-${mail.id}`} safe>
                  {mail.subject}
                </h2>
                <p class="quiet">
                  {"To "}
                  <bdi safe>{mail.to}</bdi>
                  {" · "}
                  <When ms={mail.sentAtMs} now={now} />
                </p>
                <p class="mail-text" safe>
                  {mail.text}
                </p>
              </article>
            </li>
          ))}
        </ul>
      )}
    </PublicLayout>
  )
}
