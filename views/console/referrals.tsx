// Bringing somebody: what it gives, a person's own link, and what became of those who came by it. Nobody is named.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, plural, usdText } from "../ui/format.ts"
import { Badge, Button, CopyLine, Empty, Form, Table, When } from "../ui/index.ts"

export type ReferralStateShown = "joined" | "rewarded" | "refused" | "taken_back"

export interface ReferralsProps {
  frame: Frame
  now: number
  /** Null: nothing is given for it here. */
  terms: { rewardNano: Nano; purchaseNano: Nano; most: number } | null
  link: string | null
  people: readonly { state: ReferralStateShown; rewardNano: Nano; joinedMs: number }[]
}

const STATES: Readonly<Record<ReferralStateShown, { tone: "ok" | "warn" | "accent"; text: string }>> = {
  joined: { tone: "accent", text: "Has not bought credits yet" },
  rewarded: { tone: "ok", text: "You were given credits" },
  refused: { tone: "warn", text: "Does not count" },
  taken_back: { tone: "warn", text: "Taken back: the purchase was paid back" },
}

const leadOf = (terms: ReferralsProps["terms"]): string =>
  terms === null
    ? "Nothing is given for bringing somebody here."
    : `You get ${creditsText(terms.rewardNano)} for each person who comes by your link and buys credits for ${usdText(terms.purchaseNano)} or more the first time.`

export function ReferralsPage({ frame, now, terms, link, people }: ReferralsProps): JSX.Element {
  return (
    <ConsoleLayout frame={frame} title="Bring somebody" lead={leadOf(terms)}>
      {terms === null ? null : <OwnLink csrf={frame.csrf} link={link} most={terms.most} />}
      <section aria-labelledby="people-title">
        <h2 id="people-title">Who came</h2>
        <Table
          caption="Who came by your link"
          hideCaption
          columns={[{ label: "When" }, { label: "What became of it" }, { label: "Credits", numeric: true }]}
          rows={people.map(({ state, rewardNano, joinedMs }) => [
            <When ms={joinedMs} now={now} />,
            <Badge tone={STATES[state].tone} text={STATES[state].text} />,
            <span class="num" safe>
              {state === "rewarded" ? creditsText(rewardNano) : "–"}
            </span>,
          ])}
          empty={<Empty title="Nobody yet" text="Whoever makes an account by your link stands here, without a name." />}
        />
      </section>
    </ConsoleLayout>
  )
}

function OwnLink({ csrf, link, most }: { csrf: string; link: string | null; most: number }): JSX.Element {
  return (
    <section aria-labelledby="link-title">
      <h2 id="link-title">Your link</h2>
      {link === null ? (
        <Form action="/referrals/link" csrf={csrf}>
          <Button kind="primary" type="submit" label="Make my link" />
        </Form>
      ) : (
        <CopyLine id="own-link" text={link} />
      )}
      <ul class="page-form">
        <li safe>{`At most ${plural(most, "reward")} for one person. They are credits to use, never paid out.`}</li>
        <li>
          Only somebody new counts: another person, with an address, a browser, a network and a card of their own.
        </li>
        <li>If their purchase is paid back, your credits for it go back too.</li>
      </ul>
    </section>
  )
}
