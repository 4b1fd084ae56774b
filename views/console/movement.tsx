// One line of the wallet's history as a sentence that can be opened.
import type { Nano } from "../../src/app/units.ts"
import {
  absoluteTime,
  clockText,
  count,
  creditsDigits,
  creditsExact,
  creditsFixed,
  dayHeading,
  plural,
} from "../ui/format.ts"
import { CreditsMoved, Id, Time, When } from "../ui/index.ts"
import { apportion, creditStep } from "../ui/together.ts"

export interface Movement {
  id: string
  atMs: number
  /** A transaction type of the ledger: `usage`, `daily_bonus`, … */
  type: string
  /** Signed n$: what the wallet gained or lost. */
  amount: Nano
  /** What is written for it; else its own amount. */
  written?: Nano | undefined
  balanceBefore?: Nano | undefined
  balanceAfter?: Nano | undefined
  /** Where the credits came from or went: "Daily credits" with what each gave (< 0) or got (> 0). */
  lots?: readonly { label: string; amount: Nano }[] | undefined
  /** Usage only. */
  app?: string | null | undefined
  model?: string | null | undefined
  inputTokens?: number | null | undefined
  outputTokens?: number | null | undefined
  /** What was paid one by one: so many of it, and n$ of one. */
  made?: { unit: string; as: string; count: number; each: Nano | null } | undefined
  /** n$ per million tokens, when the price is that plain. */
  price?: { input: Nano; output: Nano | null } | null | undefined
  requestId?: string | undefined
  /** The page of its request, and what of the whole this is where more than one charge came of it. */
  request?: { href: string; whole?: { part: number; parts: number; total: Nano } | undefined } | undefined
  /** What the charge is made of, for instance "Model price" and "Developer's share". */
  parts?: readonly { label: string; amount: Nano }[] | undefined
  /** A reason somebody wrote, shown after the words of the type. */
  note?: string | null | undefined
}

const WORDS: Record<string, string> = {
  topup: "Credits bought",
  subscription: "Plan credits",
  daily_bonus: "Daily credits",
  coupon: "Coupon",
  bonus: "Bonus",
  referral: "Referral",
  sponsor: "Sponsored credits",
  refund: "Refund",
  adjustment: "Adjustment",
  expiry: "Expired credits",
  reversal: "Reversal",
  debt: "Debt repaid",
  sale: "API plan",
  commission: "Commission",
  overage: "API use above the plan",
  payout: "Payout",
  fee: "Fee",
}

/** A tool in words, where others have the name of a model. */
export const toolWords = ({ group, tool }: { group: string; tool: string }): string => `tool ${tool} of ${group}`

const MADE: Readonly<Record<string, string>> = { image: "picture" }

/** "2 pictures, 1024x1024/hd" */
export function madeWords({ unit, as, count: number }: NonNullable<Movement["made"]>): string {
  const word = MADE[unit] ?? unit
  const many = word === "search" && number !== 1 ? `${count(number)} searches` : plural(number, word)
  return as === "" ? many : `${many}, ${as}`
}

/** "Storyteller · gpt-5-mini · 812 tokens in, 204 out", or the words of the type with its reason. */
export function movementWords(movement: Movement): string {
  if (movement.type !== "usage")
    return [WORDS[movement.type] ?? movement.type, movement.note].filter(Boolean).join(" · ")
  const { inputTokens, outputTokens } = movement
  const { made } = movement
  const tokens = made
    ? madeWords(made)
    : !(inputTokens || outputTokens)
      ? null
      : `${plural(inputTokens ?? 0, "token")} in, ${count(outputTokens ?? 0)} out`
  const { whole } = movement.request ?? {}
  const part = whole && `part ${whole.part} of ${whole.parts}`
  return [movement.app ?? "Your own key", movement.model, tokens, part, movement.note].filter(Boolean).join(" · ")
}

/** A UTC day of a statement: its totals are those of the whole day, also where the list begins or ends within it. */
export interface MovementDay {
  dayMs: number
  /** Newer movements of this day stand on the page before. */
  isContinued: boolean
  /** n$, 0 or more. */
  inAmount: Nano
  outAmount: Nano
  movements: readonly Movement[]
}

/** Days with their totals, as on a bank statement. */
export function Statement({ days, now }: { days: readonly MovementDay[]; now: number }): JSX.Element {
  return (
    <div class="statement">
      {days.map((day) => {
        const id = `day-${new Date(day.dayMs).toISOString().slice(0, 10)}`
        return (
          <section class="statement-day" aria-labelledby={id}>
            <div class="day-head">
              <h3 id={id}>
                <span safe>{dayHeading(day.dayMs, now)}</span>
                {day.isContinued ? <span class="quiet">, continued</span> : null}
              </h3>
              <DayTotals day={day} />
            </div>
            <MovementList movements={rowsOf(day)} now={now} withClock />
          </section>
        )
      })}
    </div>
  )
}

/** The rows of a day: where the whole of it is there, they add up to its totals as they are written. */
function rowsOf({ movements, inAmount, outAmount }: MovementDay): readonly Movement[] {
  const sum = (sign: 1 | -1) => movements.reduce((total, { amount }) => total + Math.max(0, sign * amount), 0)
  if (sum(1) !== inAmount || sum(-1) !== outAmount) return movements
  const written = writtenOf(movements)
  return movements.map((movement) => ({ ...movement, written: written.get(movement.id) }))
}

/** What is written for each movement of a whole day, by id, so that those which came and those which went add up to the day's totals. */
export function writtenOf(day: readonly Pick<Movement, "id" | "amount">[]): ReadonlyMap<string, Nano> {
  const written = new Map<string, Nano>()
  for (const [sign, way] of [
    [1, "down"],
    [-1, "up"],
  ] as const) {
    const rows = day.filter(({ amount }) => sign * amount > 0)
    const sizes = apportion(
      rows.map(({ amount }) => Math.abs(amount)),
      creditStep(2),
      way,
    )
    for (const [index, { id }] of rows.entries()) written.set(id, (sign * (sizes[index] ?? 0)) as Nano)
  }
  return written
}

/** "100.00 credits in · 23.40 out"; what is 0 is left out. */
function DayTotals({ day }: { day: MovementDay }): JSX.Element {
  const totals = [
    { amount: day.inAmount, way: "in" },
    { amount: day.outAmount, way: "out" },
  ].filter(({ amount }) => amount > 0)
  return (
    <p class="num">
      {totals.map(({ amount, way }, index) => (
        <>
          {index > 0 ? " · " : null}
          <span title={creditsExact(amount)} safe>
            {`${withoutSign(creditsFixed(way === "out" ? (-amount as Nano) : amount))}${index > 0 ? "" : " credits"} ${way}`}
          </span>
        </>
      ))}
    </p>
  )
}

export interface MovementListProps {
  movements: readonly Movement[]
  now: number
  /** The time of day, where a heading says the day. */
  withClock?: boolean | undefined
}

const withoutSign = (text: string): string => text.replace("\u2212", "")

export function MovementList({ movements, now, withClock }: MovementListProps): JSX.Element {
  return (
    <ul class="movements plain">
      {movements.map((movement) => (
        <li id={`move-${movement.id}`}>
          <details>
            <summary>
              <bdi class="words" safe>
                {movementWords(movement)}
              </bdi>
              {withClock ? <Clock ms={movement.atMs} /> : <When ms={movement.atMs} now={now} />}
              <span class={movement.amount > 0 ? "amount gain" : "amount"}>
                <CreditsMoved amount={movement.amount} shown={movement.written} />
              </span>
            </summary>
            <MovementFacts movement={movement} />
          </details>
        </li>
      ))}
    </ul>
  )
}

/** The time of day; scripts put the reader's own in its place. */
function Clock({ ms }: { ms: number }): JSX.Element {
  return (
    <time datetime={new Date(ms).toISOString()} title={absoluteTime(ms)} data-time="clock" safe>
      {clockText(ms)}
    </time>
  )
}

/** Price, shares, where the credits came from, balance before and after, references. */
function MovementFacts({ movement }: { movement: Movement }): JSX.Element {
  const { price, balanceBefore, balanceAfter, requestId, request } = movement
  const lots = movement.lots ?? []
  // A charge is the sum of its parts, which are given without a sign.
  const isCharge = movement.type === "usage" && movement.amount < 0
  const total = isCharge ? (-movement.amount as Nano) : movement.amount
  return (
    <dl class="facts">
      <div>
        <dt>When</dt>
        <dd class="num">
          <Time ms={movement.atMs} />
        </dd>
      </div>
      {movement.made?.each == null ? null : <Fact label="Credits for one" text={creditsExact(movement.made.each)} />}
      {price ? <Fact label="Credits per million tokens" text={priceWords(price)} /> : null}
      {(movement.parts ?? []).map((part) => (
        <Fact label={part.label} text={creditsExact(part.amount)} />
      ))}
      <Fact label={isCharge ? "Charged" : "Amount"} text={creditsExact(total)} isTotal={isCharge} />
      {lots.map((lot) => (
        <Fact
          label={`${lot.amount < 0 ? "From" : "To"} ${lot.label.toLowerCase()}`}
          text={creditsExact(Math.abs(lot.amount) as Nano)}
        />
      ))}
      {balanceBefore === undefined ? null : <Fact label="Balance before" text={creditsExact(balanceBefore)} />}
      {balanceAfter === undefined ? null : <Fact label="Balance after" text={creditsExact(balanceAfter)} />}
      {request?.whole ? <WholeRequest href={request.href} whole={request.whole} /> : null}
      {requestId ? <Reference label="Request" id={requestId} href={request?.href} /> : null}
      <Reference label="Reference" id={movement.id} />
    </dl>
  )
}

type Whole = NonNullable<NonNullable<Movement["request"]>["whole"]>

/** One question whose tools ran here is several charges: this leads to them all. */
function WholeRequest({ href, whole: { parts, total } }: { href: string; whole: Whole }): JSX.Element {
  return (
    <div>
      <dt>Whole request</dt>
      <dd class="num">
        <a href={href} safe>{`${plural(parts, "part")}, ${creditsExact(total)}`}</a>
      </dd>
    </div>
  )
}

export const priceWords = ({ input, output }: { input: Nano; output: Nano | null }): string =>
  output === null ? `${creditsDigits(input)} in` : `${creditsDigits(input)} in, ${creditsDigits(output)} out`

function Fact({ label, text, isTotal }: { label: string; text: string; isTotal?: boolean }): JSX.Element {
  return (
    <div class={isTotal ? "total" : undefined}>
      <dt safe>{label}</dt>
      <dd class="num" safe>
        {text}
      </dd>
    </div>
  )
}

function Reference({ label, id, href }: { label: string; id: string; href?: string | undefined }): JSX.Element {
  return (
    <div>
      <dt safe>{label}</dt>
      <dd>
        <Id text={id} href={href} />
      </dd>
    </div>
  )
}
