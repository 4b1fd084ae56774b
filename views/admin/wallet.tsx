// One person's wallet as the admin sees it: what stands in it, lot by lot, what calls hold, and every transaction with its entries.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Empty, Id, Notice, Pager, Segments, Select, Stat, Table, When } from "../ui/index.ts"
import { holderUp, isTeam, UserTabs, userPath } from "./user-tabs.tsx"
import { WhichCorrection } from "./wallet-corrections.tsx"
import { ExactCredits, exactColumn, inMode, LotTable, type WalletLotRow, type WalletMode } from "./wallet-lots.tsx"
import { type PostingRow, Postings } from "./wallet-postings.tsx"

export { inMode, type WalletLotRow, type WalletMode } from "./wallet-lots.tsx"

export interface WalletHoldRow {
  callId: string
  app: string
  /** As the caller named it. */
  model: string
  amount: Nano
  stage: string
  createdMs: number
  leaseUntilMs: number
}

export interface AdminWalletProps {
  frame: Frame
  now: number
  user: { id: string; label: string }
  /** Their apps earn, which is booked by day. */
  isDeveloper: boolean
  isOwn: boolean
  mode: WalletMode
  balance: Nano
  held: Nano
  spendable: Nano
  debt: Nano
  lots: readonly WalletLotRow[]
  /** More live lots than are shown. */
  moreLots: boolean
  holds: readonly WalletHoldRow[]
  postings: readonly PostingRow[]
  type: string
  types: readonly { value: string; label: string }[]
  newerHref?: string | undefined
  olderHref?: string | undefined
  csvHref?: string | undefined
}

function WalletModes({ path, mode }: { path: string; mode: WalletMode }): JSX.Element {
  return (
    <Segments
      label="Live or test"
      links={[
        { href: path, label: "Live credits", current: mode === "live" },
        { href: `${path}?mode=test`, label: "Test credits", current: mode === "test" },
      ]}
    />
  )
}

const walletPath = (userId: string): string => `${userPath(userId)}/wallet`

/** GET /admin/users/:id/wallet?mode=&type=&before=. */
export function AdminWalletPage(props: AdminWalletProps): JSX.Element {
  const { frame, user, mode, holds } = props
  const path = walletPath(user.id)
  return (
    <ConsoleLayout
      frame={frame}
      title={`Wallet of ${user.label}`}
      section="Admin"
      lead="What stands in it, where it came from, and everything that happened."
      up={holderUp(user)}
      action={
        <Button
          kind="primary"
          dialog
          href={inMode(`${path}/bonus`, mode)}
          label={mode === "test" ? "Give test credits" : "Give a bonus"}
        />
      }
    >
      <UserTabs id={user.id} current="wallet" />
      {props.isOwn ? <Notice text="This is your own wallet. What you do to it is marked so in the audit log." /> : null}
      <div class="wallet-head">
        <WalletModes path={path} mode={mode} />
        <div class="actions">
          {mode === "live" && !isTeam(user.id) ? (
            <Button href={`${userPath(user.id)}/payment`} label="Record a payment" />
          ) : null}
          <Button dialog href={inMode(`${path}/adjustment`, mode)} label="Adjust" />
          <Button dialog href={inMode(`${path}/balance`, mode)} label="Set balance" />
        </div>
      </div>
      <WhichCorrection />
      <Totals {...props} />
      <Lots {...props} />
      {holds.length === 0 ? null : (
        <section aria-labelledby="holds-title">
          <h2 id="holds-title">Held by calls in progress</h2>
          <HoldTable holds={holds} now={props.now} />
        </section>
      )}
      <Transactions {...props} />
    </ConsoleLayout>
  )
}

function Totals({ balance, held, spendable, debt }: AdminWalletProps): JSX.Element {
  return (
    <dl class="stats">
      <Stat label="Balance">
        <ExactCredits amount={balance} />
      </Stat>
      <Stat label="Held by calls">
        <ExactCredits amount={held} />
      </Stat>
      <Stat label="Can be spent">
        <ExactCredits amount={spendable} />
      </Stat>
      <Stat label="Debt">
        <ExactCredits amount={debt} />
      </Stat>
    </dl>
  )
}

function Lots(props: AdminWalletProps): JSX.Element {
  const { user, mode, lots } = props
  return (
    <section aria-labelledby="lots-title">
      <div class="section-head">
        <h2 id="lots-title">Credits, lot by lot</h2>
        <a href={inMode(`${walletPath(user.id)}/used`, mode)}>Used-up lots</a>
      </div>
      {lots.length === 0 ? (
        <Empty title="No credits" text="Claims, plans, purchases and what you give appear here as lots." />
      ) : (
        <LotTable caption="Credits, in the order they will be spent" props={props} lots={lots} canVoid />
      )}
      {props.moreLots ? <p class="quiet">There are more; the ones spent first are shown.</p> : null}
    </section>
  )
}

function Transactions(props: AdminWalletProps): JSX.Element {
  const { user, mode, postings } = props
  const path = walletPath(user.id)
  return (
    <section aria-labelledby="postings-title" id="postings">
      <div class="section-head">
        <h2 id="postings-title">Transactions</h2>
        {postings.length === 0 ? null : <span class="quiet">Amounts in credits</span>}
      </div>
      {postings.length === 0 && !props.type ? null : (
        <form method="get" action={`${path}#postings`} class="form filters" data-swap="postings">
          {mode === "test" ? <input type="hidden" name="mode" value="test" /> : null}
          <Select name="type" label="Type" value={props.type} options={props.types} auto />
          <div class="actions nojs">
            <Button label="Show" />
          </div>
        </form>
      )}
      {postings.length === 0 ? (
        <Empty
          title={props.type ? "None of this type" : "Nothing yet"}
          text={props.type ? "Choose another type, or all of them." : "Every movement of this wallet appears here."}
          action={
            props.type ? <Button href={`${inMode(path, mode)}#postings`} label="Show all" swap="postings" /> : undefined
          }
        />
      ) : (
        <Postings postings={postings} now={props.now} path={path} />
      )}
      {props.isDeveloper ? (
        <p class="quiet">What single calls of their apps earned is summed by day, and not listed here.</p>
      ) : null}
      <Pager
        label="Pages of transactions"
        swap="postings"
        previousHref={props.newerHref}
        nextHref={props.olderHref}
        csvHref={props.csvHref}
      />
    </section>
  )
}

function HoldTable({ holds, now }: { holds: readonly WalletHoldRow[]; now: number }): JSX.Element {
  const held = exactColumn(holds.map((hold) => hold.amount))
  return (
    <Table
      caption="Open holds"
      hideCaption
      scrolls
      columns={[
        { label: "Call" },
        { label: "App" },
        { label: "Credits held", numeric: true },
        { label: "Stage" },
        { label: "Since" },
        { label: "Until" },
      ]}
      rows={holds.map((hold) => [
        <span class="person">
          <bdi safe>{hold.model}</bdi>
          <Id text={hold.callId} />
        </span>,
        <bdi safe>{hold.app}</bdi>,
        held(hold.amount),
        <span safe>{hold.stage}</span>,
        <When ms={hold.createdMs} now={now} />,
        <When ms={hold.leaseUntilMs} now={now} />,
      ])}
    />
  )
}

export interface AdminUsedLotsProps extends Pick<AdminWalletProps, "frame" | "now" | "user" | "mode" | "lots"> {
  newerHref?: string | undefined
  olderHref?: string | undefined
}

/** GET /admin/users/:id/wallet/used?mode=&before=. */
export function AdminUsedLotsPage(props: AdminUsedLotsProps): JSX.Element {
  const { frame, user, mode, lots } = props
  const path = walletPath(user.id)
  return (
    <ConsoleLayout
      frame={frame}
      title={`Used-up lots of ${user.label}`}
      section="Admin"
      lead="Credits of which nothing is left, newest first, and where they went."
      up={[...holderUp(user), { href: inMode(path, mode), label: "Wallet" }]}
    >
      <div class="wallet-head">
        <WalletModes path={`${path}/used`} mode={mode} />
        {lots.length === 0 ? null : <span class="quiet">Amounts in credits</span>}
      </div>
      {lots.length === 0 ? (
        <Empty title="None here" text="Lots appear here once they are spent, expired or taken away." />
      ) : (
        <LotTable caption="Used-up lots" props={props} lots={lots} />
      )}
      <Pager label="Pages of lots" previousHref={props.newerHref} nextHref={props.olderHref} />
    </ConsoleLayout>
  )
}
