// Changing a wallet: a form, then what will happen in plain words, then it is done. The forms and single-step acts open as a dialog
// where scripts run. What was typed is never lost.
import { AskedPage, ConfirmPage } from "../layout/confirm-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { type FormView, Notice } from "../ui/index.ts"
import { holderUp } from "./user-tabs.tsx"

interface ActBase {
  frame: Frame
  user: { id: string; label: string }
  /** "Give a bonus". */
  title: string
  /** What it does, a sentence each. */
  words: readonly string[]
  isOwn: boolean
  cancelHref: string
}

export interface AdminWalletActProps extends ActBase {
  form: FormView
}

function Own({ isOwn }: { isOwn: boolean }): JSX.Element {
  return isOwn ? <Notice tone="warn" text="This is your own wallet. The audit log will say so." /> : ""
}

const trail = (user: ActBase["user"], cancelHref: string) => [...holderUp(user), { href: cancelHref, label: "Wallet" }]

/** Every act; where there is a question, it follows this page. */
export function AdminWalletActPage(props: AdminWalletActProps): JSX.Element {
  const { frame, user, title, words, form, cancelHref } = props
  return (
    <ConfirmPage
      frame={frame}
      title={title}
      section="Admin"
      up={trail(user, cancelHref)}
      form={form}
      cancelHref={cancelHref}
      words={words}
      isQuiet={!form.danger}
    >
      <Own isOwn={props.isOwn} />
    </ConfirmPage>
  )
}

export interface AdminWalletConfirmProps extends ActBase {
  reason: string
  label: string
  danger: boolean
  action: string
  hidden: Record<string, string>
}

/** What will be posted, before it is. */
export function AdminWalletConfirmPage(props: AdminWalletConfirmProps): JSX.Element {
  const { user, reason, isOwn, ...asked } = props
  return (
    <AskedPage {...asked} section="Admin" up={trail(user, props.cancelHref)}>
      <p class="quiet">
        {"Reason: "}
        <bdi safe>{reason}</bdi>
      </p>
      <Own isOwn={isOwn} />
    </AskedPage>
  )
}
