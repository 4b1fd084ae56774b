// When somebody is told that their credits are low.
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { FormOf, type FormView } from "../../ui/index.ts"

export interface LowPageProps {
  frame: Frame
  form: FormView
  /** A card is charged by itself when credits run low. */
  isRecharged: boolean
}

/** GET and POST /credits/low */
export const LowPage = ({ frame, form, isRecharged }: LowPageProps): JSX.Element => (
  <ConsoleLayout
    frame={frame}
    title="Low credits"
    lead="You are told once when your credits fall below this, and again only after more came. The free credits of a day do not count as more."
    up={{ href: "/credits", label: "Credits" }}
  >
    <FormOf form={form} csrf={frame.csrf} class="form page-form" />
    <p class="quiet page-form">
      By mail, here and by webhook, as you choose under <a href="/settings/notices">Notices</a>.{" "}
      {isRecharged ? (
        <>
          Your card is charged by itself at another mark, under <a href="/credits/cards">Cards and auto-recharge</a>.
        </>
      ) : (
        <>
          A card can be charged by itself then: <a href="/credits/cards">Cards and auto-recharge</a>.
        </>
      )}
    </p>
  </ConsoleLayout>
)
