// Where the link at the foot of a mail leads: one press ends mails of its kind.
import type { Frame } from "../layout/frame.ts"
import { PublicLayout } from "../layout/public.tsx"
import { Button, Form } from "../ui/index.ts"

export interface NoticeOffProps {
  frame: Frame
  /** Null: the address was not made here, or its person is gone. */
  offered: { label: string; isOff: boolean } | null
  /** The very address, with its signature: mail programs post there too, without a form token. */
  action: string
}

export function NoticeOffPage({ frame, offered, action }: NoticeOffProps): JSX.Element {
  const title =
    offered === null ? "This link turns off nothing" : offered.isOff ? "These mails are off" : "Turn off these mails?"
  return (
    <PublicLayout frame={frame} title={title}>
      <div class="prose">
        <h1>{title}</h1>
        {offered === null ? (
          <p>It may be cut off. Choose your mails in your settings.</p>
        ) : (
          <p safe>
            {offered.isOff
              ? `No more mails about “${offered.label}”. You still see such notices when you are signed in.`
              : `Mails about “${offered.label}”. You still see such notices when you are signed in.`}
          </p>
        )}
        {offered !== null && !offered.isOff ? (
          <Form action={action} csrf={frame.csrf}>
            <Button kind="primary" type="submit" label="Turn off" />
          </Form>
        ) : null}
        <p>
          <a href="/settings/notices">All your notices and mails</a>
        </p>
      </div>
    </PublicLayout>
  )
}
