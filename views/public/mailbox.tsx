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
          <p class="lead">In demo mode mail is not sent out. It arrives here, where everybody can read it.</p>
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
                <p class="mail-text">
                  <Linked text={mail.text} />
                </p>
              </article>
            </li>
          ))}
        </ul>
      )}
    </PublicLayout>
  )
}

/** The text of a mail, with its addresses as links, as a mail program shows them. */
function Linked({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) =>
        index % 2 === 1 ? (
          <a href={part} safe>
            {part}
          </a>
        ) : (
          <span safe>{part}</span>
        ),
      )}
    </>
  )
}
