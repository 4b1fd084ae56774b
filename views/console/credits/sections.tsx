// The sections of /credits, a noun each: its own view in this folder and one line here, in the order of the page; what it shows is read
// by its line in src/sites/console/credits-sections.ts.
import type { Frame } from "../../layout/frame.ts"
import { BackSection } from "./back.tsx"
import { BuySection } from "./buy.tsx"
import { CouponSection } from "./coupon.tsx"
import { InvoicesSection } from "./invoices.tsx"
import { PlanSection } from "./plan.tsx"
import { RechargeSection } from "./recharge.tsx"

/** What the view of a noun is given: the page around it, and its own. */
export interface SectionProps<T> {
  frame: Frame
  now: number
  of: T
}

const SECTIONS = {
  plan: PlanSection,
  buy: BuySection,
  coupon: CouponSection,
  recharge: RechargeSection,
  invoices: InvoicesSection,
  back: BackSection,
} as const satisfies Record<string, (props: SectionProps<never>) => JSX.Element>

type Views = typeof SECTIONS
/** What each noun shows; nothing where it has nothing to say. */
export type CreditsSections = { [Noun in keyof Views]?: Parameters<Views[Noun]>[0]["of"] | undefined }

export function Sections({ frame, now, of }: SectionProps<CreditsSections>): JSX.Element {
  const views = Object.entries(SECTIONS) as [keyof Views, (props: SectionProps<unknown>) => JSX.Element][]
  const shown: JSX.Element[] = views
    .filter(([noun]) => of[noun] !== undefined)
    .map(([noun, View]) => <View frame={frame} now={now} of={of[noun]} />)
  return <>{shown}</>
}
