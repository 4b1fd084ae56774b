// A person's passkeys: the list, a new one, one with its name, and the question before it goes.
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { plural } from "../ui/format.ts"
import { Badge, Button, Empty, ErrorSummary, type FormView, Passkey, type PasskeyAsk, When } from "../ui/index.ts"

export interface PasskeyItem {
  /** `psk_…`, used in the paths below. */
  publicId: string
  name: string
  /** Copied between devices of its person. */
  syncs: boolean
  createdMs: number
  usedMs: number | null
}

export interface PasskeysProps {
  frame: Frame
  now: number
  /** Browsers keep passkeys for this address. */
  isPossible: boolean
  passkeys: readonly PasskeyItem[]
  codesLeft: number
}

export const passkeyPath = (id: string): string => `/settings/passkeys/${encodeURIComponent(id)}`
const UP = { href: "/settings", label: "Settings" }
const LIST = { href: "/settings/passkeys", label: "Passkeys" }

export function PasskeysPage({ frame, now, isPossible, passkeys, codesLeft }: PasskeysProps): JSX.Element {
  const make = isPossible ? (
    <Button kind="primary" href="/settings/passkeys/new" icon="plus" label="Add a passkey" />
  ) : undefined
  return (
    <ListPage
      frame={frame}
      title="Passkeys"
      lead="Sign in with your fingerprint, face or device PIN. No password to type, and none to steal."
      up={UP}
      action={passkeys.length > 0 ? make : undefined}
      filters={passkeys.length > 0 ? <Codes left={codesLeft} /> : undefined}
      table={{
        caption: "Passkeys",
        columns: [{ label: "Name" }, { label: "Kept" }, { label: "Added", minor: true }, { label: "Last used" }],
        rows: passkeys.map((one) => [
          <a href={passkeyPath(one.publicId)}>
            <bdi safe>{one.name}</bdi>
          </a>,
          <Kept syncs={one.syncs} />,
          <When ms={one.createdMs} now={now} />,
          <When ms={one.usedMs} now={now} />,
        ]),
        empty: isPossible ? (
          <Empty
            title="No passkey yet"
            text="Your phone, your computer or your password manager can keep one. Once you have one, your password alone no longer signs you in."
            action={make}
          />
        ) : (
          <Empty
            title="Not at this address"
            text="Browsers keep passkeys for a host name over https, or localhost. This server is reached in another way."
          />
        ),
      }}
    />
  )
}

const Kept = ({ syncs }: { syncs: boolean }): JSX.Element => (
  <Badge text={syncs ? "On your devices" : "On one device"} tone={syncs ? "accent" : "neutral"} />
)

function Codes({ left }: { left: number }): JSX.Element {
  return (
    <p class="quiet">
      <span safe>{`If you lose them all: ${plural(left, "recovery code")} left.`}</span>{" "}
      <a href="/settings/two-step">Make new codes</a>
      {". A new password, by mail or here, leaves your passkeys as they are."}
    </p>
  )
}

export interface PasskeyNewProps extends PasskeyAsk {
  frame: Frame
  isPossible: boolean
}

export function PasskeyNewPage({ frame, isPossible, options, form }: PasskeyNewProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Add a passkey"
      lead="Your browser asks where to keep it: on this device, on your phone, or on a security key."
      up={[UP, LIST]}
    >
      <div class="form page-form">
        <ErrorSummary errors={form.errors} />
        <ul>
          <li>It signs you in without a password or a code.</li>
          <li>Your password alone no longer signs you in then: it asks for the passkey, or a recovery code.</li>
        </ul>
        {isPossible ? (
          <>
            <p class="nojs">Making a passkey needs scripts, which are off here.</p>
            <Passkey options={options} form={form} csrf={frame.csrf} kind="new" primary />
          </>
        ) : (
          <p>Browsers keep no passkeys for this address: it is no host name over https.</p>
        )}
      </div>
    </ConsoleLayout>
  )
}

export interface PasskeyPageProps {
  frame: Frame
  now: number
  passkey: PasskeyItem
  form: FormView
}

export function PasskeyPage({ frame, now, passkey, form }: PasskeyPageProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={passkey.name}
      up={[UP, LIST]}
      form={form}
      cancelHref={LIST.href}
      before={
        <p>
          <Kept syncs={passkey.syncs} />
          {" Added "}
          <When ms={passkey.createdMs} now={now} />
          {", last used "}
          <When ms={passkey.usedMs} now={now} />.
        </p>
      }
      after={
        <p>
          <Button dialog href={`${passkeyPath(passkey.publicId)}/removal`} label="Remove this passkey" />
        </p>
      }
    />
  )
}

export interface PasskeyRemoveProps {
  frame: Frame
  passkey: PasskeyItem
  form: FormView
}

export function PasskeyRemovePage({ frame, passkey, form }: PasskeyRemoveProps): JSX.Element {
  const path = passkeyPath(passkey.publicId)
  return (
    <ConfirmPage
      frame={frame}
      title={`Remove ${passkey.name}?`}
      up={[UP, LIST, { href: path, label: passkey.name }]}
      form={{ ...form, submit: `Remove ${passkey.name}` }}
      cancelHref={path}
      words={["It no longer signs you in. Delete it on the device that keeps it, too."]}
    />
  )
}
