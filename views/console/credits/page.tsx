// What do I have, how do I get more, and where did it go? Balance, lots in the order they will be spent, a section a noun, the history.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { type BalanceProps, BalanceSection } from "./balance.tsx"
import { type HistoryProps, HistorySection } from "./history.tsx"
import { ReturnNote } from "./return.tsx"
import { type CreditsSections, Sections } from "./sections.tsx"

export interface CreditsProps extends BalanceProps, HistoryProps {
  frame: Frame
  /** The app that they came from to get credits. */
  cameFrom?: string | undefined
  /** What each noun has to say; nothing where it has nothing. */
  sections?: CreditsSections | undefined
}

/** GET /credits?kind=&app=&range=|from=&to=&before=|after= */
export function CreditsPage(props: CreditsProps): JSX.Element {
  const { frame, now } = props
  return (
    <ConsoleLayout frame={frame} title="Credits" lead="What you have, how you get more, and where it went.">
      {props.cameFrom === undefined ? null : <ReturnNote app={props.cameFrom} />}
      <BalanceSection {...props} />
      <Sections frame={frame} now={now} of={props.sections ?? {}} />
      <HistorySection {...props} />
    </ConsoleLayout>
  )
}
